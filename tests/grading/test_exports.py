"""Exports: quoted, safe to open in a spreadsheet, read back by csv, and by nbgrader's own gradebook."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from office_class import SECRET, course_at, filled, journal_rows, machine_grade

from lrcourse.grading import exports, late
from lrcourse.grading.grade import Grader
from lrcourse.grading.journal import Journal
from lrcourse.grading.levels import strongest
from lrcourse.grading.model import UNREADABLE, read_assignment
from lrcourse.grading.names import Person

HOSTILE = '=HYPERLINK("http://evil","x")'
PEOPLE = {
    p.id: p
    for p in (
        Person("ada", "Ada Byron", "ada@x.edu", "1001", "S1", "ada1", "A"),
        Person("@bob", HOSTILE, "bob@x.edu", "1002"),
        Person("cyd", 'Cyd, "the" O\'Neil\nJr', "cyd@x.edu", "1003"),
        Person("dee", "Dee Absent", "dee@x.edu", "1004"),
    )
}
assignment = replace(
    read_assignment("implement_and_compose"),
    due="2026-03-01T12:00:00Z",
    options={"late": {"per_day": 0.1, "at_most": 0.5}},
)


@pytest.fixture
def course(tmp_path):
    """Ada is right and a day late, Bob half right, Cyd's file unreadable, Dee has none."""
    made = course_at(tmp_path / "course")
    with Journal(made.journal) as journal:
        essay = "Saved must be `step`.\n````\n<script>alert(1)</script>"
        for student, when, right in (
            ("ada", "2026-03-02T10:00:00+00:00", 1.0),
            ("@bob", "2026-03-01T10:00:00+00:00", 0.5),
        ):
            path = made.folder / f"{student}.ipynb"
            path.write_text(filled(assignment, student, {}, {"pure-or-not": essay}), encoding="utf-8")
            machine_grade(journal, assignment, student, right, path=path, submitted=when)
        machine_grade(journal, assignment, "cyd", status=UNREADABLE, reason="not graded: =1+1")
        journal.adjust(assignment.name, "ada", "manual", "pure-or-not", 2.0, "Good.")
        late.apply(journal, assignment)
    return made


def lines(course):
    with Journal(course.journal) as journal:
        return exports.lines(journal, assignment, PEOPLE)


def read(text):
    return list(csv.reader(io.StringIO(text)))


def test_every_cell_is_quoted_and_none_is_a_formula(course):
    text = exports.as_csv(assignment, lines(course))
    for line in text.split("\r\n")[:2]:
        assert all(cell[0] == cell[-1] == '"' for cell in line.split(","))
    for row in read(text):
        assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in row)
    assert read(text)[2][1] == f"'{HOSTILE}"


