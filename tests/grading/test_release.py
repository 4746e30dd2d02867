"""Releases: valid for nbgrader, without answers, reproducible, safe whatever students are called, and gradable."""

import json
import os
import re

import nbformat
import pytest
from office_class import SECRET, all_right, course_at, filled, grade

from exercises.assignments import SETS
from lrcourse import exercises
from lrcourse.exercises import check, variant
from lrcourse.grading.collect import collect
from lrcourse.grading.model import Assignment, from_problem_set, read_assignment
from lrcourse.grading.names import folder_names, read_people, read_roster
from lrcourse.grading.release import plan, student_notebook, write

NAMES = [
    "ada",
    "../../etc/passwd",
    "Ada",
    "a/b",
    "a b",
    "CON",
    "-rf",
    ".",
    "zoë",
    "x\u202egnp.exe",
    "名前",
    "~root",
    "$(id)",
]
section = read_assignment("8.8")


def source(cell):
    return "".join(cell["source"])


def code(built):
    return [source(cell) for cell in built["cells"] if cell["cell_type"] == "code"]


def roster(folder, names=NAMES):
    path = folder / "roster.csv"
    path.write_text("id,name\n" + "".join(f'"{name}","{name}"\n' for name in names), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", [*(s.name for s in SETS), "8.1", "8.4", "8.5", "8.8"])
def test_a_released_notebook_is_valid_for_jupyter_and_nbgrader(name):
    assignment = read_assignment(name)
    built = student_notebook(assignment, "ada", SECRET)
    nbformat.validate(nbformat.reads(json.dumps(built), as_version=4))
    marks = [cell["metadata"]["nbgrader"] for cell in built["cells"]]
    ids = [each["grade_id"] for each in marks]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[\w-]+", id) for id in ids)
    assert all(each["schema_version"] == 3 for each in marks)
    assert sum(each.get("points", 0) for each in marks) == assignment.out_of
    assert built["metadata"]["lrcourse"] == {"assignment": name, "student": "ada"}
    for id in assignment.exercises:
        assert {f"{part}-{id.replace('.', '-')}" for part in ("question", "answer", "test")} <= set(ids)


@pytest.mark.parametrize("name", [s.name for s in SETS])
def test_a_released_notebook_holds_no_answer_no_hidden_test_and_no_secret(name):
    assignment = read_assignment(name)
    text = json.dumps(student_notebook(assignment, "ada", SECRET))
    assert "SOLUTION" not in text and "HIDDEN" not in text and "solution_8" not in text
    assert SECRET.decode() not in text
    for exercise in assignment.for_student("ada", SECRET):
        shown = f"{exercise.answer:.6g}" if isinstance(exercise.answer, float) else ""
        if len(shown.strip("0.")) >= 5:  # shorter ones may stand in a question by chance
            assert shown not in text


def test_the_first_cell_is_what_the_grader_runs():
    built = student_notebook(section, "ada", SECRET)
    assert code(built)[0] == section.setup


@pytest.mark.parametrize("id", [e.id for e in exercises.all_exercises() if e.vary])
def test_the_students_own_check_knows_their_numbers(id):
    """The wanted answer is right, and each wrong road is named, with the numbers that the check cell names."""
    assignment = Assignment("one", (id,))
    for student in ("ada", "bob", "cyd"):
        drawn = variant(id, student, SECRET)
        cell = code(student_notebook(assignment, student, SECRET))[-1]
        assert check_cell(cell, drawn.name, drawn.answer).correct
        if not callable(drawn.answer):
            verdict = check_cell(cell, drawn.name, drawn.wrong_answers[0])
            assert (verdict.kind, verdict.misconception) == ("misconception", 0)


def check_cell(cell, name, answer):
    return eval(cell, {"check": check, name: answer})


def test_a_check_with_a_number_that_is_none_of_the_exercise_is_refused():
    with pytest.raises(ValueError, match="given values are"):
        check("8.8.2", 0.1, Tmax=3)


def test_everyone_has_their_own_numbers_and_one_notebook_may_serve_all(tmp_path):
    own = plan(section, ["ada", "bob"], SECRET, tmp_path)
    assert own[0].text != own[1].text
    (shared,) = plan(Assignment("8.8", section.exercises, own_numbers=False), ["ada", "bob"], SECRET, tmp_path)
    assert shared.path == tmp_path / "8.8" / "8.8.ipynb"
    assert 'check("8.8.2", answer_8_8_2)' in code(json.loads(shared.text))
    assert json.loads(shared.text)["metadata"]["lrcourse"] == {"assignment": "8.8"}


def test_the_same_secret_gives_the_same_bytes_and_another_one_others(tmp_path):
    first, again = (plan(section, ["ada"], SECRET, tmp_path)[0].text for _ in range(2))
    assert first == again != plan(section, ["ada"], b"another", tmp_path)[0].text


def test_whatever_students_are_called_their_files_stay_inside_and_apart(tmp_path):
    people = read_people(roster(tmp_path))
    copies = plan(section, people, SECRET, tmp_path / "out")
    write(copies)
    assert len({str(copy.path).casefold() for copy in copies}) == len(people) == len(NAMES)
    for copy in copies:
        inside = copy.path.relative_to(tmp_path / "out")
        assert len(inside.parts) == 3 and inside.parts[1:] == ("8.8", "8.8.ipynb")
        assert re.fullmatch(r"\w[\w.@ -]*", inside.parts[0]) and inside.parts[0].split(".")[0].upper() != "CON"
        assert copy.path.resolve() == copy.path.absolute()
    assert sorted(os.listdir(tmp_path)) == ["out", "roster.csv"]


def test_a_released_folder_that_comes_back_is_found_to_be_its_students(tmp_path):
    people = read_people(roster(tmp_path))
    write(plan(section, people, SECRET, tmp_path / "out"))
    found = collect(tmp_path / "out", section, read_roster(tmp_path / "roster.csv"))
    assert sorted(each.student for each in found) == sorted(people)
    by_student = {each.student: json.loads(each.path.read_text("utf-8")) for each in found}
    assert all(built["metadata"]["lrcourse"]["student"] == student for student, built in by_student.items())


def test_folder_names_are_bounded_and_plain_ones_stay():
    names = folder_names(["ada", "n" * 500, "é" * 500, "", "\x00"])
    assert names["ada"] == "ada" and all(0 < len(name.encode()) < 200 for name in names.values())


def test_an_id_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(ValueError, match="stands there twice"):
        read_people(roster(tmp_path, ["ada", "a\u202eda"]))


def test_a_second_release_writes_nothing_and_an_interrupted_one_is_finished(tmp_path):
    copies = plan(section, ["ada", "bob"], SECRET, tmp_path)
    assert len(write(copies)) == 2
    copies[1].path.unlink()
    again = plan(section, ["ada", "bob"], SECRET, tmp_path)
    assert [copy.state for copy in again] == ["there", "new"] and write(again) == [copies[1].path]


def test_a_file_that_someone_worked_in_is_not_overwritten_and_nothing_else_is_written(tmp_path):
    (first,) = plan(section, ["ada"], SECRET, tmp_path)
    write([first])
    first.path.write_text("my work")
    with pytest.raises(ValueError, match="nothing was written"):
        write(plan(section, ["ada", "bob"], SECRET, tmp_path))
    assert first.path.read_text() == "my work" and os.listdir(tmp_path) == ["ada"]


def test_a_link_in_the_place_of_a_notebook_is_not_followed(tmp_path):
    (tmp_path / "ada" / "8.8").mkdir(parents=True)
    (tmp_path / "ada" / "8.8" / "8.8.ipynb").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="nothing was written"):
        write(plan(section, ["ada"], SECRET, tmp_path))
    assert not (tmp_path / "elsewhere").exists()


