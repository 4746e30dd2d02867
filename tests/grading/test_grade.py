"""From a folder of notebooks to rows: whole problem sets, and what happens when something of ours fails."""

from __future__ import annotations

import json
import os
import signal

import pytest

from exercises.assignments import SETS
from lrcourse.exercises import variant
from lrcourse.exercises.notebook_cells import answering
from lrcourse.exercises.problem_sets import notebook, written
from lrcourse.grading import grade as grading
from lrcourse.grading import marking, running
from lrcourse.grading.collect import collect
from lrcourse.grading.grade import Grader
from lrcourse.grading.journal import Journal
from lrcourse.grading.model import GRADED, QUARANTINED, Assignment, Course, from_problem_set
from lrcourse.grading.pool import Fault, Pool
from lrcourse.grading.release import student_notebook

SECRET = b"the teacher's own"
TWO = Assignment("two", ("8.8.2", "8.4.1"))


@pytest.fixture(scope="module")
def server(level):
    """One warm server for all tests here."""
    with Pool(level, 4.0) as started:
        started.start()
        yield started


@pytest.fixture(autouse=True)
def one_server(server, monkeypatch):
    monkeypatch.setattr(Pool, "close", lambda _: None)
    monkeypatch.setattr("lrcourse.grading.scheduler.Pool", lambda *_: server)
    yield
    monkeypatch.undo()


@pytest.fixture
def course(tmp_path):
    (tmp_path / "secret.key").write_bytes(SECRET)
    (tmp_path / "submitted").mkdir()
    return Course(tmp_path)


def fill(book, drawn, wrong=()):
    """Answer all but `wrong` rightly."""
    marked = {"answer-" + e.id.replace(".", "-"): e for e in drawn}
    for cell in book["cells"]:
        exercise = marked.get(cell["metadata"]["nbgrader"]["grade_id"])
        if exercise:
            cell["source"] = f"{exercise.name} = None" if exercise.id in wrong else answering(exercise)
    return json.dumps(book)


def hand_in(course, student, wrong=(), assignment=TWO):
    book = student_notebook(assignment, student, SECRET)
    text = fill(book, assignment.for_student(student, SECRET), wrong)
    (course.folder / "submitted" / f"{student}.ipynb").write_text(text)


def grade(course, level, assignment=TWO):
    """All rows by student, and the summary."""
    with Journal(course.journal) as journal:
        grader = Grader(journal, assignment, SECRET, level, jobs=2)
        summary = grader.grade(collect(course.folder / "submitted", assignment))
        return {row.student: row for row in journal.grades(assignment.name)}, summary


def test_of_two_files_at_no_known_time_the_later_counts_however_long_the_first_one_runs(course, level):
    slow, quick = (course.folder / "submitted" / f"leeann_7_{number}_two.ipynb" for number in (9, 10))
    book, drawn = student_notebook(TWO, "leeann_7", SECRET), TWO.for_student("leeann_7", SECRET)
    quick.write_text(fill(book, drawn))
    slow.write_text(quick.read_text().replace("def solution", "import time; time.sleep(1)\\ndef solution"))
    rows, _ = grade(course, level)
    assert list(rows) == ["leeann_7"] and rows["leeann_7"].path == str(quick)


@pytest.mark.parametrize("problem_set", SETS, ids=lambda s: s.name)
def test_a_problem_set_answered_rightly_by_two_with_their_own_numbers(course, level, problem_set):
    assignment = from_problem_set(problem_set)
    essays = sum(points for _, points in assignment.essays)
    for student in ("ada", "bob"):
        drawn = [variant(e, student, SECRET) for e in problem_set.exercises]
        built = notebook(problem_set, numbers=lambda e, s=student: variant(e, s, SECRET), release=True)
        built["metadata"]["lrcourse"] = {"assignment": assignment.name, "student": student}
        (course.folder / "submitted" / f"{student}.ipynb").write_text(written(json.loads(fill(built, drawn))))
    rows, summary = grade(course, level, assignment)
    assert summary.counts == {GRADED: 2} and set(rows) == {"ada", "bob"}
    for row in rows.values():
        assert row.points == assignment.out_of - essays and row.out_of == assignment.out_of
        assert row.level == level.told and not row.anomalies and not any(mark.anomalies for mark in row.marks)
        count = len(problem_set.exercises)
        assert row.reason == f"{count} of {count} answers are right"


