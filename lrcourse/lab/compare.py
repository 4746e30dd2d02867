"""`compare`: schedules against each other, each at its own best peak, with what the data can and cannot say."""

from __future__ import annotations

import numpy as np

from . import engine
from .optimizers import optimizer as as_optimizer
from .result import Result
from .stats import interval
from .tasks import make_task

__all__ = ["SMALL", "compare", "shape", "tune"]

#: What makes a comparison small enough to wait for in a lesson: `compare(…, **SMALL)`.
SMALL = {"steps": 400, "seeds": 6, "tuning_seeds": 2}

#: Tuning uses seeds from here on, scoring those from 0 on, so that no score profits from the choice of its peak.
TUNING_SEEDS = 10_000
_RATIO = 2**0.5
_FIRST = 2  # grid points on either side of the first guess
_WIDEST = 20  # grid points on either side at most: a factor of 1024


def compare(
    schedules,
    task="text",
    *,
    steps=1000,
    seeds=10,
    optimizer=None,
    peaks="tune",
    baseline=None,
    tuning_seeds=3,
    evaluations=10,
    processes=None,
    **options,
) -> Result:
    """Train each schedule from `seeds` seeds at its own best peak, and say what that shows.

    schedules: a list of schedules of `lrcourse.schedules` (labelled by their class and numbers) or a dict
        label → schedule; anything with `values(n)` will do. Only a schedule's shape counts where its peak is tuned.
    task: "text", "digits", "softmax", "regression", "quadratic" or "transformer"; `options` such as batch=32 go to it.
    steps: updates in each run.
    seeds: how many seeds to score on (0, 1, 2, …).
    optimizer: "sgd", "momentum" or "adam"; default the task's own.
    peaks: "tune" (a √2 grid, on `tuning_seeds` other seeds, widened while the best lies at its edge), "own" (the
        schedules' rates as they are), one number for all, or a dict label → peak.
    baseline: what the others are compared with; default the first `Fixed`, else the first.

    >>> from lrcourse.schedules import Fixed, Linear
    >>> found = compare({"fixed": Fixed(1.0), "linear": Linear(1.0, 100)}, "quadratic", steps=100, seeds=5)
    >>> found.labels
    ['fixed', 'linear']
    """
    schedules = labelled(schedules)
    task = make_task(task, **options)
    _whole("steps", steps, 1)
    _whole("seeds", seeds, 2, "an interval needs two")
    baseline = _baseline(schedules, baseline)
    name = optimizer or task.optimizer
    as_optimizer(name)
    shapes = {label: shape(schedule, steps, label) for label, schedule in schedules.items()}
    tuning = {}
    if isinstance(peaks, str) and peaks == "tune":
        tuning = tune(task, shapes, optimizer=name, seeds=_whole("tuning_seeds", tuning_seeds, 1), processes=processes)
        chosen = {label: tuned["best"] for label, tuned in tuning.items()}
    else:
        chosen = _given(peaks, schedules, steps)
    runs = engine.train(
        task, np.stack([chosen[label] * shapes[label] for label in shapes]), range(seeds), optimizer=name,
        evaluate_at=evaluations, processes=processes, label="scoring",
    )  # fmt: skip
    return _collect(runs, task, name, steps, baseline, chosen, tuning)


def _collect(runs, task, optimizer, steps, baseline, chosen, tuning):
    # After an interrupt: the seeds whose runs are all done still form pairs.
    whole = runs.done.all(axis=1)
    if whole.sum() < 2:
        raise KeyboardInterrupt("interrupted before two seeds were finished: nothing to compare yet")
    loss = runs.loss[whole]
    curves, halves = {}, {}
    for c, label in enumerate(chosen):
        each = [interval(loss[:, c, k]) for k in range(len(runs.steps))]
        curves[label], halves[label] = [i.mean for i in each], [i.half for i in each]
    return Result(
        task=task.name,
        options=dict(task.options),
        optimizer=optimizer if isinstance(optimizer, str) else repr(optimizer),
        steps=steps,
        seeds=[seed for seed, kept in zip(runs.seeds, whole, strict=True) if kept],
        unit=task.unit,
        baseline=baseline,
        peaks={label: float(peak) for label, peak in chosen.items()},
        finals={label: loss[:, c, -1].tolist() for c, label in enumerate(chosen)},
        evaluated_at=runs.steps.tolist(),
        curves=curves,
        half_widths=halves,
        diverged={label: int((runs.diverged_at[whole, c] > 0).sum()) for c, label in enumerate(chosen)},
        tuning=tuning,
        complete=runs.complete,
    )


