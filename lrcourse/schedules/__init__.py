"""Learning-rate schedules: pure functions of the step, from NumPy alone.

>>> schedule = Warmup(0.001, T_warmup=500) >> CosineAnnealing(0.001, T_max=9_500)
>>> schedule(250), schedule(10_000)
(0.0005, 0.0)
"""

from .base import Schedule, from_dict, from_json
from .compose import Ahead, Join, Product, Scaled, Until
from .cycles import CosineRestarts, Cyclic
from .decays import ExponentialDecay, InverseSqrt, InverseTime, MultiStep, PiecewiseConstant, StepDecay
from .named import WSD, OneCycle, WarmupCosine
from .shapes import CosineAnnealing, Fixed, Linear, Polynomial, Ramp, Warmup

__all__ = [
    "WSD", "Ahead", "CosineAnnealing", "CosineRestarts", "Cyclic", "ExponentialDecay", "Fixed", "InverseSqrt",
    "InverseTime", "Join", "Linear", "MultiStep", "OneCycle", "PiecewiseConstant", "Polynomial", "Product", "Ramp",
    "Scaled", "Schedule", "StepDecay", "Until", "Warmup", "WarmupCosine", "from_dict", "from_json",
]
