"""Answers found in notebooks that went through somebody's hands; every repair is noted."""

from __future__ import annotations

import pytest

from lrcourse.exercises import get
from lrcourse.exercises.notebook_cells import cells, stub
from lrcourse.exercises.problem_sets import ProblemSet, notebook
from lrcourse.grading.model import SETUP, Assignment
from lrcourse.grading.release import student_notebook
from lrcourse.grading.repair import OWN_CELLS, binds, find
from lrcourse.grading.submission import Cell, Notebook, parse

TWO = Assignment("two", ("8.8.2", "8.8.3"), own_numbers=False)
A, B = "answer_8_8_2", "answer_8_8_3"


def answer(id="8.8.2", source=None, kind="code"):
    return Cell(kind, source or f"answer_{id.replace('.', '_')} = 1", grade_id="answer-" + id.replace(".", "-"))


def check(id="8.8.2", source=None):
    return Cell(
        "code", source or f'check("{id}", answer_{id.replace(".", "_")})', grade_id="test-" + id.replace(".", "-")
    )


def own(source, kind="code"):
    return Cell(kind, source)


CHECKS = (check(), check("8.8.3"))


def work(*given, checks=CHECKS):
    return find(Notebook([*given, *checks]), TWO)


def parts(found):
    return [(part.exercise, part.source, part.last) for part in found.parts]


# -- nothing to repair ---------------------------------------------------------------------------------------


def test_a_released_notebook_holds_no_work_and_no_anomaly():
    import json

    for assignment in (TWO, Assignment("8.5", tuple(f"8.5.{n}" for n in range(1, 12)), own_numbers=False)):
        found = find(parse(json.dumps(student_notebook(assignment)).encode()), assignment)
        assert found.parts == [] and not any(found.notes.values())


def test_a_problem_sets_own_first_cell_is_ours_too():
    import json

    built = notebook(ProblemSet("two", "Two", "", TWO.exercises), release=True)
    found = find(parse(json.dumps(built).encode()), TWO)
    assert found.parts == [] and not any(found.notes.values())


def test_a_lessons_cells_are_found_by_their_roles():
    given = [Cell(c.cell_type, c.source, "8.8.2", c.role) for c in cells("8.8.2")]
    filled = [Cell("code", f"{A} = 7", "8.8.2", "stub") if c.role == "stub" else c for c in given]
    assert work(*given, checks=()).parts == []
    assert parts(work(*filled, checks=())) == [("8.8.2", f"{A} = 7", True)]


def test_answers_run_in_the_notebooks_order_and_own_cells_between_them():
    found = work(own("import math"), answer("8.8.3"), own("x = 1"), answer())
    assert [part.exercise for part in found.parts] == ["", "8.8.3", "", "8.8.2"]
    assert not any(found.notes.values())


def test_what_is_ours_is_not_run():
    given = [own("", "markdown"), Cell("code", SETUP, grade_id="imports-two"), own('hint("8.8.2")')]
    assert work(*given, Cell("markdown", f"{A} = ?", grade_id="question-8-8-2")).parts == []


# -- repairs -------------------------------------------------------------------------------------------------


def one(*given, checks=CHECKS):
    """Parts and notes of 8.8.2."""
    found = work(*given, checks=checks)
    return [p.source for p in found.parts if p.exercise == "8.8.2"], found.notes.get("8.8.2", [])


MANGLED = {
    "missing": ([], [], "missing"),
    "twice the same": ([answer(), answer()], [f"{A} = 1"], "more than once: it was run once"),
    "twice, different": ([answer(), answer(source=f"{A} = 2")], [f"{A} = 1", f"{A} = 2"], "answered 2 times: the last"),
    "split": (
        [answer(source="h = 1"), answer(source=f"{A} = h")],
        ["h = 1", f"{A} = h"],
        "split, its parts were joined",
    ),
    "no mark": ([own(f"{A} = 1")], [f"{A} = 1"], "mark is gone"),
    "another name": ([answer(source="mine = 1")], ["mine = 1"], f"does not define {A}"),
    "elsewhere": ([answer(source="# below"), own(f"{A} = 1")], ["# below", f"{A} = 1"], "in another cell"),
    "stub left": ([answer(source=stub(get("8.8.2"))), own(f"{A} = 1")], [f"{A} = 1"], "in another cell"),
    "as text": ([answer(kind="markdown")], [f"{A} = 1"], "no longer a code cell"),
    "as text, no mark": ([own(f"{A} = 1", "raw")], [f"{A} = 1"], "no longer a code cell"),
    "under another's mark": ([answer("8.8.3", f"{A} = 1\n{B} = 2")], [f"{A} = 1\n{B} = 2"], "mark is gone"),
    "magic": ([answer(source=f"%matplotlib inline\n!ls\n{A} = 1")], [f"\n\n{A} = 1"], "commands"),
    "help": ([answer(source=f"np.cos?\n?np.cos\n{A} = 1")], [f"\n\n{A} = 1"], "commands"),
    "timed": ([answer(source=f"%%time\n%time {A} = 1")], [f"\n{A} = 1"], "commands"),
}


