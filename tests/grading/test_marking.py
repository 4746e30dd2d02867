"""From what a child said to a mark: nothing that it says is trusted, and nothing it says stops the class."""

from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pytest

from lrcourse.exercises import all_exercises, call_all, get, judge
from lrcourse.grading import marking
from lrcourse.grading.hidden import with_hidden_inputs
from lrcourse.grading.pool import Ran
from lrcourse.grading.sandbox.wire import encode, opaque

NUMBER, FUNCTION = get("8.8.2"), get("8.4.1")


def mark(exercise, told=None, error=None, notes=(), **ran):
    return marking.mark(exercise, Ran(told, **ran), error, 4.0, list(notes))


def outcomes(function, exercise):
    told = []
    for outcome in call_all(function, exercise.calls):
        if outcome.problem:
            told.append(["p", outcome.problem.kind, outcome.problem.message, outcome.cause])
        else:
            told.append(["v", encode(np.asarray(outcome.value))])
    return {"outcomes": told}


@pytest.mark.parametrize("exercise", all_exercises(), ids=lambda e: e.id)
def test_the_grader_says_what_the_notebook_says(exercise):
    """Of the solution, and of every misconception; a function with a memory is made anew for each."""

    def full(wrong):
        return {**exercise.answer, **wrong} if isinstance(wrong, dict) else wrong

    made = [lambda: exercise.answer]
    made += [lambda i=i: full(exercise.wrong_answer(i)) for i in range(len(exercise.misconceptions))]
    for make in made:
        said, answer = judge(exercise, make()), make()
        marked = mark(exercise, outcomes(answer, exercise) if callable(answer) else {"value": encode(answer)})
        assert (marked.verdict, marked.text, marked.misconception) == (said.kind, said.text, said.misconception)
        assert marked.points == (exercise.points if said.correct else 0)


@pytest.mark.parametrize(
    "ended, verdict, text",
    [
        ("timeout", "timeout", "stopped after 4 seconds"),
        ("late", "late", "as a whole took too long"),
        ("crashed", "crashed", "SIGSEGV"),
        ("memory", "crashed", "more memory"),
        ("garbled", "crashed", "interfered"),
        ("threads", "crashed", "more threads"),
    ],
)
def test_how_it_ended_is_said(ended, verdict, text):
    marked = mark(NUMBER, ended=ended, detail="SIGSEGV")
    assert (marked.points, marked.verdict) == (0, verdict) and text in marked.text and marked.got is None


def test_what_a_cell_raised_is_said_where_there_is_no_answer():
    marked = mark(NUMBER, {"value": ["e"]}, ["NameError", "name 'x' is not defined", 3])
    assert marked.verdict == "call" and "raised NameError in line 3: name 'x' is not defined" in marked.text


def test_what_a_cell_raised_is_noted_where_there_is_one():
    marked = mark(NUMBER, {"value": encode(NUMBER.answer)}, ["ValueError", "x", 1])
    assert marked.points == 1 and marked.anomalies == ("the cell raised ValueError in line 1: x",)


@pytest.mark.parametrize("error", [5, [], ["x"], [None, None, None], ["\u202eE" * 99, "m" * 9999, -1], [[], {}, "x"]])
def test_an_error_of_any_form(error):
    marked = mark(NUMBER, {"value": ["e"]}, error)
    assert "raised" in marked.text and "\u202e" not in marked.text and len(marked.text) < 600


def test_an_untouched_answer_is_to_do():
    assert mark(NUMBER, {"value": ["e"]}).verdict == "to do"
    assert mark(FUNCTION, {"value": ["e"]}).verdict == "to do"
    assert marking.unanswered(NUMBER, ["the answer's cell is missing"]).anomalies == ("the answer's cell is missing",)


JUNK = [
    None,
    5,
    "x",
    [],
    {},
    ["x"],
    ["f", 1],
    ["l", [["x"]]],
    [["v", ["n"]]],
    [["p", 1, 2, 3]],
    [["w"]],
    [[]],
    [["v"]],
    [["p", "right", "", ""]],
    [["v", ["a", "float32", [], [0]]]],
    [["v", ["o", "x", True]]],
    [5] * 4,
]


