"""Finding a student's answers in a notebook that has been through their hands.

Taken are the answer cells, by the marks of the release, else by the name they define, and cells the student added.
Everything else comes from the release. Whatever had to be put right is noted beside the mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from lrcourse import exercises
from lrcourse.exercises.notebook_cells import stub
from lrcourse.exercises.problem_sets import IMPORTS

from .model import Assignment
from .submission import Cell, Notebook, Unreadable

OWN_CELLS, CODE = 100, 4 << 20  # cells beside the answers, and characters to be run in all
_TEST = re.compile(r"(test|question)-|exercise-")
_SET_UP = re.compile(r"(imports|setup)\b")
# Read by pattern, not parsed: Python's own parser can be made to overflow the stack of the process it runs in.
_BINDS = re.compile(r"^(?:[ \t]*(?:async )?(?:def|class) +|[^#\n=]{0,200}?\b)(answer_8_[1-9]_[1-9]\d?)\b([^\n]*)", re.M)
_ASSIGNED = re.compile(r"^[^#\n]{0,500}?\b(answer_8_[1-9]_[1-9]\d?)[ \t]*=(?!=)", re.M)
_CHECK = re.compile(r'\s*(?:check|hint)\("8\.\d\.\d+"[^\n]*\)\s*')
_TIMED = re.compile(r"^%%?time(?: +|$)", re.M)  # what it times is code, and may be the answer
_MAGIC = re.compile(r"^(?:(?:%+[a-zA-Z]|!).*|\?{1,2}[\w.]+[ \t]*|[\w.]+\?{1,2}[ \t]*)$", re.M)


@dataclass
class Part:
    """A piece of the student's code; `exercise` is "" for a cell of their own."""

    exercise: str
    source: str
    last: bool = False  # after this one the answer is taken


@dataclass
class Work:
    """What is to be run for a submission, in order, and what was noted on the way."""

    parts: list[Part] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)  # by exercise; "" for the whole notebook

    def note(self, exercise: str, text: str) -> None:
        if text not in self.notes.setdefault(exercise, []):
            self.notes[exercise].append(text)

    @property
    def told(self) -> list[list]:
        """The parts as the journal keeps them."""
        return [[part.exercise, part.source, part.last] for part in self.parts]


class _Place(NamedTuple):
    """A cell, whose it is (see `_owner`), the answers that it seems to define, its text without blanks, and whether
    it is a check as given. All are found out once, for a cell may be long and the exercises are many."""

    index: int
    cell: Cell
    owner: str
    binds: set[str]
    bare: str
    is_check: bool


def binds(source: str) -> set[str]:
    """The answers that a cell seems to define."""
    found = {match[1] for match in _ASSIGNED.finditer(source)}
    for match in _BINDS.finditer(source):
        line, rest = match[0].lstrip(), match[2]
        if line.startswith(("check(", "hint(")):  # a check names the student's own numbers: T_max=4800
            continue
        if line.startswith(("def ", "async def ", "class ")) or re.search(r"(?<![=!<>])=(?!=)", rest):
            found.add(match[1])
    return found


def find(notebook: Notebook, assignment: Assignment) -> Work:
    """The student's work, repaired where the notebook was hurt."""
    work = Work()
    for text in notebook.anomalies:
        work.note("", text)
    places = [_place(index, cell, assignment) for index, cell in enumerate(notebook.cells)]
    chosen: dict[int, list[str]] = {}
    for id in assignment.exercises:
        for place in _choose(id, places, work):
            chosen.setdefault(place.index, []).append(id)
        _look_at_checks(id, places, work)
    last = {id: index for index, ids in sorted(chosen.items()) for id in ids}
    own = 0
    for index, cell, owner, _names, bare, _is_check in places:
        for id in chosen.get(index, []):
            work.parts.append(Part(id, _without_magic(cell.source, work, id), last[id] == index))
        if index in chosen or cell.kind != "code" or not cell.source.strip():
            continue
        if owner == "":
            own += 1
            if own <= OWN_CELLS:
                work.parts.append(Part("", _without_magic(cell.source, work, "")))
        elif owner == "setup" and bare not in (_bare(assignment.setup), _bare(IMPORTS)):
            work.note("", "the given first cell was edited: the original was run, then the edited one")
            work.parts.append(Part("", _without_magic(cell.source, work, "")))
    if own > OWN_CELLS:
        work.note("", f"{own} cells of their own: the first {OWN_CELLS} were run")
    code = sum(len(part.source) for part in work.parts)
    if code > CODE:  # a cell that answers everything is run for each answer
        raise Unreadable(
            f"its answers come to {code / 1e6:.1f} million characters of code; {CODE >> 20} are run at most"
        )
    return work


