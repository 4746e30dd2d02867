"""Checks at construction: bad input is refused with the parameter's name, the rule, the value and a remedy."""

from __future__ import annotations

import math
import numbers
import operator
from itertools import pairwise

import numpy as np


def real(name: str, value, rule: str = "a finite number") -> float:
    """`value` as a float; refuses booleans, text, complex numbers, NaN and infinities."""
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be {rule}, got the boolean {value!r}: write a number such as 0.001")
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if not isinstance(value, numbers.Real):
        hint = f": write float({value!r})" if isinstance(value, str) else ""
        raise TypeError(f"{name} must be {rule}, got {value!r} of type {type(value).__name__}{hint}")
    try:
        value = float(value)
    except OverflowError:
        raise ValueError(f"{name} must be {rule}, got a whole number too large for a float") from None
    if not math.isfinite(value):
        raise ValueError(f"{name} must be {rule}, got {value!r}: check the computation it comes from")
    return value


def whole(name: str, value, at_least: int = 1) -> int:
    """`value` as an int of at least `at_least`; 1e4 counts as whole, 10.5 and True do not."""
    rule = f"a whole number of at least {at_least}"
    number = real(name, value, rule)
    if number != math.floor(number):
        raise ValueError(f"{name} must be {rule}, got {value!r}: steps are counted, use {round(number)}")
    try:
        number = operator.index(value)  # exact beyond 2**53
    except TypeError:
        number = int(number)
    if number < at_least:
        raise ValueError(f"{name} must be {rule}, got {value!r}")
    return number


def rate(name: str, value, *, zero: bool = False) -> float:
    """A learning rate: finite, positive, or also zero where that makes sense."""
    rule = "a finite learning rate of at least 0" if zero else "a finite learning rate above 0"
    number = real(name, value, rule)
    if number < 0 or (number == 0 and not zero):
        why = "a negative rate climbs the loss" if number < 0 else "a rate of 0 never learns"
        raise ValueError(f"{name} must be {rule}, got {value!r}: {why}")
    return number


def between(name: str, value, low: float, high: float, *, open_low=False, open_high=False) -> float:
    """A number from `low` to `high`, either end excluded on request."""
    rule = f"a number {'above' if open_low else 'from'} {low:g} {'and below' if open_high else 'to'} {high:g}"
    number = real(name, value, rule)
    if number < low or number > high or (open_low and number == low) or (open_high and number == high):
        raise ValueError(f"{name} must be {rule}, got {value!r}")
    return number


def positive(name: str, value) -> float:
    """A finite number above 0."""
    number = real(name, value, "a finite number above 0")
    if number <= 0:
        raise ValueError(f"{name} must be a finite number above 0, got {value!r}")
    return number


def ordered(low_name: str, low, high_name: str, high) -> None:
    """The floor may not lie above the peak."""
    if low > high:
        raise ValueError(f"{low_name} must not be above {high_name}, got {low_name}={low!r} and "
                         f"{high_name}={high!r}: swap them, or lower {low_name}")


def choice(name: str, value, options: tuple[str, ...]) -> str:
    """One of the given words."""
    if not isinstance(value, str) or value not in options:
        listed = ", ".join(repr(option) for option in options)
        raise ValueError(f"{name} must be one of {listed}, got {value!r}")
    return value


def flag(name: str, value) -> bool:
    """True or False, nothing that merely counts as such."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def steps_list(name: str, value, *, strictly: bool) -> tuple[int, ...]:
    """Whole steps in rising order; equal neighbours only where they make sense."""
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        raise TypeError(f"{name} must be a list of whole steps, got {value!r}: write [30, 80]")
    steps = tuple(whole(f"{name}[{i}]", step) for i, step in enumerate(value))
    for earlier, later in pairwise(steps):
        if later < earlier or (strictly and later == earlier):
            rule = "rise" if strictly else "not fall"
            raise ValueError(f"{name} must {rule} from one to the next, got {list(steps)}: "
                             f"write {sorted(set(steps) if strictly else steps)}")
    return steps


def step_array(t) -> np.ndarray:
    """An array of numbers, any shape; refuses booleans, text and objects."""
    steps = np.asarray(t)
    if steps.dtype.kind not in "iuf" and steps.size:
        raise TypeError(f"t must hold numbers (update indices from 0 on), got an array of {steps.dtype}")
    return steps


def step_range(part: np.ndarray) -> np.ndarray:
    """A piece of an array of steps as float64; refuses what is no step (negative, NaN, infinite)."""
    steps = part.astype(np.float64, copy=False)
    # NaN fails both comparisons.
    if steps.size and not (steps.min() >= 0 and steps.max() < np.inf):
        bad = steps[~((steps >= 0) & (steps < np.inf))].flat[0]
        raise ValueError(f"t must be a finite update index of at least 0, got {bad:g}: the first update is t = 0")
    return steps


def step_number(t):
    """One step: an int stays an int, any other real number becomes a float."""
    if isinstance(t, (bool, np.bool_)):
        raise TypeError(f"t must be an update index from 0 on, got the boolean {t!r}")
    number = int(t) if isinstance(t, numbers.Integral) else real("t", t, "a finite update index of at least 0")
    if number < 0:
        raise ValueError(f"t must be a finite update index of at least 0, got {t!r}: the first update is t = 0")
    return number
