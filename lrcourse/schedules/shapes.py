"""The basic shapes: each is one formula of the step.

Symbols as in the text: eta_max, eta_min, eta_0 are learning rates; T_max, T_warmup, step_size count updates; gamma is a
factor. A fall from `a` to `b` is a blend b + (a - b)·w with a weight w from 1 to 0; both ends are met exactly.
"""

from __future__ import annotations

import math
from dataclasses import KW_ONLY

import numpy as np

from . import checks
from .base import Schedule, equals, number, record
from .namespaces import NUMPY

AFTER = ("hold", "raise", "periodic")
STARTS = ("t/w", "(t+1)/w", "(t+1)/(w+1)")


blend = NUMPY.blend  # plain numbers, for the worked arithmetic


@record
class Fixed(Schedule):
    """The same rate at every step: η_t = η_0 (text 8.3).

    >>> Fixed(0.001)(10_000)
    0.001
    """

    eta_0: float

    def __post_init__(self):
        self._set(eta_0=checks.rate("eta_0", self.eta_0, zero=True))

    def _written(self, t):
        return number(self.eta_0)

    def _formula(self, t, xp):
        return self.eta_0 + 0.0 * t

    def compile(self):
        eta_0 = self.eta_0
        return lambda t: eta_0

    def _fill(self, out, first):
        out.fill(self.eta_0)

    def _steps(self, t):
        return [f"η({t:g}) = η_0 = {number(self.eta_0)}"]

    def _area(self, stop):
        return self.eta_0 * stop


@record
class Ramp(Schedule):
    """From one rate to another in T steps, upwards or downwards; the part that larger schedules are made of.

    shape="linear" (w = 1 - t/T), "cosine" (w = (1 + cos(πt/T))/2) or "1-sqrt" (w = 1 - √(t/T), the cooldown of
    Hägele et al. 2024, arXiv:2405.18392); the rate is eta_start·w + eta_end·(1 - w). T need not be whole.
    """

    eta_start: float
    eta_end: float
    T: float
    _: KW_ONLY
    shape: str = "linear"
    after: str = "hold"

    def __post_init__(self):
        self._set(eta_start=checks.rate("eta_start", self.eta_start, zero=True),
                  eta_end=checks.rate("eta_end", self.eta_end, zero=True), T=checks.length("T", self.T),
                  shape=checks.choice("shape", self.shape, ("linear", "cosine", "1-sqrt")),
                  after=checks.choice("after", self.after, AFTER))

    @property
    def horizon(self):
        return self.T

    def _written(self, t):
        high, low = max(self.eta_start, self.eta_end), min(self.eta_start, self.eta_end)
        span = number(high) if low == 0 else f"({number(high)} − {number(low)})"
        done = {"linear": f"{t}/{number(self.T)}", "cosine": f"(1 − cos(π {t}/{number(self.T)}))/2",
                "1-sqrt": f"√({t}/{number(self.T)})"}[self.shape]
        sign = "+" if self.eta_end >= self.eta_start else "−"
        return f"{number(self.eta_start)} {sign} {span} · {done}" if self.eta_start else f"{span} · {done}"

    def _weight(self, t, xp):
        T = self.T
        if self.shape == "cosine":
            return xp.half_wave(t, T)
        rest = (T - t) / T
        return rest if self.shape == "linear" else rest / (1.0 + xp.sqrt(t / T))  # = 1 - √(t/T), without cancelling

    def _formula(self, t, xp):
        return xp.blend(self._weight(t, xp), self.eta_start, self.eta_end)

    def _steps(self, t):
        w = float(self._weight(np.float64(t), NUMPY))
        span, sign = abs(self.eta_end - self.eta_start), "+" if self.eta_end >= self.eta_start else "−"
        return [f"η({t:g}) = {self._written(f'{t:g}')}",
                f"η({t:g}) = {number(self.eta_start)} {sign} {number(span)} × {number(1 - w)}",
                f"η({t:g}) {equals(blend(w, self.eta_start, self.eta_end))}"]

    def _area(self, stop):
        x = stop / self.T
        weight = {"linear": x - x * x / 2, "cosine": x / 2 + math.sin(math.pi * x) / (2 * math.pi),
                  "1-sqrt": x - 2 / 3 * x ** 1.5}[self.shape] * self.T
        return self.eta_end * stop + (self.eta_start - self.eta_end) * weight


