"""Checks at construction: bad input is refused with the parameter's name, the rule, the value and a remedy."""

from __future__ import annotations

import math
import numbers
import operator
from itertools import pairwise

import numpy as np

LIMIT = 2 ** 53  # steps; beyond it float64 can't tell one from the next
HUGE = 2 ** 1000  # an index that any formula can still compute with


def real(name: str, value, rule: str = "a finite number") -> float:
    """`value` as a float; refuses booleans, text, complex numbers, NaN and infinities."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be {rule}, got the boolean {value!r}: write a plain number")
    if not isinstance(value, numbers.Real) or isinstance(value, np.timedelta64):  # which counts as an integer
        single = isinstance(value, str) or (hasattr(value, "__float__") and not getattr(value, "ndim", 0))
        hint = f"write float({value!r})" if single else "write a plain number"
        raise TypeError(f"{name} must be {rule}, got {value!r} of type {type(value).__name__}: {hint}")
    try:
        value = float(value)
    except OverflowError:
        raise ValueError(f"{name} must be {rule}, got a whole number too large for a float: check its unit") from None
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
        raise ValueError(f"{name} must be {rule}, got {value!r}: use {at_least} or more")
    if number > LIMIT:
        raise ValueError(f"{name} must be {rule} and at most 2**53, got {value!r}: no run is that long, check its unit")
    return number


def length(name: str, value, *, zero: bool = False) -> float:
    """A stretch of steps that need not be whole; an int where it is."""
    if zero and real(name, value, "a finite number of at least 0") == 0:
        return 0
    number = positive(name, value)
    return whole(name, value) if number == math.floor(number) else number


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
        raise ValueError(f"{name} must be {rule}, got {value!r}: use {(low + high) / 2:g}, say")
    return number


def positive(name: str, value) -> float:
    """A finite number above 0."""
    number = real(name, value, "a finite number above 0")
    if number <= 0:
        raise ValueError(f"{name} must be a finite number above 0, got {value!r}: use 1, say")
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


def listed(name: str, value, example: str) -> list:
    """What a list, tuple or array holds; a single value, text or a dictionary is none of them."""
    try:
        if not isinstance(value, (str, bytes, dict)):
            return list(value)
    except TypeError:  # not iterable
        pass
    of, _, shown = example.partition(", ")
    raise TypeError(f"{name} must be a list of {of}, got {value!r}: write {shown}")


def steps_list(name: str, value, *, strictly: bool) -> tuple[int, ...]:
    """Whole steps in rising order; equal neighbours only where they make sense."""
    steps = tuple(whole(f"{name}[{i}]", step) for i, step in enumerate(listed(name, value, "whole steps, [30, 80]")))
    for earlier, later in pairwise(steps):
        if later < earlier or (strictly and later == earlier):
            rule = "rise" if strictly else "not fall"
            raise ValueError(f"{name} must {rule} from one to the next, got {list(steps)}: "
                             f"write {sorted(set(steps) if strictly else steps)}")
    return steps


def step_array(t) -> np.ndarray:
    """An array of numbers, any shape; refuses booleans, text and objects."""
    try:
        steps = np.asarray(t)
    except ValueError:
        raise ValueError(f"t must be a number or an array of numbers, got {t!r:.80}: "
                         f"make its rows equally long") from None
    if steps.dtype.kind not in "iuf" and steps.size:
        raise TypeError(f"t must hold numbers (update indices from 0 on), got an array of {steps.dtype}: "
                        f"write numpy.asarray(t, dtype=float)")
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
    rule = "a finite update index of at least 0"
    number = real("t", t, rule)  # refuses what is no number
    if isinstance(t, numbers.Integral):
        number = int(t)
    if number >= HUGE:
        raise ValueError(f"t must be {rule}, got a number beyond 2**1000: check its unit")
    if number < 0:
        raise ValueError(f"t must be {rule}, got {t!r}: the first update is t = 0")
    return number
