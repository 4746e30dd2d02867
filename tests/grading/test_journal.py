"""The journal: a row once and whole, in SQLite and in a real PostgreSQL; what refuses says so and loses nothing."""

import sqlite3
from dataclasses import replace

import pytest
from databases import postgres, sessions  # noqa: F401
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import hand_in, shared

from lrcourse.grading import database, grade, model, running
from lrcourse.grading.collect import collect
from lrcourse.grading.grade import Grader
from lrcourse.grading.journal import Busy, Journal, Unusable, journal_of
from lrcourse.grading.levels import strongest
from lrcourse.grading.model import GRADED, QUARANTINED, UNREADABLE, Course, ExerciseMark, Grade

SECRET = b"the teacher's own"


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request, tmp_path):
    """An empty journal's place."""
    if request.param == "sqlite":
        return tmp_path / "grades.db"
    return request.getfixturevalue("postgres").empty()


def a_grade(student="ada", submission="1f", spec="s", points=(1.0, 0.0), status=GRADED, **more):
    marks = tuple(
        ExerciseMark(f"8.8.{i + 1}", p, 1.0, "right" if p else "value", "a reason: ½ \x00 %s :x", got=["f", "0x1p-3"])
        for i, p in enumerate(points)
    )
    told = dict(out_of=3.5, level="bwrap", path="/tmp/ünï", submitted="2026-03-01T10:00:00+00:00", run="r1", seed="5")
    return Grade("8.8", student, submission, spec, status, "2 of 2", marks, anomalies=("noted",), **(told | more))


@pytest.fixture
def journal(where):
    with Journal(where) as opened:
        opened.start_run("r1", {"seed": "5", "own_numbers": True})
        yield opened


# ---- rows ---------------------------------------------------------------------------------------------------


def test_a_row_comes_back_to_the_last_bit(journal):
    row = a_grade(points=(0.1 + 0.2, 1 / 3), seconds=1e-9)
    assert journal.record(row, [["8.8.1", "x = '½'", True], ["", "y = 1", False]])
    assert journal.find("8.8", "ada", "1f", "s") == row
    assert journal.parts(row) == [["8.8.1", "x = '½'", True], ["", "y = 1", False]]
    assert journal.sources(row) == {"8.8.1": "x = '½'\n", "": "y = 1\n"}
    assert journal.manifest("r1") == {"seed": "5", "own_numbers": True}
    assert list(journal.runs("8.8")) == ["r1"] and journal.assignments() == ["8.8"]


def test_the_same_row_again_writes_nothing(journal):
    assert journal.record(a_grade())
    assert not journal.record(a_grade(points=(0.0, 0.0)))
    assert [row.points for row in journal.history("8.8", "ada")] == [1.0]
    assert journal.changes("8.8") == []


def test_what_is_replaced_is_kept_aside(journal):
    journal.record(a_grade())
    journal.record(a_grade(points=(1.0, 1.0)), replace=True)
    assert [row.points for row in journal.history("8.8", "ada")] == [2.0]
    assert [row.points for row in journal.changes("8.8")] == [1.0]


def test_what_was_put_aside_gives_way_to_a_grade(journal):
    journal.record(a_grade(points=(), status=QUARANTINED))
    assert journal.grades("8.8")[0].points is None
    assert journal.record(a_grade())
    assert [row.points for row in journal.grades("8.8")] == [1.0]


def test_the_file_that_came_last_counts_whatever_was_graded_last(journal):
    journal.record(a_grade(submission="new", points=(1.0, 1.0), submitted="2026-03-02T10:00:00+00:00"))
    journal.record(a_grade(submission="old", submitted="2026-03-01T10:00:00+00:00"))
    assert [row.submission for row in journal.grades("8.8")] == ["new"]
    assert [row.submission for row in journal.graded("8.8")] == ["new"]
    assert journal.missing("8.8", ["ada", "bob"]) == ["bob"]


def test_manual_points_and_penalties_are_set_not_added(journal):
    journal.record(a_grade())
    for _ in range(2):
        journal.adjust("8.8", "ada", "manual", "essay", 2.0, "well said")
        journal.adjust("8.8", "ada", "late", "late", 0.5)
    assert [row.total for row in journal.grades("8.8")] == [2.5]
    journal.record(a_grade(spec="another"))
    assert [row.total for row in journal.grades("8.8")] == [2.5], "they survive a regrade"
    assert journal.withdraw("8.8", "ada", "late", "late") and not journal.withdraw("8.8", "ada", "late", "late")
    assert [row.total for row in journal.grades("8.8")] == [3.0]


