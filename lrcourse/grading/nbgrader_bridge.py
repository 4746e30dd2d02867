"""To nbgrader's gradebook and back: essays and manual points go through its formgrader, and return to the journal.

`export` fills a gradebook in one transaction and lays out `autograded/STUDENT/NAME/` beside it, where formgrader looks.
Those notebooks are built from the release: the student's code and essays are put in as text, outputs and everything
else of theirs stay out, so that no page shows a stranger's HTML. Points and comments that a person gave in formgrader
are never overwritten; `bring_back` reads them into the journal, where they outlive every regrade.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import sysconfig
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path

from lrcourse.exercises.problem_sets import written
from lrcourse.files import put

from .exports import Line
from .feedback import shown
from .journal import Journal
from .late import moment
from .model import MISSING, Assignment, Grade
from .names import folder_names
from .page import harmless
from .release import student_notebook
from .submission import Unreadable, parse, read


class NoNbgrader(ValueError):
    """nbgrader is not installed here."""

    def __init__(self) -> None:
        super().__init__(
            "this needs nbgrader, which is not installed here: pip install nbgrader (it is in the extra `grading`)"
        )


@dataclass
class BroughtBack:
    """Manual points read from a gradebook: (student, item, points), and what was left aside, with the reason."""

    points: list[tuple[str, str, float]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@contextlib.contextmanager
def _gradebook(database: Path):
    try:
        from nbgrader.api import Gradebook
    except ImportError:
        raise NoNbgrader from None
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), path])  # a new one asks `alembic` its version
    try:
        gradebook = Gradebook(f"sqlite:///{database.resolve()}")
    finally:
        os.environ["PATH"] = path
    with gradebook:
        yield gradebook


def _known(gradebook, kind, **names):
    return gradebook.db.query(kind).filter_by(**names).one_or_none()


def _new(gradebook, made):
    gradebook.db.add(made)
    return made


def export(journal: Journal, assignment: Assignment, lines: list[Line], secret: bytes, folder: Path) -> Path:
    """Fill FOLDER/gradebook.db and FOLDER/autograded; the same again changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    folders = folder_names(line.grade.student for line in lines)
    with _gradebook(folder / "gradebook.db") as gradebook:
        try:
            book = _assignment(gradebook, assignment)
            given = journal.by_hand(assignment.name)
            for line in lines:
                student = _student(gradebook, line, folders[line.grade.student])
                if line.grade.status != MISSING:
                    _submission(gradebook, assignment, book, student, line.grade, given, secret)
            gradebook.db.commit()
        except BaseException:
            gradebook.db.rollback()
            raise
    for line in lines:
        if line.grade.status != MISSING:
            place = folder / "autograded" / folders[line.grade.student] / assignment.name
            put(place / f"{assignment.name}.ipynb", autograded(journal, assignment, line.grade, secret))
            put(place / "timestamp.txt", line.grade.submitted)
    return folder / "gradebook.db"