def _place(index: int, cell: Cell, assignment: Assignment) -> _Place:
    names = binds(cell.source) if cell.role != "solution" else set()
    bare, is_check = _bare(cell.source), bool(_CHECK.fullmatch(cell.source))
    return _Place(index, cell, _owner(cell, assignment, bare, is_check), names, bare, is_check)


def _owner(cell: Cell, assignment: Assignment, bare: str, is_check: bool) -> str:
    """Whose a cell is: an exercise's id (an answer), "setup", "given" (ours, not run), or "" (the student's own)."""
    if cell.exercise in assignment.exercises and cell.role in ("stub", "answer"):
        return cell.exercise
    if cell.grade_id.startswith("answer-"):
        id = cell.grade_id.removeprefix("answer-").replace("-", ".")
        if id in assignment.exercises:
            return id
    if cell.role == "setup" or _SET_UP.match(cell.grade_id) or bare == _bare(assignment.setup):
        return "setup"
    if cell.role in ("question", "check", "solution") or _TEST.match(cell.grade_id):
        return "given"
    return "given" if is_check else ""


def _bare(source: str) -> str:
    return "".join(source.split())


def _choose(id: str, places: list[_Place], work: Work) -> list[_Place]:
    """The cells that together are the answer to one exercise."""
    name, empty = exercises.get(id).name, _bare(stub(exercises.get(id)))
    marked = [place for place in places if place.owner == id]
    filled = [place for place in marked if place.bare and place.bare != empty]
    distinct = {place.bare: place for place in filled}
    if len(filled) > len(distinct):
        work.note(id, "the answer's cell stands there more than once: it was run once")
        filled = sorted(distinct.values(), key=lambda place: place.index)
    named = _named(name, [place for place in places if place not in marked], filled)
    if not filled and not named:
        if not marked:
            work.note(id, "the answer's cell is missing")
        return []
    answers = [place for place in filled + named if name in place.binds]
    if any(place.cell.kind != "code" for place in filled + named):
        work.note(id, "the answer's cell is no longer a code cell: it was run all the same")
    if not answers:
        work.note(id, f"the answer's cell does not define {name}")
    elif not marked:
        work.note(id, "the cell's mark is gone: it was found by the name it defines")
    elif not any(name in place.binds for place in filled):
        work.note(id, "answered in another cell: it was found by the name it defines")
    elif len(answers) > 1:
        work.note(id, f"answered {len(answers)} times: the last one counts")
    elif len(filled) > 1:
        work.note(id, f"the answer stands in {len(filled)} cells: it was split, its parts were joined")
    return sorted(filled + named, key=lambda place: place.index)


def _named(name: str, places: list[_Place], filled: list[_Place]) -> list[_Place]:
    """Further cells that define an answer: the student's own, else those that bear another answer's mark, else such
    as are no code any more."""
    own = [p for p in places if name in p.binds and p.cell.kind == "code" and p.owner in ("", "given", "setup")]
    if own or any(name in place.binds for place in filled):
        return own
    elsewhere = [
        p for p in places if name in p.binds and p not in filled and (p.cell.kind == "code" or p.owner != "given")
    ]
    return [p for p in elsewhere if p.cell.kind == "code"] or elsewhere


def _look_at_checks(id: str, places: list[_Place], work: Work) -> None:
    """Say so where the given check was deleted or edited. It is never run, so that costs nothing."""
    key = id.replace(".", "-")
    given = [
        p
        for p in places
        if p.cell.grade_id == f"test-{key}"
        or (p.cell.exercise == id and p.cell.role == "check")
        or (p.is_check and f'"{id}"' in p.cell.source)
    ]
    if not given:
        work.note(id, "the given check was deleted; that costs nothing")
    elif not all(p.is_check for p in given):
        work.note(id, "the given check was edited; it is not run")


def _without_magic(source: str, work: Work, id: str) -> str:
    """The code without Jupyter's commands, which are not Python; lines keep their numbers."""
    if _MAGIC.search(source):
        work.note(id, "Jupyter's commands (lines with %, ! or ? as it reads them) were left out")
        return _MAGIC.sub("", _TIMED.sub("", source))
    return source