def test_a_failed_transaction_leaves_the_old_row(journal, monkeypatch):
    journal.record(a_grade())
    monkeypatch.setattr("lrcourse.grading.journal.zlib.compress", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        journal.record(a_grade(points=(0.0, 0.0)), [["8.8.1", "x", True]], replace=True)
    monkeypatch.undo()
    assert [row.points for row in journal.history("8.8", "ada")] == [1.0] and journal.changes("8.8") == []
    assert journal.record(a_grade(student="bob"))


KEYS = st.tuples(st.sampled_from("ab"), st.sampled_from("12"), st.sampled_from("xy"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(KEYS, st.sampled_from([GRADED, QUARANTINED, UNREADABLE]), st.booleans()), max_size=12))
def test_one_row_a_key_whatever_is_written(orders):
    with Journal("sqlite:///:memory:") as journal:
        journal.start_run("r1", {})
        expected = {}
        for (student, submission, spec), status, again in orders:
            key = (student, submission, spec)
            wrote = journal.record(a_grade(student, submission, spec, status=status), replace=again)
            assert wrote == (again or expected.get(key) != GRADED)
            expected[key] = status if wrote else expected[key]
        rows = [row for student in "ab" for row in journal.history("8.8", student)]
        assert {(r.student, r.submission, r.spec): r.status for r in rows} == expected and len(rows) == len(expected)


# ---- one writer, and what refuses ---------------------------------------------------------------------------


def test_a_second_writer_is_told_and_the_first_is_not_disturbed(where, journal, monkeypatch):
    monkeypatch.setattr(database, "WRITER_SECONDS", 0.1)
    with Journal(where) as other:
        with journal.writing():
            with pytest.raises(Busy, match="another `lrcourse grade` is writing"), other.writing():
                pass
            assert journal.record(a_grade())
        with other.writing():  # free again
            assert [row.student for row in other.grades("8.8")] == ["ada"]


def test_a_full_disk_is_told_and_loses_nothing(tmp_path):
    with Journal(tmp_path / "grades.db") as journal:
        journal.start_run("r1", {})
        pages = journal._db.run("PRAGMA page_count")[0][0]
        journal._db.run(f"PRAGMA max_page_count = {pages + 4}")
        written = 0
        with pytest.raises(Unusable, match=r"no room left on its disk.*make room.*same command again"):
            for number in range(200):
                journal.record(a_grade(f"s{number}"), [["8.8.1", "x" * number, True]])
                written += 1
        assert written and len(journal.grades("8.8")) == written
        journal._db.run("PRAGMA max_page_count = 100000")
        assert journal.record(a_grade("s200"))
        assert len(journal.grades("8.8")) == written + 1


def test_a_locked_file_is_told(tmp_path):
    with Journal(tmp_path / "grades.db", lock_seconds=0.1) as journal:
        journal.start_run("r1", {})
        other = sqlite3.connect(tmp_path / "grades.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unusable, match=r"another program holds it.*close that program"):
            journal.record(a_grade())
        other.execute("ROLLBACK")
        other.close()
        assert journal.record(a_grade())


@pytest.mark.parametrize(
    "spoil, said", [(b"not a database, but text" * 99, "is not a SQLite file"), (None, "cannot be opened")]
)
def test_a_file_that_is_no_journal_is_told(tmp_path, spoil, said):
    path = tmp_path / "grades.db"
    path.mkdir() if spoil is None else path.write_bytes(spoil)
    with pytest.raises(Unusable, match=said):
        Journal(path)


def test_urls_that_lead_nowhere_are_told(sessions):  # noqa: F811
    for url, said in [
        ("postgresql://nobody:secret@localhost:1/none", r"nobody:\*\*\*@localhost.*cannot be used"),
        ("mysql://me@host/grades", "mysql has not been tried"),
        ("postgresql//x://", "a path or a URL"),
    ]:
        with pytest.raises(Unusable, match=said) as told:
            Journal(url)
        assert "secret" not in str(told.value)


def test_which_journal_is_meant(tmp_path, monkeypatch):
    course = Course(tmp_path)
    monkeypatch.delenv("LRCOURSE_JOURNAL", raising=False)
    with pytest.raises(ValueError, match="there is no journal"):
        journal_of(course)
    with journal_of(course, new=True) as journal:
        assert journal.where == str(tmp_path / "grades.db")
    monkeypatch.setenv("LRCOURSE_JOURNAL", str(tmp_path / "school.db"))
    with journal_of(course, new=True) as journal:
        assert journal.where == str(tmp_path / "school.db")
    with journal_of(course, f"sqlite:///{tmp_path}/named.db", new=True) as journal:
        assert journal.where == str(tmp_path / "named.db")


# ---- faults of the machine, and the regrade -----------------------------------------------------------------


@pytest.fixture
def handed_in(tmp_path):
    assignment = shared("8.8")
    points = hand_in(tmp_path / "submitted", assignment, 6)
    return assignment, collect(tmp_path / "submitted", assignment), points


def grader(journal, assignment, seed=None):
    return Grader(journal, assignment, SECRET, strongest(None, True), seed=seed)


def totals(journal, assignment):
    return {row.student: row.points for row in journal.grades(assignment.name)}


def test_a_fault_that_passes_is_tried_again(where, handed_in, monkeypatch):
    assignment, found, points = handed_in
    real, tries = running.run, {}

    def failing_twice(pool, steps):
        key = steps[1].told["source"] + str(len(steps))
        tries[key] = tries.get(key, 0) + 1
        if tries[key] < grade.TRIES:
            raise running.Fault("the machine hiccuped")
        return real(pool, steps)

    monkeypatch.setattr(running, "run", failing_twice)
    with Journal(where) as journal:
        summary = grader(journal, assignment).grade(found)
        assert summary.counts == {GRADED: 6} and totals(journal, assignment) == points


def test_a_fault_that_stays_puts_aside_and_is_never_a_zero(where, handed_in, monkeypatch):
    assignment, found, points = handed_in
    real, unlucky = running.run, []

    def failing(pool, steps):
        told = str(steps)
        if not unlucky:
            unlucky.append(told)
        if told == unlucky[0]:
            raise running.Fault("no memory\nfor the machine")
        return real(pool, steps)

    monkeypatch.setattr(running, "run", failing)
    with Journal(where) as journal:
        assert grader(journal, assignment, "5").grade(found).counts == {GRADED: 5, QUARANTINED: 1}
        aside = [row for row in journal.grades("8.8") if row.status == QUARANTINED]
        assert aside[0].points is None and aside[0].total is None
        assert aside[0].reason == "not graded, 3 tries failed: no memory for the machine"
        monkeypatch.undo()
        summary = grader(journal, assignment, "5").grade(found)
        assert summary.counts == {GRADED: 1} and summary.already == 5
        assert totals(journal, assignment) == points


def test_a_regrade_reproduces_every_mark_with_the_inputs_of_its_run(where, tmp_path, monkeypatch):
    assignment = shared("implement_and_compose")
    hand_in(tmp_path / "submitted", assignment, 6)
    found = collect(tmp_path / "submitted", assignment)
    with Journal(where) as journal:
        for part in (found[:3], found[3:]):  # two runs, each with a seed of its own
            grader(journal, assignment).grade(part)
        before = {row.student: row for row in journal.grades(assignment.name)}
        assert len({row.seed for row in before.values()}) == 2
        summary = grader(journal, assignment).regrade()
        assert (summary.counts, summary.already, summary.changed, summary.environment) == ({}, 6, [], [])

        monkeypatch.setattr(model, "RULES", model.RULES + 1)  # another spec: new rows
        summary = grader(journal, assignment).regrade()
        assert summary.counts == {GRADED: 6} and summary.changed == []
        after = {row.student: row for row in journal.grades(assignment.name)}
        for student, row in after.items():
            assert row.spec != before[student].spec and row.seed == before[student].seed
            assert [m.got for m in row.marks] == [m.got for m in before[student].marks], "other inputs were drawn"
        assert grader(journal, assignment).regrade().already == 6


def test_a_regrade_under_other_rules_tells_what_changes_and_a_dry_one_writes_nothing(where, handed_in, monkeypatch):
    assignment, found, points = handed_in
    with Journal(where) as journal:
        grader(journal, assignment).grade(found)
        lenient = lambda exercise, *_: replace(grade.marking.unanswered(exercise, []), points=1.0, verdict="right")  # noqa: E731
        monkeypatch.setattr(grade.marking, "mark", lenient)
        monkeypatch.setattr(model, "RULES", model.RULES + 1)
        dry = grader(journal, assignment).regrade(dry=True)
        assert dry.changed and totals(journal, assignment) == points and len(journal.runs("8.8")) == 1
        real = grader(journal, assignment).regrade()
        told = [{(old.student, old.points, new.points) for old, new in each.changed} for each in (dry, real)]
        assert told[0] == told[1]
        assert totals(journal, assignment) != points


def test_what_differs_from_the_time_of_grading_is_said():
    then = {"lrcourse": "1", "python": "3.11", "rules": 1, "declarations": {"a": "1"}, "packages": {"numpy": "2.1"}}
    today = then | {"python": "3.12", "declarations": {"a": "2"}, "packages": {"numpy": "2.2"}}
    assert grade.differences(then, then) == []
    assert grade.differences(then, today) == [
        "python: 3.11 then, 3.12 now", "declarations", "numpy: 2.1 then, 2.2 now",
    ]  # fmt: skip


def test_a_regrade_that_fails_keeps_the_mark(where, handed_in, monkeypatch):
    assignment, found, points = handed_in
    with Journal(where) as journal:
        grader(journal, assignment).grade(found)
        monkeypatch.setattr(model, "RULES", model.RULES + 1)

        def failing(pool, steps):
            raise running.Fault("no luck")

        monkeypatch.setattr(running, "run", failing)
        assert grader(journal, assignment).regrade().counts == {QUARANTINED: 6}
        assert totals(journal, assignment) == points


def test_the_same_file_twice_is_one_row(where, handed_in):
    assignment, found, points = handed_in
    with Journal(where) as journal:
        summary = grader(journal, assignment).grade([*found, *found])
        assert summary.counts == {GRADED: 6} and summary.already == 6
        assert totals(journal, assignment) == points
