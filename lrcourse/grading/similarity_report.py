"""The comparison in words: what agrees, how surprising that is, and what else may explain it."""

from __future__ import annotations

from textwrap import fill

from . import page
from .similarity import STRONG, Found, Pair

CAUTION = (
    "Agreement is a reason to look, not a finding of misconduct. Two may have worked together as they were allowed to, "
    "used the same source, been helped by the same person, or mixed up their files. Read both notebooks, and ask both "
    "before you conclude anything. Who copied from whom cannot be told from this."
)
LIMITS = (
    "In simulated honest classes of 20 to 300 no pair was called strong, and fewer than one pair a class worth a look; "
    "real classes may differ. Not being named here proves nothing either: short answers with all names changed look "
    "like anybody's."
)


def reasons(pair: Pair) -> list[str]:
    """What agrees, a sentence each."""
    told = ["both handed in the same file, byte for byte"] if pair.same_file else []
    for whose, other in ((pair.a, pair.b), (pair.b, pair.a)):
        ids = [exercise for exercise, one, _, _ in pair.numbers if one == whose]
        if ids:
            answers = "answer is" if len(ids) == 1 else "answers are"
            told.append(
                f"{len(ids)} {answers} wrong for {whose}'s own numbers and right for {other}'s: {', '.join(ids)} "
                f"(surprise: {sum(bits for _, one, _, bits in pair.numbers if one == whose):.0f} bits)"
            )
    if pair.lines:
        told.append(f"rare passages of code are shared in {_exercises(pair)} (weight {pair.code:.0f})")
    return told


def _exercises(pair: Pair) -> str:
    return ", ".join(id or "cells of their own" for id in sorted(pair.lines))


def as_text(found: Found) -> str:
    """The report for a terminal."""
    if not found.pairs:
        return (
            f"{found.assignment}: {found.students} submissions compared; no pair agrees more than chance would have it"
        )
    lines = [f"{found.assignment}: {_counted(found)}", ""]
    for pair in found.pairs:
        lines += [f"{pair.a} and {pair.b}: {pair.level}", *(f"  - {why}" for why in reasons(pair))]
    return "\n".join([*lines, "", fill(CAUTION, 100), fill(LIMITS, 100)])


def _counted(found: Found) -> str:
    pairs = f"{len(found.pairs)} pair{'s' if len(found.pairs) > 1 else ''}" if found.pairs else "no pair"
    return f"{found.students} submissions compared, {pairs} to look at"


def as_json(found: Found) -> dict:
    """The report for a program."""
    pairs = [
        {
            "students": [pair.a, pair.b],
            "level": pair.level,
            "numbers": [dict(zip(("exercise", "answer_of", "right_for", "bits"), each)) for each in pair.numbers],
            "code": round(pair.code, 1),
            "same_file": pair.same_file,
            "reasons": reasons(pair),
        }
        for pair in found.pairs
    ]
    return {"assignment": found.assignment, "students": found.students, "pairs": pairs, "caution": CAUTION}


def as_page(found: Found) -> str:
    """The report as a page, shared passages side by side."""
    body = [f"<h1>{page.text(found.assignment)}: what agrees</h1>"]
    body.append(f"<p>{_counted(found)}.</p>")
    body += [f"<p>{page.text(said)}</p>" for said in (CAUTION, LIMITS)]
    for pair in found.pairs:
        look = "bad" if pair.level == STRONG else ""
        both = f"<span>{page.name(pair.a)} and {page.name(pair.b)}</span>"
        head = f'<h2>{both} <span class="points">{pair.level}</span></h2>'
        told = page.items([page.text(why, 1000) for why in reasons(pair)])
        body.append(f'<section class="{look}">{head}{told}{_passages(found, pair)}</section>')
    return page.page(f"{found.assignment}: what agrees", "\n".join(body))


def _passages(found: Found, pair: Pair) -> str:
    """The code of both, what is shared marked."""
    parts = []
    for id, both in sorted(pair.lines.items()):
        cells = [_marked(found.sources[who].get(id, ""), lines) for who, lines in zip((pair.a, pair.b), both)]
        inner = page.grid([page.name(pair.a), page.name(pair.b)], [cells])
        parts.append(f"<details><summary>{page.text(id or 'cells of their own')}</summary>{inner}</details>")
    return "".join(parts)


def _marked(source: str, lines: set[int]) -> str:
    told = []
    for number, line in enumerate(source.rstrip().split("\n")[:400]):
        said = page.text(line, 300)
        told.append(f"<mark>{said}</mark>" if number in lines else said)
    return "<pre>" + "\n".join(told) + "</pre>"
