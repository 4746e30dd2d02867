"""What a class is given: a notebook for every student with numbers of their own, or one for all.

A released notebook holds questions, stubs and checks; no solution, no answer, no hidden test. The check names the
student's numbers, which stand in the question anyway; the secret they are drawn from stays with the teacher. Where
a student has the answer key too, the check so diagnoses their own numbers, and where not, it says that the grader
will. The same secret gives the same bytes, so a release can be repeated, and an interrupted one finished.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from lrcourse import exercises
from lrcourse.exercises import Exercise
from lrcourse.exercises.problem_sets import ProblemSet, notebook, written
from lrcourse.exercises.words import literal
from lrcourse.files import put

from .model import Assignment, from_problem_set
from .names import folder_names

EVERYONE = ""  # stands for the student where all get the same notebook
_INTRO = "Answer the questions in order; each can be answered without the others."


@dataclass(frozen=True)
class Copy:
    """One notebook of a release: for whom, where, its text, and what is there already."""

    student: str
    path: Path
    text: str
    state: str  # "new", "there" (byte for byte), or "changed"


def problem_set(assignment: Assignment) -> ProblemSet:
    """The assignment as a problem set: a ready one, if it holds the same questions, or one made of its exercises."""
    slug = re.sub(r"[^A-Za-z0-9_-]", "-", assignment.name)[:50]  # goes into the cells' ids
    for ready in import_module("exercises.assignments").SETS:
        made = from_problem_set(ready)
        if (made.exercises, made.essays) == (assignment.exercises, assignment.essays):
            return replace(ready, name=slug, title=assignment.title or ready.title)
    title = assignment.title or f"Assignment {assignment.name}"
    return ProblemSet(slug, title, str(assignment.options.get("intro", _INTRO)), assignment.exercises)


def student_notebook(assignment: Assignment, student: str = EVERYONE, secret: bytes = b"") -> dict:
    """The notebook as this student gets it."""
    own = assignment.own_numbers and student != EVERYONE
    drawn = {e.id: e for e in assignment.for_student(student, secret)} if own else {}
    chosen = problem_set(assignment)
    built = notebook(chosen, numbers=(lambda e: drawn[e.id]) if own else None, release=True)
    for cell in built["cells"]:
        grade_id = cell["metadata"]["nbgrader"]["grade_id"]
        if grade_id == f"imports-{chosen.name}":
            cell["source"] = assignment.setup.splitlines(keepends=True)
        elif grade_id.startswith("test-") and own:
            cell["source"] = [_check(drawn[grade_id.removeprefix("test-").replace("-", ".")])]
    told = {"assignment": assignment.name} | ({"student": student} if student != EVERYONE else {})
    built["metadata"]["lrcourse"] = told
    return built


def _check(exercise: Exercise) -> str:
    """The check, with the numbers that are this student's own."""
    ours = exercises.get(exercise.id)
    own = {name: value for name, value in exercise.given.items() if value != ours.given[name]}
    told = "".join(f", {name}={literal(value)}" for name, value in own.items())
    return f'check("{exercise.id}", {exercise.name}{told})'


def plan(assignment: Assignment, students: Iterable[str], secret: bytes, out: Path) -> list[Copy]:
    """Every notebook of a release, and what is there in its place. Nothing is written."""
    if not assignment.own_numbers:
        text = written(student_notebook(assignment))
        return [_copy(EVERYONE, out / assignment.name / f"{assignment.name}.ipynb", text)]
    copies = []
    for student, folder in folder_names(students).items():
        text = written(student_notebook(assignment, student, secret))
        copies.append(_copy(student, out / folder / assignment.name / f"{assignment.name}.ipynb", text))
    return copies


def _copy(student: str, path: Path, text: str) -> Copy:
    if not path.exists() and not path.is_symlink():
        return Copy(student, path, text, "new")
    same = not path.is_symlink() and path.is_file() and path.read_bytes() == text.encode()
    return Copy(student, path, text, "there" if same else "changed")


def write(copies: list[Copy]) -> list[Path]:
    """Write what is new. Where a file would be overwritten that is no longer as released, nothing is written."""
    changed = [str(copy.path) for copy in copies if copy.state == "changed"]
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        raise ValueError(
            f"nothing was written, for there are other files in place: {', '.join(changed[:3])}{more}. Someone worked "
            "in them, or they are from another secret or declaration: move them away, or name another folder with --out"
        )
    new = [copy for copy in copies if copy.state == "new"]
    for copy in new:
        put(copy.path, copy.text)
    return [copy.path for copy in new]
