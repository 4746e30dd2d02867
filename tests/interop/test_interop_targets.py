"""Our schedules inside the real frameworks: the same rates, for every update, and resumed runs."""

import copy
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

sys.path.insert(0, str(Path(__file__).parents[1] / "schedules"))
from schedule_examples import EXAMPLES, IDS
from test_schedule_properties import composition
from tiny import tiny_data, tiny_model

from lrcourse import interop
from lrcourse.schedules import (
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    Fixed,
    Linear,
    Polynomial,
    StepDecay,
    Warmup,
    WarmupCosine,
)

pytestmark = pytest.mark.interop
every = pytest.mark.parametrize("schedule", EXAMPLES, ids=IDS)
SCHEDULE = WarmupCosine(0.1, 60, 10, 0.001)


@pytest.fixture(scope="module", autouse=True)
def double_precision(frameworks):
    import jax
    import keras
    jax.config.update("jax_enable_x64", True)
    keras.config.set_floatx("float64")
    yield
    jax.config.update("jax_enable_x64", False)
    keras.config.set_floatx("float32")


def updates(schedule) -> int:
    return min(int((schedule.horizon or 150) + 40), 300)


def peak(schedule) -> float:
    return max(schedule.values(updates(schedule)).max(), 1e-300)


def optimizer(*rates):
    import torch
    groups = [{"params": [torch.nn.Parameter(torch.ones(1))], "lr": rate} for rate in rates or (0.5,)]
    return torch.optim.SGD(groups)


def run(opt, scheduler, n, group=0):
    rates = []
    for _ in range(n):
        rates.append(float(opt.param_groups[group]["lr"]))
        opt.step()
        scheduler.step()
    return np.array(rates)


@every
def test_torch_uses_exactly_our_rates(schedule):
    opt = optimizer()
    n = updates(schedule)
    np.testing.assert_allclose(run(opt, interop.to_torch(schedule, opt), n), schedule.values(n), rtol=0,
                               atol=1e-15 * peak(schedule))


@every
def test_optax_under_jit_and_vmap(schedule):
    import jax
    import jax.numpy as jnp
    rate, n = interop.to_optax(schedule), updates(schedule)
    steps = jnp.arange(n)
    for ours in (rate(steps), jax.jit(rate)(steps), jax.jit(jax.vmap(rate))(steps)):
        np.testing.assert_allclose(ours, schedule.values(n), rtol=0, atol=1e-12 * peak(schedule))
    assert float(rate(3)) == pytest.approx(schedule(3), abs=1e-12 * peak(schedule))


@every
def test_keras_at_every_step(schedule):
    rate, n = interop.to_keras(schedule), updates(schedule)
    steps = range(0, n, 5)
    np.testing.assert_allclose([float(rate(t)) for t in steps], schedule(np.array(steps)), rtol=0,
                               atol=1e-12 * peak(schedule))


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=60, deadline=None)
@given(composition)
def test_random_compositions_are_the_same_everywhere(schedule):
    import jax
    import jax.numpy as jnp
    ours, opt = schedule.values(90), optimizer()
    tolerance = 1e-12 * max(ours.max(), 1e-3)
    np.testing.assert_allclose(run(opt, interop.to_torch(schedule, opt), 90), ours, rtol=0, atol=tolerance)
    np.testing.assert_allclose(jax.vmap(interop.to_optax(schedule))(jnp.arange(90)), ours, rtol=0, atol=tolerance)
    rate = interop.to_keras(schedule)
    np.testing.assert_allclose([float(rate(t)) for t in range(0, 90, 9)], ours[::9], rtol=0, atol=tolerance)


def test_float32_stays_close():
    import jax
    import jax.numpy as jnp
    jax.config.update("jax_enable_x64", False)
    try:
        rates = jax.jit(interop.to_optax(CosineAnnealing(0.001, 100_000)))(jnp.arange(100_001))
        assert rates.dtype == jnp.float32
        ours = CosineAnnealing(0.001, 100_000).values(100_001)
        np.testing.assert_allclose(rates, ours, rtol=2e-6, atol=1e-12 * 0.001)
        assert (np.asarray(rates[:-1]) > 0).all()  # the naive 1 + cos gives exact zeros here
        for stairs in (Polynomial(0.1, 30, 0.5, cycle=True), CosineRestarts(0.1, 30), CosineRestarts(
                0.1, 100 / 3, cycles=9), Cyclic(0.0, 0.1, 15, mode="triangular2"), StepDecay(0.1, 161)):
            rates = jax.jit(jax.vmap(interop.to_optax(stairs)))(jnp.arange(400))
            np.testing.assert_allclose(rates, stairs.values(400), rtol=0, atol=1e-6 * 0.1)
    finally:
        jax.config.update("jax_enable_x64", True)


