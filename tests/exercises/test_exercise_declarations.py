"""The proof: every solution passes, every misconception is refused with its own message, none can be mixed up."""

import pytest

from lrcourse.exercises import all_exercises, cells, collisions, judge, show_solution, variant

EXERCISES = all_exercises()
ids = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
VARIANTS = 200


def handed_in(exercise, index):
    """A whole answer that holds this misconception."""
    wrong = exercise.wrong_answer(index)
    return {**exercise.answer, **wrong} if isinstance(exercise.answer, dict) else wrong


def assert_proven(exercise):
    assert collisions(exercise) == []
    assert judge(exercise, exercise.answer).correct
    for index in range(len(exercise.misconceptions)):
        verdict = judge(exercise, handed_in(exercise, index))
        assert verdict.kind == "misconception", (index, verdict)
        assert verdict.misconception == index, (index, verdict)
        assert exercise.misconceptions[index].message in verdict.text


@ids
def test_with_the_given_numbers(exercise):
    assert_proven(exercise)


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e.vary], ids=lambda e: e.id)
def test_with_two_hundred_students_numbers(exercise):
    drawn = [variant(exercise, f"student {i}", "a secret") for i in range(VARIANTS)]
    different = {str(dict(d.given)): d for d in drawn}
    assert len(different) > 1
    for other in different.values():
        assert other.documented is None
        assert_proven(other)


@ids
def test_enough_misconceptions(exercise):
    calculation = exercise.kind in ("number", "numbers", "function")
    assert len(exercise.misconceptions) >= (3 if calculation else 2)
    messages = [m.message for m in exercise.misconceptions]
    assert len(set(messages)) == len(messages)
    assert all(message.rstrip(")")[-1] in ".!?" for message in messages)


@ids
def test_the_written_out_solution_agrees(exercise):
    namespace = {"show_solution": show_solution}
    source = cells(exercise)[3].source
    exec(source, namespace)
    shown = eval(source.splitlines()[-1], namespace)
    assert shown.text.startswith(f"{exercise.id} solution: ")


@ids
def test_the_stub_runs_and_is_to_do(exercise):
    namespace = {}
    exec(cells(exercise)[1].source, namespace)
    verdict = judge(exercise, namespace[exercise.name])
    assert verdict.kind == "to do"
    assert verdict.text.startswith(f"{exercise.id} to do")


@ids
def test_no_cell_is_long(exercise):
    most = {"stub": 12, "check": 1, "solution": 20}
    assert all(len(cell.source.splitlines()) <= most[cell.role] for cell in cells(exercise)[1:])