@record
class CosineAnnealing(Schedule):
    """Half a cosine wave from eta_max at t = 0 to eta_min at t = T_max (text 8.4).

    η_t = η_min + (η_max - η_min)·(1 + cos(πt/T_max))/2, computed near the end as sin²(π(T_max - t)/(2T_max)),
    which is equal: 1 + cos cancels there (10 % off at the last of 1e8 steps).
    After T_max the floor is held; after="periodic" rises again, as the bare formula and PyTorch do; after="raise"
    refuses. `exponent` raises the cosine weight to a power (Optax). Loshchilov & Hutter 2017, arXiv:1608.03983.

    >>> CosineAnnealing(0.001, T_max=10_000)(5_000)
    0.0005
    """

    eta_max: float
    T_max: int
    eta_min: float = 0.0
    _: KW_ONLY
    exponent: float = 1.0
    after: str = "hold"

    def __post_init__(self):
        self._set(eta_max=checks.rate("eta_max", self.eta_max), T_max=checks.whole("T_max", self.T_max),
                  eta_min=checks.rate("eta_min", self.eta_min, zero=True),
                  exponent=checks.positive("exponent", self.exponent),
                  after=checks.choice("after", self.after, AFTER))
        checks.ordered("eta_min", self.eta_min, "eta_max", self.eta_max)

    @property
    def horizon(self):
        return self.T_max

    def _written(self, t):
        half = f"(1 + cos(π {t}/{self.T_max}))/2"
        if self.exponent != 1:
            half = f"[{half}]^{number(self.exponent)}"
        if self.eta_min == 0:
            return f"{number(self.eta_max)} · {half}"
        return f"{number(self.eta_min)} + ({number(self.eta_max)} − {number(self.eta_min)}) · {half}"

    def _formula(self, t, xp):
        w = xp.half_wave(t, self.T_max)
        return xp.blend(w if self.exponent == 1 else w ** self.exponent, self.eta_max, self.eta_min)

    def _steps(self, t):
        a, b = self.eta_max, self.eta_min
        cosine = math.cos(math.pi * t / self.T_max)
        cosine = 0.0 if abs(cosine) < 1e-12 else cosine  # π is rounded, a right angle is not
        shown = number(cosine) if cosine >= 0 else f"({number(cosine)})"
        w = math.sin(math.pi * (self.T_max - t) / (2 * self.T_max)) ** 2
        line, span = f"η({t:g}) = {number(b)} + ", number(a - b)
        lines = [f"{line}({number(a)} − {number(b)}) × (1 + cos(π·{t:g}/{self.T_max})) / 2",
                 f"cos(π·{t:g}/{self.T_max}) {equals(cosine)}",
                 f"{line}{span} × (1 + {shown}) / 2"]
        if self.exponent != 1:
            lines.append(f"scale factor {number(w)} to the power {number(self.exponent)} {equals(w ** self.exponent)}")
            w = w ** self.exponent
        return [*lines, f"{line}{span} × {number(w)}", f"{line}{number((a - b) * w)}",
                f"η({t:g}) {equals(blend(w, a, b))}"]

    def _fill(self, out, first):
        """The grid by the addition theorem, anchored at the end.

        sin(a + b) = sin a cos b + cos a sin b, with a at the last step of a row and b inside it: one small matrix
        product for a block of rows instead of a sine a step. On the way to T_max all terms are positive, so nothing
        cancels; √(η_max - η_min) goes into the factors, and the square is all that is left to do.
        """
        wave = min(max(math.floor(self.T_max - first), 0), len(out)) if self.exponent == 1 else 0
        rows, size = 16, 4096
        whole = wave - wave % (rows * size)
        if whole:
            half_pi = 2 * np.arctan(np.longdouble(1))  # factors are rounded once, from what precision there is
            scale = np.sqrt(np.longdouble(self.eta_max) - self.eta_min)
            inside = np.arange(size - 1, -1, -1) * half_pi / self.T_max
            table = np.stack([np.cos(inside), np.sin(inside)]).astype(np.float64)
            row_ends = np.arange(1, rows + 1) * size - 1
        for start in range(0, whole, rows * size):
            anchors = (self.T_max - first - start - row_ends) * half_pi / self.T_max
            factors = np.stack([np.sin(anchors), np.cos(anchors)], axis=1) * scale
            block = out[start:start + rows * size].reshape(rows, size)
            np.matmul(factors.astype(np.float64), table, out=block)
            np.square(block, out=block)
            if self.eta_min:
                block += self.eta_min
        super()._fill(out[whole:], first + whole)

    def _area(self, stop):
        if self.exponent != 1:
            return None
        x = math.pi * stop / self.T_max
        weight = stop / 2 + self.T_max * math.sin(x) / (2 * math.pi)
        return self.eta_min * stop + (self.eta_max - self.eta_min) * weight