# ---- PyTorch: groups, state, resuming --------------------------------------------------------------------------------

def test_torch_parameter_groups():
    opt = optimizer(0.5, 0.05)
    with pytest.raises(ValueError, match=r"groups must be chosen.*\[0.5, 0.05\].*relative.*absolute"):
        interop.to_torch(SCHEDULE, opt)
    opt = optimizer(0.5, 0.05)
    scheduler = interop.to_torch(SCHEDULE, opt, groups="relative")
    run(opt, scheduler, 7)
    assert scheduler.get_last_lr() == pytest.approx([SCHEDULE(7), SCHEDULE(7) / 10], rel=1e-14)
    opt = optimizer(0.5, 0.05)
    run(opt, interop.to_torch(SCHEDULE, opt, groups="absolute"), 7)
    assert [group["lr"] for group in opt.param_groups] == [SCHEDULE(7)] * 2
    opt = optimizer(0.5, 0.05)
    run(opt, interop.to_torch([SCHEDULE, Fixed(0.3)], opt), 7)
    assert [group["lr"] for group in opt.param_groups] == [SCHEDULE(7), 0.3]
    opt = optimizer(0.5, 0.0, 0.25)
    run(opt, interop.to_torch(SCHEDULE, opt, groups="relative"), 7)
    assert [group["lr"] for group in opt.param_groups] == [SCHEDULE(7), 0.0, SCHEDULE(7) / 2]
    with pytest.raises(ValueError, match="nothing can be in proportion to 0"):
        interop.to_torch(SCHEDULE, optimizer(0.0, 0.5), groups="relative")
    with pytest.raises(ValueError, match="one entry for each of the 2 parameter groups, got 3"):
        interop.to_torch([SCHEDULE] * 3, optimizer(0.5, 0.05))


@pytest.mark.parametrize("with_optimizer_state", [True, False])
def test_torch_resumes_exactly(with_optimizer_state, tmp_path):
    import torch
    opt = optimizer()
    whole = run(opt, interop.to_torch(SCHEDULE, opt), 50)
    opt = optimizer()
    first = interop.to_torch(SCHEDULE, opt)
    run(opt, first, 23)
    torch.save({"scheduler": first.state_dict(), "optimizer": opt.state_dict()}, tmp_path / "run.pt")
    assert json.loads(json.dumps(first.state_dict()))["last_epoch"] == 23
    saved = torch.load(tmp_path / "run.pt", weights_only=True)
    opt = optimizer()
    again = interop.to_torch(SCHEDULE, opt)
    if with_optimizer_state:
        opt.load_state_dict(saved["optimizer"])
    again.load_state_dict(saved["scheduler"])
    np.testing.assert_array_equal(run(opt, again, 27), whole[23:])
    with pytest.raises(ValueError, match="another configuration"):
        interop.to_torch(Fixed(0.1), optimizer()).load_state_dict(saved["scheduler"])


def test_torch_resumes_by_number_and_survives_copies():
    opt = optimizer()
    scheduler = interop.to_torch(SCHEDULE, opt, last_epoch=22)
    assert opt.param_groups[0]["lr"] == SCHEDULE(23)
    twin = copy.deepcopy(scheduler)
    assert twin.get_last_lr() == [SCHEDULE(23)]
    twin.step()
    assert twin.get_last_lr() == [SCHEDULE(24)] and scheduler.get_last_lr() == [SCHEDULE(23)]
    for bad in (-2, 1.5, True):
        with pytest.raises(ValueError, match="last_epoch must be"):
            interop.to_torch(SCHEDULE, optimizer(), last_epoch=bad)
    with pytest.raises(TypeError, match=r"optimizer must be a torch\.optim\.Optimizer, got list"):
        interop.to_torch(SCHEDULE, [])
    with pytest.raises(TypeError, match=r"schedule must be one of lrcourse\.schedules"):
        interop.to_torch(0.1, optimizer())


