"""Schedules that come back: triangles and cosine with restarts."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY

from . import checks
from .base import Schedule, equals, nearly_whole, number, record
from .decays import factor
from .namespaces import NUMPY


@record
class Cyclic(Schedule):
    """Triangles between eta_min and eta_max: up in T_up steps, down in T_down (default: as many), for ever.

    mode="triangular" keeps the height, "triangular2" halves it each cycle, "exp_range" multiplies it by gamma^t.
    Smith 2017, arXiv:1506.01186.

    >>> Cyclic(0.01, 0.1, T_up=20)(20)
    0.1
    """

    eta_min: float
    eta_max: float
    T_up: int
    T_down: int | None = None
    _: KW_ONLY
    mode: str = "triangular"
    gamma: float = 1.0

    def __post_init__(self):
        self._set(eta_min=checks.rate("eta_min", self.eta_min, zero=True), eta_max=checks.rate("eta_max", self.eta_max),
                  T_up=checks.whole("T_up", self.T_up), gamma=factor("gamma", self.gamma),
                  T_down=None if self.T_down is None else checks.whole("T_down", self.T_down),
                  mode=checks.choice("mode", self.mode, ("triangular", "triangular2", "exp_range")))
        checks.ordered("eta_min", self.eta_min, "eta_max", self.eta_max)
        if self.gamma != 1 and self.mode != "exp_range":
            raise ValueError(f"gamma must be 1 unless mode='exp_range', got gamma={self.gamma!r} with "
                             f"mode={self.mode!r}: only exp_range uses it")

    def _lengths(self):
        down = self.T_up if self.T_down is None else self.T_down
        return self.T_up, down, self.T_up + down

    def _written(self, t):
        scale = {"triangular": "", "triangular2": " · ½^cycle", "exp_range": f" · {number(self.gamma)}^{t}"}[self.mode]
        up, down, _ = self._lengths()
        return (f"{number(self.eta_min)} + ({number(self.eta_max)} − {number(self.eta_min)}) · "
                f"triangle({up} up, {down} down){scale}")

    def _height(self, t, xp):
        up, down, total = self._lengths()
        inside = t % total
        height = xp.where(inside < up, inside / up, (total - inside) / down)
        if self.mode == "triangular2":
            return height * 0.5 ** (t // total)
        return height * self.gamma ** t if self.mode == "exp_range" else height

    def _formula(self, t, xp):
        height = self._height(t, xp)
        if self.eta_min == 0:
            return self.eta_max * height
        return self.eta_min + (self.eta_max - self.eta_min) * height

    def _steps(self, t):
        up, down, total = self._lengths()
        cycle, inside = divmod(t, total)
        height = inside / up if inside < up else (total - inside) / down
        lines = [f"cycle {cycle:g}, step {inside:g} of {total} in it", f"height of the triangle {equals(height)}"]
        factor = {"triangular2": 0.5 ** cycle, "exp_range": self.gamma ** t}.get(self.mode, 1.0)
        if self.mode != "triangular":
            lines.append(f"times {number(factor)} ({self.mode})")
        rate = self.eta_min + (self.eta_max - self.eta_min) * height * factor
        return [*lines, f"η({t:g}) = {number(self.eta_min)} + ({number(self.eta_max)} − {number(self.eta_min)}) × "
                        f"{number(height * factor)}", f"η({t:g}) {equals(rate)}"]

    def _knots(self, stop):
        up, _, total = self._lengths()
        return sorted(k for first in (up, total) for k in range(first, math.ceil(stop), total))


@record
class CosineRestarts(Schedule):
    """Cosine annealing that starts anew: cycles of T_0, T_0·T_mult, T_0·T_mult², … steps (SGDR).

    A restart happens AT the end of a cycle, so eta_min itself is used only after the last of `cycles` (None: for ever).
    `decay` multiplies the height of the peak above the floor each cycle (Keras's m_mul). T_0 may be a fraction of a
    step when `cycles` is given. Loshchilov & Hutter 2017, arXiv:1608.03983.

    >>> CosineRestarts(0.05, T_0=10, T_mult=2)(30)
    0.05
    """

    eta_max: float
    T_0: float
    T_mult: float = 1
    eta_min: float = 0.0
    _: KW_ONLY
    decay: float = 1.0
    cycles: int | None = None

    def __post_init__(self):
        cycles = None if self.cycles is None else checks.whole("cycles", self.cycles)
        T_0 = checks.whole("T_0", self.T_0) if cycles is None else checks.length("T_0", self.T_0)
        T_mult = checks.real("T_mult", self.T_mult, "a number of at least 1")
        if T_mult < 1:
            raise ValueError(f"T_mult must be a number of at least 1, got {self.T_mult!r}: cycles may not shrink")
        if 1 < T_mult < 1.001:
            raise ValueError(f"T_mult must be 1, or at least 1.001, got {self.T_mult!r}: write 1 for equal cycles")
        self._set(eta_max=checks.rate("eta_max", self.eta_max), cycles=cycles, T_0=T_0,
                  T_mult=int(T_mult) if T_mult == int(T_mult) else T_mult,
                  eta_min=checks.rate("eta_min", self.eta_min, zero=True),
                  decay=factor("decay", self.decay))
        checks.ordered("eta_min", self.eta_min, "eta_max", self.eta_max)
        self._set(_starts=self._cycle_starts())
        if cycles and (len(self._starts) <= cycles if T_mult > 1 else T_0 * cycles > checks.LIMIT):
            raise ValueError(f"cycles must end within 2**53 steps, got cycles={cycles!r} with T_0={self.T_0!r} and "
                             f"T_mult={self.T_mult!r}: leave it out for restarts without end")

    def _cycle_starts(self):
        """Where cycles begin, up to 2^53 steps or the last of `cycles`; not needed when all are equally long."""
        if self.T_mult == 1:
            return ()
        starts, length = [0], self.T_0
        while starts[-1] + length < 2 ** 53 and (self.cycles is None or len(starts) < self.cycles + 1):
            starts.append(nearly_whole(starts[-1] + length))
            length *= self.T_mult
        return tuple(starts)

    @property
    def horizon(self):
        if self.cycles is None:
            return None
        return nearly_whole(self.T_0 * self.cycles if self.T_mult == 1 else self._starts[self.cycles])

    def _written(self, t):
        growth = "" if self.T_mult == 1 else f", each {number(self.T_mult)} times as long as the last"
        height = "" if self.decay == 1 else f" · {number(self.decay)}^cycle"
        return (f"{number(self.eta_min)} + ({number(self.eta_max)} − {number(self.eta_min)}){height} · "
                f"(1 + cos(π · share of the cycle))/2, first cycle {number(self.T_0)} steps{growth}")

    def _cycle(self, t, xp):
        """Index of the cycle, its start and its length."""
        if self.T_mult == 1:
            # Where T_0 is a fraction, a step at which a cycle begins may come out a rounding error short of it.
            index = (t if isinstance(self.T_0, int) else t * (1 + 1e-14)) // self.T_0
            return index, index * self.T_0, self.T_0
        index = xp.count(self._starts[1:], t)
        lengths = tuple(self.T_0 * self.T_mult ** i for i in range(len(self._starts)))
        return index, xp.take(self._starts, index), xp.take(lengths, index)

    def _formula(self, t, xp):
        index, begin, length = self._cycle(t, xp)
        w = xp.half_wave(t - begin, length)
        if self.decay != 1:
            return self.eta_min + (self.eta_max - self.eta_min) * self.decay ** index * w
        return xp.blend(w, self.eta_max, self.eta_min)

    def _at(self, t, xp):
        T = self.horizon
        return self._formula(t, xp) if T is None else xp.where(t < T, self._formula(xp.minimum(t, T), xp), self.eta_min)

    def _steps(self, t):
        if self.horizon is not None and t >= self.horizon:
            return [f"all {self.cycles} cycles are over at {number(self.horizon)}: η({t:g}) = {number(self.eta_min)}"]
        index, begin, length = (float(x) for x in self._cycle(t, NUMPY))
        done = (t - begin) / length
        w = math.sin(math.pi / 2 * (1 - done)) ** 2
        height = (self.eta_max - self.eta_min) * self.decay ** index
        return [f"cycle {index:g} began at {number(begin)} and is {number(length)} steps long",
                f"share of it done: {number(t - begin)}/{number(length)} {equals(done)}",
                f"η({t:g}) = {number(self.eta_min)} + {number(height)} × (1 + cos(π·{number(done)})) / 2",
                f"η({t:g}) {equals(self.eta_min + height * w)}"]

    def _knots(self, stop):
        last = stop if self.horizon is None else min(stop, self.horizon + 0.5)
        if self.T_mult == 1:
            return [k * self.T_0 for k in range(1, math.ceil(last / self.T_0))]
        return [s for s in self._starts[1:] if s < last]
