"""Schedules that fall by factors or for ever: steps, exponentials, inverse laws."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import KW_ONLY
from itertools import pairwise

from . import checks
from .base import Schedule, equals, number, record


def factor(name: str, value) -> float:
    """A factor of decay: above 0, at most 1."""
    return checks.between(name, value, 0, 1, open_low=True)


@record
class StepDecay(Schedule):
    """η_0·γ^⌊t/s⌋: the rate falls by the factor gamma every step_size updates (text 8.5).

    The drop happens AT t = step_size, as in PyTorch's StepLR.

    >>> StepDecay(0.001, step_size=1000)(1999)
    0.0001
    """

    eta_0: float
    step_size: int
    gamma: float = 0.1

    def __post_init__(self):
        self._set(eta_0=checks.rate("eta_0", self.eta_0), step_size=checks.whole("step_size", self.step_size),
                  gamma=factor("gamma", self.gamma))

    def _written(self, t):
        return f"{number(self.eta_0)} · {number(self.gamma)}^⌊{t}/{self.step_size}⌋"

    def _formula(self, t, xp):
        return self.eta_0 * self.gamma ** (t // self.step_size)

    def _steps(self, t):
        drops = int(t // self.step_size)
        return [f"drops so far: ⌊{t:g}/{self.step_size}⌋ = {drops}",
                f"η({t:g}) = {number(self.eta_0)} × {number(self.gamma)}^{drops}",
                f"η({t:g}) {equals(self.eta_0 * self.gamma ** drops)}"]

    def _knots(self, stop):
        return list(range(self.step_size, math.ceil(stop), self.step_size))

    def _area(self, stop):
        drops, rest = divmod(stop, self.step_size)
        whole = drops if self.gamma == 1 else (1 - self.gamma ** drops) / (1 - self.gamma)
        return self.eta_0 * (self.step_size * whole + self.gamma ** drops * rest)


@record
class MultiStep(Schedule):
    """η_0·γ^(number of milestones passed); the drop happens AT the milestone, one given twice counts twice (PyTorch).

    >>> MultiStep(0.1, milestones=[30, 80])(30) == 0.1 * 0.1
    True
    """

    eta_0: float
    milestones: tuple[int, ...]
    gamma: float = 0.1

    def __post_init__(self):
        self._set(eta_0=checks.rate("eta_0", self.eta_0), gamma=factor("gamma", self.gamma),
                  milestones=checks.steps_list("milestones", self.milestones, strictly=False))

    def _written(self, t):
        listed = ", ".join(map(str, self.milestones))
        return f"{number(self.eta_0)} · {number(self.gamma)}^(how many of {listed} are ≤ {t})"

    def _formula(self, t, xp):
        return self.eta_0 * self.gamma ** xp.count(self.milestones, t)

    def _steps(self, t):
        passed = bisect_right(self.milestones, t)
        return [f"milestones at or before {t:g}: {passed} of {len(self.milestones)}",
                f"η({t:g}) = {number(self.eta_0)} × {number(self.gamma)}^{passed}",
                f"η({t:g}) {equals(self.eta_0 * self.gamma ** passed)}"]

    def _knots(self, stop):
        return [m for m in dict.fromkeys(self.milestones) if m < stop]

    def _area(self, stop):
        edges = [0, *(min(m, stop) for m in self.milestones), stop]
        return math.fsum(self.eta_0 * self.gamma ** i * (b - a) for i, (a, b) in enumerate(pairwise(edges)))


@record
class PiecewiseConstant(Schedule):
    """rates[i] between boundaries[i-1] and boundaries[i]: one more rate than boundaries, each switch AT its boundary.

    Keras switches one step later: give it boundaries one smaller.

    >>> PiecewiseConstant(rates=[1.0, 0.5, 0.1], boundaries=[100, 200])(100)
    0.5
    """

    rates: tuple[float, ...]
    boundaries: tuple[int, ...]

    def __post_init__(self):
        given = checks.listed("rates", self.rates, "learning rates, [0.1, 0.01]")
        rates = tuple(checks.rate(f"rates[{i}]", v, zero=True) for i, v in enumerate(given))
        steps = checks.steps_list("boundaries", self.boundaries, strictly=True)
        if len(rates) != len(steps) + 1:
            raise ValueError(f"rates must hold one more than boundaries has steps, got {len(rates)} rates and "
                             f"{len(steps)} boundaries: {len(steps)} boundaries part {len(steps) + 1} rates")
        self._set(rates=rates, boundaries=steps)

    def _written(self, t):
        pieces = [f"{number(v)} from {b}" for v, b in zip(self.rates, (0, *self.boundaries))]
        return ", ".join(pieces)

    def _formula(self, t, xp):
        return xp.take(self.rates, xp.count(self.boundaries, t))

    def _steps(self, t):
        i = bisect_right(self.boundaries, t)
        return [f"boundaries at or before {t:g}: {i} of {len(self.boundaries)}",
                f"η({t:g}) = rates[{i}] = {number(self.rates[i])}"]

    def _knots(self, stop):
        return [b for b in self.boundaries if b < stop]

    def _area(self, stop):
        edges = [0, *(min(b, stop) for b in self.boundaries), stop]
        return math.fsum(v * (b - a) for v, a, b in zip(self.rates, edges, edges[1:]))


@record
class ExponentialDecay(Schedule):
    """η_0·γ^(t/per): the same factor every step (text 8.5), or gamma spread over `per` steps (Optax, Keras).

    Clipped from below at eta_min. The half-life is per·ln 2/ln(1/γ).

    >>> round(ExponentialDecay(0.001, gamma=0.9995)(1386), 7)
    0.0005
    """

    eta_0: float
    gamma: float
    _: KW_ONLY
    per: int = 1
    eta_min: float = 0.0

    def __post_init__(self):
        self._set(eta_0=checks.rate("eta_0", self.eta_0), gamma=factor("gamma", self.gamma),
                  per=checks.whole("per", self.per), eta_min=checks.rate("eta_min", self.eta_min, zero=True))
        checks.ordered("eta_min", self.eta_min, "eta_0", self.eta_0)

    def _written(self, t):
        power = t if self.per == 1 else f"({t}/{self.per})"
        floor = f", at least {number(self.eta_min)}" if self.eta_min else ""
        return f"{number(self.eta_0)} · {number(self.gamma)}^{power}{floor}"

    def _formula(self, t, xp):
        rate = self.eta_0 * self.gamma ** (t if self.per == 1 else t / self.per)
        return xp.maximum(rate, self.eta_min) if self.eta_min else rate

    def _steps(self, t):
        rate = self.eta_0 * self.gamma ** (t / self.per)
        power = f"{t:g}" if self.per == 1 else f"({t:g}/{self.per})"
        lines = [f"η({t:g}) = {number(self.eta_0)} × {number(self.gamma)}^{power}",
                 f"{number(self.gamma)}^{power} {equals(self.gamma ** (t / self.per))}", f"η({t:g}) {equals(rate)}"]
        if rate < self.eta_min:
            lines.append(f"below the floor, so η({t:g}) = {number(self.eta_min)}")
        return lines

    def _meets_floor(self):
        """The step at which the curve reaches eta_min, infinite where it never does."""
        if self.eta_min == 0 or self.gamma == 1:
            return math.inf if self.eta_min < self.eta_0 else 0.0
        return self.per * math.log(self.eta_min / self.eta_0) / math.log(self.gamma)

    def _knots(self, stop):
        return [self._meets_floor()] if 0 < self._meets_floor() < stop else []

    def _area(self, stop):
        fall = min(stop, self._meets_floor())
        speed = math.log(self.gamma) / self.per
        curve = self.eta_0 * (fall if speed == 0 else math.expm1(speed * fall) / speed)
        return curve + self.eta_min * (stop - fall)


@record
class InverseTime(Schedule):
    """η_0/(1 + k·t/per), the classic decay of stochastic approximation; staircase=True uses ⌊t/per⌋ (Keras).

    Robbins & Monro 1951, doi:10.1214/aoms/1177729586.

    >>> InverseTime(0.1, k=0.5, per=10)(20)
    0.05
    """

    eta_0: float
    k: float
    _: KW_ONLY
    per: int = 1
    staircase: bool = False

    def __post_init__(self):
        self._set(eta_0=checks.rate("eta_0", self.eta_0), k=checks.positive("k", self.k),
                  per=checks.whole("per", self.per), staircase=checks.flag("staircase", self.staircase))

    def _written(self, t):
        time = t if self.per == 1 else (f"⌊{t}/{self.per}⌋" if self.staircase else f"{t}/{self.per}")
        return f"{number(self.eta_0)} / (1 + {number(self.k)} · {time})"

    def _formula(self, t, xp):
        return self.eta_0 / (1.0 + self.k * (t // self.per if self.staircase else t / self.per))

    def _steps(self, t):
        time = t // self.per if self.staircase else t / self.per
        below = 1 + self.k * time
        return [f"time counted in units of {self.per}: {number(time)}",
                f"1 + {number(self.k)} × {number(time)} {equals(below)}",
                f"η({t:g}) = {number(self.eta_0)} / {number(below)}", f"η({t:g}) {equals(self.eta_0 / below)}"]

    def _knots(self, stop):
        return list(range(self.per, math.ceil(stop), self.per)) if self.staircase else []

    def _area(self, stop):
        if self.staircase:
            return None
        return self.eta_0 * self.per / self.k * math.log1p(self.k * stop / self.per)


@record
class InverseSqrt(Schedule):
    """A linear warmup to eta_max, then η_max·√(timescale/(t + timescale - T_warmup)).

    With timescale = T_warmup (the default) this is η_max·min(t/W, √(W/t)), the shape of the first transformer
    (Vaswani et al. 2017, arXiv:1706.03762); `noam` gives it in their terms. T_warmup=0 needs a timescale.

    >>> InverseSqrt(0.001, T_warmup=400)(1600)
    0.0005
    """

    eta_max: float
    T_warmup: int
    _: KW_ONLY
    timescale: float | None = None
    start: str = "t/w"

    def __post_init__(self):
        W = checks.whole("T_warmup", self.T_warmup, at_least=0)
        if W == 0 and self.timescale is None:
            raise ValueError("timescale must be given when T_warmup is 0, got None: write timescale=10_000, say")
        self._set(eta_max=checks.rate("eta_max", self.eta_max), T_warmup=W,
                  timescale=None if self.timescale is None else checks.positive("timescale", self.timescale),
                  start=checks.choice("start", self.start, ("t/w", "(t+1)/w")))

    @classmethod
    def noam(cls, d_model, T_warmup, scale=1.0):
        """scale·d_model^(-1/2)·min(n^(-1/2), n·T_warmup^(-3/2)) with n = t + 1, as in "Attention is all you need"."""
        d_model, W = checks.whole("d_model", d_model), checks.whole("T_warmup", T_warmup)
        return cls(checks.positive("scale", scale) / math.sqrt(d_model * W), W, start="(t+1)/w")

    def _constants(self):
        return self.T_warmup, self.T_warmup if self.timescale is None else self.timescale, int(self.start == "(t+1)/w")

    def _written(self, t):
        W, scale, offset = self._constants()
        n = f"({t} + 1)" if offset else t
        shift = scale - W
        below = n if shift == 0 else f"({n} {'+' if shift > 0 else '−'} {number(abs(shift))})"
        tail = f"√({number(scale)}/{below})"
        if W == 0:
            return f"{number(self.eta_max)} · {tail}"
        return f"{number(self.eta_max)} · {n}/{W} up to {W}, then {number(self.eta_max)} · {tail}"

    def _formula(self, t, xp):
        W, scale, offset = self._constants()
        n = t + offset if offset else t
        tail = self.eta_max * xp.sqrt(scale / (xp.maximum(n, float(W)) - W + scale))
        return xp.where(n < W, self.eta_max * (n / W), tail) if W else tail

    def _steps(self, t):
        W, scale, offset = self._constants()
        n = t + offset
        if n < W:
            return [f"warmup: {n:g} of {W} steps", f"η({t:g}) = {number(self.eta_max)} × {n:g}/{W}",
                    f"η({t:g}) {equals(self.eta_max * (n / W))}"]
        share = scale / (n - W + scale)
        return [f"η({t:g}) = {number(self.eta_max)} × √({number(scale)}/{number(n - W + scale)})",
                f"η({t:g}) = {number(self.eta_max)} × {number(math.sqrt(share))}",
                f"η({t:g}) {equals(self.eta_max * math.sqrt(share))}"]

    def _knots(self, stop):
        W, _, offset = self._constants()
        return [W - offset] if 0 < W - offset < stop else []

    def _area(self, stop):
        W, scale, offset = self._constants()
        ramp = min(stop, max(W - offset, 0))
        area = (ramp * ramp / 2 + offset * ramp) / W if W else 0.0
        if stop > ramp:
            begin, end = (2 * math.sqrt(scale * (t + offset - W + scale)) for t in (ramp, stop))
            area += end - begin
        return self.eta_max * area
