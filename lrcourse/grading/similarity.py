"""Which submissions agree more than chance would have it: a reason to look and to ask, never a verdict.

Three kinds of evidence, all worked out on this machine alone:

- *numbers*: an answer that is wrong for the student's own numbers and right for another student's. By chance that
  happens, for the numbers come from short lists; to agree with the same other student again and again does not.
- *code*: passages that two share and hardly anybody else has. Short answers look alike in any honest class, so a
  passage counts by its rarity in this class, and what more than a few have counts for nothing.

- *files*: the same file byte for byte, where few have it and something is answered in it. Short answers to the same
  numbers may come to that by themselves, so it is worth a look and no more.

A known wrong road, a rounding and the text's own numbers are explained, and count for nothing either. The thresholds
were set on simulated classes (see `benchmarks/bench_similarity.py`), which are tidier than real ones.
"""

from __future__ import annotations

import hashlib
import keyword
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np

from lrcourse import exercises
from lrcourse.exercises import Exercise
from lrcourse.exercises.compare import within

from .journal import Journal
from .model import GRADED, Assignment
from .sandbox.wire import WireError, decode

STRONG, LOOK = "strong", "worth a look"
# In bits of surprise. Honest pairs of simulated classes stay below LOOK; STRONG keeps a distance from them.
NUMBERS_LOOK, NUMBERS_STRONG = 13.0, 17.0  # of one's answers that are right for one and the same other student
CODE_LOOK, CODE_STRONG = 125.0, 170.0  # of shared passages; they overlap, so their bits count more than once
BOTH_LOOK, BOTH_STRONG = 1.35, 1.8  # numbers / NUMBERS_LOOK + code / CODE_LOOK
GRAM, WINDOW = 7, 4
MADE_UP = 100  # students who do not exist: how many of them an answer fits tells how surprising a fit is
COMMON = 0.04  # what a larger share of the class has is no evidence
_EXPLAINED = ("right", "misconception", "near", "to do")
_TOKEN = re.compile(r"#[^\n]*|\"\"\"|'''|\"[^\"\n]*\"|'[^'\n]*'|[^\W\d]\w*|[\d.]+(?:[eE][-+]?\d+)?|\n|\S")
_KEPT = {*keyword.kwlist, "np", "cos", "pi", "exp", "abs", "max", "min", "range", "len", "sum", "print"}
LONGEST = 30_000
_REAL = int | float | np.integer | np.floating


@dataclass(frozen=True)
class Handed:
    """One student's work: code by exercise, answers as values, and what they were judged to be."""

    student: str
    sources: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    file: str = ""  # the hash of what was handed in


@dataclass
class Pair:
    """Two students, and what their work shares."""

    a: str
    b: str
    numbers: list[tuple[str, str, str, float]] = field(default_factory=list)  # exercise, whose answer, whose numbers
    code: float = 0.0
    same_file: bool = False
    lines: dict[str, tuple[set[int], set[int]]] = field(default_factory=dict)  # shared lines by exercise: a's, b's

    @property
    def surprise(self) -> float:
        """Bits of what agrees in numbers, in the direction that agrees more."""
        return max((sum(e[3] for e in self.numbers if e[1] == whose) for whose in (self.a, self.b)), default=0.0)

    @property
    def weight(self) -> float:
        return self.surprise / NUMBERS_LOOK + self.code / CODE_LOOK

    @property
    def level(self) -> str:
        if self.surprise >= NUMBERS_STRONG or self.code >= CODE_STRONG or self.weight >= BOTH_STRONG:
            return STRONG
        look = self.same_file or self.surprise >= NUMBERS_LOOK or self.code >= CODE_LOOK or self.weight >= BOTH_LOOK
        return LOOK if look else ""


@dataclass
class Found:
    """What a comparison came to: the pairs, strongest first, and the code to look at."""

    assignment: str
    students: int
    own_numbers: bool
    pairs: list[Pair]
    sources: dict[str, dict[str, str]]


def compare(journal: Journal, assignment: Assignment, secret: bytes) -> Found:
    """Compare everyone's work as it was graded."""
    work = []
    for row in journal.grades(assignment.name):
        if row.status == GRADED:
            answers = {mark.exercise: _value(mark.got) for mark in row.marks}
            verdicts = {mark.exercise: mark.verdict for mark in row.marks}
            work.append(Handed(row.student, journal.sources(row), answers, verdicts, row.submission))
    return compare_work(assignment, work, secret)


def compare_work(assignment: Assignment, work: list[Handed], secret: bytes) -> Found:
    pairs: dict[tuple[str, str], Pair] = {}
    if assignment.own_numbers:
        _add_numbers(pairs, assignment, work, secret)
    _add_code(pairs, work)
    _add_files(pairs, work)
    found = sorted((pair for pair in pairs.values() if pair.level), key=lambda p: (p.level != STRONG, -p.weight, p.a))
    named = {name for pair in found for name in (pair.a, pair.b)}
    sources = {each.student: each.sources for each in work if each.student in named}
    return Found(assignment.name, len(work), assignment.own_numbers, found, sources)


def _pair(pairs: dict[tuple[str, str], Pair], one: str, other: str) -> Pair:
    a, b = sorted((one, other))
    return pairs.setdefault((a, b), Pair(a, b))


# ---- numbers ------------------------------------------------------------------------------------------------


def _value(got: Any) -> Any:
    """An answer as it was given; None where it is no plain value."""
    try:
        return decode(got["value"]) if isinstance(got, dict) and "value" in got else None
    except WireError:
        return None


