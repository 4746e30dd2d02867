"""A small class for the office's tests: a roster, notebooks filled in, and grades as the journal keeps them."""

import hashlib
import json
from datetime import UTC, datetime
from functools import cache

from lrcourse.exercises.notebook_cells import answering
from lrcourse.exercises.words import literal
from lrcourse.grading.collect import Found
from lrcourse.grading.grade import Grader
from lrcourse.grading.journal import Journal
from lrcourse.grading.levels import strongest
from lrcourse.grading.model import GRADED, Assignment, Course, ExerciseMark, Grade
from lrcourse.grading.release import student_notebook

SECRET = b"the teacher's own"


def wrong_code(exercise, index=0):
    """Code that takes a declared wrong road; only for answers that are values."""
    return f"{exercise.name} = {literal(exercise.wrong_answers[index])}\n"


def filled(assignment, student, answers, essays=None, secret=SECRET):
    """The released notebook with these answers, code by exercise, and these essays put in; as text."""
    built = student_notebook(assignment, student, secret)
    for cell in built["cells"]:
        grade_id = cell["metadata"]["nbgrader"]["grade_id"]
        id = grade_id.removeprefix("answer-").replace("-", ".")
        if grade_id.startswith("answer-") and id in answers:
            cell["source"] = answers[id]
        if grade_id.startswith("essay-") and grade_id.removeprefix("essay-") in (essays or {}):
            cell["source"] = essays[grade_id.removeprefix("essay-")]
    return json.dumps(built)


def all_right(assignment, student, secret=SECRET):
    return {e.id: answering(e) for e in assignment.for_student(student, secret)}


def course_at(folder, secret=SECRET):
    folder.mkdir(exist_ok=True)
    (folder / "secret.key").write_bytes(secret)
    return Course(folder)


def grade(course, assignment, handed_in, when=datetime(2026, 3, 2, 10, 0, tzinfo=UTC), secret=SECRET):
    """Grade notebooks, given as text by student, into the course's journal."""
    found = []
    for student, text in handed_in.items():
        path = course.folder / "submitted" / f"{len(found)}" / f"{assignment.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        found.append(Found(student, path, when.isoformat(timespec="seconds")))
    with Journal(course.journal) as journal:
        Grader(journal, assignment, secret, strongest(None, True)).grade(found)
    return journal_rows(course, assignment)


@cache
def drawn_once(ids, own_numbers, student, secret):
    """Drawing everyone's numbers anew for every test takes longer than the tests."""
    return Assignment("drawn", ids, own_numbers).for_student(student, secret)


def machine_grade(
    journal, assignment, student, right=1.0, status=GRADED, reason="", path="", submitted="", secret=SECRET
):
    """A row as the grader writes it, without running anything: the first `right` share of the answers are right."""
    drawn, marks, parts, sha = (
        drawn_once(assignment.exercises, assignment.own_numbers, student, secret),
        [],
        [],
        hashlib.sha256(student.encode()).hexdigest(),
    )
    if path:
        sha = hashlib.sha256(path.read_bytes()).hexdigest()
    for number, exercise in enumerate(drawn if status == GRADED else ()):
        good = number < round(right * len(drawn))
        told = (exercise.points if good else 0, exercise.points, "right" if good else "to do")
        marks.append(ExerciseMark(exercise.id, *map(float, told[:2]), told[2], f"{exercise.id} {told[2]}."))
        parts.append([exercise.id, answering(exercise) if good else f"{exercise.name} = ...", True])
    row = Grade(
        assignment.name, student, sha, assignment.spec_hash(secret), status, reason or "some answers are right",
        tuple(marks), float(assignment.out_of), path=str(path), submitted=submitted, run="made up",
    )  # fmt: skip
    journal.start_run("made up", {})
    journal.record(row, parts)
    return row


def journal_rows(course, assignment):
    with Journal(course.journal) as journal:
        return {row.student: row for row in journal.grades(assignment.name)}
