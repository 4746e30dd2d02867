"""The right formula with a wrong number in it: one given value changed, left out, or swapped with another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from .compare import as_written
from .declaration import Exercise, apply
from .words import plain

#: Larger whole numbers are not squared: some count the rounds of a loop, which would take too long.
LARGE = 100


def told(exercise: Exercise, values: np.ndarray) -> str | None:
    """What was misread, if the solution gives just these `values` for given values that differ in one way."""
    target = np.atleast_1d(np.asarray(exercise.answer, dtype=float))
    open_places = [i for i in range(target.size) if not as_written(values[i], target[i])]
    for given, message in _misreadings(exercise):
        other = _solved(exercise, given)
        if other is None or other.shape != target.shape:
            continue
        if open_places and all(as_written(values[i], other[i]) for i in open_places):
            return message
    return None


def _solved(exercise: Exercise, given: dict[str, Any]) -> np.ndarray | None:
    try:
        with np.errstate(all="ignore"):
            other = np.atleast_1d(np.asarray(apply(exercise.solution, given), dtype=float))
    except Exception:  # the formula has no value there
        return None
    return other if np.isfinite(other).all() else None


def _misreadings(exercise: Exercise) -> Iterator[tuple[dict[str, Any], str]]:
    """Given values as someone may have read them by mistake, and what to say; the likeliest first."""
    given = dict(exercise.given)
    numbers = {name: value for name, value in given.items() if type(value) in (int, float)}
    for name, value in numbers.items():
        for changed, message in _changes(name, value):
            yield {**given, name: changed}, message
    for a, b in combinations(numbers, 2):
        if type(given[a]) is type(given[b]) and given[a] != given[b]:
            message = f"you have swapped {a} and {b}: each stands in the other's place."
            yield {**given, a: given[b], b: given[a]}, message


def _half(value: float) -> float:
    return value // 2 if type(value) is int and value % 2 == 0 else value / 2


def _changes(name: str, value: float) -> list[tuple[float, str]]:
    here = f"{name} = {plain(value)}"
    changes: list[tuple[float, str]] = []
    if value not in (0, 1):
        changes += [
            (1, f"you left {name} out, as if it were 1: it is {plain(value)}. Multiply or divide by it."),
            (type(value)(0), f"you left {name} out, as if it were 0. It is {plain(value)}."),
        ]
    if type(value) is int and value > 1:
        changes += [
            (value - 1, f"that belongs to {name} = {value - 1}, one too few: you are off by one, it is {value}."),
            (value + 1, f"that belongs to {name} = {value + 1}, one too many: you are off by one, it is {value}."),
        ]
    changes += [
        (2 * value, f"that belongs to {here} doubled: there is a factor 2 too many beside {name}."),
        (_half(value), f"that belongs to half of {here}: a factor 2 is missing beside {name}."),
    ]
    if value > 0 and value != 1 and (type(value) is float or value <= LARGE):
        changes += [
            (value**2, f"you squared {name}, or squared it once too often: it is {plain(value)}."),
            (math.sqrt(value), f"you took the square root of {name}, or forgot to square it: it is {plain(value)}."),
        ]
    return changes
