"""The family gives the rates of the real libraries: values recorded from them, each written here in our words.

Not covered, because they are not rates or not functions of the step: the momentum that PyTorch's OneCycleLR and
CyclicLR move against the rate, and metric-driven schedulers (plateau). timm's k_decay is not in the family.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from lrcourse.schedules import (
    WSD,
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    ExponentialDecay,
    Fixed,
    InverseSqrt,
    InverseTime,
    Linear,
    MultiStep,
    OneCycle,
    PiecewiseConstant,
    Polynomial,
    Ramp,
    StepDecay,
    Warmup,
    WarmupCosine,
)

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "reference_vectors.json").read_text())["vectors"]

OURS = {
    "torch_constant_lambda": Fixed(0.001),
    "torch_cosine_seed_exercise": CosineAnnealing(0.002, 5000, 0.0001, after="periodic"),
    "torch_cosine_seed_84": CosineAnnealing(0.001, 10000),
    "torch_step_seed": StepDecay(0.001, 1000),
    "torch_multistep": MultiStep(0.1, [30, 80]),
    "torch_multistep_repeated": MultiStep(0.1, [10, 10, 20], gamma=0.5),
    "torch_exponential": ExponentialDecay(0.001, 0.9995),
    "torch_constantlr": PiecewiseConstant([0.025, 0.05], [4]),
    "torch_linear_warmup": Warmup(0.05, 50, 0.005),
    "torch_polynomial": Polynomial(0.01, 40, 2),
    "torch_onecycle_default": OneCycle.pytorch(0.1, 100),
    "torch_onecycle_linear3": OneCycle.pytorch(0.1, 100, pct_start=0.4, shape="linear", three_phase=True,
                                               div_factor=10, final_div_factor=100),
    # One step past its end torch's rate comes back up the last ramp.
    "torch_onecycle_overshoot": OneCycle(0.1, 2, 7, 0.004, eta_final=4e-7, shape="cosine", after="periodic"),
    "torch_cyclic_triangular": Cyclic(0.01, 0.1, 20),
    "torch_cyclic_triangular2": Cyclic(0.01, 0.1, 20, 30, mode="triangular2"),
    "torch_warm_restarts": CosineRestarts(0.05, 10, 2, 0.0001),
    "torch_sequential_warmup_cosine": Warmup(0.001, 10, 0.0001) >> CosineAnnealing(0.001, 90),
    "torch_chained": PiecewiseConstant([0.1, 1.0], [5]) * ExponentialDecay(0.1, 0.9),
    "hf_linear": Warmup(5e-5, 100) >> Linear(5e-5, 900),
    "hf_cosine": WarmupCosine(0.0003, 1000, 100, after="periodic"),
    "hf_cosine_no_warmup": WarmupCosine(0.001, 500, 0),
    "hf_cosine_with_restarts": Warmup(0.0001, 20) >> CosineRestarts(0.0001, 280 / 3, cycles=3),
    "hf_polynomial": Warmup(0.001, 20) >> Polynomial(0.001, 180, 2, 1e-5),
    "hf_constant_with_warmup": Warmup(2e-5, 10),
    "hf_inverse_sqrt": InverseSqrt(0.001, 400),
    "hf_cosine_with_min_lr": WarmupCosine(0.001, 200, 20, 0.0001, after="periodic"),
    # The decay runs one step ahead of the warmup: it reaches the floor at T - 1 and is rising again at T.
    "hf_cosine_warmup_with_min_lr": Warmup(0.001, 20, start="(t+1)/w")
                                    >> CosineAnnealing(0.001, 180, 0.0001, after="periodic").ahead(1),
    "hf_wsd_cosine": WSD(0.001, 200, 50, 20, 0.0001, cooldown="cosine", eta_start=0.0001),
    "hf_wsd_1sqrt": WSD(0.001, 200, 50, 20, cooldown="1-sqrt"),
    "optax_constant": Fixed(0.0003),
    "optax_linear": Fixed(1e-5).until(10) >> Ramp(1e-5, 0.01, 100),
    "optax_polynomial": Polynomial(0.1, 100, 3, 0.001),
    "optax_cosine": CosineAnnealing(0.002, 1000, 0.0001),
    "optax_cosine_exponent": CosineAnnealing(0.002, 1000, 0.0001, exponent=2),
    "optax_cosine_long": CosineAnnealing(0.001, 10 ** 6),
    "optax_exponential": Fixed(0.1).until(50) >> ExponentialDecay(0.1, 0.5, per=100, eta_min=0.01),
    "optax_exponential_staircase": StepDecay(0.1, 100, gamma=0.5),
    "optax_piecewise_constant": PiecewiseConstant([1.0, 0.1, 0.05], [100, 200]),
    "optax_warmup_cosine": WarmupCosine(0.001, 1000, 100, 1e-5),
    "optax_warmup_exponential": Warmup(0.01, 50) >> ExponentialDecay(0.01, 0.9, per=100),
    "optax_cosine_onecycle": OneCycle(0.1, 30, 70, 0.004, eta_final=4e-7, shape="cosine"),
    "optax_linear_onecycle": OneCycle(0.1, 30, 55, 0.004, T_3=15, eta_final=4e-7),
    "optax_join_wsd": WSD(0.001, 300, 100, 50),
    "keras_cosine": CosineAnnealing(0.001, 1000, 0.0001),
    "keras_cosine_warmup": WarmupCosine(0.001, 1100, 100, 1e-5),
    "keras_exponential_staircase": StepDecay(0.1, 100, gamma=0.96),
    "keras_piecewise": PiecewiseConstant([1.0, 0.5, 0.1], [101, 201]),  # Keras switches one step after the boundary
    "keras_polynomial_cycle": Polynomial(0.1, 100, 0.5, 0.01, cycle=True),
    "keras_inverse_time": InverseTime(0.1, 0.5, per=10),
    "keras_cosine_restarts": CosineRestarts(0.1, 100, 2, decay=0.9),
    "timm_cosine_warmup_prefix": Warmup(0.001, 10, 1e-6) >> CosineAnnealing(0.001, 100, 1e-5),
    # Without the prefix the cosine counts from 0, so the rate jumps where warmup ends.
    "timm_cosine_warmup_noprefix": Warmup(0.001, 10, 1e-6) >> CosineAnnealing(0.001, 100, 1e-5).ahead(10),
    "timm_multistep": MultiStep(0.1, [29, 59]),  # timm drops one step before its milestones
}


def test_every_recorded_schedule_is_written_in_our_words():
    assert {vector["name"] for vector in VECTORS} == set(OURS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
@pytest.mark.parametrize("column, share", [("closed_form", 1e-12), ("values", 1e-11)])
def test_rates_equal_the_library_s(vector, column, share):
    """To 1e-12 of the peak; PyTorch's stepwise rates drift from its own closed form, by up to 4e-12 here."""
    steps = np.array(vector["steps"])
    theirs = np.array([float(value) for value in vector.get(column) or vector["values"]])
    schedule = OURS[vector["name"]]
    tolerance = (share if "closed_form" in vector else 1e-12) * theirs.max()
    np.testing.assert_allclose(schedule(steps), theirs, rtol=0, atol=tolerance)
    np.testing.assert_allclose([schedule(int(t)) for t in steps], theirs, rtol=0, atol=tolerance)
    np.testing.assert_allclose(schedule.values(steps.max() + 1)[steps], theirs, rtol=0, atol=tolerance)
