"""The classic slip of each exercise, as people write it down: rounded, cut, by hand. And the right values, rounded
as they are usually quoted, which must be accepted."""

import math

import numpy as np
import pytest

from lrcourse.exercises import get, judge

FATES = {"0.5": "monotone", "1": "one step", "1.5": "oscillating", "2": "perpetual", "2.5": "diverging"}
DEPENDS = {"step decay": "time", "Adam": "gradients", "reduce on plateau": "loss", "cosine annealing": "time"}


def full_period(t, eta_max, eta_min, T_max):
    return eta_min + (eta_max - eta_min) * (1 + np.cos(2 * np.pi * t / T_max)) / 2


def as_in_the_text(t, T_warmup):
    """With NumPy's division, which gives NaN and a warning instead of an error."""
    t, T_warmup = np.float64(t), np.float64(T_warmup)
    if t <= T_warmup:
        return t / T_warmup
    return (1 + np.cos(np.pi * (t - T_warmup) / (100 - T_warmup))) / 2


class Decay:
    def __init__(self):
        self.rate = 2.0

    def __call__(self, t):
        self.rate *= 0.9
        return self.rate


SLIPS = [
    ("8.1.1", {**DEPENDS, "Adam": "time"}, "not η(t)"),
    ("8.1.2", [33, 33, 33], "previous value"),
    ("8.1.2", [33.3, 33.3, 16.7], "value just before"),
    ("8.2.1", 0.1, "fastest"),
    ("8.2.2", 4602, "Round up"),
    ("8.2.3", 0.025, "small η"),
    ("8.3.1", lambda t, eta_0: eta_0, "Broadcast"),
    ("8.3.2", {**FATES, "2": "oscillating"}, "|1 - 2| = 1"),
    ("8.3.3", 0.5, "check what 2 - ηλ"),
    ("8.4.1", full_period, "full period"),
    ("8.4.2", -0.10355, "sign"),
    ("8.4.3", [5000, 1.5708e-7], "sign"),
    ("8.4.4", 0.0005, "excludes T"),
    ("8.4.5", 0.0005, "rises again"),
    ("8.4.6", 0, "last index is T - 1"),
    ("8.5.1", [1e-4, 1e-4, 1e-5, 1e-5], "floor"),
    ("8.5.2", 1385, "Not yet half"),
    ("8.5.3", 0.01, "take the root"),
    ("8.5.3", 0.9999, "straight line"),
    ("8.5.4", 0.00095, "root"),
    ("8.5.4", 0.99995, "percentages multiply"),
    ("8.5.5", [0, 0], "t = 0"),
    ("8.5.6", [5.5e-4, 1e-3, 1.64e-4, -2.86e-4], "hold"),
    ("8.5.7", [10, 20, 40, 80], "Accumulate"),
    ("8.5.8", [0.5, 0.70711], "Subtract it from 1"),
    ("8.5.9", 0.0442, "√W is missing"),
    ("8.5.10", [0.1, 0.1, 0.1, 0.01, 0.01, 0.01], "not ≥"),
    ("8.5.11", 1.20226, "Fence posts"),
    ("8.5.11", 1.202, "Fence posts"),
    ("8.6.1", 4.878, "baseline"),
    ("8.6.1", 5, "two decimals"),
    ("8.6.2", "e", "term by term"),
    ("8.6.3", [0, 0, 0], "Add η²"),
    ("8.6.4", [0.02, -0.005, 0.045], "Student's t"),
    ("8.6.5", [0.0050, 0.0032], "Tune each separately"),
    ("8.6.6", [0.5657, 0.032], "Which rule?"),
    ("8.6.7", "a", "covers 0"),
    ("8.7.1", 4.2756e-4, "shift time by T_warmup"),
    ("8.7.2", as_in_the_text, "strictly"),
    ("8.7.3", Decay(), "changes it"),
    ("8.7.4", 0.5, "plotting stepped it"),
    ("8.8.2", 0.0016218, "floor"),
    ("8.8.2", 0.0018071, "eta_max - eta_min"),
    ("8.8.2", 0.0015491, "degrees"),
    ("8.8.2", 0.001525, "straight line"),
    ("8.8.6", 2631.6, "straight line"),
    ("8.9.1", {**get("8.9.1").answer, "essential for optimal training": "always"}, "counterexample"),
]


@pytest.mark.parametrize(("id", "answer", "said"), SLIPS, ids=lambda v: v if isinstance(v, str) else None)
def test_the_classic_slip_is_named(id, answer, said):
    verdict = judge(get(id), answer)
    assert not verdict.correct
    assert said in verdict.text


QUOTED = [
    ("8.1.2", [33.3, 50, 50]),
    ("8.2.1", 0.2),
    ("8.2.2", 4603),
    ("8.2.3", 0.0263158),
    ("8.3.3", 0.4872),
    ("8.4.2", 0.10355),
    ("8.4.3", [5000, -1.5708e-7]),
    ("8.4.4", 0.00050005),
    ("8.4.5", 0),
    ("8.4.6", 2.467e-11),
    ("8.5.1", [1e-3, 1e-4, 1e-4, 1e-5]),
    ("8.5.2", 1386),
    ("8.5.3", 0.99953959),
    ("8.5.4", 0.99994871),
    ("8.5.5", [1, 0]),
    ("8.5.6", [5.5e-4, 1e-3, 5.5e-4, 1e-4]),
    ("8.5.7", [10, 30, 70, 150]),
    ("8.5.8", [0.5, 0.29289]),
    ("8.5.9", 6.9877e-4),
    ("8.5.10", [0.1, 0.1, 0.1, 0.1, 0.01, 0.01]),
    ("8.5.11", 1.20450),
    ("8.6.1", 4.651),
    ("8.6.1", 4.65),
    ("8.6.2", "b"),
    ("8.6.3", [0.1667, 0.0050, 0.0032]),
    ("8.6.4", [0.020, -0.015, 0.055]),
    ("8.6.5", [0.00087, 0.00092]),
    ("8.6.6", [3.2, 0.0056569]),
    ("8.7.1", 5.05e-4),
    ("8.7.3", lambda t: 2.0 * math.pow(0.9, t)),
    ("8.7.4", 0.125),
    ("8.8.1", 0.002),
    ("8.8.2", 0.001721),
    ("8.8.2", 0.001722),
    ("8.8.3", 0.00105),
    ("8.8.4", 0.000378),
    ("8.8.5", 0.0001),
    ("8.8.6", 2583.8),
    ("8.8.6", 2584),
    ("8.8.6", 2583),
]


@pytest.mark.parametrize(("id", "answer"), QUOTED, ids=lambda v: v if isinstance(v, str) else None)
def test_the_value_as_it_is_usually_quoted_is_accepted(id, answer):
    verdict = judge(get(id), answer)
    assert verdict.correct, verdict
