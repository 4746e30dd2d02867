"""Schedules made of schedules: what the operators `>>` and `*`, `until` and `ahead` build."""

from __future__ import annotations

import math
from functools import cached_property

from . import checks
from .base import Schedule, equals, nearly_whole, number, record


def _schedule(name: str, value) -> Schedule:
    if not isinstance(value, Schedule):
        raise TypeError(f"{name} must be a schedule, got {value!r}: write Fixed({value!r})?"
                        if isinstance(value, (int, float)) else f"{name} must be a schedule, got {value!r}")
    return value


def _within(name: str, steps: int, inner: Schedule) -> None:
    """A schedule that refuses what lies past its end can't be asked for it for ever."""
    if inner.after == "raise" and inner.horizon is not None and steps > inner.horizon:
        raise ValueError(f"{name} must be at most {inner.horizon:g}, the end of a schedule with after='raise', got "
                         f"{steps}: choose after='hold'")


@record
class Join(Schedule):
    """One schedule after the other, written `a >> b >> c`; each part sees the time since its own beginning.

    The switch happens AT the step where the one before is complete. Past the end the last one decides.

    >>> from lrcourse.schedules import CosineAnnealing, Warmup
    >>> (Warmup(0.1, T_warmup=10) >> CosineAnnealing(0.1, T_max=90))(55)
    0.05
    """

    schedules: tuple[Schedule, ...]
    ends_itself = True

    def __post_init__(self):
        flat: list[Schedule] = []
        for i, part in enumerate(checks.listed("schedules", self.schedules, "schedules, (a, b)")):
            part = _schedule(f"schedules[{i}]", part)
            flat.extend(part.schedules if isinstance(part, Join) else [part])
        if len(flat) < 2:
            raise ValueError(f"schedules must hold at least two parts to join, got {len(flat)}")
        for i, part in enumerate(flat[:-1]):
            if not part.horizon:
                raise ValueError(f"part {i + 1} of a join must have an end, got {part!r}: "
                                 f"write {type(part).__name__}(…).until(steps) >> …")
        self._set(schedules=tuple(flat))

    @cached_property
    def starts(self) -> tuple[float, ...]:
        """The step at which each part begins."""
        total, begin = 0, [0]
        for part in self.schedules[:-1]:
            total = nearly_whole(total + part.horizon)
            begin.append(total)
        return tuple(begin)

    @property
    def horizon(self):
        last = self.schedules[-1].horizon
        return None if last is None else nearly_whole(self.starts[-1] + last)

    @property
    def parts(self):
        return self.schedules

    @property
    def after(self):
        return self.schedules[-1].after

    def _written(self, t):
        lines = [part._written(f"({t} − {number(begin)})" if begin else t)
                 for part, begin in zip(self.schedules, self.starts)]
        ends = [f" for {t} < {number(end)}" for end in self.starts[1:]] + [f" from {t} = {number(self.starts[-1])} on"]
        return "; ".join(line + end for line, end in zip(lines, ends))

    def _at(self, t, xp):
        return self._between(0, len(self.schedules), t, xp)

    def _between(self, first, end, t, xp):
        """The rate among parts first … end-1. Halves, not one after the other: hundreds of parts nest a few deep."""
        if end - first > 1:
            middle = (first + end) // 2
            return xp.where(t < self.starts[middle], self._between(first, middle, t, xp),
                            self._between(middle, end, t, xp))
        part, begin = self.schedules[first], self.starts[first]
        local = t - begin if begin else t
        if end == len(self.schedules):
            return part._at(xp.within(local, None), xp)
        return part._formula_inside(xp.within(local, part.horizon), xp)

    _formula = _at
    _formula_inside = _at

    def _fill(self, out, first):
        for i, part in enumerate(self.schedules):
            begin = self.starts[i]
            end = math.inf if i + 1 == len(self.starts) else self.starts[i + 1]
            low = max(math.ceil(begin - first), 0)
            high = min(math.ceil(end - first), len(out)) if end < math.inf else len(out)
            if low < high:
                part._fill(out[low:high], first + low - begin)

    def _explained(self, t):
        i = sum(begin <= t for begin in self.starts) - 1
        begin, part = self.starts[i], self.schedules[i]
        where = f"t = {t:g} lies in part {i + 1} of {len(self.schedules)}: {type(part).__name__}"
        if not begin:
            return [where, *part._explained(t)]
        return [f"{where}, which began at {number(begin)} and sees {t:g} − {number(begin)} = {number(t - begin)}",
                *part._explained(t - begin), f"so η({t:g}) {equals(self(t))}"]

    def _knots(self, stop):
        knots = [begin for begin in self.starts[1:] if begin < stop]
        for part, begin, end in zip(self.schedules, self.starts, (*self.starts[1:], math.inf)):
            knots += [begin + k for k in part._knots(min(stop, end) - begin)] if begin < stop else []
        return sorted(set(knots))

    def _area(self, stop):
        ends = (*self.starts[1:], math.inf)
        return math.fsum(part.integral(min(stop, end) - begin)
                         for part, begin, end in zip(self.schedules, self.starts, ends) if begin < stop)