def _row(value: Any, size: int) -> np.ndarray | None:
    """Numbers in a row, if it is so many."""
    values = value if isinstance(value, list | tuple) else [value]
    if len(values) != size or any(isinstance(v, bool) or not isinstance(v, _REAL) for v in values):
        return None
    try:
        row = np.array(values, dtype=float)
    except OverflowError:  # an integer of hundreds of digits
        return None
    return row if np.isfinite(row).all() else None


def _add_numbers(pairs, assignment: Assignment, work: list[Handed], secret: bytes) -> None:
    """Note every unexplained answer that is right for somebody else."""
    for ours in map(exercises.get, assignment.exercises):
        curious = [each for each in work if each.verdicts.get(ours.id) not in _EXPLAINED]
        if not curious or not ours.vary or isinstance(ours.answer, str | dict) or callable(ours.answer):
            continue
        theirs = [_wanted(ours.id, each.student, secret) for each in work]
        table = np.stack([*theirs, *_strangers(ours.id)])
        for each in curious:
            _add_matches(pairs, each, ours, table, work)


def _wanted(id: str, student: str, secret: bytes) -> np.ndarray:
    """The right answer to this student's numbers, in a row."""
    size = np.size(exercises.get(id).answer)
    row = _row(exercises.variant(id, student, secret).answer, size)
    return np.full(size, np.nan) if row is None else row


@cache
def _strangers(id: str) -> tuple[np.ndarray, ...]:
    """The right answers of students who do not exist."""
    return tuple(_wanted(id, f"nobody {number}", b"nobody's numbers") for number in range(MADE_UP))


def _add_matches(pairs, handed: Handed, exercise: Exercise, table: np.ndarray, work: list[Handed]) -> None:
    """`table` holds the right answers of the class, and below those of students who do not exist."""
    given = _row(handed.answers.get(exercise.id), table.shape[1])
    text = _row(exercises.get(exercise.id).answer, table.shape[1])
    rtol, atol = (1e-9, 0.0) if exercise.whole else (exercise.rtol, min(exercise.atol, 1e-9))
    if given is None or (text is not None and within(given, text, rtol, atol).all()):
        return
    hits = np.flatnonzero(within(given, table, rtol, atol).all(axis=1))
    for i in hits:
        if i < len(work) and work[i] is not handed:
            bits = math.log2(len(table) / len(hits))
            pair = _pair(pairs, handed.student, work[i].student)
            pair.numbers.append((exercise.id, handed.student, work[i].student, bits))


# ---- code ---------------------------------------------------------------------------------------------------


def tokens(source: str) -> Iterable[tuple[str, str, int]]:
    """Normalised token, token as written, and line. Read by pattern: it takes any text, and never fails.

    >>> [plain or f"({word})" for plain, word, _ in tokens("rate = 2 * x  # twice")]
    ['n', '=', '0', '*', 'n', '(twice)']
    """
    line = 0
    for match in _TOKEN.finditer(source[:LONGEST]):
        token = match[0]
        if token == "\n":
            line += 1
        elif token[0] == "#":
            yield from (("", word.lower(), line) for word in re.findall(r"\w+", token))
        elif token[0].isalpha() or token[0] == "_":
            yield token if token in _KEPT or token.startswith("answer_8") else "n", token, line
        elif token[0].isdigit():
            yield "0", "0", line  # numbers differ between students anyway
        else:
            yield ("s", token, line) if len(token) > 1 else (token, token, line)


def fingerprints(source: str) -> dict[tuple[int, int], set[int]]:
    """Winnowed grams, of normalised code (0) and of code as it is written (1), with the lines they come from."""
    told = list(tokens(source))
    found: dict[tuple[int, int], set[int]] = {}
    for stream in (0, 1):
        kept = [(token[stream], token[2]) for token in told if token[stream]]
        grams = [_hash(" ".join(word for word, _ in kept[i : i + GRAM])) for i in range(len(kept) - GRAM + 1)]
        for start in range(len(grams) - WINDOW + 1):
            window = grams[start : start + WINDOW]
            place = start + max(range(WINDOW), key=lambda i: (-window[i], i))
            lines = {line for _, line in kept[place : place + GRAM]}
            found.setdefault((stream, grams[place]), set()).update(lines)
    return found


def _hash(gram: str) -> int:
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest())


def _add_code(pairs, work: list[Handed]) -> None:
    """Add up the rarity of what two share."""
    holders: dict[tuple, list[tuple[int, set[int]]]] = defaultdict(list)
    for number, each in enumerate(work):
        for exercise, source in each.sources.items():
            for mark, lines in fingerprints(source).items():
                holders[exercise, *mark].append((number, lines))
    most = _most(work)
    for (exercise, *_), held in holders.items():
        if not 2 <= len(held) <= most:
            continue
        bits = math.log2(len(work) / len(held))
        for (i, theirs), (j, others) in combinations(held, 2):
            pair = _pair(pairs, work[i].student, work[j].student)
            pair.code += bits
            ours, other = (theirs, others) if pair.a == work[i].student else (others, theirs)
            mine, yours = pair.lines.setdefault(exercise, (set(), set()))
            mine |= ours
            yours |= other


def _add_files(pairs, work: list[Handed]) -> None:
    """Note who handed in the very same file; one in which nothing is answered is the release."""
    holders: dict[str, list[str]] = defaultdict(list)
    for each in work:
        if each.file and any(verdict != "to do" for verdict in each.verdicts.values()):
            holders[each.file].append(each.student)
    for held in holders.values():
        if len(held) <= _most(work):
            for one, other in combinations(held, 2):
                _pair(pairs, one, other).same_file = True


def _most(work: list[Handed]) -> int:
    """How many may share what is still evidence."""
    return max(2, int(COMMON * len(work)))
