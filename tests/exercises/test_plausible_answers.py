"""Plausible wrong answers get their diagnosis, right ones are right in whatever form, and chance gets none."""

import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from plausible_answers import RIGHT_FUNCTIONS, WRONG, WRONG_FUNCTIONS

from lrcourse.exercises import all_exercises, get, judge
from lrcourse.exercises.declaration import apply

NUMBERS = [e for e in all_exercises() if isinstance(e.answer, int | float)]
LISTS = [e for e in all_exercises() if isinstance(e.answer, list)]
MORE_DIGITS = ("8.4.4", "8.5.3", "8.5.4", "8.5.11")  # their questions ask for more than four
RARE = 0.03


@pytest.mark.parametrize(("id", "answer", "word"), WRONG + WRONG_FUNCTIONS)
def test_a_plausible_wrong_answer_is_named(id, answer, word):
    verdict = judge(get(id), answer)
    assert not verdict.correct
    assert word.casefold() in verdict.text.casefold()


@pytest.mark.parametrize(("id", "answer"), RIGHT_FUNCTIONS)
def test_a_right_function_is_right_however_it_is_written(id, answer):
    verdict = judge(get(id), answer)
    assert verdict.correct, verdict


def forms(value):
    exact = [value, np.float64(value), np.array(value), Fraction(value), Decimal(value)]
    return [*exact, int(value), np.int64(value)] if float(value).is_integer() else exact


@pytest.mark.parametrize("exercise", NUMBERS, ids=lambda e: e.id)
def test_a_right_number_is_right_in_any_form(exercise):
    value = exercise.answer
    for form in forms(value):
        assert judge(exercise, form).correct, repr(form)
    if exercise.id not in MORE_DIGITS:
        assert judge(exercise, float(f"{value:.4g}")).correct
        assert judge(exercise, np.float32(value)).correct


@pytest.mark.parametrize("exercise", LISTS, ids=lambda e: e.id)
def test_right_numbers_are_right_in_any_form(exercise):
    values = exercise.answer
    rounded = [float(f"{v:.4g}") for v in values]
    for form in (
        values,
        tuple(values),
        np.array(values),
        list(np.array(values)),
        rounded,
        [Fraction(v) for v in values],
    ):
        assert judge(exercise, form).correct, repr(form)


@pytest.mark.parametrize("exercise", [*NUMBERS, *LISTS], ids=lambda e: e.id)
def test_an_answer_of_the_wrong_kind_is_told_what_it_is(exercise):
    several = isinstance(exercise.answer, list)
    first = exercise.answer[0] if several else exercise.answer
    said = {
        "text": judge(exercise, f"{first} units").text,
        "None": judge(exercise, None).text,
        "call": judge(exercise, lambda: exercise.answer).text,
        "dictionary": judge(exercise, {"answer": first}).text,
        "list": judge(exercise, first if several else [first, first]).text,
    }
    for word, text in said.items():
        assert word in text, (word, text)


def span(exercise):
    """Where sensible answers lie."""
    if exercise.between:
        return apply(exercise.between, exercise.given)
    return 0, 2 * abs(exercise.answer) or 0.001


def named_by_chance(exercise, chance, tries=200):
    """The share of random numbers of four digits that get a diagnosis of their own."""
    count = 0
    for _ in range(tries):
        value = chance.uniform(*span(exercise))
        verdict = judge(exercise, round(value) if exercise.whole else float(f"{value:.4g}"))
        count += verdict.kind in ("misconception", "unit") or "Or:" in verdict.text
        count += verdict.kind == "wrong" and not any(
            general in verdict.text for general in ("that is not it", "cannot be", "count the ends")
        )
    return count / tries


def test_chance_gets_a_diagnosis_rarely():
    chance = random.Random(8)
    shares = {e.id: named_by_chance(e, chance) for e in NUMBERS if e.id != "8.3.4"}  # read off to within 0.05
    assert sum(shares.values()) / len(shares) < RARE, shares