@pytest.mark.parametrize("exercise", [NUMBER, FUNCTION], ids=["number", "function"])
def test_no_junk_is_worth_anything(exercise):
    for key, junk in itertools.product(("value", "outcomes", "problem", "error"), JUNK):
        marked = mark(exercise, {key: junk, "verdict": "right", "correct": True, "points": 9})
        assert marked.points == 0 and marked.verdict != "right" and marked.text


def test_an_answer_in_the_wrong_form_is_worth_nothing():
    assert mark(NUMBER, outcomes(FUNCTION.answer, FUNCTION)).points == 0
    assert mark(FUNCTION, {"value": encode(NUMBER.answer)}).points == 0
    right = outcomes(FUNCTION.answer, FUNCTION)["outcomes"]
    for less in (right[:-1], right[:1], [], [*right, right[0]], right[::-1]):
        assert mark(FUNCTION, {"outcomes": less}).points == 0


ODD = [
    None,
    True,
    0,
    -1,
    10**260,
    1e308,
    -1e308,
    5e-324,
    math.nan,
    math.inf,
    "",
    "x",
    "1,5",
    "50%",
    [],
    (),
    [1e308] * 3,
    [..., 1],
    [math.nan] * 4,
    [[1]],
    {},
    {math.inf: "a"},
    {math.nan: 1},
    {10**260: "x"},
    {"a": []},
    np.float32(2),
    np.bool_(True),
    np.uint64(2**63),
    np.array(1.0),
    np.ones((2, 2)),
    np.zeros(0),
    np.array([True]),
    np.array([1e308, -1e308]),
]


@pytest.mark.parametrize("exercise", [e for e in all_exercises() if not callable(e.answer)], ids=lambda e: e.id)
def test_no_value_stops_the_class(exercise):
    """Every odd value, alone and in every place of an answer of several."""
    answer = exercise.answer
    tried = [*ODD, opaque("X"), opaque("f", True)]
    if isinstance(answer, list):
        tried += [[odd] * len(answer) for odd in ODD] + [[*answer[:-1], odd] for odd in ODD]
    if isinstance(answer, dict):
        tried += [dict.fromkeys(answer, odd) for odd in ODD] + [[odd] * len(answer) for odd in ODD]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for value in tried:
            told = encode(value) if "Opaque" not in str(type(value).__mro__) else ["o", "X", callable(value)]
            marked = mark(exercise, {"value": told})
            assert marked.text and "could not be read (" not in marked.text.replace("(a key", "").replace("(not a", "")


def test_notes_are_cleaned_and_told_once():
    marked = mark(NUMBER, {"value": ["n"]}, notes=["a\u202eb", "a\u202eb", "x" * 999])
    assert marked.anomalies == ("a�b", "x" * 300)


def test_an_error_of_ours_in_judging_is_a_verdict_and_no_end(monkeypatch):
    def fails(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(marking, "judge", fails)
    marked = mark(NUMBER, {"value": encode(NUMBER.answer)})
    assert marked.points == 0 and "could not be read (ZeroDivisionError)" in marked.text


# -- inputs that were not seen -------------------------------------------------------------------------------

FUNCTIONS = [e for e in all_exercises() if callable(e.answer)]


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda e: e.id)
def test_hidden_inputs_are_further_ones_and_the_solution_passes_them(exercise):
    more = with_hidden_inputs(exercise, "ada", "seed")
    assert more.calls[: len(exercise.calls)] == exercise.calls or len(more.calls) >= len(exercise.calls)
    assert mark(more, outcomes(exercise.answer, more)).points == exercise.points


def test_hidden_inputs_differ_by_student_and_run_and_are_drawn_again_the_same():
    def drawn(*told):
        return [str(call) for call in with_hidden_inputs(FUNCTION, *told).calls[len(FUNCTION.calls) :]]

    assert drawn("ada", "1") == drawn("ada", "1") != drawn("bob", "1")
    assert drawn("ada", "1") != drawn("ada", "2") and drawn("ada", "1")


def test_a_table_of_the_declared_inputs_fails_the_hidden_ones():
    table = {str(o.call): o.value for o in FUNCTION.outcomes}
    more = with_hidden_inputs(FUNCTION, "ada", "seed")
    assert mark(more, outcomes(lambda *call: table.get(str(call), 0.0), more)).points == 0
