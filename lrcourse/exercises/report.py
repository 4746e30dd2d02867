"""`progress()`: what is solved, tried and open, section by section, and what would be good to repeat."""

from __future__ import annotations

from dataclasses import dataclass

from . import record, registry
from .registry import NoAnswerKey
from .words import listing


@dataclass(frozen=True)
class Progress:
    """A report whose repr is its text; the numbers are in `solved`, `tried`, `open` (ids) and `hints`."""

    text: str
    solved: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    hints: int = 0
    repeat: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


def progress() -> Progress:
    """How far you are. Read from your own file; see `record.path()` for where it lies."""
    try:
        exercises = registry.all_exercises()
    except NoAnswerKey as missing:
        return Progress(str(missing))
    entries = record.read()["exercises"]
    solved = tuple(e.id for e in exercises if entries.get(e.id, {}).get("solved"))
    tried = tuple(e.id for e in exercises if entries.get(e.id, {}).get("tries") and e.id not in solved)
    open_ = tuple(e.id for e in exercises if e.id not in solved and e.id not in tried)
    hints = sum(min(3, entries.get(e.id, {}).get("hints", 0)) for e in exercises)
    repeat = _to_repeat(exercises, entries)
    lines = [
        f"{len(solved)} of {len(exercises)} exercises solved, {_hints(hints)} used.",
        "",
        *_table(exercises, entries),
    ]
    lines += ["", *_advice(exercises, entries, tried, open_, repeat), *_notes()]
    return Progress("\n".join(lines), solved, tried, open_, hints, repeat)


def _hints(count: int) -> str:
    return f"{count} hint" if count == 1 else f"{count} hints"


def _table(exercises, entries) -> list[str]:
    rows = [f"{'section':8}{'solved':>8}{'tried':>8}{'open':>8}{'hints':>8}"]
    for section in dict.fromkeys(e.section for e in exercises):
        here = [entries.get(e.id, {}) for e in exercises if e.section == section]
        solved = sum(bool(entry.get("solved")) for entry in here)
        tried = sum(bool(entry.get("tries")) and not entry.get("solved") for entry in here)
        hints = sum(entry.get("hints", 0) for entry in here)
        rows.append(f"{section:8}{solved:8}{tried:8}{len(here) - solved - tried:8}{hints:8}")
    return rows


def _to_repeat(exercises, entries) -> tuple[str, ...]:
    """Solved ones that took three tries or two hints, the hardest won first, three at most."""

    def effort(e):
        entry = entries.get(e.id, {})
        return entry.get("tries", 0) + entry.get("hints", 0)

    hard = [
        e
        for e in exercises
        if entries.get(e.id, {}).get("solved")
        and (entries[e.id].get("tries", 0) >= 3 or entries[e.id].get("hints", 0) >= 2)
    ]
    return tuple(e.id for e in sorted(hard, key=effort, reverse=True)[:3])


def _advice(exercises, entries, tried, open_, repeat) -> list[str]:
    by_id = {e.id: e for e in exercises}
    lines = []
    if tried:
        next_ = tried[0]
        seen = entries[next_].get("hints", 0)
        help_ = f'hint("{next_}") has more' if seen < 3 else "its solution is below it in the notebook"
        lines.append(f"Begun: {listing(list(tried[:5]))}. Go on with {next_} ({by_id[next_].title}); {help_}.")
    if repeat:
        lines.append(
            "Worth repeating with other numbers: "
            + "; ".join(f'practice("{id}") trains {by_id[id].trains}' for id in repeat)
            + "."
        )
    if open_ and not tried:
        easiest = min((by_id[id] for id in open_), key=lambda e: (e.section, e.difficulty))
        lines.append(f"Next: {easiest.id} ({easiest.title}), about {easiest.minutes} minutes.")
    if not tried and not open_:
        lines.append("All solved. Congratulations!")
    return lines


def _notes() -> list[str]:
    aside = record.set_aside()
    if not aside:
        return []
    return [f"A progress file could not be read and was set aside, not deleted: {listing(aside)}."]
