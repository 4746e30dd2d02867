"""A schedule on trial: trained against a field of rivals on the same seeds, fast enough to try one after another.

>>> from lrcourse.lab.trial import Trial
>>> from lrcourse.schedules import Linear
>>> found = Trial(seeds=2).run(Linear(1.0, 400), peak=2.0)
>>> found.labels
['yours', 'fixed', 'cosine', 'linear', 'WSD 20 %', 'warmup + cosine']

The rivals' peaks are those of the stored result `trial`, tuned once; a schedule's own is tuned when it is tried, with
the same effort. The rivals are trained once, at the first run or by `prepare` before it; every later run trains the
new schedule alone.
"""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from functools import cache, reduce
from itertools import pairwise
from operator import rshift

import numpy as np

from ..schedules import (
    WSD,
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    ExponentialDecay,
    Fixed,
    InverseSqrt,
    Linear,
    OneCycle,
    Polynomial,
    Ramp,
    Schedule,
    StepDecay,
    WarmupCosine,
)
from . import engine
from .compare import _collect, shape, tune
from .fields import field
from .result import Result
from .tasks import make_task

__all__ = ["MINE", "SEEDS", "STEPS", "TASK", "Trial", "drawn", "measured", "picks", "relative", "rivals", "shared"]

TASK, STEPS, SEEDS, LOOKS = "text", 400, 20, 10
TUNING_SEEDS = 3
MINE = "yours"


def rivals() -> dict[str, Schedule]:
    """The field: a fixed rate and four schedules of the course, each with peak 1."""
    everything = field(STEPS)
    others = ("cosine", "linear", "WSD 20 %", "warmup + cosine")
    return {"fixed": everything["const"], **{name: everything[name] for name in others}}


def picks() -> dict[str, Schedule]:
    """What one can start from, each with peak 1: a drawing, then the family, with numbers that fit the run."""
    return {
        "drawn": drawn([(0, 0.2), (50, 1.0), (150, 0.9), (250, 0.6), (325, 0.3), (STEPS, 0.0)]),
        "fixed rate": Fixed(1.0),
        "straight line": Linear(1.0, STEPS),
        "cosine annealing": CosineAnnealing(1.0, STEPS),
        "warmup + cosine": WarmupCosine(1.0, STEPS, 40),
        "warmup, stable, decay": WSD(1.0, STEPS, 160, T_warmup=20),
        "one cycle": OneCycle(1.0, 120, 280),
        "step decay": StepDecay(1.0, 100, 0.5),
        "exponential decay": ExponentialDecay(1.0, 0.99),
        "inverse square root": InverseSqrt(1.0, 40),
        "polynomial": Polynomial(1.0, STEPS, 2),
        "cosine with restarts": CosineRestarts(1.0, 100),
        "triangles": Cyclic(0.1, 1.0, 50),
    }


def contest() -> dict[str, Schedule]:
    """Rivals and picks together, a pick's name marked as such: what the stored result holds."""
    return {**rivals(), **{picked(name): schedule for name, schedule in picks().items()}}


def picked(name: str) -> str:
    """The label of a pick in the stored result."""
    return f"pick: {name}"


def drawn(points) -> Schedule:
    """Straight lines from point to point, (update, rate): the first at update 0, at least three, each later than the
    one before.

    >>> drawn([(0, 0.0), (100, 1.0), (400, 0.0)])(250)
    0.5
    """
    points = [tuple(point) for point in points]
    if len(points) < 3 or points[0][0] != 0:
        raise ValueError(f"points must be three or more, the first at update 0, got {points}: add a point")
    for (before, _), (after, _) in pairwise(points):
        if not after > before:
            raise ValueError(f"each point must come later than the one before, got {after} after {before}: sort them")
    return reduce(rshift, (Ramp(low, high, b - a) for (a, low), (b, high) in pairwise(points)))


def relative(schedule: Schedule) -> np.ndarray:
    """The rates of the run's 400 updates, divided by their largest."""
    return shape(schedule, STEPS, "the schedule")


class Trial:
    """Schedules tried against the field, on the text task, from the same `seeds` starts and batches."""

    def __init__(self, seeds: int = SEEDS):
        self.seeds = seeds
        self.task = make_task(TASK)
        self._field = None  # the rivals' Runs
        self._ahead = None  # the thread that trains them ahead of the first run

    def run(self, schedule: Schedule, peak: float | None = None) -> Result:
        """Train `schedule` and compare it with the rivals; it is called "yours".

        peak: its highest rate; None tunes it on other seeds, as every rival's was. Only the shape of the first 400
        rates counts, since it is scaled to the peak.
        """
        mine = relative(schedule)
        tuning = {}
        if peak is None:
            tuning = tune(self.task, {MINE: mine}, seeds=TUNING_SEEDS, processes=_processes())
            peak = tuning[MINE]["best"]
        elif not 0 < peak < math.inf:
            raise ValueError(f"peak must be a finite number greater than 0, got {peak}; None tunes it")
        while self._ahead and self._ahead.is_alive():
            self._ahead.join(0.1)  # short, so that an interrupt is heard
        if self._field is None:
            self._train_field()
        runs = self._train(peak * mine[None], "training yours")
        if self._field is None or not runs.complete:
            raise KeyboardInterrupt("interrupted: nothing was compared, try again")
        both, peaks = _beside(runs, self._field), {MINE: peak, **field_peaks()}
        return _collect(both, self.task, self.task.optimizer, STEPS, "fixed", peaks, tuning)

    def prepare(self) -> None:
        """Train the field in the background, so that the first run need not."""
        if self._field is None and self._ahead is None:
            self._ahead = threading.Thread(target=self._train_field, daemon=True)
            self._ahead.start()

    def _train_field(self):
        rates = np.stack([peak * shape(rivals()[name], STEPS) for name, peak in field_peaks().items()])
        trained = self._train(rates, "training the field")
        self._field = trained if trained.complete else None

    def _train(self, rates, label):
        seeds, processes = range(self.seeds), _processes()
        return engine.train(self.task, rates, seeds, evaluate_at=LOOKS, processes=processes, label=label)


@cache
def shared() -> Trial:
    """The one Trial of this Python, so that the field is trained once for all."""
    return Trial()


@cache
def _stored() -> Result:
    from .results import load  # here, because its recipe imports this module

    return load("trial")


def field_peaks() -> dict[str, float]:
    """The rivals' tuned peaks, from the stored result."""
    return {name: _stored().peaks[name] for name in rivals()}


def measured(name: str) -> Result:
    """What `Trial().run` found for one of the picks when the results were stored."""
    stored, label = _stored(), picked(name)
    kept = [label, *rivals()]
    parts = {}
    for key in ("peaks", "finals", "curves", "half_widths", "diverged", "tuning"):
        values = getattr(stored, key)
        parts[key] = {MINE if one == label else one: values[one] for one in kept}
    return replace(stored, **parts)


def _processes():
    # Two workers, each on one core: BLAS threads of the caller's own would wait for each other on a busy machine.
    return engine.default_processes(math.inf)


def _beside(mine, others):
    """Two Runs of the same seeds as one: their configurations side by side."""
    names = ("loss", "batch_loss", "diverged_at", "done")
    both = {name: np.concatenate([getattr(mine, name), getattr(others, name)], axis=1) for name in names}
    return engine.Runs(mine.steps, mine.seeds, **both)
