"""What a sceptical user would try: unusual optimizers, groups that come later, scalers, checkpoints, wrappers."""

import io
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from tiny import tiny_data, tiny_model

from lrcourse import interop
from lrcourse.schedules import CosineAnnealing, Fixed, Linear, WarmupCosine

pytestmark = pytest.mark.interop
SCHEDULE = WarmupCosine(0.1, 60, 10, 0.001)


def weights(n=3):
    import torch
    return torch.nn.Parameter(torch.ones(n))


def go(optimizer, scheduler, n, update=None):
    """The rates that n updates use."""
    import torch
    used = []
    for _ in range(n):
        used.append(float(optimizer.param_groups[0]["lr"]))
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                parameter.grad = torch.ones_like(parameter)
        (update or optimizer.step)()
        scheduler.step()
    return used


def expected(n, first=0):
    return list(SCHEDULE(np.arange(first, first + n)))


# ---- PyTorch -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind, settings", [
    ("Adam", {"amsgrad": True}), ("AdamW", {"fused": True}), ("AdamW", {"foreach": True}), ("SGD", {"momentum": 0.9}),
    ("RMSprop", {"centered": True}), ("Adagrad", {}), ("NAdam", {}),
], ids=str)
def test_any_optimizer(kind, settings):
    import torch
    opt = getattr(torch.optim, kind)([weights()], lr=0.5, **settings)
    assert go(opt, interop.to_torch(SCHEDULE, opt), 30) == pytest.approx(expected(30), rel=1e-14)


def test_an_optimizer_that_asks_for_the_loss_again():
    import torch
    w = weights()
    opt = torch.optim.LBFGS([w], lr=1.0)
    used = go(opt, interop.to_torch(SCHEDULE, opt), 8, update=lambda: opt.step(lambda: (w * w).sum()))
    assert used == pytest.approx(expected(8), rel=1e-14)


def test_groups_that_come_later_follow_from_the_next_step_on():
    import torch
    opt = torch.optim.SGD([weights()], lr=0.5)
    scheduler = interop.to_torch(SCHEDULE, opt)
    go(opt, scheduler, 5)
    opt.add_param_group({"params": [weights()]})
    go(opt, scheduler, 1)
    assert [group["lr"] for group in opt.param_groups] == [SCHEDULE(6)] * 2 == scheduler.get_last_lr()
    assert len(scheduler.state_dict()["schedules"]) == 2
    opt = torch.optim.SGD([weights()], lr=0.5)
    scheduler = interop.to_torch(SCHEDULE, opt, groups="relative")
    go(opt, scheduler, 5)
    opt.add_param_group({"params": [weights()], "lr": 0.05})
    go(opt, scheduler, 1)
    assert [group["lr"] for group in opt.param_groups] == pytest.approx([SCHEDULE(6), SCHEDULE(6) / 10], rel=1e-14)


def test_groups_that_come_later_and_leave_a_choice_open_are_refused():
    import torch
    opt = torch.optim.SGD([weights()], lr=0.5)
    scheduler = interop.to_torch(SCHEDULE, opt)
    go(opt, scheduler, 3)
    opt.add_param_group({"params": [weights()], "lr": 0.05})
    with pytest.raises(ValueError, match=r"groups must be chosen .*\[0.5, 0.05\]"):
        go(opt, scheduler, 1)
    opt = torch.optim.SGD([weights()], lr=0.5)
    scheduler = interop.to_torch([SCHEDULE], opt)
    opt.add_param_group({"params": [weights()]})
    with pytest.raises(ValueError, match="the 1 groups that have a schedule, not 2: build"):
        go(opt, scheduler, 1)


def test_a_compiled_optimizer_sees_the_rate_change_and_is_compiled_once():
    import torch
    import torch._dynamo.testing
    w = weights()
    opt = torch.optim.SGD([w], lr=torch.tensor(0.5))
    scheduler = interop.to_torch(SCHEDULE, opt)
    counter = torch._dynamo.testing.CompileCounter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's own, on its way to compile
        go(opt, scheduler, 12, update=torch.compile(opt.step, backend=counter))
    assert w.detach().numpy() == pytest.approx(1 - sum(expected(12)), rel=1e-5)
    assert counter.frame_count <= 2


