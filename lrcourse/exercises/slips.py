"""The slips that happen in any exercise: a sign, a decimal point, percent for fraction, one off, wrong order."""

from __future__ import annotations

import math

import numpy as np

from .compare import Nearness, within
from .declaration import Exercise, apply
from .reading import Problem
from .words import show


def of_number(exercise: Exercise, value: float) -> Problem | None:
    """What went wrong, if it is one of the slips; in the order of how sure one can be."""
    target, near = exercise.answer, Nearness.of(exercise)
    if exercise.whole and not float(value).is_integer() and abs(value - target) < 1:
        return Problem("wrong", "a count is a whole number: think about which way to round.")
    if exercise.whole and abs(value - target) == 1:
        return Problem("wrong", f"you are one too {'many' if value > target else 'few'}: count the ends again.")
    scale = _scale(value, target, exercise.unit)
    if scale:
        return scale
    for other, message in _relatives(target):
        if other and not near.resembles(other, target) and near.resembles(value, other):
            return Problem("wrong", message)
    for name, given in exercise.given.items():
        if type(given) in (int, float) and given == value and abs(value) not in (0, 1):
            return Problem("wrong", f"that is {name}, which is given; the answer still has to be computed from it.")
    return _range(exercise, value)


def _relatives(target: float) -> list[tuple[float, str]]:
    return [
        (-target, "the size is right, the sign is not."),
        (1 / target if target else 0, "that is one over the answer: the fraction is upside down."),
        (2 * target, "that is twice the answer: a factor 1/2 got lost."),
        (target / 2, "that is half the answer: a factor 2 got lost, or one 1/2 too many came in."),
        (1 - target if 0 < target < 1 else 0, "that is 1 minus the answer: you have the complement."),
    ]


def _scale(value: float, target: float, unit: str) -> Problem | None:
    """Right digits, wrong power of ten."""
    if not value or not target or (value < 0) != (target < 0):
        return None
    power = round(math.log10(abs(value)) - math.log10(abs(target)))  # their quotient might be no float any more
    if power == 0 or abs(power) > 9 or abs(value / target / 10.0**power - 1) > 2e-3:
        return None
    if unit == "%" and power == -2:
        return Problem("unit", "that is the fraction; percent are asked for, so multiply by 100.")
    if power == 2 and 0 < abs(target) <= 1:
        return Problem("unit", "that looks like percent; the plain fraction is asked for, so divide by 100.")
    times = f"{10 ** abs(power)} times too {'large' if power > 0 else 'small'}"
    return Problem("unit", f"the digits are right, but your answer is {times}: the decimal point has slipped.")


def _range(exercise: Exercise, value: float) -> Problem | None:
    if exercise.between is None:
        return None
    low, high = apply(exercise.between, exercise.given)
    if low <= value <= high:
        return None
    side = "above" if value > high else "below"
    return Problem(
        "wrong",
        f"that cannot be: it lies {side} the range from {show(low)} to {show(high)} "
        "in which every sensible answer must fall.",
    )


def of_numbers(exercise: Exercise, values: np.ndarray) -> Problem | None:
    target = np.asarray(exercise.answer, dtype=float)
    rtol, atol = exercise.rtol, exercise.atol
    if np.all(within(values[::-1], target, rtol, atol)):
        return Problem("wrong", "these are the right numbers in reverse order.")
    if np.all(within(np.sort(values), np.sort(target), rtol, atol)):
        return Problem("wrong", "these are the right numbers in another order.")
    if np.all(within(-values, target, rtol, atol)):
        return Problem("wrong", "the sizes are right, the signs are not.")
    at = int(np.argmax(np.abs(target)))
    slip = _scale(values[at], target[at], exercise.unit)
    if slip and np.allclose(values * target[at], target * values[at], rtol=2e-3, atol=0):
        return slip
    if exercise.whole and np.all(np.abs(values - target) == 1):
        return Problem("wrong", "each of your numbers is one off: count the ends again.")
    return None
