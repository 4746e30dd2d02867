"""Learning-rate schedules, their figures and the course's exercises.

Everything the course needs is one name away, and is loaded when first used: `import lrcourse` alone
loads neither NumPy nor matplotlib.

>>> import lrcourse
>>> lrcourse.CosineAnnealing(eta_max=0.001, T_max=10_000)(5_000)
0.0005
"""

from importlib import import_module
from importlib.util import find_spec

__version__ = "0.1.0"

_FROM_EXERCISES = ("check", "hint", "progress")


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'lrcourse' has no attribute {name!r}")
    if name in _FROM_EXERCISES:
        return getattr(import_module("lrcourse.exercises"), name)
    if find_spec(f"lrcourse.{name}"):
        return import_module(f"lrcourse.{name}")
    schedules = import_module("lrcourse.schedules")
    if name in schedules.__all__:
        return getattr(schedules, name)
    raise AttributeError(f"module 'lrcourse' has no attribute {name!r}")


def __dir__():
    schedules = import_module("lrcourse.schedules")
    return sorted({*globals(), *_FROM_EXERCISES, "exercises", "figures", *schedules.__all__})