def test_somebody_elses_answers_are_worth_nothing_and_that_is_noted(course, level):
    hand_in(course, "ada")
    path = course.folder / "submitted"
    (path / "bob.ipynb").write_text((path / "ada.ipynb").read_text())
    rows, _summary = grade(course, level)
    assert rows["ada"].points == 3
    assert [mark.points for mark in rows["bob"].marks] == [0, 2]  # the function is right for any numbers
    assert rows["bob"].anomalies == ("the notebook says it was released to 'ada'",)


def test_an_untouched_notebook_has_a_row_too(course, level):
    (course.folder / "submitted" / "ada.ipynb").write_text(json.dumps(student_notebook(TWO, "ada", SECRET)))
    rows, _summary = grade(course, level)
    assert rows["ada"].points == 0 and rows["ada"].reason == "0 of 2 answers are right"
    assert [mark.verdict for mark in rows["ada"].marks] == ["to do", "to do"]


@pytest.mark.parametrize("fails", [ValueError("of ours"), RecursionError(), KeyError("x")], ids=repr)
def test_an_error_of_ours_in_marking_costs_nobody_a_point(course, level, monkeypatch, fails):
    for student in ("ada", "bob", "eve"):
        hand_in(course, student)
    honest = marking.mark

    def mark(exercise, ran, *rest):
        if exercise.given["T_max"] == TWO.for_student("bob", SECRET)[0].given["T_max"] and exercise.id == "8.8.2":
            raise fails
        return honest(exercise, ran, *rest)

    monkeypatch.setattr(marking, "mark", mark)
    rows, _summary = grade(course, level)
    assert rows["bob"].status == QUARANTINED and rows["bob"].points is None
    assert type(fails).__name__ in rows["bob"].reason
    monkeypatch.setattr(marking, "mark", honest)
    again, _summary = grade(course, level)
    assert {student: row.points for student, row in again.items()} == {"ada": 3, "bob": 3, "eve": 3}


def test_an_error_of_ours_in_reading_costs_nobody_a_point(course, level, monkeypatch):
    for student in ("ada", "bob"):
        hand_in(course, student)
    honest = grading.parse

    def parse(data):
        told = honest(data)
        if told.claims["student"] == "bob":
            raise RuntimeError("of ours")
        return told

    monkeypatch.setattr(grading, "parse", parse)
    rows, _summary = grade(course, level)
    assert rows["ada"].points == 3
    assert rows["bob"].status == QUARANTINED and rows["bob"].reason == "not graded: RuntimeError: of ours"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_fault_of_the_machine_is_tried_again_then_put_aside_and_never_a_0(course, level, monkeypatch, times):
    hand_in(course, "ada")
    left = [times]
    honest = running.run

    def run(*told):
        if left[0]:
            left[0] -= 1
            raise Fault("the machine is tired")
        return honest(*told)

    monkeypatch.setattr(running, "run", run)
    rows, _summary = grade(course, level)
    row = rows["ada"]
    if times < grading.TRIES:
        assert (row.status, row.points) == (GRADED, 3)
    else:
        assert (row.status, row.points) == (QUARANTINED, None)
        assert row.reason == "not graded, 3 tries failed: the machine is tired"


def test_a_server_that_dies_in_the_middle_costs_nobody_a_point(course, level, monkeypatch):
    """What is under way is run again by a new one."""
    for number in range(6):
        hand_in(course, f"s{number}")
    honest, killed = Pool.run, []

    def run(pool, steps, *stop):
        ran = honest(pool, steps, *stop)
        if len(killed) < 2:
            killed.append(pool._server.pid)
            os.kill(pool._server.pid, signal.SIGKILL)
        return ran

    monkeypatch.setattr(Pool, "run", run)
    rows, _summary = grade(course, level)
    assert {row.points for row in rows.values()} == {3} and len(killed) == 2