def _assignment(gradebook, assignment: Assignment):
    """The assignment with its one notebook and its cells, made where they are missing; returns the notebook."""
    from nbgrader import api

    book = _known(gradebook, api.Assignment, name=assignment.name)
    if book is None:
        book = _new(gradebook, api.Assignment(name=assignment.name, course_id=gradebook.course_id))
    book.duedate = _naive(assignment.due)
    notebook = next((each for each in book.notebooks if each.name == assignment.name), None)
    if notebook is None:
        notebook = _new(gradebook, api.Notebook(name=assignment.name, assignment=book))
    grades = {cell.name: cell for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    for cell in student_notebook(assignment)["cells"]:
        marks = cell["metadata"]["nbgrader"]
        if marks["grade"]:
            told = dict(name=marks["grade_id"], cell_type=cell["cell_type"], max_score=0)
            kept = grades.get(marks["grade_id"]) or _new(gradebook, api.GradeCell(notebook=notebook, **told))
            kept.max_score = marks["points"]
        if marks["solution"] and marks["grade_id"] not in solutions:
            _new(gradebook, api.SolutionCell(name=marks["grade_id"], notebook=notebook))
    gradebook.db.flush()
    return notebook


def _naive(told: str) -> datetime | None:
    """A time as nbgrader keeps it: in UTC, without saying so."""
    return moment(told, "time").replace(tzinfo=None) if told else None


def _student(gradebook, line: Line, folder: str):
    from nbgrader import api

    student = _known(gradebook, api.Student, id=folder)
    if student is None:
        student = _new(gradebook, api.Student(id=folder))
    student.first_name, _, student.last_name = line.person.name.rpartition(" ")
    student.email, student.lms_user_id = line.person.email, line.grade.student
    return student


def _submission(gradebook, assignment, notebook, student, grade: Grade, given, secret: bytes) -> None:
    from nbgrader import api

    sent = _known(gradebook, api.SubmittedAssignment, assignment_id=notebook.assignment.id, student_id=student.id)
    if sent is None:
        sent = _new(gradebook, api.SubmittedAssignment(assignment=notebook.assignment, student=student))
    sent.timestamp = _naive(grade.submitted)
    theirs = next((each for each in sent.notebooks if each.name == notebook.name), None)
    if theirs is None:
        theirs = _new(gradebook, api.SubmittedNotebook(notebook=notebook, assignment=sent))
    theirs.late_submission_penalty = grade.late
    gradebook.db.flush()
    marks = {f"test-{mark.exercise.replace('.', '-')}": mark for mark in grade.marks}
    scores = {each.cell_id: each for each in theirs.grades}
    for cell in notebook.grade_cells:
        score = scores.get(cell.id) or _new(gradebook, api.Grade(cell_id=cell.id, notebook=theirs))
        mark, ours = marks.get(cell.name), given.get((grade.student, _item(cell.name)))
        score.auto_score = mark.points if mark else None
        if score.manual_score is None and score.extra_credit is None and ours:
            score.manual_score = ours["points"]
        score.needs_manual_grade = score.auto_score is None and score.manual_score is None
    drawn = {e.id: e for e in assignment.for_student(grade.student, secret)}
    comments = {each.cell_id: each for each in theirs.comments}
    for cell in notebook.solution_cells:
        comment = comments.get(cell.id) or _new(gradebook, api.Comment(cell_id=cell.id, notebook=theirs))
        mark, ours = marks.get(cell.name.replace("answer-", "test-")), given.get((grade.student, _item(cell.name)))
        comment.auto_comment = escape(shown(drawn[mark.exercise], mark)) if mark else None
        if not comment.manual_comment and ours and ours["note"]:
            comment.manual_comment = ours["note"]


def _item(cell: str) -> str:
    """The essay or exercise that a cell belongs to."""
    kind, _, rest = cell.partition("-")
    return rest if kind == "essay" else rest.replace("-", ".")


def autograded(journal: Journal, assignment: Assignment, grade: Grade, secret: bytes) -> str:
    """The notebook that formgrader shows: the release, with the student's answers as they were graded."""
    built = student_notebook(assignment, grade.student, secret)
    sources, essays = journal.sources(grade), read_essays(assignment, grade)
    for cell in built["cells"]:
        grade_id = cell["metadata"]["nbgrader"]["grade_id"]
        item = _item(grade_id)
        if grade_id.startswith("answer-") and sources.get(item):
            cell["source"] = harmless(sources[item]).splitlines(keepends=True)
        elif grade_id.startswith("essay-"):
            cell["source"] = _fenced(essays[item]).splitlines(keepends=True)
    if sources.get(""):
        own = {"cell_type": "code", "id": "own-cells", "metadata": {}, "execution_count": None, "outputs": []}
        told = "# The student's own cells, which ran before and between the answers\n"
        built["cells"].append(own | {"source": harmless(told + sources[""]).splitlines(keepends=True)})
    return written(built)


def read_essays(assignment: Assignment, grade: Grade) -> dict[str, str]:
    """What the student wrote for each essay, read anew from the file that was graded; else why it cannot be."""
    try:
        data, sha = read(grade.path)
        cells = {cell.grade_id: cell.source for cell in parse(data).cells}
    except Unreadable as why:
        return {id: f"(The file cannot be read: {why})" for id, _ in assignment.essays}
    if sha != grade.submission:
        why = f"(The file {grade.path} is no longer the one that was graded: grade again)"
        return {id: why for id, _ in assignment.essays}
    return {id: cells.get(f"essay-{id}", "(The essay's cell is missing)") for id, _ in assignment.essays}


def _fenced(said: str) -> str:
    """Text that Markdown shows as it is: between fences longer than any in it."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", said)), 0)
    return f"{fence}text\n{harmless(said)}\n{fence}"


def bring_back(journal: Journal, assignment: Assignment, database: Path, students: set[str]) -> BroughtBack:
    """Read the points that a person gave in formgrader into the journal."""
    if not database.is_file():
        raise ValueError(f"there is no gradebook {database}: `lrcourse export nbgrader` makes it")
    back = BroughtBack()
    machine = {row.student: {m.exercise: m.points for m in row.marks} for row in journal.grades(assignment.name)}
    with _gradebook(database) as gradebook:
        from nbgrader import api

        book = _known(gradebook, api.Assignment, name=assignment.name)
        if book is None:
            raise ValueError(f"{database} knows no assignment {assignment.name}: export it first")
        for sent in book.submissions:
            student = sent.student.lms_user_id or sent.student.id
            for notebook in sent.notebooks:
                notes = {comment.name.partition("-")[2]: comment.manual_comment for comment in notebook.comments}
                for score in notebook.grades:
                    _bring_one(journal, assignment, back, student, score, notes, machine, students)
    return back


def _bring_one(journal, assignment, back, student, score, notes, machine, students) -> None:
    if score.manual_score is None and not score.extra_credit:
        return
    item = _item(score.name)
    base = score.manual_score if score.manual_score is not None else score.auto_score or 0.0
    points = float(base + (score.extra_credit or 0.0))
    if item not in {*assignment.exercises, *(id for id, _ in assignment.essays)}:
        back.left.append(f"{student}, {score.name}: no question of this assignment")
    elif student not in students:
        back.left.append(f"{student}, {item}: neither on the roster nor in the journal")
    elif not math.isfinite(points) or points < 0:
        back.left.append(f"{student}, {item}: {points:g} points are none that can be given")
    elif points != machine.get(student, {}).get(item):
        note = notes.get(score.name.partition("-")[2]) or ""
        journal.adjust(assignment.name, student, "manual", item, points, note)
        back.points.append((student, item, points))
