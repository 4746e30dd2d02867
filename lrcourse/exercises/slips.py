"""The slips that happen in any exercise: a sign, a decimal point, percent for fraction, one off, wrong order."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from . import misread
from .compare import Nearness, as_written, within
from .declaration import Exercise, apply
from .reading import Problem
from .words import listing, show

COUNTS = "a count is a whole number: think about which way to round, up (ceil) or down (floor)."


def of_number(exercise: Exercise, value: float) -> Problem | None:
    """What went wrong, if it is one of the slips; in the order of how sure one can be."""
    target, near = exercise.answer, Nearness.of(exercise)
    if exercise.whole and not float(value).is_integer() and abs(value - target) < 1:
        return Problem("wrong", COUNTS)
    if exercise.whole and abs(value - target) == 1:
        return Problem("wrong", f"you are one too {'many' if value > target else 'few'}: count the ends again.")
    scale = _scale(value, target, exercise.unit)
    found = misread.told(exercise, np.array([value]))
    if scale:
        return Problem(scale.kind, f"{scale.message} Or: {found}") if found else scale
    for other, message in _relatives(target, exercise.unit):
        if other and not near.resembles(other, target) and as_written(value, other):
            return Problem("wrong", message)
    if name := given_name(exercise, value):
        return Problem("wrong", f"that is {name}, which is given; the answer still has to be computed from it.")
    return Problem("wrong", found) if found else _range(exercise, value)


def given_name(exercise: Exercise, value: float) -> str:
    """The name of the given number that was handed in."""
    numbers = ((n, v) for n, v in exercise.given.items() if type(v) in (int, float))
    return next((name for name, given in numbers if given == value and abs(value) not in (0, 1)), "")


def _relatives(target: float, unit: str = "") -> list[tuple[float, str]]:
    whole = 100 if unit == "%" else 1
    return [
        (-target, "the size is right, the sign is not: plus and minus, or the order of a subtraction, are swapped."),
        (
            1 / target if target else 0,
            "that is one over the answer: the fraction is upside down (inverted), or the wrong way round.",
        ),
        (2 * target, "that is twice the answer: a factor 1/2 got lost; somewhere you have to halve, to divide by 2."),
        (target / 2, "that is half the answer: a factor 2 got lost, or one 1/2 too many came in."),
        (
            whole - target if 0 < target < whole else 0,
            f"that is {whole} minus the answer, the complement: what remains instead of what is taken off, or the "
            "other way round.",
        ),
        (target**2 if target != 1 else 0, "that is the square of the answer: take the root, or don't square."),
        (math.sqrt(target) if target > 0 else 0, "that is the square root of the answer: square it."),
        (target * math.pi, "that is pi times the answer: divide by pi (π)."),
        (target / math.pi, "the answer is pi times as much: a factor pi (π) is missing."),
        (target * 180 / math.pi, "that is the answer in degrees: work in radians, where pi stands for 180."),
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
    words = {1: "ten", 2: "a hundred", 3: "a thousand", 6: "a million"}
    times = f"{10 ** abs(power)} times too {'large' if power > 0 else 'small'}"
    named = f" ({words[abs(power)]}-fold)" if abs(power) in words else ""
    return Problem(
        "unit",
        f"the digits are right, but your answer is {times}{named}: the decimal point has slipped. Check units and "
        "powers of ten.",
    )


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
    """What went wrong with all of them alike: their order, their signs, their scale."""
    target, near = np.asarray(exercise.answer, dtype=float), Nearness.of(exercise)
    same = partial(_all_same, near)
    if same(values[::-1], target):
        return Problem("wrong", "these are the right numbers in reverse order: swapped, the first is last.")
    if same(np.sort(values), np.sort(target)):
        return Problem("wrong", "these are the right numbers in another order: some are swapped.")
    if same(-values, target):
        return Problem("wrong", "the sizes are right, the signs are not.")
    found = misread.told(exercise, values)
    at = int(np.argmax(np.abs(target)))
    slip = _scale(values[at], target[at], exercise.unit)
    if slip and np.allclose(values * target[at], target * values[at], rtol=2e-3, atol=0):
        return Problem(slip.kind, f"{slip.message} Or: {found}") if found else slip
    if exercise.whole and np.all(np.abs(values - target) == 1):
        return Problem("wrong", "each of your numbers is one off: count the ends again.")
    if values.size > 2 and (same(values[1:], target[:-1]) or same(values[:-1], target[1:])):
        return Problem("wrong", "your numbers are shifted by one place (off by one): begin one earlier or later.")
    return None


def _all_same(near: Nearness, a, b) -> bool:
    return all(near.same(x, y) for x, y in zip(a, b, strict=True))


def of_some(exercise: Exercise, values: np.ndarray) -> Problem | None:
    """A slip of one number's own, or the same slip in all that are wrong."""
    found = [slip for slip in (_single(exercise, values), misread.told(exercise, values)) if slip]
    return Problem("wrong", " Or: ".join(found)) if found else None


def _single(exercise: Exercise, values: np.ndarray) -> str | None:
    near = Nearness.of(exercise)
    wrong = [i for i, (v, e) in enumerate(zip(values, exercise.answer, strict=True)) if not near.same(v, e)]
    messages = [_of_one(exercise, values[i], exercise.answer[i]) for i in wrong]
    first = next((message for message in messages if message), None)
    if first is None:
        return None
    places = [str(i + 1) for i, message in zip(wrong, messages, strict=True) if message == first]
    open_places = [str(i + 1) for i, message in zip(wrong, messages, strict=True) if message != first]
    again = f" Then look again at number {listing(open_places)}." if open_places else ""
    return f"look at number {listing(places)}: {first}{again}"


def _of_one(exercise: Exercise, value: float, target: float) -> str | None:
    scale = _scale(value, target, exercise.unit)
    if scale:
        return scale.message
    for other, message in _relatives(target, exercise.unit)[:5]:
        if other and not within(value, target, 2e-3, 0) and as_written(value, other):
            return message
    name = given_name(exercise, value)
    return f"that is {name}, which is given; compute from it." if name else None