@record
class Until(Schedule):
    """The first T steps of a schedule, then its value at T; gives an endless one an end: `Fixed(0.1).until(500)`."""

    inner: Schedule
    T: int

    def __post_init__(self):
        self._set(inner=_schedule("inner", self.inner), T=checks.whole("T", self.T))
        _within("T", self.T, self.inner)

    horizon = property(lambda self: self.T)

    def _written(self, t):
        return self.inner._written(t)

    def _formula(self, t, xp):
        return self.inner._at(t, xp)

    def _fill(self, out, first):
        inside = min(max(math.ceil(self.T - first), 0), len(out))
        self.inner._fill(out[:inside], first)
        out[inside:] = self.inner(self.T)

    def _steps(self, t):
        return self.inner._explained(t)

    def _knots(self, stop):
        return self.inner._knots(min(stop, self.T)) + super()._knots(stop)

    def _area(self, stop):
        return self.inner.integral(stop)


@record
class Ahead(Schedule):
    """A schedule seen some steps ahead: rate(t) = inner(t + steps)."""

    inner: Schedule
    steps: int
    ends_itself = True

    def __post_init__(self):
        self._set(inner=_schedule("inner", self.inner), steps=checks.whole("steps", self.steps, at_least=0))
        _within("steps", self.steps, self.inner)

    @property
    def horizon(self):
        T = self.inner.horizon
        return None if T is None else max(T - self.steps, 0)

    after = property(lambda self: self.inner.after)

    def _written(self, t):
        return self.inner._written(f"({t} + {self.steps})")

    def _at(self, t, xp):
        return self.inner._at(t + self.steps, xp)

    _formula = _at

    def _fill(self, out, first):
        self.inner._fill(out, first + self.steps)

    def _explained(self, t):
        return [f"{self.steps} steps ahead: read at {t:g} + {self.steps} = {t + self.steps:g}",
                *self.inner._explained(t + self.steps), f"so η({t:g}) {equals(self(t))}"]

    def _knots(self, stop):
        return [k - self.steps for k in self.inner._knots(stop + self.steps) if k > self.steps]

    def _area(self, stop):
        whole, before = self.inner.integral(stop + self.steps), self.inner.integral(self.steps)
        return whole - before if whole - before > 1e-4 * whole else None  # else little is left of the digits


@record
class Scaled(Schedule):
    """Every rate of a schedule times one factor: `0.5 * schedule`."""

    inner: Schedule
    factor: float
    ends_itself = True

    def __post_init__(self):
        inner, factor = _schedule("inner", self.inner), checks.positive("factor", self.factor)
        if isinstance(inner, Scaled):
            inner, factor = inner.inner, inner.factor * factor
        self._set(inner=inner, factor=factor)

    horizon = property(lambda self: self.inner.horizon)
    after = property(lambda self: self.inner.after)

    def _written(self, t):
        return f"{number(self.factor)} × [{self.inner._written(t)}]"

    def _at(self, t, xp):
        return self.factor * self.inner._at(t, xp)

    _formula = _at

    def _fill(self, out, first):
        self.inner._fill(out, first)
        out *= self.factor

    def _explained(self, t):
        return [*self.inner._explained(t), f"times {number(self.factor)}: η({t:g}) {equals(self(t))}"]

    def _knots(self, stop):
        return self.inner._knots(stop)

    def _area(self, stop):
        return self.factor * self.inner.integral(stop)


@record
class Product(Schedule):
    """Two or more schedules multiplied step by step, `a * b`: one carries the rate, the others are factors."""

    schedules: tuple[Schedule, ...]
    ends_itself = True

    def __post_init__(self):
        flat: list[Schedule] = []
        for i, part in enumerate(checks.listed("schedules", self.schedules, "schedules, (a, b)")):
            part = _schedule(f"schedules[{i}]", part)
            flat.extend(part.schedules if isinstance(part, Product) else [part])
        if len(flat) < 2:
            raise ValueError(f"schedules must hold at least two factors, got {len(flat)}")
        self._set(schedules=tuple(flat))

    @property
    def after(self):
        return "raise" if any(part.after == "raise" for part in self.schedules) else "hold"

    @property
    def horizon(self):
        """Where the first factor refuses; else where the last one is held, if none goes on for ever."""
        refusing = [part.horizon for part in self.schedules if part.after == "raise" and part.horizon is not None]
        ends = [None if part.after == "periodic" else part.horizon for part in self.schedules]
        return min(refusing) if refusing else None if None in ends else max(ends)

    parts = property(lambda self: self.schedules)

    def _written(self, t):
        return " × ".join(f"[{part._written(t)}]" for part in self.schedules)

    def _at(self, t, xp):
        rate = self.schedules[0]._at(t, xp)
        for part in self.schedules[1:]:
            rate = rate * part._at(t, xp)
        return rate

    _formula = _at

    def _explained(self, t):
        lines = [line for part in self.schedules for line in part._explained(t)]
        factors = " × ".join(number(part(t)) for part in self.schedules)
        return [*lines, f"η({t:g}) = {factors}", f"η({t:g}) {equals(self(t))}"]

    def _knots(self, stop):
        return sorted({k for part in self.schedules for k in part._knots(stop)})