def tune(task, shapes, *, optimizer=None, seeds=3, processes=None) -> dict:
    """The best peak of each shape on a √2 grid: label → {"best", "peaks", "loss", "at_edge"}.

    shapes: label → (T,) rates relative to a peak of 1. The grid starts around the task's usual peak and grows, for
    the shapes that need it, until the best has a worse neighbour on both sides.
    """
    task = make_task(task)
    name = optimizer or task.optimizer
    middle = task.peaks.get(name, task.peaks["sgd"])
    tried = {label: {} for label in shapes}  # label → {grid index: mean loss}
    wanted = {label: list(range(-_FIRST, _FIRST + 1)) for label in shapes}
    seeds = range(TUNING_SEEDS, TUNING_SEEDS + seeds)
    while any(wanted.values()):
        asked = [(label, k) for label in shapes for k in wanted[label]]
        rates = np.stack([middle * _RATIO**k * shapes[label] for label, k in asked])
        runs = engine.train(
            task, rates, seeds, optimizer=name, evaluate_at=[rates.shape[1]], processes=processes, label="tuning peaks"
        )
        if not runs.complete:
            raise KeyboardInterrupt("interrupted while tuning the peaks: nothing to compare yet")
        for (label, k), loss in zip(asked, runs.final.mean(axis=0), strict=True):
            tried[label][k] = float(loss)
        wanted = {label: _wider(tried[label]) for label in shapes}
    return {label: _tuned(tried[label], middle) for label in shapes}


def _wider(tried):
    """The grid points still to try: two more beyond an edge that holds the best, none once it is inside."""
    best, low, high = min(tried, key=tried.get), min(tried), max(tried)
    if not np.isfinite(tried[best]):
        best = low  # all diverged: go down
    if best == low and low > -_WIDEST:
        return [low - 1, low - 2]
    if best == high and high < _WIDEST:
        return [high + 1, high + 2]
    return []


def _tuned(tried, middle):
    points = sorted(tried)
    best = min(points, key=tried.get)
    return {
        "best": middle * _RATIO**best,
        "peaks": [middle * _RATIO**k for k in points],
        "loss": [tried[k] for k in points],
        "at_edge": best in (points[0], points[-1]),
    }


def shape(schedule, steps: int, label: str = "schedule") -> np.ndarray:
    """The schedule's rates for `steps` updates, divided by their largest: (steps,), with peak 1."""
    rates = np.asarray(schedule.values(steps), dtype=float)
    if rates.shape != (steps,) or not np.isfinite(rates).all() or rates.min() < 0:
        raise ValueError(f"{label} must give {steps} finite rates of 0 or greater; use another schedule or `steps`")
    if rates.max() <= 0:
        raise ValueError(f"{label} has rate 0 at every one of the {steps} steps: there is no peak to scale")
    return rates / rates.max()


# -- what may be asked -----------------------------------------------------------------------------
def labelled(schedules) -> dict:
    """A dict label → schedule from a dict or a list."""
    if hasattr(schedules, "values") and not isinstance(schedules, dict):
        schedules = [schedules]
    if not isinstance(schedules, dict):
        found = {}
        for schedule in schedules:
            label = repr(schedule)
            if label in found:
                raise ValueError(f"{label} is given twice: a dict label → schedule tells them apart")
            found[label] = schedule
        schedules = found
    if not schedules:
        raise ValueError("schedules must hold at least one schedule, got none")
    for label, schedule in schedules.items():
        if not callable(getattr(schedule, "values", None)) or isinstance(schedule, (dict, type)):
            raise TypeError(f"{label} must be a schedule such as CosineAnnealing(1.0, 1000), got {schedule!r}")
    return {str(label): schedule for label, schedule in schedules.items()}


def _baseline(schedules, baseline):
    if baseline is None:
        fixed = [label for label, schedule in schedules.items() if type(schedule).__name__ == "Fixed"]
        return (fixed or list(schedules))[0]
    if baseline not in schedules:
        raise ValueError(f"baseline must be one of {', '.join(schedules)}, got {baseline!r}")
    return baseline


def _given(peaks, schedules, steps):
    if isinstance(peaks, str):
        if peaks != "own":
            raise ValueError(f'peaks must be "tune", "own", a number or a dict label → peak, got {peaks!r}')
        return {label: float(np.max(schedule.values(steps))) for label, schedule in schedules.items()}
    if not isinstance(peaks, dict):
        peaks = dict.fromkeys(schedules, peaks)
    missing = [label for label in schedules if label not in peaks]
    if missing:
        raise ValueError(f"peaks must have a peak for each schedule; missing: {', '.join(missing)}")
    for label in schedules:
        peak = peaks[label]
        if isinstance(peak, bool) or not isinstance(peak, (int, float, np.number)) or not 0 < peak < np.inf:
            raise ValueError(f"the peak of {label} must be a finite number greater than 0, got {peak!r}")
    return {label: float(peaks[label]) for label in schedules}


def _whole(name, value, least, why=""):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}{': ' + why if why else ''}, got {value}")
    return int(value)
