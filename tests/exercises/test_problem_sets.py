"""Problem sets: as stored as built, runnable, valid for nbgrader, and without an answer once released."""

import re

import nbformat
import pytest

from exercises.assignments import HERE, SETS, write
from lrcourse.exercises import check, get, variant
from lrcourse.exercises.problem_sets import ANSWER_HERE, Essay, ProblemSet, notebook, written

sets = pytest.mark.parametrize("problem_set", SETS, ids=lambda s: s.name)


def source(cell):
    return "".join(cell["source"])


def marks(cell):
    return cell["metadata"]["nbgrader"]


def run(built):
    """Run the code cells in order, as a kernel would."""
    namespace = {}
    for cell in built["cells"]:
        if cell["cell_type"] == "code":
            exec(source(cell), namespace)
    return namespace


def test_there_are_three_and_each_is_worth_an_hour():
    assert len(SETS) >= 3
    assert all(30 <= s.minutes <= 90 for s in SETS)
    assert all(sum(isinstance(item, str) for item in s.items) >= 8 for s in SETS)


@sets
def test_the_stored_file_is_what_is_built(problem_set):
    stored = HERE / "source" / problem_set.name / f"{problem_set.name}.ipynb"
    assert stored.read_text(encoding="utf-8") == written(notebook(problem_set)), "run python -m exercises.assignments"


@sets
def test_it_is_a_valid_notebook_as_jupyter_writes_it(problem_set):
    text = written(notebook(problem_set))
    parsed = nbformat.reads(text, as_version=4)
    nbformat.validate(parsed)
    assert nbformat.writes(parsed) + "\n" == text


@sets
def test_every_cell_bears_nbgraders_marks(problem_set):
    """What nbgrader's schema 3 asks of a cell, and of all together."""
    cells = notebook(problem_set)["cells"]
    ids = [marks(cell)["grade_id"] for cell in cells]
    assert len(set(ids)) == len(ids)
    for cell in cells:
        own = marks(cell)
        assert re.fullmatch(r"[\w-]+", own["grade_id"])
        assert own["schema_version"] == 3 and own["task"] is False
        assert ("points" in own) == ("cell_type" in own) == own["grade"]
        assert own["locked"] != own["solution"]  # either the student's to write, or nobody's
        if own["grade"]:
            assert own["points"] > 0 and own["cell_type"] == cell["cell_type"]
    assert sum(marks(cell).get("points", 0) for cell in cells) == problem_set.points


@sets
def test_the_teachers_notebook_passes_its_own_tests(problem_set):
    assert run(notebook(problem_set))


@sets
def test_the_released_notebook_runs_and_every_answer_is_to_do(problem_set):
    namespace = run(notebook(problem_set, release=True))
    for exercise in problem_set.exercises:
        assert check(exercise, namespace[exercise.name]).kind == "to do"


@sets
def test_nothing_of_a_solution_is_released(problem_set):
    teachers, students = notebook(problem_set), notebook(problem_set, release=True)
    text = written(students)
    for word in ("SOLUTION", "HIDDEN", "solution_", "judge", "_key"):
        assert word not in text
    answers = [source(cell) for cell in students["cells"] if marks(cell)["grade_id"].startswith(("answer", "test"))]
    for exercise in problem_set.exercises:
        body = [line.strip() for line in exercise.worked_text().splitlines() if len(line.strip()) > 12]
        assert body
        assert not any(line in answer for line in body for answer in answers)
    for item in problem_set.items:
        if isinstance(item, Essay):
            assert ANSWER_HERE in text and item.model.strip()[:30] not in text
    assert [marks(c) for c in teachers["cells"]] == [marks(c) for c in students["cells"]]
    assert [c["id"] for c in teachers["cells"]] == [c["id"] for c in students["cells"]]


def cleared(text):
    """As nbgrader clears: what lies between the marks goes."""
    for begin, end in (("SOLUTION", "SOLUTION"), ("HIDDEN TESTS", "HIDDEN TESTS")):
        text = re.sub(rf"\n### BEGIN {begin}\n.*?### END {end}", "", text, flags=re.DOTALL)
    return text


@sets
def test_clearing_the_marked_parts_gives_the_released_notebook(problem_set):
    teachers, students = notebook(problem_set)["cells"], notebook(problem_set, release=True)["cells"]
    for teacher, student in zip(teachers, students, strict=True):
        if teacher["cell_type"] == "code":
            assert cleared(source(teacher)) == source(student)


@sets
def test_with_a_students_own_numbers(problem_set):
    def own(exercise):
        return variant(exercise, "ada", "s")

    teachers, students = notebook(problem_set, numbers=own), notebook(problem_set, numbers=own, release=True)
    run(teachers)
    texts = {marks(c)["grade_id"]: source(c) for c in students["cells"]}
    for exercise in problem_set.exercises:
        asked = texts["question-" + exercise.id.replace(".", "-")]
        assert own(exercise).question_text() in asked
        if exercise.vary and exercise.kind != "figure":
            assert exercise.question_text() not in asked


@sets
def test_a_wrong_answer_fails_its_hidden_test_with_its_diagnosis(problem_set):
    built = notebook(problem_set)
    for exercise in problem_set.exercises:
        wrong = exercise.wrong_answer(0)
        answer = {**exercise.answer, **wrong} if isinstance(wrong, dict) else wrong
        test = next(c for c in built["cells"] if marks(c)["grade_id"] == "test-" + exercise.id.replace(".", "-"))
        with pytest.raises(AssertionError) as failed:
            exec(source(test), {"check": check, exercise.name: answer})
        said = str(failed.value)
        # A function with a memory has been called before, by the visible check: it is known by that.
        assert exercise.misconceptions[0].message in said or "alling it changes it" in said


def test_writing_them_elsewhere(tmp_path):
    files = write(tmp_path)
    assert [file.relative_to(tmp_path).as_posix() for file in files] == [f"{s.name}/{s.name}.ipynb" for s in SETS]


def test_an_unknown_exercise_is_named():
    with pytest.raises(KeyError, match="Near it are"):
        notebook(ProblemSet("x", "X", "", ("8.8.22",)))


@sets
def test_nbgrader_itself_finds_nothing_to_complain_of(problem_set, tmp_path, monkeypatch):
    validator = pytest.importorskip("nbgrader.validator", reason="nbgrader is not installed here")
    monkeypatch.setenv("PYTHONPATH", str(HERE.parents[1]))
    file = tmp_path / "set.ipynb"
    file.write_text(written(notebook(problem_set)), encoding="utf-8")
    found = validator.Validator().validate(str(file))
    assert not {"failed", "error", "changed"} & set(found)
    assert get("8.8.2")