def test_torch_drives_tensor_rates_and_sequential():
    import torch
    parameter = torch.nn.Parameter(torch.ones(1))
    opt = torch.optim.Adam([parameter], lr=torch.tensor(0.5))
    scheduler = interop.to_torch(SCHEDULE, opt)
    run(opt, scheduler, 5)
    assert float(opt.param_groups[0]["lr"]) == pytest.approx(SCHEDULE(5), rel=1e-6)
    state = scheduler.state_dict()
    scheduler.load_state_dict({**state, "last_epoch": 9})
    assert float(opt.param_groups[0]["lr"]) == pytest.approx(SCHEDULE(9), rel=1e-6)


def test_factor_for_lambdalr():
    import torch
    opt = optimizer(0.5)
    scheduler = torch.optim.lr_scheduler.LambdaLR(opt, interop.factor(SCHEDULE, lr=0.5))
    np.testing.assert_allclose(run(opt, scheduler, 60), SCHEDULE.values(60), rtol=1e-15)


# ---- Optax, Keras, Hugging Face --------------------------------------------------------------------------------------

def test_optax_trains_with_it():
    import jax
    import jax.numpy as jnp
    import optax
    schedule = Linear(0.1, 10)
    tool = optax.sgd(interop.to_optax(schedule))
    params, state = jnp.array(1.0), None
    state = tool.init(params)

    def update(carry, _):
        params, state = carry
        change, state = tool.update(jnp.array(1.0), state, params)
        return (params + change, state), params + change

    _, path = jax.lax.scan(update, (params, state), None, length=12)
    np.testing.assert_allclose(path, 1 - np.cumsum(schedule.values(12)), rtol=1e-12)


def test_what_a_traced_step_cannot_refuse_is_refused_at_once():
    for build in (interop.to_optax, interop.to_keras):
        with pytest.raises(ValueError, match="after must be 'hold' or 'periodic'"):
            build(CosineAnnealing(0.1, 10, after="raise"))


def test_keras_fits_saves_and_loads(tmp_path):
    import keras
    schedule = WarmupCosine(0.1, 12, 4)
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=interop.to_keras(schedule)), loss="mse")
    model.fit(np.ones((24, 2)), np.ones((24, 1)), batch_size=4, epochs=1, verbose=0)
    assert int(model.optimizer.iterations) == 6
    assert float(model.optimizer.learning_rate) == pytest.approx(schedule(6), rel=1e-6)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert again.optimizer._learning_rate.schedule == schedule
    config = keras.saving.serialize_keras_object(interop.to_keras(schedule))
    assert interop.from_keras(config) == schedule
    assert keras.saving.deserialize_keras_object(config).schedule == schedule


def trainer(tmp_path, **settings):
    import transformers

    args = transformers.TrainingArguments(output_dir=str(tmp_path), max_steps=8, per_device_train_batch_size=4,
                                          logging_steps=1, report_to=[], use_cpu=True, disable_tqdm=True,
                                          save_strategy="no", **settings)
    return transformers.Trainer(model=tiny_model(), args=args, train_dataset=tiny_data(64))


def test_hugging_face_trainer_uses_it(tmp_path):
    schedule = Warmup(0.1, 3) >> StepDecay(0.1, 2, gamma=0.5)
    subject = interop.to_hf(schedule, trainer(tmp_path, learning_rate=0.1))
    subject.train()
    logged = [row["learning_rate"] for row in subject.state.log_history if "learning_rate" in row]
    np.testing.assert_allclose(logged, schedule.values(8)[:len(logged)], rtol=1e-12)


def test_hugging_face_warns_of_another_horizon(tmp_path):
    subject = interop.to_hf(Linear(0.1, 5), trainer(tmp_path, learning_rate=0.1))
    with pytest.warns(UserWarning, match="plans 8 updates, the schedule's horizon is 5"):
        subject.train()
    with pytest.raises(TypeError, match=r"trainer must be a transformers\.Trainer"):
        interop.to_hf(SCHEDULE, object())


def test_all_frameworks_of_the_extra_are_here():
    assert all(importlib.util.find_spec(name) for name in ("torch", "jax", "optax", "keras", "transformers"))
