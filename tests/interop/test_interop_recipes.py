"""What the audit says to write in each library is run there, and gives the rates that the audit says it would."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "schedules"))
from schedule_examples import EXAMPLES

from lrcourse.interop.equivalents import equivalents
from lrcourse.interop.plans import plan
from lrcourse.schedules import WSD, CosineAnnealing, ExponentialDecay, Linear, Polynomial, StepDecay, Warmup

pytestmark = [pytest.mark.interop, pytest.mark.filterwarnings("ignore")]
WARMED = [Warmup(0.1, 9, 0.01) >> then for then in (
    CosineAnnealing(0.1, 40), Linear(0.1, 40, 0.02), Polynomial(0.1, 40, 2.0, 0.01), StepDecay(0.1, 7, 0.5),
    ExponentialDecay(0.1, 0.97), ExponentialDecay(0.1, 0.5, per=8, eta_min=0.02))]
ALL = [*EXAMPLES, *WARMED, WSD(0.1, 90, 30, 10, 0.01, cooldown="cosine")]
RECIPES = [(planned, each) for schedule in ALL if (planned := plan(schedule)) for each in equivalents(schedule)
           if each.code and each.library in ("PyTorch", "Hugging Face", "Optax", "Keras")]


def updates(planned, each):
    return min(each.last + 1 if each.last is not None else int(planned.T or 150) + 40, 1500)


def stepped(recipe, peak, n):
    import torch
    from transformers import get_scheduler
    opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=peak)
    scheduler = eval(recipe, {**vars(torch.optim.lr_scheduler), "get_scheduler": get_scheduler, "optimizer": opt})
    rates = []
    for _ in range(n):
        rates.append(float(opt.param_groups[0]["lr"]))
        opt.step()
        scheduler.step()
    return rates


def called(each, n):
    import jax
    import keras
    import optax
    jax.config.update("jax_enable_x64", True)
    keras.config.set_floatx("float64")
    try:
        theirs = eval(each.code, {"optax": optax, **vars(keras.optimizers.schedules)})
        if each.library == "Optax":
            return np.asarray([jax.numpy.ravel(theirs(t))[0] for t in range(n)] if n < 200 else
                              jax.vmap(theirs)(jax.numpy.arange(n)))
        return [float(theirs(t)) for t in range(0, n, 1 + n // 60)]
    finally:
        jax.config.update("jax_enable_x64", False)
        keras.config.set_floatx("float32")


@pytest.mark.parametrize("planned, each", RECIPES, ids=[f"{e.library[:2]}-{e.code[:60]}" for _, e in RECIPES])
def test_the_recipe_gives_what_the_audit_shows(planned, each, frameworks):
    n = updates(planned, each)
    step = 1 + n // 60 if each.library == "Keras" else 1
    theirs = called(each, n) if each.library in ("Optax", "Keras") else stepped(each.code, planned.peak, n)
    tolerance = 3e-7 if each.library == "Keras" else 1e-11  # Keras computes parts in float32; torch's recursion drifts
    ours = each.schedule(np.arange(0, n, step))
    np.testing.assert_allclose(ours, np.ravel(theirs), rtol=0, atol=tolerance * planned.peak)


def test_most_of_the_family_has_recipes():
    assert len(RECIPES) > 100 and {each.library for _, each in RECIPES} == {"PyTorch", "Hugging Face", "Optax", "Keras"}
