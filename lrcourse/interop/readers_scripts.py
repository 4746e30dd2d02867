"""The doors in for training scripts: settings in nanoGPT's or Megatron-LM's names."""

from __future__ import annotations

import math

from lrcourse.schedules import WSD, CosineAnnealing, Fixed, InverseSqrt, Linear, Schedule, WarmupCosine, checks
from lrcourse.schedules.base import nearly_whole

from .readers import NotASchedule, warmed


def from_config(config: dict) -> Schedule:
    """The schedule of a training script's settings, in nanoGPT's or Megatron-LM's names, in updates.

    nanoGPT: learning_rate, warmup_iters, lr_decay_iters, min_lr, decay_lr; its warmup is (t+1)/(w+1). A warmup or floor
    that is left out counts as none here, while the script itself then takes 2000 steps and 6e-5.
    Megatron: lr, min_lr, lr_warmup_iters or lr_warmup_fraction, lr_decay_iters (which includes the warmup, and is
    train_iters where it is left out), lr_decay_style, lr_warmup_init, lr_wsd_decay_iters, lr_wsd_decay_style. Settings
    counted in samples must be divided by the batch size first.
    """
    if any(key in config for key in ("lr_decay_style", "lr_warmup_iters", "lr_warmup_fraction")):
        return _megatron(config)
    if "learning_rate" in config and "lr_decay_iters" in config:
        if not config.get("decay_lr", True):
            return Fixed(config["learning_rate"])
        return WarmupCosine(config["learning_rate"], config["lr_decay_iters"], config.get("warmup_iters") or 0,
                            config.get("min_lr") or 0.0, start="(t+1)/(w+1)")
    raise NotASchedule(f"config must hold nanoGPT's learning_rate and lr_decay_iters or Megatron's lr and "
                       f"lr_decay_style, got {sorted(config)}")


def _megatron(c) -> Schedule:
    if samples := sorted(key for key in c if key.endswith("_samples") and c[key]):
        raise NotASchedule(f"{samples[0]} counts samples, not updates: divide by the global batch size and use "
                           f"{samples[0].replace('_samples', '_iters')}")
    style, lr = c.get("lr_decay_style", "linear"), checks.rate("lr", c["lr"])
    low = checks.rate("min_lr", c.get("min_lr") or 0.0, zero=True)
    T, w, start = _megatron_length(c), _megatron_warmup(c), c.get("lr_warmup_init") or 0.0
    if style == "constant":
        return warmed(lr, w, Fixed(lr), eta_start=start)
    if style == "inverse-square-root":
        return _megatron_roots(lr, w, T, low, start)
    if T is None:
        raise KeyError("lr_decay_iters")
    if w >= T:
        raise ValueError(f"the warmup must be shorter than lr_decay_iters={T}, which includes it, got {w} steps: "
                         f"no step is left for the decay")
    if style == "cosine":
        return warmed(lr, w, CosineAnnealing(lr, T - w, low), eta_start=start)
    if style == "linear":
        return warmed(lr, w, Linear(lr, T - w, low), eta_start=start)
    if style == "WSD":
        named = c.get("lr_wsd_decay_style", "exponential")
        shapes = {"linear": "linear", "cosine": "cosine", "minus_sqrt": "1-sqrt"}
        if named not in shapes:
            raise NotASchedule(f"lr_wsd_decay_style {named!r} is not in the family: {', '.join(shapes)} are")
        return WSD(lr, T, c["lr_wsd_decay_iters"], w, low, cooldown=shapes[named], eta_start=start)
    raise NotASchedule(f"lr_decay_style must be constant, linear, cosine, inverse-square-root or WSD, got {style!r}")


def _megatron_length(c) -> int | None:
    T = c.get("lr_decay_iters") or c.get("train_iters")
    return None if T is None else checks.whole("lr_decay_iters", T)


def _megatron_warmup(c) -> int:
    """lr_warmup_iters, or lr_warmup_fraction of the decay's length."""
    if c.get("lr_warmup_fraction") is None:
        return checks.whole("lr_warmup_iters", c.get("lr_warmup_iters") or 0, at_least=0)
    if c.get("lr_warmup_iters"):
        raise ValueError("lr_warmup_fraction and lr_warmup_iters must not both be given: leave one out, as in Megatron")
    share, T = checks.between("lr_warmup_fraction", c["lr_warmup_fraction"], 0, 1), _megatron_length(c)
    if T is None:
        raise KeyError("lr_decay_iters")
    steps = nearly_whole(share * T)
    if steps != int(steps):
        raise NotASchedule(f"lr_warmup_fraction × lr_decay_iters must be a whole number of steps, got {steps:g}: "
                           f"write lr_warmup_iters")
    return int(steps)


def _megatron_roots(lr, w, T, low, start) -> Schedule:
    """The inverse square root drops to min_lr after lr_decay_iters; before that the floor may not be reached."""
    if start or not w or (low and (T is None or lr * math.sqrt(w / T) < low)):
        raise NotASchedule("inverse-square-root is read with a warmup from 0 and a floor below what it reaches, got "
                           f"lr_warmup_iters={w}, lr_warmup_init={start}, lr_decay_iters={T}, min_lr={low}")
    roots = InverseSqrt(lr, w)
    return roots if T is None else roots.until(T + 1) >> Fixed(low)
