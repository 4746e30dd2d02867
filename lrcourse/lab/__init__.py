"""The training lab: real training runs, many seeds at a time, on NumPy alone.

>>> from lrcourse import lab
>>> from lrcourse.schedules import Fixed, Linear
>>> found = lab.compare({"fixed": Fixed(1.0), "linear": Linear(1.0, 400)}, task="text", **lab.SMALL)
>>> print(found.verdict("linear"))
linear: lower than fixed

`compare` is the whole experiment in one line. Below it: `train` (the engine), `make_task`, `tune`, `quadratic` and
`theory` (what can be computed instead of simulated), and `load(name)`, results that took longer than a lesson allows.
"""

from . import quadratic, theory
from .compare import SMALL, compare, tune
from .engine import Runs, train
from .optimizers import SGD, Adam, Momentum
from .result import Result
from .results import load
from .stats import Interval, interval, t_quantile
from .takeaways import takeaways
from .tasks import TASKS, make_task

__all__ = [
    "SGD",
    "SMALL",
    "TASKS",
    "Adam",
    "Interval",
    "Momentum",
    "Result",
    "Runs",
    "compare",
    "interval",
    "load",
    "make_task",
    "quadratic",
    "t_quantile",
    "takeaways",
    "theory",
    "train",
    "tune",
]