@record
class Polynomial(Schedule):
    """η_min + (η_max - η_min)·(1 - t/T_max)^power, then the floor.

    cycle=True stretches T_max to the next multiple of itself each time it is passed (Keras, TensorFlow).

    >>> Polynomial(0.1, T_max=100, power=2)(50)
    0.025
    """

    eta_max: float
    T_max: int
    power: float
    eta_min: float = 0.0
    _: KW_ONLY
    cycle: bool = False
    after: str = "hold"

    def __post_init__(self):
        self._set(eta_max=checks.rate("eta_max", self.eta_max), T_max=checks.whole("T_max", self.T_max),
                  power=checks.positive("power", self.power), eta_min=checks.rate("eta_min", self.eta_min, zero=True),
                  cycle=checks.flag("cycle", self.cycle), after=checks.choice("after", self.after, AFTER))
        checks.ordered("eta_min", self.eta_min, "eta_max", self.eta_max)
        if self.cycle and self.after != "hold":
            raise ValueError(f"after must be left at 'hold' when cycle=True, got {self.after!r}: a cycle never ends")

    @property
    def horizon(self):
        return None if self.cycle else self.T_max

    def _written(self, t):
        T = f"({self.T_max} · max(1, ⌈{t}/{self.T_max}⌉))" if self.cycle else f"{self.T_max}"
        rest = f"(1 − {t}/{T})" + ("" if self.power == 1 else f"^{number(self.power)}")
        if self.eta_min == 0:
            return f"{number(self.eta_max)} · {rest}"
        return f"{number(self.eta_min)} + ({number(self.eta_max)} − {number(self.eta_min)}) · {rest}"

    def _formula(self, t, xp):
        T = self.T_max
        if self.cycle:
            # ⌈t/T⌉ by whole division: XLA may divide by multiplying, and 30 · (1/30) is more than 1 in float32
            T = T * xp.maximum(0.0 - (0.0 - t) // T, 1.0)
        rest = (T - t) / T
        return xp.blend(rest if self.power == 1 else rest ** self.power, self.eta_max, self.eta_min)

    def _steps(self, t):
        T = self.T_max * max(1, math.ceil(t / self.T_max)) if self.cycle else self.T_max
        rest = (T - t) / T
        lines = [f"part that is left: 1 − {t:g}/{T} {equals(rest)}"]
        if self.power != 1:
            lines.append(f"to the power {number(self.power)}: {number(rest)}^{number(self.power)} "
                         f"{equals(rest ** self.power)}")
        w = rest ** self.power
        return [*lines, f"η({t:g}) = {number(self.eta_min)} + ({number(self.eta_max)} − {number(self.eta_min)}) × "
                        f"{number(w)}", f"η({t:g}) {equals(blend(w, self.eta_max, self.eta_min))}"]

    def _knots(self, stop):
        if self.cycle:
            return list(range(self.T_max, math.ceil(stop), self.T_max))
        return super()._knots(stop)

    def _area(self, stop):
        if self.cycle:
            return None
        q, rest = self.power + 1, 1 - stop / self.T_max
        return self.eta_min * stop + (self.eta_max - self.eta_min) * self.T_max * (1 - rest ** q) / q


@record
class Linear(Schedule):
    """A straight line from eta_max at t = 0 to eta_min at t = T_max, then the floor.

    >>> Linear(0.001, T_max=1000)(250)
    0.00075
    """

    eta_max: float
    T_max: int
    eta_min: float = 0.0
    _: KW_ONLY
    after: str = "hold"

    def __post_init__(self):
        twin = Polynomial(self.eta_max, self.T_max, 1, self.eta_min, after=self.after)
        self._set(eta_max=twin.eta_max, T_max=twin.T_max, eta_min=twin.eta_min, _twin=twin)

    horizon = property(lambda self: self.T_max)

    def _written(self, t):
        return self._twin._written(t)

    def _formula(self, t, xp):
        return self._twin._formula(t, xp)

    def _steps(self, t):
        return self._twin._steps(t)

    def _area(self, stop):
        return self._twin._area(stop)


@record
class Warmup(Schedule):
    """A straight rise from eta_start to eta_max in T_warmup steps, then eta_max (text 8.5).

    start="t/w" is the text's η_max·t/T_warmup: the first update has rate 0. "(t+1)/w" uses the full ramp, its last
    step at the peak; "(t+1)/(w+1)" neither wastes the first update nor repeats the peak (nanoGPT).

    >>> Warmup(0.001, T_warmup=500)(250)
    0.0005
    """

    eta_max: float
    T_warmup: int
    eta_start: float = 0.0
    _: KW_ONLY
    start: str = "t/w"

    def __post_init__(self):
        self._set(eta_max=checks.rate("eta_max", self.eta_max), T_warmup=checks.whole("T_warmup", self.T_warmup),
                  eta_start=checks.rate("eta_start", self.eta_start, zero=True),
                  start=checks.choice("start", self.start, STARTS))
        checks.ordered("eta_start", self.eta_start, "eta_max", self.eta_max)

    @property
    def horizon(self):
        return self.T_warmup

    def _progress(self):
        """Numerator's offset and denominator of the share of the ramp that is done."""
        return int(self.start != "t/w"), self.T_warmup + (self.start == "(t+1)/(w+1)")

    def _written(self, t):
        offset, length = self._progress()
        done = f"{f'({t} + 1)' if offset else t}/{length}"
        if self.eta_start == 0:
            return f"{number(self.eta_max)} · {done}"
        return f"{number(self.eta_start)} + ({number(self.eta_max)} − {number(self.eta_start)}) · {done}"

    def _formula(self, t, xp):
        offset, length = self._progress()
        done = (t + offset) / length if offset else t / length
        if self.start == "(t+1)/w":
            done = xp.minimum(done, 1.0)
        return xp.blend(done, self.eta_max, self.eta_start)

    def _steps(self, t):
        offset, length = self._progress()
        done = min((t + offset) / length, 1.0)
        top = f"({t:g} + 1)" if offset else f"{t:g}"
        rise = number(self.eta_max) if self.eta_start == 0 else f"({number(self.eta_max)} − {number(self.eta_start)})"
        base = "" if self.eta_start == 0 else f"{number(self.eta_start)} + "
        return [f"share of the warmup done: {top}/{length} {equals((t + offset) / length)}"
                + (", at most 1" if (t + offset) > length else ""),
                f"η({t:g}) = {base}{rise} × {number(done)}",
                f"η({t:g}) {equals(blend(done, self.eta_max, self.eta_start))}"]

    def _knots(self, stop):
        end = self.T_warmup - (self.start == "(t+1)/w")  # this start reaches the peak one step early
        return [end] if 0 < end < stop else []

    def _area(self, stop):
        offset, length = self._progress()
        ramp = min(stop, length - offset)
        done = (ramp * ramp / 2 + offset * ramp) / length + (stop - ramp)
        return self.eta_start * stop + (self.eta_max - self.eta_start) * done
