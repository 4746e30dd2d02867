"""Finding a student's answers in a notebook that has been through their hands.

Taken are the answer cells, by the marks of the release, else by the name they define, and cells the student added.
Everything else comes from the release. Whatever had to be put right is noted beside the mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lrcourse import exercises
from lrcourse.exercises.notebook_cells import stub

from .model import Assignment
from .submission import Cell, Notebook

OWN_CELLS = 100
_TEST = re.compile(r"(test|question)-|exercise-")
_SET_UP = re.compile(r"(imports|setup)\b")
# Read by pattern, not parsed: Python's own parser can be made to overflow the stack of the process it runs in.
_BINDS = re.compile(r"^(?:[ \t]*(?:async )?(?:def|class) +|[^#\n=]{0,200}?\b)(answer_8_[1-9]_[1-9]\d?)\b([^\n]*)", re.M)
_MAGIC = re.compile(r"^(?:%+[a-zA-Z]|!).*$", re.M)


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
    untouched: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)

    def note(self, exercise: str, text: str) -> None:
        if text not in self.notes.setdefault(exercise, []):
            self.notes[exercise].append(text)

    @property
    def told(self) -> list[list]:
        """The parts as the journal keeps them."""
        return [[part.exercise, part.source, part.last] for part in self.parts]


def binds(source: str) -> set[str]:
    """The answers that a cell seems to define."""
    found = set()
    for match in _BINDS.finditer(source):
        line, rest = match[0].lstrip(), match[2]
        if line.startswith(("def ", "async def ", "class ")) or re.search(r"(?<![=!<>])=(?!=)", rest):
            found.add(match[1])
    return found


def find(notebook: Notebook, assignment: Assignment) -> Work:
    """The student's work, repaired where the notebook was hurt."""
    work = Work()
    for text in notebook.anomalies:
        work.note("", text)
    names = {exercises.get(id).name: id for id in assignment.exercises}
    owners = [_owner(cell, assignment) for cell in notebook.cells]
    chosen: dict[int, list[str]] = {}
    for name, id in names.items():
        for index in _choose(id, name, notebook.cells, owners, work):
            chosen.setdefault(index, []).append(id)
    last = {id: index for index, ids in sorted(chosen.items()) for id in ids}
    own = 0
    for index, cell in enumerate(notebook.cells):
        for id in chosen.get(index, []):
            source = _without_magic(cell.source, work, id)
            work.parts.append(Part(id, source, last[id] == index))
        if index in chosen or cell.kind != "code" or not cell.source.strip():
            continue
        if owners[index] == "":
            own += 1
            if own <= OWN_CELLS:
                work.parts.append(Part("", _without_magic(cell.source, work, "")))
        elif owners[index] == "setup" and _bare(cell.source) != _bare(assignment.setup):
            work.note("", "the given first cell was edited: the original was run, then the edited one")
            work.parts.append(Part("", _without_magic(cell.source, work, "")))
    if own > OWN_CELLS:
        work.note("", f"{own} cells of their own: the first {OWN_CELLS} were run")
    return work


def _owner(cell: Cell, assignment: Assignment) -> str:
    """Whose a cell is: an exercise's id (an answer), "setup", "given" (ours, not run), or "" (the student's own)."""
    if cell.exercise in assignment.exercises and cell.role in ("stub", "answer"):
        return cell.exercise
    if cell.grade_id.startswith("answer-"):
        id = cell.grade_id.removeprefix("answer-").replace("-", ".")
        if id in assignment.exercises:
            return id
    if cell.role == "setup" or _SET_UP.match(cell.grade_id) or _bare(cell.source) == _bare(assignment.setup):
        return "setup"
    if cell.role in ("question", "check", "solution") or _TEST.match(cell.grade_id):
        return "given"
    if re.fullmatch(r'\s*(check|hint)\("8\.\d\.\d+"[^\n]*\)\s*', cell.source):
        return "given"
    return ""


def _bare(source: str) -> str:
    return "".join(source.split())


def _choose(id: str, name: str, cells: list[Cell], owners: list[str], work: Work) -> list[int]:
    """The cells that together are the answer to one exercise, by their place."""
    empty = _bare(stub(exercises.get(id)))
    marked = [i for i, owner in enumerate(owners) if owner == id]
    named = [i for i, cell in enumerate(cells) if owners[i] in ("", "given", "setup") and name in binds(cell.source)]
    named = [i for i in named if cells[i].role != "solution"]
    text = [i for i in marked if cells[i].kind != "code"]
    if text:
        work.note(id, "the answer's cell is no longer a code cell: it was run all the same")
    filled = [i for i in marked if _bare(cells[i].source) != empty and cells[i].source.strip()]
    distinct = {_bare(cells[i].source): i for i in filled}
    if len(filled) > len(distinct):
        work.note(id, "the answer's cell stands there more than once: it was run once")
        filled = sorted(distinct.values())
    if not marked and not named:
        work.absent.add(id)
        work.note(id, "the answer's cell is missing")
        return []
    if not filled and not named:
        work.untouched.add(id)
        return []
    if not marked:
        work.note(id, "the cell's mark is gone: it was found by the name it defines")
    elif not any(name in binds(cells[i].source) for i in filled) and named:
        work.note(id, "answered in another cell: it was found by the name it defines")
    elif len(filled) > 1:
        answers = sum(name in binds(cells[i].source) for i in filled)
        how = (
            "it was split: its parts were joined" if answers <= 1 else f"answered {answers} times: the last one counts"
        )
        work.note(id, f"the answer stands in {len(filled)} cells: {how}")
    elif named:
        work.note(id, "answered more than once: the last one counts")
    return sorted(filled + named)


def _without_magic(source: str, work: Work, id: str) -> str:
    """The code without Jupyter's commands, which are not Python; lines keep their numbers."""
    if _MAGIC.search(source):
        work.note(id, "Jupyter's commands (lines beginning with % or !) were left out")
        return _MAGIC.sub("", source)
    return source
