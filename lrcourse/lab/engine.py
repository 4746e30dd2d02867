"""The run-batched engine: many training runs as one.

R = S·C runs (S seeds × C configurations, a configuration being one schedule at one peak) are trained together. Their
parameters are one array (S, C, n), and each step is a handful of NumPy calls over all runs, so that Python's cost per
call is shared by all of them. Runs are cut into chunks small enough to stay in the processor's cache, and chunks are
shared out to two processes. No number depends on how the runs were cut.

>>> import numpy as np
>>> runs = train("quadratic", rates=np.full((2, 50), [[0.5], [0.1]]), seeds=[0, 1, 2])
>>> runs.loss.shape                       # (seeds, configurations, evaluations)
(3, 2, 11)
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field

import numpy as np

from .optimizers import optimizer as as_optimizer
from .progress import Progress
from .tasks import Task, make_task

__all__ = ["Runs", "train", "train_chunk"]

BLOWN_UP = 1e6  # a batch loss above this, or one that is no number, counts as divergence
_CHUNK_BYTES = 3_200_000  # parameters, gradients, optimizer state and activations of a chunk
_STEPS_AT_ONCE = 128  # batches drawn from a stream at a time


@dataclass
class Runs:
    """What came of a training: everything is indexed [seed, configuration, evaluation].

    `steps` are the update counts at which the runs were judged: `loss[..., k]` is the loss after `steps[k]` updates.
    `batch_loss[..., k]` is the mean minibatch loss since the evaluation before. `averaged` is the loss of the running
    average of the parameters, where one was asked for. A run that diverged has loss inf from there on and
    `diverged_at` > 0, the update at which it happened. After an interrupt `complete` is False, and `done` says which
    runs were finished; the others hold NaN from where they stopped.
    """

    steps: np.ndarray  # (E,)
    seeds: list
    loss: np.ndarray  # (S, C, E)
    batch_loss: np.ndarray  # (S, C, E)
    diverged_at: np.ndarray  # (S, C), 0 where the run did not diverge
    averaged: np.ndarray | None = None  # (S, C, E)
    done: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))  # (S, C)
    complete: bool = True

    @property
    def final(self) -> np.ndarray:
        """The loss after the last update, (S, C)."""
        return self.loss[..., -1]


def train(
    task,
    rates,
    seeds,
    *,
    optimizer=None,
    evaluate_at=None,
    average=None,
    dtype=np.float32,
    processes=None,
    runs_per_chunk=None,
    label="training",
) -> Runs:
    """Train every configuration from every seed.

    rates: (C, T), the rate of each update t = 0 … T-1 of each configuration, or (T,) for one.
    seeds: whole numbers; they fix initialisation and batches, the same for every configuration.
    evaluate_at: update counts at which to judge, in 0 … T; an int k means k evenly spaced after a first at 0.
        Default 10.
    average: β of a running average of the parameters, a ← β a + (1 − β) x, judged beside them.
    processes: default: two when the work is worth it; LRCOURSE_PROCESSES overrides the default.
    """
    task = make_task(task)
    rates, seeds, steps = _checked(rates, seeds, evaluate_at)
    rule = as_optimizer(optimizer or task.optimizer)
    S, C, E = len(seeds), len(rates), len(steps)
    if average is not None and not 0 < average < 1:
        raise ValueError(f"average must lie between 0 and 1, got {average}")
    runs = Runs(
        steps, seeds, *(np.full((S, C, E), np.nan) for _ in range(2)), np.zeros((S, C), dtype=np.int64),
        None if average is None else np.full((S, C, E), np.nan), np.zeros((S, C), dtype=bool),
    )  # fmt: skip
    work = S * C * rates.shape[1] * cost(task) + S * C * E * _judging(task)
    if processes is None:
        processes = default_processes(work)
    limit = runs_per_chunk or _runs_per_chunk(task)
    blocks = _blocks(S, C, limit, at_least=processes)
    jobs = [
        dict(task=task, rates=rates[cs], seeds=seeds[ss], optimizer=rule, steps=steps, average=average, dtype=dtype)
        for ss, cs in blocks
    ]
    from .workers import run_all  # here, because workers import this module

    with Progress(label) as bar, contextlib.suppress(KeyboardInterrupt):
        for number, outcome in run_all(jobs, processes, bar):
            _place(runs, blocks[number], outcome)
    runs.complete = bool(runs.done.all())
    return runs


def _place(runs, block, outcome):
    for name, value in outcome.items():
        getattr(runs, name)[block] = value


def train_chunk(task, rates, seeds, optimizer, steps, average, dtype, watch=None) -> dict:
    """Train one chunk, S seeds × C configurations, in this process; arrays as in `Runs`.

    `watch(share)` is called now and then. A KeyboardInterrupt ends the chunk early, keeping what was judged so far.
    """
    model, (C, T), S = task.model, rates.shape, len(seeds)
    P = np.stack([task.start(seed) for seed in seeds]).astype(dtype)
    P = np.repeat(P[:, None], C, axis=1)  # (S, C, n)
    G, state = np.empty_like(P), optimizer.state(P)
    mean = P.copy() if average is not None else None
    columns = rates.T.astype(dtype)[:, None, :, None]  # (T, 1, C, 1)
    streams = [task.stream(seed) for seed in seeds]
    judge = _Judge(task, steps, (S, C), dtype, average is not None)
    try:
        # One run's overflow must neither warn nor reach another: nothing below mixes runs.
        with np.errstate(all="ignore"):
            judge(0, P, mean)
            for n in range(1, T + 1):
                k = (n - 1) % _STEPS_AT_ONCE
                if k == 0:
                    drawn = np.stack([s.take(min(_STEPS_AT_ONCE, T + 1 - n)) for s in streams], axis=1)
                    if watch:
                        watch((n - 1) / T)
                batch = task.gather(drawn[k])
                judge.saw(n, model.loss_and_grad(P, G, _cast(batch, dtype)))
                optimizer.update(P, G, state, n, columns[n - 1])
                if mean is not None:
                    # Young averages weigh all steps alike, so that the start is soon forgotten.
                    mean += (P - mean) * max(1 - average, 1 / (n + 1))
                judge(n, P, mean)
    except KeyboardInterrupt:
        return judge.outcome(False)
    return judge.outcome(True)


class _Judge:
    """Keeps the books of a chunk."""

    def __init__(self, task, steps, shape, dtype, averaged):
        self.task, self.steps = task, {int(step): k for k, step in enumerate(steps)}
        self.batch = _cast(task.judged_by, dtype)
        names = ("loss", "batch_loss") + (("averaged",) if averaged else ())
        self.book = {name: np.full((*shape, len(steps)), np.nan) for name in names}
        self.diverged_at = np.zeros(shape, dtype=np.int64)
        self.sum, self.count = np.zeros(shape), 0

    def saw(self, n, losses):
        fine = losses < BLOWN_UP
        if not fine.all():
            self.diverged_at[~fine & (self.diverged_at == 0)] = n
        self.sum += losses
        self.count += 1

    def __call__(self, n, P, mean):
        k = self.steps.get(n)
        if k is None:
            return
        self.book["loss"][..., k] = self._loss(P)
        self.book["batch_loss"][..., k] = self.sum / self.count if self.count else np.nan
        if mean is not None:
            self.book["averaged"][..., k] = self._loss(mean)
        self.sum[:], self.count = 0, 0

    def _loss(self, P):
        """Run by run: the rows of one run fill the cache."""
        losses = np.full(P.shape[:-1], np.inf)
        for run in np.argwhere(self.diverged_at == 0):
            loss = self.task.model.loss(P[tuple(run)], self.batch)
            if loss < BLOWN_UP:
                losses[tuple(run)] = loss
        return losses

    def outcome(self, done):
        # A run may blow up in its very last update, which no batch sees.
        last = self.book["loss"][..., -1]
        late = np.isinf(last) & (self.diverged_at == 0)
        self.diverged_at[late] = max(self.steps)
        return {**self.book, "diverged_at": self.diverged_at, "done": done}


def _cast(batch, dtype):
    return tuple(a.astype(dtype, copy=False) if a.dtype.kind == "f" else a for a in batch)


# -- how the work is cut ---------------------------------------------------------------------------
def cost(task: Task) -> float:
    """About how many seconds one step of one run takes on one core: for planning only."""
    return 4e-6 + task.model.flops(task.batch) / 2e10


def _judging(task):
    rows = len(task.judged_by[0]) if task.judged_by else 1
    return 5e-6 + task.model.flops(rows) / 5e10


def default_processes(seconds: float) -> int:
    """Two where there are two cores and more than a second of work, unless LRCOURSE_PROCESSES says otherwise."""
    told = os.environ.get("LRCOURSE_PROCESSES", "")
    if told.isdigit():
        return max(1, int(told))
    return 2 if seconds > 1.0 and (os.cpu_count() or 1) > 1 else 1


def _runs_per_chunk(task):
    parameters = 16 * task.model.size
    activations = 24 * task.batch * getattr(task.model, "length", 1) * (
        getattr(task.model, "hidden", 8) + 3 * getattr(task.model, "width", 8)
    )  # fmt: skip
    return int(np.clip(_CHUNK_BYTES // (parameters + activations), 4, 64))


def _blocks(S, C, limit, at_least):
    """Slices (seeds, configurations) of at most `limit` runs that cover the grid, `at_least` so many if possible."""
    if S * C < at_least * limit:
        limit = max(1, -(-S * C // at_least))
    width = min(C, limit)
    width = -(-C // -(-C // width))  # even parts
    height = max(1, limit // width)
    return [
        (slice(s, min(s + height, S)), slice(c, min(c + width, C)))
        for s in range(0, S, height)
        for c in range(0, C, width)
    ]


# -- what may be asked -----------------------------------------------------------------------------
def _checked(rates, seeds, evaluate_at):
    rates = np.atleast_2d(np.asarray(rates, dtype=float))
    if rates.ndim != 2 or rates.size == 0:
        raise ValueError(f"rates must be one row of rates per configuration, (C, T), got shape {rates.shape}")
    if not (np.isfinite(rates).all() and (rates >= 0).all()):
        raise ValueError("rates must be finite and 0 or greater: one of them is not")
    seeds = [int(seed) for seed in seeds]
    if not seeds or len(set(seeds)) < len(seeds) or min(seeds) < 0:
        raise ValueError(f"seeds must be different whole numbers, 0 or greater, at least one; got {seeds}")
    T = rates.shape[1]
    if evaluate_at is None or isinstance(evaluate_at, int):
        steps = np.unique(np.linspace(0, T, (evaluate_at or 10) + 1).round().astype(int))
    else:
        steps = np.unique(np.asarray(evaluate_at, dtype=int))
        if steps[0] < 0 or steps[-1] > T:
            raise ValueError(f"evaluate_at must lie between 0 and the number of updates {T}, got {evaluate_at}")
    if steps[-1] != T:
        steps = np.append(steps, T)
    return rates, seeds, steps
