"""The doors out: each imports its framework only when it is opened."""

from __future__ import annotations

from importlib import import_module

from lrcourse.schedules import Schedule, checks


def _schedule(value) -> Schedule:
    if not isinstance(value, Schedule):
        raise TypeError(f"schedule must be one of lrcourse.schedules, got {value!r}: write Fixed(0.1)")
    return value


def _framework(name: str, module: str):
    """Our module for a framework, or an error that says how to get the framework."""
    try:
        return import_module(f"lrcourse.interop.{module}")
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("lrcourse"):
            raise
        raise ModuleNotFoundError(
            f"{name} is not installed here (no module {error.name!r}): run  pip install 'lrcourse[interop]'  or  "
            f"pip install {error.name}", name=error.name) from None


def factor(schedule, lr):
    """The multiplier `f(t) = schedule(t)/lr` for LambdaLR and whatever else multiplies an optimizer's own rate `lr`.

    >>> from lrcourse.schedules import Warmup
    >>> factor(Warmup(0.1, T_warmup=10), lr=0.1)(5)
    0.5
    """
    rate, lr = _schedule(schedule).compile(), checks.rate("lr", lr)
    return lambda t: rate(t) / lr


def to_torch(schedule, optimizer, *, groups=None, last_epoch=-1):
    """A torch LRScheduler that sets the rate of every update; call its `step()` after each `optimizer.step()`.

    groups="absolute" gives every parameter group the schedule's rate; "relative" keeps the groups' proportions: each
    gets the schedule's rate times its own initial rate over the first group's. Where the groups' rates differ, the
    choice must be made. A list of schedules gives each group its own. `state_dict()` holds the configuration and the
    step, so a run resumes exactly, with or without the optimizer's state; another configuration is refused.
    `last_epoch` is the index of the last update done, for a resumed run without a state.
    """
    return _framework("PyTorch", "for_torch").Rates(schedule, optimizer, groups=groups, last_epoch=last_epoch)


def to_optax(schedule):
    """A function of the step count for any Optax optimizer: pure, and good under jit, vmap and scan.

    Computed in float64 where JAX's x64 is on, else in float32.
    """
    return _framework("Optax and JAX", "for_jax").rates(_schedule(schedule))


def to_keras(schedule):
    """A registered keras LearningRateSchedule: pass it as `learning_rate`; it survives saving and loading."""
    return _framework("Keras", "for_keras").Rates(_schedule(schedule))


def to_hf(schedule, trainer):
    """Make a Hugging Face Trainer use the schedule: its create_scheduler builds ours. Returns the trainer.

    Call it before `trainer.train()`. T_max and the like are taken as given; if the number of updates the trainer plans
    differs from the schedule's horizon, a warning says so.
    """
    return _framework("Hugging Face Transformers", "for_hf").install(_schedule(schedule), trainer)