def test_a_gradient_scaler_that_skips_an_update():
    """A skipped update uses no rate; so the loop steps the scheduler only where the scale did not shrink."""
    import torch
    w = weights()
    opt = torch.optim.SGD([w], lr=0.5)
    scheduler, scaler, used = interop.to_torch(SCHEDULE, opt), torch.amp.GradScaler("cpu", init_scale=16.0), []
    for t in range(8):
        opt.zero_grad()
        scaler.scale((w * w).sum()).backward()
        if t == 3:
            w.grad[0] = float("inf")
        scale = scaler.get_scale()
        scaler.step(opt)
        scaler.update()
        if scaler.get_scale() >= scale:
            used.append(opt.param_groups[0]["lr"])
            scheduler.step()
    assert used == pytest.approx(expected(7), rel=1e-14)


def test_accelerate_steps_it_once_an_update_and_saves_it(tmp_path):
    import accelerate
    import torch
    helper = accelerate.Accelerator(cpu=True, gradient_accumulation_steps=2)
    model = torch.nn.Linear(3, 1)
    opt = torch.optim.SGD(model.parameters(), lr=0.5)
    model, opt, scheduler = helper.prepare(model, opt, interop.to_torch(SCHEDULE, opt))
    used = []
    for _ in range(12):
        with helper.accumulate(model):
            helper.backward(model(torch.ones(2, 3)).sum())
            if helper.sync_gradients:
                used.append(opt.param_groups[0]["lr"])
            opt.step()
            scheduler.step()
            opt.zero_grad()
    assert used == pytest.approx(expected(6), rel=1e-14)
    helper.save_state(str(tmp_path))
    scheduler.scheduler.last_epoch = 0
    helper.load_state(str(tmp_path))
    assert scheduler.scheduler.last_epoch == 6 and scheduler.get_last_lr() == [SCHEDULE(6)]


def test_the_whole_scheduler_can_be_saved_with_its_optimizer():
    import torch
    opt = torch.optim.Adam([weights()], lr=0.5, amsgrad=True)
    scheduler, file = interop.to_torch(SCHEDULE, opt), io.BytesIO()
    go(opt, scheduler, 5)
    torch.save(scheduler, file)
    file.seek(0)
    again = torch.load(file, weights_only=False)
    again.optimizer.step()
    again.step()
    assert again.get_last_lr() == [again.optimizer.param_groups[0]["lr"]] == [SCHEDULE(6)]


def test_inside_sequential_but_not_inside_a_chain():
    """A chain's later children multiply what they find and later divide it out: with absolute rates that fails."""
    import torch
    from torch.optim import lr_scheduler as S
    opt = torch.optim.SGD([weights()], lr=0.5)
    joined = S.SequentialLR(opt, [S.ConstantLR(opt, 0.5, 3), interop.to_torch(SCHEDULE, opt)], [3])
    assert go(opt, joined, 9) == pytest.approx([0.25] * 3 + expected(6), rel=1e-14)
    opt = torch.optim.SGD([weights()], lr=0.5)
    chain = S.ChainedScheduler([interop.to_torch(Fixed(0.1), opt), S.ConstantLR(opt, 0.5, 3)])
    assert go(opt, chain, 5)[3] == pytest.approx(0.2)  # twice the rate, for one update: so use a * b instead


def test_torchs_own_warning_for_a_step_too_early_still_comes():
    import torch
    opt = torch.optim.SGD([weights()], lr=0.5)
    scheduler = interop.to_torch(SCHEDULE, opt)
    with pytest.warns(UserWarning, match=r"lr_scheduler\.step\(\)` before `optimizer\.step\(\)"):
        scheduler.step()


def test_a_schedule_that_refuses_its_end_says_so():
    import torch
    opt = torch.optim.SGD([weights()], lr=0.5)
    scheduler = interop.to_torch(CosineAnnealing(0.1, 3, after="raise"), opt)
    go(opt, scheduler, 3)
    with pytest.raises(ValueError, match="t must be at most 3, the end of this schedule"):
        go(opt, scheduler, 1)
    assert scheduler.last_epoch == 3  # as if the step had not been asked for


# ---- Optax -------------------------------------------------------------------------------------------------------


def test_optax_shows_the_rate_it_injects():
    import jax.numpy as jnp
    import optax
    tool = optax.inject_hyperparams(optax.adamw)(learning_rate=interop.to_optax(SCHEDULE))
    params, used = jnp.ones(3), []
    state = tool.init(params)
    for _ in range(12):
        _, state = tool.update(jnp.ones(3), state, params)
        used.append(float(state.hyperparams["learning_rate"]))
    assert used == pytest.approx(expected(12), rel=1e-5)


