"""When two numbers count as the same, and how near two others are."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: The relative tolerance of an answer that may be rounded to four significant digits.
FOUR_DIGITS = 1e-4


def within(value, target, rtol: float, atol: float):
    """Whether `value` is `target`, up to the larger of the two tolerances. Works for arrays, place by place."""
    target = np.asarray(target, dtype=float)
    return np.abs(np.asarray(value, dtype=float) - target) <= np.maximum(atol, rtol * np.abs(target))


def agree(value, target, rtol: float, atol: float) -> bool:
    """Whether two arrays have one shape and are `within` each other in every place; None agrees with nothing.

    >>> agree(np.ones(2), np.ones(2), 0, 0), agree(np.ones(2), np.array(1.0), 0, 0), agree(None, np.ones(2), 0, 0)
    (True, False, False)
    """
    if value is None or target is None or value.shape != target.shape:
        return False
    return bool(np.all(within(value, target, rtol, atol)))


def digits_right(value: float, target: float) -> int:
    """To how many significant digits `value` rounds `target`.

    >>> digits_right(0.00172, 0.00172175), digits_right(0.0017, 0.00172175), digits_right(0.003, 0.00172175)
    (3, 2, 0)
    """
    if not target or not math.isfinite(value):
        return 0
    unit = 10.0 ** math.floor(math.log10(abs(target)))
    miss = abs(value - target) * (1 - 1e-12)
    return next((k for k in range(15, 0, -1) if miss <= 0.5 * unit * 10.0 ** (1 - k)), 0)


def figures(value: float) -> int:
    """How many significant digits a number was written with, as far as its shortest form tells.

    >>> figures(0.00172), figures(1500.0), figures(0.30000000000000004)
    (3, 2, 17)
    """
    digits = f"{float(value)!r}".lower().split("e")[0].lstrip("-").replace(".", "").strip("0")
    return max(1, len(digits))


def as_written(value: float, target: float) -> bool:
    """Whether `value` is `target`, rounded to as many digits as were written, and to three at least.

    >>> as_written(0.00172, 0.00172175), as_written(0.0017, 0.00172175), as_written(0.00171, 0.00172175)
    (True, False, False)
    """
    value, target = float(value), float(target)
    if value == target or abs(value - target) <= 2e-4 * abs(target):
        return True
    if not value or not target:
        return False
    return figures(value) >= 3 and _rounded(value, target)


def _last_place(value: float) -> float:
    """The unit of the last digit that was written."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - figures(value) + 1)


def _rounded(value: float, target: float) -> bool:
    """Whether `target` rounds to `value`, at the last digit that this was written with."""
    return bool(value) and abs(value - target) <= 0.5 * _last_place(value) * (1 + 1e-9)


@dataclass(frozen=True)
class Nearness:
    """The tolerances of one exercise, and the measure its errors are judged by."""

    rtol: float
    atol: float
    measure: Callable[[float], float] | None = None
    whole: bool = False

    @classmethod
    def of(cls, exercise) -> Nearness:
        """Whole numbers are right or wrong; others have a tolerance."""
        return cls(1e-9 if exercise.whole else exercise.rtol, exercise.atol, exercise.measure, exercise.whole)

    def same(self, value: float, target: float) -> bool:
        """Within the tolerances; or, where they ask for no more than four digits, rounded to four or more."""
        if self.measure:
            value, target = self.measure(value), self.measure(target)
        elif self.rtol >= FOUR_DIGITS and not self.whole and figures(value) >= 4 and _rounded(value, target):
            return True
        return bool(within(value, target, self.rtol, self.atol))

    def distance(self, value: float, target: float) -> float:
        """In units of the target; infinite for a target of zero that is missed."""
        if self.measure:
            value, target = self.measure(value), self.measure(target)
        value, target = float(value), float(target)
        if value == target:
            return 0.0
        return abs(value - target) / abs(target) if target else math.inf

    def resembles(self, value: float, target: float) -> bool:
        """Whether `value` is `target` after someone rounded, or cut, or rounded on the way.

        The two differ by less than 0.2 percent; or by less than 2 percent, and as numbers do that were rounded or
        cut to the last digit that was written, if at least two were. A whole number resembles its neighbours.
        """
        if self.whole:
            return abs(value - target) <= 1
        if self.same(value, target) or self.distance(value, target) <= 2e-3:
            return True
        written = figures(value)
        if not value or not 2 <= written <= 6:
            return False
        cut = 0 <= math.copysign(1, target) * (target - value) < _last_place(value)
        return (cut or _rounded(value, target)) and self.distance(value, target) <= 0.02
