"""The proof: every solution passes, every misconception is refused with its own message, none can be mixed up."""

from dataclasses import replace

import pytest

from lrcourse.exercises import all_exercises, cells, collisions, get, judge, show_solution, variant
from lrcourse.exercises.__main__ import proven, questions, table
from lrcourse.exercises.variants import hidden

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
        if hidden(exercise, index):
            continue
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
def test_what_is_told_apart_sometimes_is_told_apart_with_some_numbers(exercise):
    drawn = [exercise, *(variant(exercise, f"student {i}", "a secret") for i in range(40 if exercise.vary else 0))]
    for index, misconception in enumerate(exercise.misconceptions):
        if misconception.sometimes:
            assert not all(hidden(other, index) for other in drawn), misconception.message


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


def test_the_table_has_a_proven_row_for_each():
    head, *rows = table(students=3)
    assert head.split()[0] == "id"
    assert [row.split()[0] for row in rows] == [e.id for e in EXERCISES]
    assert all(row.endswith("yes") for row in rows)


def test_the_table_notices_a_misconception_that_is_taken_for_another():
    exercise = get("8.8.2")
    doubled = replace(exercise, misconceptions=[exercise.misconceptions[0], *exercise.misconceptions[:1]])
    assert proven(exercise) and not proven(doubled)
    assert collisions(doubled) == [(0, 1)]


def test_the_questions_show_nothing_of_an_answer():
    told = "\n".join(questions())
    assert all(e.title in told and e.name in told for e in EXERCISES)
    assert not any(m.message in told for e in EXERCISES for m in e.misconceptions)


WRONG_DECLARATIONS = {
    "id": {"id": "9.1"},
    "kind": {"kind": "riddle"},
    "difficulty": {"difficulty": 4},
    "three hints": {"hints": ("one", "two")},
    "minutes": {"minutes": 0},
    "vary": {"vary": {"eta": [1, 2]}},
    "question": {"question": "What is [[eta]]?"},
    "signature": {"kind": "function"},
}


@pytest.mark.parametrize("word", WRONG_DECLARATIONS)
def test_a_declaration_that_cannot_be_meant_is_refused(word):
    with pytest.raises(ValueError, match=word):
        replace(get("8.8.2"), **WRONG_DECLARATIONS[word])