def test_optax_multi_transform_and_accumulation():
    import jax
    import jax.numpy as jnp
    import optax
    tool = optax.multi_transform({"fast": optax.sgd(interop.to_optax(SCHEDULE)),
                                  "slow": optax.sgd(interop.to_optax(0.1 * SCHEDULE))}, {"a": "fast", "b": "slow"})
    tool = optax.MultiSteps(tool, every_k_schedule=2)
    params = {"a": jnp.zeros(()), "b": jnp.zeros(())}
    state = tool.init(params)
    update = jax.jit(tool.update)
    for _ in range(24):  # 12 updates of two batches each
        change, state = update({"a": jnp.ones(()), "b": jnp.ones(())}, state, params)
        params = optax.apply_updates(params, change)
    assert float(params["a"]) == pytest.approx(-sum(expected(12)), rel=1e-5)
    assert float(params["b"]) == pytest.approx(-sum(expected(12)) / 10, rel=1e-5)


def test_optax_joins_ours_with_its_own():
    import optax
    ours = interop.to_optax(Linear(0.1, 10))
    joined = optax.join_schedules([optax.constant_schedule(0.2), ours], [5])
    assert [float(joined(t)) for t in (4, 5, 10)] == pytest.approx([0.2, 0.1, 0.05], rel=1e-6)


# ---- Keras on its other backend ----------------------------------------------------------------------------------

ON_JAX = """
import json, keras, numpy as np
from lrcourse import interop
from lrcourse.schedules import WarmupCosine
assert keras.backend.backend() == "jax"
schedule = WarmupCosine(0.1, 12, 4)
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=interop.to_keras(schedule)),
              loss=lambda wanted, got: keras.ops.mean(got))  # the bias has gradient 1: it sums the rates up
model.fit(np.ones((40, 2)), np.ones((40, 1)), batch_size=4, verbose=0)
model.save("model.keras")
again = keras.models.load_model("model.keras", compile=False)
kept = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(model.optimizer))
print(json.dumps({"bias": float(again.layers[-1].bias[0]), "same": kept._learning_rate.schedule == schedule,
                  "next": float(model.optimizer.learning_rate)}))
"""


def test_keras_on_jax_fits_saves_and_loads(tmp_path):
    place = {**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": str(Path(interop.__file__).parents[2])}
    (tmp_path / "on_jax.py").write_text(ON_JAX)
    ran = subprocess.run([sys.executable, "on_jax.py"], capture_output=True, text=True, cwd=tmp_path, env=place)
    assert ran.returncode == 0, ran.stderr
    told, schedule = json.loads(ran.stdout.splitlines()[-1]), WarmupCosine(0.1, 12, 4)
    assert told["same"] and told["next"] == pytest.approx(schedule(10), rel=1e-6)
    assert told["bias"] == pytest.approx(-schedule.values(10).sum(), rel=1e-5)


# ---- Hugging Face ------------------------------------------------------------------------------------------------


def trainer(folder, steps, save):
    import transformers

    class Told(transformers.TrainerCallback):
        def __init__(self):
            self.used = []

        def on_pre_optimizer_step(self, args, state, control, optimizer=None, **kwargs):
            self.used.append(optimizer.param_groups[0]["lr"])

    args = transformers.TrainingArguments(
        output_dir=str(folder), max_steps=steps, per_device_train_batch_size=4, learning_rate=0.1, report_to=[],
        use_cpu=True, disable_tqdm=True, logging_steps=100, save_strategy="steps" if save else "no",
        save_steps=save or 1)
    told = Told()
    subject = transformers.Trainer(model=tiny_model(), args=args, callbacks=[told],
                                   train_dataset=tiny_data(400))
    return subject, told


@pytest.mark.filterwarnings("ignore")
def test_hugging_face_resumes_from_a_checkpoint(tmp_path):
    schedule = WarmupCosine(0.1, 16, 4)
    first, told = trainer(tmp_path, 16, save=8)
    interop.to_hf(schedule, first).train()
    assert told.used == pytest.approx(schedule.values(16), rel=1e-12)
    again, told = trainer(tmp_path, 16, save=0)
    interop.to_hf(schedule, again).train(resume_from_checkpoint=str(tmp_path / "checkpoint-8"))
    assert told.used == pytest.approx(schedule.values(16)[8:], rel=1e-12)
    other, _ = trainer(tmp_path, 16, save=0)
    with pytest.raises(ValueError, match="the saved state belongs to another configuration"):
        interop.to_hf(WarmupCosine(0.1, 16, 2), other).train(resume_from_checkpoint=str(tmp_path / "checkpoint-8"))
    state = json.loads((tmp_path / "checkpoint-8" / "trainer_state.json").read_text())
    assert "log_history" in state  # what `lrcourse audit` is given
