"""A schedule in a Hugging Face Trainer."""

from __future__ import annotations

import warnings

import transformers

from .for_torch import Rates


def install(schedule, trainer):
    """Replace the trainer's create_scheduler by one that builds ours."""
    if not isinstance(trainer, transformers.Trainer):
        raise TypeError(f"trainer must be a transformers.Trainer, got {type(trainer).__name__}")

    def create_scheduler(num_training_steps, optimizer=None):
        if trainer.lr_scheduler is None:
            T = schedule.horizon
            if T is not None and T != num_training_steps:
                warnings.warn(f"the trainer plans {num_training_steps} updates, the schedule's horizon is {T:g}: see "
                              f"schedule.audit(updates={num_training_steps})", stacklevel=2)
            trainer.lr_scheduler = Rates(schedule, optimizer or trainer.optimizer, groups="relative")
        return trainer.lr_scheduler

    trainer.create_scheduler = create_scheduler
    return trainer