@pytest.mark.parametrize("mangled", MANGLED)
def test_mangled(mangled):
    given, sources, note = MANGLED[mangled]
    found, notes = one(*given)
    assert found == sources
    assert any(note in told for told in notes), notes


def test_in_the_cell_of_the_check():
    edited = check(source=f'{A} = 1\ncheck("8.8.2", {A})')
    found, notes = one(answer(source=stub(get("8.8.2"))), checks=[edited, CHECKS[1]])
    assert found == [f'{A} = 1\ncheck("8.8.2", {A})'] and any("check was edited" in told for told in notes)


def test_swapped_marks():
    found = work(answer(source=f"{B} = 2"), answer("8.8.3", f"{A} = 1"))
    last = {part.exercise: part.source for part in found.parts if part.last}
    assert f"{A} = 1" in last["8.8.2"] and [p.source for p in found.parts if p.exercise == "8.8.3"]


def test_a_text_that_talks_of_an_answer_is_not_run():
    found, notes = one(answer(), own(f"I think {A} = 5", "markdown"))
    assert found == [f"{A} = 1"] and notes == []


def test_a_check_that_was_deleted_or_edited_costs_nothing():
    for checks, note in (((), "deleted"), ((check(source="assert True"),), "edited")):
        found, notes = one(answer(), checks=checks)
        assert found == [f"{A} = 1"] and any(f"check was {note}" in told for told in notes)


def test_an_edited_first_cell_is_run_after_ours():
    found = work(Cell("code", "import numpy\neta = 5", grade_id="imports-two"), answer())
    assert [part.source for part in found.parts] == ["import numpy\neta = 5", f"{A} = 1"]
    assert "first cell was edited" in found.notes[""][0]


def test_too_many_own_cells():
    found = work(*[own(f"x = {n}") for n in range(OWN_CELLS + 5)], answer())
    assert len(found.parts) == OWN_CELLS + 1 and f"{OWN_CELLS + 5} cells of their own" in found.notes[""][0]


def test_lines_keep_their_numbers_without_the_magic():
    (source,), _notes = one(answer(source=f"!ls\n%pip install x\n1/0\n{A} = 1"))
    assert source.splitlines()[2] == "1/0"


# -- which names a cell defines ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        f"{A} = 1",
        f"  {A} = 1",
        f"{A}: float = 1",
        f"x = {A} = 1",
        f"x, {A} = 1, 2",
        f"{A}, x = 1, 2",
        f"def {A}(t): pass",
        f"async def {A}(t): pass",
        f"class {A}: pass",
        f"{A}  =  lambda t: t",
        f"if True: {A} = 1",
        f"x = 1; {A} = 2",
        f"{A} += 1",
        f"# note\n{A} = 1",
        f"%time {A} = 1",
    ],
)
def test_it_defines_the_answer(source):
    assert binds(source) == {A}


@pytest.mark.parametrize(
    "source",
    [
        f"{A} == 1",
        f"print({A})",
        f"# {A} = 1",
        f"x = {A}",
        f"{A}",
        f'check("8.8.2", {A})',
        f"{A} <= 1",
        f"{A} != 1",
        "answer_8_8 = 1",
        "answer_9_1_1 = 1",
        "other = 1",
        "",
    ],
)
def test_it_does_not(source):
    assert binds(source) == set()


def test_several():
    assert binds(f"{A} = 1\n{B} = 2\nanswer_8_5_11 = 3") == {A, B, "answer_8_5_11"}