def test_a_write_that_fails_leaves_no_piece_of_a_file(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="full"):
        write(plan(section, ["ada"], SECRET, tmp_path))
    assert os.listdir(tmp_path / "ada" / "8.8") == []


# Plain `make test` grades all sets in test_grade.py, and another's answers in the guide's test.
@pytest.mark.skipif("LRCOURSE_GRADING" not in os.environ, reason="make test-grading")
@pytest.mark.parametrize("problem_set", SETS, ids=lambda s: s.name)
def test_from_release_to_full_points(tmp_path, problem_set):
    """Right answers to their own numbers, and to nobody else's, are worth everything."""
    assignment = from_problem_set(problem_set)
    people = ["ada", "../bob"]
    handed_in = {p: filled(assignment, p, all_right(assignment, p)) for p in people}
    handed_in["cyd"] = filled(assignment, "cyd", all_right(assignment, "ada"))
    rows = grade(course_at(tmp_path / "course"), assignment, handed_in)
    machine = sum(exercises.get(id).points for id in assignment.exercises)
    assert [rows[p].points for p in people] == [machine, machine]
    assert [m.text for m in rows["ada"].marks if m.verdict != "right"] == []
    assert not rows["ada"].anomalies and not any(mark.anomalies for mark in rows["ada"].marks)
    assert rows["cyd"].points < machine