@pytest.mark.parametrize("cell", ["=1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_what_a_spreadsheet_would_run_is_text(cell):
    assert read(exports.table([[cell]]))[0][0] == f"'{cell}"


@pytest.mark.parametrize("cell", ["-2.5", "+3", "12,5", "-", "ada", "a=b", "1e3", ""])
def test_numbers_and_plain_words_stay_as_they_are(cell):
    assert read(exports.table([[cell, "x"]]))[0][0] == cell


def test_the_plain_table_holds_the_whole_class(course):
    rows = list(csv.DictReader(io.StringIO(exports.as_csv(assignment, lines(course)))))
    assert [row["student"] for row in rows] == ["ada", "'@bob", "cyd", "dee"]
    ada = rows[0]
    assert (ada["points"], ada["manual"], ada["late"], ada["total"], ada["out_of"]) == ("16", "2", "1.9", "16.1", "19")
    assert ada["8.4.1"] == "2" and [row["total"] for row in rows[2:]] == ["", ""]
    assert rows[2]["name"] == PEOPLE["cyd"].name and rows[3]["status"] == "missing"


def test_canvas_gets_its_own_columns_and_the_points_possible(course):
    text, left = exports.as_canvas(assignment, lines(course), column="HW 1 (77)")
    head, possible, *rows = read(text)
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "HW 1 (77)"]
    assert possible[0].strip() == "Points Possible" and possible[-1] == "19" and not left
    assert rows[0] == ["Ada Byron", "1001", "S1", "ada1", "A", "16.1"]
    assert rows[2][-1] == rows[3][-1] == ""  # an empty cell leaves what Canvas has


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,implement_and_compose (77),Other (78),Current Score
    Points Possible,,,,,19,10,(read only)
"Byron, Ada",1001,,,A,,5,50
"Somebody, Else",1002,,,A,3,5,50
"Student, Test",9,,,A,,,
"""


def test_canvas_own_file_is_filled_in_and_who_is_not_in_it_is_named(course, tmp_path):
    template = tmp_path / "gradebook.csv"
    template.write_text("\ufeff" + CANVAS, encoding="utf-8")
    text, left = exports.as_canvas(assignment, lines(course), template)
    head, _possible, *rows = read(text)
    assert head[-1] == "implement_and_compose (77)" and "Other (78)" not in head
    assert [(row[1], row[-1]) for row in rows] == [("1001", "16.1"), ("1002", "8")]  # by Canvas's own ID
    assert left == ["cyd", "dee"]


def test_canvas_file_without_the_assignments_column_asks_for_it(course, tmp_path):
    template = tmp_path / "gradebook.csv"
    template.write_text(CANVAS.replace("implement_and_compose", "Homework"), encoding="utf-8")
    with pytest.raises(ValueError, match="--column"):
        exports.as_canvas(assignment, lines(course), template)


MOODLE = """Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 501","Ada Byron",ada@x.edu,"Submitted for grading",,19.00,Yes,"Monday, 2 March 2026",-,
"Participant 502","Bob",bob@x.edu,"Submitted for grading",,19.00,Yes,"Monday, 2 March 2026",-,
"Participant 509","Cyd",cyd@x.edu,"No submission",,19.00,Yes,-,-,
"""


def test_moodles_worksheet_is_filled_in(course, tmp_path):
    template = tmp_path / "sheet.csv"
    template.write_text(MOODLE, encoding="utf-8")
    text, left = exports.as_moodle(assignment, lines(course), template)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Identifier"], row["Grade"]) for row in rows] == [
        ("Participant 501", "16.1"), ("Participant 502", "8"), ("Participant 509", "")
    ]  # fmt: skip
    assert rows[0]["Last modified (grade)"] == "-" and rows[0]["Maximum Grade"] == "19.00"
    assert "lateness: 1.9" in rows[0]["Feedback comments"] and not left


def test_a_file_that_is_no_worksheet_is_refused_with_the_remedy(course, tmp_path):
    template = tmp_path / "sheet.csv"
    template.write_text("name,grade\nada,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Offline grading worksheet"):
        exports.as_moodle(assignment, lines(course), template)


def test_moodles_gradebook_import_goes_by_email(course):
    head, *rows = read(exports.as_moodle(assignment, lines(course))[0])
    assert head[0] == "Email address" and rows[0] == ["ada@x.edu", "ada", "Ada Byron", "16.1"]


def test_gradescope_gets_scores_and_results(course):
    files = exports.as_gradescope(assignment, lines(course), SECRET)
    rows = list(csv.DictReader(io.StringIO(files["scores.csv"])))
    assert [row["Status"] for row in rows] == ["Graded", "Graded", "Ungraded", "Missing"]
    assert (rows[0]["First Name"], rows[0]["Last Name"], rows[0]["Total Score"]) == ("Ada", "Byron", "16.1")
    told = json.loads(files["ada/results.json"])
    assert told["score"] == pytest.approx(16.1) and len(told["tests"]) == len(assignment.exercises)
    assert sum(test["score"] for test in told["tests"]) == 16 and "lateness: 1.9" in told["output"]
    assert set(files) == {"scores.csv", "ada/results.json", "@bob/results.json"}


# ---- nbgrader, where it is installed: make test-grading ----------------------------------------------------------


def test_without_nbgrader_the_extra_is_named(course, monkeypatch):
    from lrcourse.grading import nbgrader_bridge

    monkeypatch.setitem(sys.modules, "nbgrader.api", None)
    with Journal(course.journal) as journal, pytest.raises(ValueError, match="pip install nbgrader"):
        nbgrader_bridge.export(journal, assignment, lines(course), SECRET, course.folder / "nb")


def test_the_notebook_that_formgrader_shows_holds_a_students_text_as_text(course):
    from lrcourse.grading import nbgrader_bridge

    with Journal(course.journal) as journal:
        row = journal_rows(course, assignment)["ada"]
        built = json.loads(nbgrader_bridge.autograded(journal, assignment, row, SECRET))
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in built["cells"]}
    essay = "".join(cells["essay-pure-or-not"]["source"])
    assert essay.startswith("`````text\n") and essay.endswith("\n`````") and "<script>" in essay
    assert not any(cell.get("outputs") for cell in built["cells"])


needs_nbgrader = pytest.mark.skipif(not os.environ.get("LRCOURSE_GRADING"), reason="make test-grading")


@needs_nbgrader
def test_points_go_to_nbgrader_and_come_back_and_survive_a_regrade(course):
    from nbgrader.api import Gradebook

    from lrcourse.grading import nbgrader_bridge

    folder = course.folder / "nb"
    with Journal(course.journal) as journal:
        for _ in range(2):  # the same again changes nothing
            nbgrader_bridge.export(journal, assignment, lines(course), SECRET, folder)
        rows = journal_rows(course, assignment)
        with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
            sent = {s.student.lms_user_id: s for s in book.assignment_submissions(assignment.name)}
            assert set(sent) == {"ada", "@bob", "cyd"} and len(book.students) == 4
            for student in ("ada", "@bob"):
                assert sent[student].score == pytest.approx(rows[student].points + rows[student].manual)
            assert sent["ada"].max_score == 19 and sent["ada"].late_submission_penalty == pytest.approx(1.9)
            assert (
                not sent["ada"].needs_manual_grade
                and sent["@bob"].needs_manual_grade
                and sent["cyd"].needs_manual_grade
            )
            names = (assignment.name, assignment.name, sent["@bob"].student.id)
            book.find_grade("essay-pure-or-not", *names).manual_score = 3.0
            book.find_comment("essay-pure-or-not", *names).manual_comment = "Very good."
            book.find_grade("test-8-4-1", *names).manual_score = 1.5
            book.db.commit()
        students = set(PEOPLE)
        back = nbgrader_bridge.bring_back(journal, assignment, folder / "gradebook.db", students)
        assert sorted(back.points) == [
            ("@bob", "8.4.1", 1.5),
            ("@bob", "pure-or-not", 3.0),
            ("ada", "pure-or-not", 2.0),
        ]
        before = journal_rows(course, assignment)["@bob"]
        Grader(journal, assignment, SECRET, strongest(None, True)).regrade()
        after = journal_rows(course, assignment)["@bob"]
        set_by_hand = {m.exercise: m.points for m in after.marks} | {"8.4.1": 1.5}
        assert before.manual and after.total == pytest.approx(sum(set_by_hand.values()) + 3.0)
        nbgrader_bridge.export(journal, assignment, lines(course), SECRET, folder)
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
        assert book.find_grade("essay-pure-or-not", *names).manual_score == 3.0
        assert book.find_comment("essay-pure-or-not", *names).comment == "Very good."


@needs_nbgrader
def test_an_export_that_fails_leaves_the_gradebook_as_it_was(course, monkeypatch):
    from nbgrader.api import Gradebook

    from lrcourse.grading import nbgrader_bridge

    def fail(*_):
        raise RuntimeError("no")

    monkeypatch.setattr(nbgrader_bridge, "_submission", fail)
    with Journal(course.journal) as journal, pytest.raises(RuntimeError):
        nbgrader_bridge.export(journal, assignment, lines(course), SECRET, course.folder / "nb")
    with Gradebook(f"sqlite:///{course.folder}/nb/gradebook.db") as book:
        assert book.assignments == [] and book.students == []


@needs_nbgrader
def test_nbgrader_itself_reads_the_export(course):
    """`nbgrader export` gives the same scores, and `nbgrader generate_feedback` renders the notebooks."""
    from lrcourse.grading import nbgrader_bridge

    folder = course.folder / "nb"
    with Journal(course.journal) as journal:
        nbgrader_bridge.export(journal, assignment, lines(course), SECRET, folder)
    bin = os.path.dirname(sys.executable)
    env = os.environ | {"PATH": f"{bin}{os.pathsep}{os.environ['PATH']}"}
    nbgrader = [shutil.which("nbgrader", path=env["PATH"])]
    subprocess.run([*nbgrader, "export"], cwd=folder, env=env, check=True, capture_output=True)
    rows = {row["student_id"]: row for row in csv.DictReader((folder / "grades.csv").open(encoding="utf-8"))}
    assert float(rows["ada"]["score"]) == pytest.approx(16.1)
    subprocess.run(
        [*nbgrader, "generate_feedback", assignment.name], cwd=folder, env=env, check=True, capture_output=True
    )
    page = (folder / "feedback" / "ada" / assignment.name / f"{assignment.name}.html").read_text("utf-8")
    assert "<script>alert(1)</script>" not in page and "alert(1)" in page
