"""Tasks: a model, what it is trained on, and what it is judged by.

A task hands out everything random from streams that depend on the seed alone: run r of one schedule and run r of
another start from the same parameters and see the same batches in the same order. That is what makes their
difference a paired one.

    text          three characters in, the next one out: a small MLP on *As You Like It*; loss in nats per character
    digits        the same MLP code on 8×8 digits, which it can learn by heart
    softmax       softmax regression on digits with an l2 term: one minimum, exact theory
    regression    least squares on a linear teacher; `label_noise=0` makes it realizable
    quadratic     the noisy bowl ½ Σ λ_i x_i²
    transformer   one pre-LN block on the same text, for Adam
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np

from . import datasets
from .models import MLP, Bowl, LeastSquares, Model, Softmax
from .transformer import Transformer

__all__ = ["TASKS", "Stream", "Task", "make_task"]

_INIT, _DATA = 0, 1  # second word of a seed: which of its streams
_SAMPLINGS = ("replace", "shuffle", "full")


class Stream:
    """Row numbers for batch after batch: `take(k)` gives the next k batches, (k, batch).

    "replace" draws every row anew, "shuffle" goes through all rows in a fresh order each epoch, "full" takes all rows
    every time (full-batch gradient descent: no noise at all).
    """

    def __init__(self, seed: int, rows: int, batch: int, sampling: str):
        self.rng = np.random.default_rng([seed, _DATA])
        self.rows, self.batch, self.sampling = rows, batch, sampling
        self.left = np.empty(0, dtype=np.int64)

    def take(self, steps: int) -> np.ndarray:
        if self.sampling == "full":
            return np.broadcast_to(np.arange(self.rows), (steps, self.rows))
        if self.sampling == "replace":
            return self.rng.integers(self.rows, size=(steps, self.batch))
        wanted, drawn = steps * self.batch, [self.left]
        while sum(map(len, drawn)) < wanted:
            drawn.append(self.rng.permutation(self.rows))
        order = np.concatenate(drawn)
        self.left = order[wanted:]
        return order[:wanted].reshape(steps, self.batch)


class Noise:
    """The same interface for the bowl, whose "batch" is the noise itself: (k, d)."""

    def __init__(self, seed: int, size: int):
        self.rng = np.random.default_rng([seed, _DATA])
        self.size = size

    def take(self, steps: int) -> np.ndarray:
        return self.rng.standard_normal((steps, self.size))


@dataclass(frozen=True, eq=False)
class Task:
    """What the engine needs to know. Made by `make_task`; pickled as its name and options only."""

    name: str
    options: dict
    model: Model
    batch: int
    stream: callable  # seed → Stream
    gather: callable  # what a stream gave for S seeds, (S, …) → batch of arrays (S, 1, …)
    judged_by: tuple  # the batch that the reported loss is computed on, arrays without run axes
    peaks: dict = field(default_factory=dict)  # optimizer → a sensible peak to start tuning from
    optimizer: str = "sgd"
    unit: str = "validation loss (nats)"

    def __reduce__(self):
        return _restore, (self.name, tuple(self.options.items()))

    def __repr__(self):
        options = "".join(f", {key}={value!r}" for key, value in self.options.items())
        return f"make_task({self.name!r}{options})"

    def start(self, seed: int) -> np.ndarray:
        """The parameters a seed starts from, (n,) float64."""
        return self.model.init(np.random.default_rng([seed, _INIT]))


def _restore(name, options):
    return make_task(name, **dict(options))


def _one_hot(codes):
    eye = np.eye(len(datasets.ALPHABET), dtype=np.float32)
    return eye[codes].reshape(*codes.shape[:-1], -1)


def _text(batch=16, hidden=32, rows=2000):
    play, back = datasets.text(), np.array([-3, -2, -1])
    model = MLP(3 * len(datasets.ALPHABET), hidden, len(datasets.ALPHABET), active=3)

    def look_up(codes, places):
        return _one_hot(codes[places[..., None] + back]), codes[places].astype(np.int64)

    def gather(drawn):
        x, y = look_up(play.train, drawn + 3)
        return x[:, None], y[:, None]

    places = np.linspace(3, len(play.validation) - 1, rows).astype(np.int64)
    return dict(
        model=model, batch=batch, gather=gather, judged_by=look_up(play.validation, places),
        stream=lambda seed: Stream(seed, len(play.train) - 3, batch, "replace"),
        peaks={"sgd": 0.7, "momentum": 0.07, "adam": 0.008},
    )  # fmt: skip


def _images(model, batch, sampling, judged_by, **more):
    digits = datasets.digits()

    def gather(drawn):
        return digits.train_x[drawn][:, None], digits.train_y[drawn][:, None]

    train = digits.train_x, digits.train_y
    validation = digits.validation_x, digits.validation_y
    rows = len(digits.train_x)
    return dict(
        model=model, batch=rows if sampling == "full" else batch, gather=gather,
        judged_by=train if judged_by == "train" else validation,
        stream=lambda seed: Stream(seed, rows, batch, sampling),
        unit="training loss (nats)" if judged_by == "train" else "validation loss (nats)", **more,
    )  # fmt: skip


def _digits(batch=16, hidden=32, sampling="shuffle", judged_by="validation"):
    peaks = {"sgd": 0.5, "momentum": 0.05, "adam": 0.006}
    return _images(MLP(64, hidden, 10), batch, sampling, judged_by, peaks=peaks)


def _softmax(batch=16, l2=0.01, sampling="replace", judged_by="train"):
    peaks = {"sgd": 0.2, "momentum": 0.02, "adam": 0.01}
    return _images(Softmax(64, 10, l2), batch, sampling, judged_by, peaks=peaks)


def _regression(batch=4, inputs=8, rows=256, label_noise=0.0, sampling="replace"):
    rng = np.random.default_rng(8)
    # float64: a realizable task goes down to rounding, and that should be float64's.
    x = rng.standard_normal((rows, inputs))
    y = x @ rng.standard_normal(inputs) + label_noise * rng.standard_normal(rows)
    return dict(
        model=LeastSquares(inputs), batch=rows if sampling == "full" else batch,
        gather=lambda drawn: (x[drawn][:, None], y[drawn][:, None]), judged_by=(x, y),
        stream=lambda seed: Stream(seed, rows, batch, sampling),
        peaks={"sgd": 0.05, "momentum": 0.005, "adam": 0.05}, unit="training loss (squared error / 2)",
    )  # fmt: skip


def _quadratic(curvatures=(1.0, 0.1, 0.01), noise=0.3, start=1.0):
    model = Bowl(tuple(map(float, curvatures)), noise, start)
    return dict(
        model=model, batch=1, stream=lambda seed: Noise(seed, model.size),
        gather=lambda drawn: (drawn[:, None, None],), judged_by=(),
        peaks={"sgd": 0.5, "momentum": 0.05, "adam": 0.05}, unit="loss",
    )  # fmt: skip


def _transformer(batch=8, length=16, width=32, heads=2, rows=128):
    play = datasets.text()
    model = Transformer(len(datasets.ALPHABET), length, width, heads, 4 * width)
    window = np.arange(length + 1)

    def look_up(codes, places):
        codes = codes[places[..., None] + window].astype(np.int64)
        return codes[..., :-1], codes[..., 1:]

    def gather(drawn):
        tokens, following = look_up(play.train, drawn)
        return tokens[:, None], following[:, None]

    places = np.linspace(0, len(play.validation) - length - 1, rows).astype(np.int64)
    return dict(
        model=model, batch=batch, gather=gather, judged_by=look_up(play.validation, places),
        stream=lambda seed: Stream(seed, len(play.train) - length, batch, "replace"),
        peaks={"sgd": 0.35, "momentum": 0.05, "adam": 0.01}, optimizer="adam",
    )  # fmt: skip


TASKS = {
    "text": _text,
    "digits": _digits,
    "softmax": _softmax,
    "regression": _regression,
    "quadratic": _quadratic,
    "transformer": _transformer,
}


@functools.lru_cache(maxsize=32)
def _made(name, options):
    return Task(name=name, options=dict(options), **TASKS[name](**dict(options)))


def make_task(name, **options) -> Task:
    """A task by name, with options such as `batch`; see the functions of this module for what each one takes.

    >>> make_task("text", batch=32).model.size
    4676
    """
    if isinstance(name, Task):
        return make_task(name.name, **{**name.options, **options})
    if name not in TASKS:
        raise ValueError(f"task must be one of {', '.join(TASKS)}, got {name!r}")
    if options.get("sampling", "full") not in _SAMPLINGS:
        raise ValueError(f"sampling must be one of {', '.join(_SAMPLINGS)}, got {options['sampling']!r}")
    frozen = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
    try:
        return _made(name, tuple(sorted(frozen.items())))
    except TypeError as error:
        if "unexpected keyword" not in str(error):
            raise
        raise TypeError(f"task {name!r}: {str(error).split(') ', 1)[-1]}") from None
