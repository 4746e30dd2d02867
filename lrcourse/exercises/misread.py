"""The right formula with a wrong number in it: one given value changed, left out, or swapped with another."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from .compare import as_written
from .declaration import Exercise, apply
from .words import plain

#: Larger whole numbers are not squared: some count the rounds of a loop, which would take too long.
LARGE = 100

#: Given values that a question writes as a Greek letter, and formulas cannot.
GREEK = {"lam": "λ", "sigma": "σ"}


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
        for changed, message in _changes(_called(exercise, name), value):
            yield {**given, name: changed}, message
    for a, b in combinations(numbers, 2):
        if type(given[a]) is type(given[b]) and given[a] != given[b]:
            names = f"{_called(exercise, a)} and {_called(exercise, b)}"
            message = f"you have swapped {names}: each stands in the other's place."
            yield {**given, a: given[b], b: given[a]}, message


def _called(exercise: Exercise, name: str) -> str:
    """A given value as the question calls it: by its symbol, or else by its number.

    >>> from lrcourse.exercises import get
    >>> _called(get("8.2.1"), "lam"), _called(get("8.6.6"), "small")
    ('λ', 'the given 256')
    """
    symbol = GREEK.get(name, name)
    asked = re.sub(r"\[\[\w+\]\]|[{}$\\]", "", exercise.question)
    written = {"λ": "lambda", "σ": "sigma"}.get(symbol, symbol)
    return (
        symbol
        if re.search(rf"(?<!\w){re.escape(written)}(?!\w)", asked)
        else f"the given {plain(exercise.given[name])}"
    )


def _half(value: float) -> float:
    return value // 2 if type(value) is int and value % 2 == 0 else value / 2


def _changes(name: str, value: float) -> list[tuple[float, str]]:
    known = name.startswith("the given ")  # its name is its number
    here, reminder = (name, ".") if known else (f"{name} = {plain(value)}", f": it is {plain(value)}.")
    changes: list[tuple[float, str]] = []
    if value not in (0, 1):
        changes += [
            (1, f"you left {name} out, as if it were 1{reminder} Multiply or divide by it."),
            (type(value)(0), f"you left {name} out, as if it were 0{reminder}"),
        ]
    if type(value) is int and value > 1:
        changes += [
            (value - 1, f"you counted one too few: {value - 1} for {here}. You are off by one."),
            (value + 1, f"you counted one too many: {value + 1} for {here}. You are off by one."),
        ]
    changes += [
        (2 * value, f"that belongs to {here} doubled: there is a factor 2 too many beside it."),
        (_half(value), f"that belongs to half of {here}: a factor 2 is missing beside it."),
    ]
    if value > 0 and value != 1 and (type(value) is float or value <= LARGE):
        changes += [
            (value**2, f"you squared {name}, or squared it once too often{reminder}"),
            (math.sqrt(value), f"you took the square root of {name}, or forgot to square it{reminder}"),
        ]
    return changes
