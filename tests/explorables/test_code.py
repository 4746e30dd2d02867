"""The code that the studio writes: ours is evaluated, and what it hands to a framework is run in the framework."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

import lrcourse.schedules
from lrcourse.schedules import from_dict

sys.path.append(str(Path(__file__).parents[1] / "schedules"))
from random_schedules import STUDIO, composed, many
from schedule_examples import EXAMPLES
from test_reference_vectors import OURS

KINDS = ["Fixed", "CosineAnnealing", "Linear", "StepDecay", "ExponentialDecay", "Warmup", "WarmupCosine", "OneCycle",
         "WSD", "InverseSqrt", "Polynomial", "Cyclic", "CosineRestarts"]


def test_the_expression_builds_an_equal_schedule(javascript):
    schedules = [*EXAMPLES, *OURS.values(), *many(100, seed=1), *many(100, seed=2, make=composed)]
    written = javascript.evaluate(["code"], "(ds) => ds.map(expression)", [s.to_dict() for s in schedules])
    for schedule, text in zip(schedules, written):
        assert eval(text, vars(lrcourse.schedules)) == schedule


def test_our_code_runs(javascript):
    for schedule in EXAMPLES:
        names = {}
        exec(javascript.evaluate(["code"], "(d) => code(d, 'lrcourse')", schedule.to_dict()), names)
        assert names["schedule"] == schedule


# ---- in the frameworks (make test-interop) -----------------------------------------------------------------------

in_frameworks = pytest.mark.skipif(not os.environ.get("LRCOURSE_INTEROP"), reason="run by  make test-interop")


def small(javascript):
    """The family as the studio starts it, on runs of a hundred steps or so, and with floors."""
    starts = javascript.evaluate(["family"], "(kinds) => kinds.map((kind) => start(kind))", KINDS)
    for d in starts:
        for key, value in d.items():
            if isinstance(value, int) and value >= 1_000:
                d[key] = value // 100
    floors = [{**d, "eta_min": 1e-4} for d in starts if d.get("eta_min") == 0]
    more = [{**d, "after": "periodic"} for d in starts if d["schedule"] == "CosineAnnealing"]
    shapes = [{**d, "shape": "cosine"} for d in starts if d["schedule"] == "OneCycle"]
    shapes += [{**d, "cooldown": "1-sqrt"} for d in starts if d["schedule"] == "WSD"]
    late = [{**d, "start": "(t+1)/w"} for d in starts if d["schedule"] == "Warmup"]
    drawn = [s.to_dict() for s in [*many(60, seed=3, most=40, kinds=STUDIO), *many(20, seed=4, make=composed, most=20)]]
    return [*starts, *floors, *more, *shapes, *late, *drawn]


def written(javascript, target):
    family = small(javascript)
    texts = javascript.evaluate(["code"], f"(ds) => ds.map((d) => code(d, '{target}'))", family)
    for d, text in zip(family, texts):
        schedule = from_dict(d)
        steps = np.arange(int(schedule.horizon or 120))
        yield schedule, steps, text


def agrees(schedule, steps, rates, tolerance):
    expected = schedule(steps)
    return np.max(np.abs(expected - rates)) <= tolerance * expected.max()


@in_frameworks
@pytest.mark.interop
def test_the_code_runs_in_pytorch(javascript):
    import torch

    native = 0
    for schedule, steps, text in written(javascript, "torch"):
        model = torch.nn.Linear(1, 1)
        names = {"model": model, "optimizer": torch.optim.SGD(model.parameters(), lr=float(schedule(0)) or 0.1)}
        exec(text, names)
        rates = []
        for _ in steps:
            rates.append(names["optimizer"].param_groups[0]["lr"])
            names["optimizer"].step()
            names["scheduler"].step()
        assert agrees(schedule, steps, rates, 1e-9), (schedule, text)
        native += "lr_scheduler" in text
    assert native > 10


@in_frameworks
@pytest.mark.interop
def test_the_code_runs_in_optax(javascript):
    import jax

    jax.config.update("jax_enable_x64", True)
    try:
        native = 0
        for schedule, steps, text in written(javascript, "optax"):
            names = {}
            exec(text, names)
            assert agrees(schedule, steps, [float(names["schedule"](t)) for t in steps], 1e-6), (schedule, text)
            native += text.startswith("import optax")
        assert native > 12
    finally:
        jax.config.update("jax_enable_x64", False)


@in_frameworks
@pytest.mark.interop
def test_the_code_runs_in_keras(javascript):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    native = 0
    for schedule, steps, text in written(javascript, "keras"):
        names = {}
        exec(text, names)
        rate = names["learning_rate"]
        rates = [rate if isinstance(rate, float) else float(rate(int(t))) for t in steps]
        assert agrees(schedule, steps, rates, 1e-5), (schedule, text)
        native += "lrcourse" not in text
    assert native > 8
