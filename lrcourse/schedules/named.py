"""Compositions with a name: warmup and cosine, one cycle, warmup–stable–decay."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY
from functools import cached_property

from . import checks
from .base import Schedule, record
from .compose import Join
from .shapes import AFTER, STARTS, CosineAnnealing, Fixed, Ramp, Warmup


class _Composed(Schedule):
    """A named composition: all it does is done by the parts it builds."""

    ends_itself = True

    def _build(self) -> tuple[Schedule, ...]:
        raise NotImplementedError

    @cached_property
    def _whole(self) -> Schedule:
        parts = self._build()
        return Join(parts) if len(parts) > 1 else parts[0]

    horizon = property(lambda self: self._whole.horizon)
    parts = property(lambda self: self._whole.parts)

    def _written(self, t):
        return self._whole._written(t)

    def _at(self, t, xp):
        return self._whole._at(t, xp)

    _formula = _at

    def _fill(self, out, first):
        self._whole._fill(out, first)

    def _explained(self, t):
        return self._whole._explained(t)

    def _knots(self, stop):
        return self._whole._knots(stop)

    def _area(self, stop):
        return self._whole.integral(stop)


@record
class WarmupCosine(_Composed):
    """Warmup to eta_max, then cosine annealing to eta_min (text 8.7); T_max INCLUDES T_warmup.

    So do Optax, Hugging Face and nanoGPT; Keras and PyTorch's SequentialLR count the cosine's steps alone.

    >>> round(WarmupCosine(0.001, T_max=10_000, T_warmup=1000, eta_min=1e-5)(5500), 9)
    0.000505
    """

    eta_max: float
    T_max: int
    T_warmup: int
    eta_min: float = 0.0
    _: KW_ONLY
    eta_start: float = 0.0
    start: str = "t/w"
    after: str = "hold"

    def __post_init__(self):
        T_max, W = checks.whole("T_max", self.T_max), checks.whole("T_warmup", self.T_warmup, at_least=0)
        if W >= T_max:
            raise ValueError(f"T_warmup must be below T_max, which includes it, got T_warmup={W} and T_max={T_max}: "
                             f"no step is left for the cosine")
        self._set(eta_max=checks.rate("eta_max", self.eta_max), T_max=T_max, T_warmup=W,
                  eta_min=checks.rate("eta_min", self.eta_min, zero=True),
                  eta_start=checks.rate("eta_start", self.eta_start, zero=True),
                  start=checks.choice("start", self.start, STARTS), after=checks.choice("after", self.after, AFTER))
        checks.ordered("eta_min", self.eta_min, "eta_max", self.eta_max)
        checks.ordered("eta_start", self.eta_start, "eta_max", self.eta_max)

    def _build(self):
        cosine = CosineAnnealing(self.eta_max, self.T_max - self.T_warmup, self.eta_min, after=self.after)
        if self.T_warmup == 0:
            return (cosine,)
        return Warmup(self.eta_max, self.T_warmup, self.eta_start, start=self.start), cosine


@record
class OneCycle(_Composed):
    """Up from eta_min to eta_max in T_1 steps, down again in T_2 (text 8.5), and, with T_3, on down to eta_final.

    Three styles: `OneCycle(eta_max, T_1, T_2, eta_min)` is the text's, two straight ramps; `OneCycle.smith` adds the
    third phase of Smith & Topin (arXiv:1708.07120); `OneCycle.pytorch` gives the rates of torch's OneCycleLR.
    Without T_3 the second ramp ends at eta_final where it is given (PyTorch's two-phase form), else at eta_min.
    Ramps may be fractions of a step long as long as the whole is not.

    >>> OneCycle(0.001, T_1=3000, T_2=7000, eta_min=0.0001)(3000)
    0.001
    """

    eta_max: float
    T_1: float
    T_2: float
    eta_min: float = 0.0
    _: KW_ONLY
    T_3: float = 0
    eta_final: float | None = None
    shape: str = "linear"
    after: str = "hold"

    def __post_init__(self):
        lengths = {name: checks.length(name, getattr(self, name), zero=name == "T_3") for name in ("T_1", "T_2", "T_3")}
        total = sum(lengths.values())
        if not math.isclose(total, round(total), rel_tol=1e-12):
            raise ValueError(f"T_1 + T_2 + T_3 must be a whole number of steps, got {total!r}: round the ramps")
        self._set(**lengths,
                  eta_max=checks.rate("eta_max", self.eta_max), eta_min=checks.rate("eta_min", self.eta_min, zero=True),
                  shape=checks.choice("shape", self.shape, ("linear", "cosine")),
                  after=checks.choice("after", self.after, AFTER))
        checks.ordered("eta_min", self.eta_min, "eta_max", self.eta_max)
        if self.eta_final is not None:
            self._set(eta_final=checks.rate("eta_final", self.eta_final, zero=True))
            checks.ordered("eta_final", self.eta_final, "eta_max", self.eta_max)

    @classmethod
    def smith(cls, eta_max, T_max, eta_min=None, *, share_final=0.1, eta_final=None):
        """Smith's three straight phases in T_max steps: up and down alike, then far below the start.

        Defaults: eta_min = eta_max/10, the last `share_final` of the steps down to eta_final = eta_min/100.
        """
        T_max, eta_max = checks.whole("T_max", T_max, at_least=3), checks.rate("eta_max", eta_max)
        share = checks.between("share_final", share_final, 0, 1, open_low=True, open_high=True)
        eta_min = eta_max / 10 if eta_min is None else eta_min
        T_3 = min(max(round(T_max * share), 1), T_max - 2)
        T_1 = (T_max - T_3) // 2
        final = checks.rate("eta_min", eta_min, zero=True) / 100 if eta_final is None else eta_final
        return cls(eta_max, T_1, T_max - T_3 - T_1, eta_min, T_3=T_3, eta_final=final)

    @classmethod
    def pytorch(cls, eta_max, T_max, *, pct_start=0.3, div_factor=25.0, final_div_factor=1e4, shape="cosine",
                three_phase=False):
        """The rates of torch.optim.lr_scheduler.OneCycleLR(max_lr=eta_max, total_steps=T_max, …).

        It starts at eta_max/div_factor, peaks at step pct_start·T_max - 1 and ends at T_max - 1, at its start
        divided by final_div_factor.
        """
        eta_max, T_max = checks.rate("eta_max", eta_max), checks.whole("T_max", T_max, at_least=2)
        T_1 = checks.between("pct_start", pct_start, 0, 1) * T_max - 1
        T_3 = T_max - 1 - 2 * T_1 if three_phase else 0
        T_2 = T_1 if three_phase else T_max - 1 - T_1
        if T_1 <= 0 or T_2 <= 0 or T_3 < 0 or (three_phase and T_3 == 0):
            raise ValueError(f"pct_start must leave each phase at least part of a step, got pct_start={pct_start!r} "
                             f"with T_max={T_max}: the peak would be at step {T_1:g}")
        start = eta_max / checks.positive("div_factor", div_factor)
        final = start / checks.positive("final_div_factor", final_div_factor)
        return cls(eta_max, T_1, T_2, start, T_3=T_3, eta_final=final, shape=shape)

    def _build(self):
        final = self.eta_min if self.eta_final is None else self.eta_final
        up = Ramp(self.eta_min, self.eta_max, self.T_1, shape=self.shape)
        if not self.T_3:
            return up, Ramp(self.eta_max, final, self.T_2, shape=self.shape, after=self.after)
        return (up, Ramp(self.eta_max, self.eta_min, self.T_2, shape=self.shape),
                Ramp(self.eta_min, final, self.T_3, shape=self.shape, after=self.after))


@record
class WSD(_Composed):
    """Warmup, a stable stretch at eta_max, and a cooldown to eta_min in the last T_decay of T_max steps.

    cooldown="linear", "cosine" or "1-sqrt". T_max includes all three phases, and the stretch needs no plan of its own:
    a run can go on and be cooled down when wanted. Hu et al. 2024, arXiv:2404.06395; Hägele et al. 2024,
    arXiv:2405.18392.

    >>> WSD(0.001, T_max=1000, T_decay=200, T_warmup=100)(900)
    0.0005
    """

    eta_max: float
    T_max: int
    T_decay: int
    T_warmup: int = 0
    eta_min: float = 0.0
    _: KW_ONLY
    cooldown: str = "linear"
    eta_start: float = 0.0
    start: str = "t/w"
    after: str = "hold"

    def __post_init__(self):
        T_max, decay = checks.whole("T_max", self.T_max), checks.whole("T_decay", self.T_decay)
        W = checks.whole("T_warmup", self.T_warmup, at_least=0)
        if W + decay > T_max:
            raise ValueError(f"T_warmup + T_decay must be at most T_max, which includes both, got {W} + {decay} > "
                             f"{T_max}: shorten one of them")
        self._set(eta_max=checks.rate("eta_max", self.eta_max), T_max=T_max, T_decay=decay, T_warmup=W,
                  eta_min=checks.rate("eta_min", self.eta_min, zero=True),
                  eta_start=checks.rate("eta_start", self.eta_start, zero=True),
                  cooldown=checks.choice("cooldown", self.cooldown, ("linear", "cosine", "1-sqrt")),
                  start=checks.choice("start", self.start, STARTS), after=checks.choice("after", self.after, AFTER))
        checks.ordered("eta_min", self.eta_min, "eta_max", self.eta_max)
        checks.ordered("eta_start", self.eta_start, "eta_max", self.eta_max)

    def _build(self):
        stable = self.T_max - self.T_warmup - self.T_decay
        warmup = [Warmup(self.eta_max, self.T_warmup, self.eta_start, start=self.start)] if self.T_warmup else []
        plateau = [Fixed(self.eta_max).until(stable)] if stable else []
        return (*warmup, *plateau, Ramp(self.eta_max, self.eta_min, self.T_decay, shape=self.cooldown,
                                        after=self.after))
