"""The doors in: a scheduler or its configuration becomes one of our schedules, or is refused with the reason.

Nothing here imports a framework: objects are known by their class's name and read by their attributes.
"""

from __future__ import annotations

import json
import math

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
    Schedule,
    StepDecay,
    Warmup,
    checks,
    from_dict,
)


class NotASchedule(ValueError):
    """What was given is not a function of the step, or is one that the family does not hold; the message says why."""


def warmed(lr, warmup: int, then: Schedule, **options) -> Schedule:
    """`then` after a linear warmup, or alone where there is none."""
    return Warmup(lr, warmup, **options) >> then if warmup else then


# ---- PyTorch -------------------------------------------------------------------------------------------------------

def from_torch(scheduler, *, group=0) -> Schedule:
    """The rates that a torch scheduler gives to parameter group `group`, from t = 0 on, wherever it stands now.

    Kept as they are: CosineAnnealingLR rises again after T_max (after="periodic"); OneCycleLR ends at total_steps - 1
    (after="raise"); a SequentialLR begins from the optimizer's own initial rate, and one inside another is a step ahead
    (pytorch#196243); a chain with a cosine is a product only up to its T_max.
    """
    name = type(scheduler).__name__
    if name == "Rates" and hasattr(scheduler, "schedules"):
        return _of_group(scheduler.schedules, group)
    if name == "SequentialLR":
        return _sequence(scheduler, group)
    if name == "ChainedScheduler":
        return _chain(scheduler, group)
    reader = TORCH.get(name)
    if reader is None:
        raise NotASchedule(WHY_NOT.get(name, f"{name} is not known here: known are {', '.join(sorted(TORCH))}, "
                                             f"SequentialLR and ChainedScheduler"))
    return reader(scheduler, _base(scheduler, group), group)


def _of_group(each: list, group):
    if not 0 <= group < len(each):
        raise IndexError(f"group must be one of the optimizer's {len(each)} parameter groups, got {group!r}: "
                         f"they count from 0")
    return each[group]


def _base(scheduler, group) -> float:
    return float(_of_group(scheduler.base_lrs, group))


def _torch_cyclic(s, base, group):
    if getattr(s, "_scale_fn_custom", None) is not None:
        raise NotASchedule("CyclicLR with its own scale_fn holds a Python function that can't be read back: use one of "
                           "the modes triangular, triangular2, exp_range")
    return Cyclic(base, s.max_lrs[group], round(s.total_size * s.step_ratio), round(s.total_size * (1 - s.step_ratio)),
                  mode=s.mode, gamma=s.gamma if s.mode == "exp_range" else 1.0)


def _torch_onecycle(s, base, group):
    phases, settings = s._schedule_phases, s.optimizer.param_groups[group]
    T_1, last = phases[0]["end_step"], phases[-1]["end_step"]
    three = len(phases) == 3
    T_2 = phases[1]["end_step"] - T_1
    return OneCycle(settings["max_lr"], T_1, T_2, settings["initial_lr"], T_3=last - T_1 - T_2 if three else 0,
                    eta_final=settings["min_lr"], after="raise",
                    shape={"cos": "cosine"}.get(s._anneal_func_type, "linear"))


TORCH = {
    "StepLR": lambda s, base, group: StepDecay(base, s.step_size, s.gamma),
    "MultiStepLR": lambda s, base, group: MultiStep(base, sorted(s.milestones.elements()), s.gamma),
    "ConstantLR": lambda s, base, group: PiecewiseConstant([base * s.factor, base], [s.total_iters]),
    "LinearLR": lambda s, base, group: Ramp(base * s.start_factor, base * s.end_factor, s.total_iters),
    "ExponentialLR": lambda s, base, group: ExponentialDecay(base, s.gamma),
    "PolynomialLR": lambda s, base, group: Polynomial(base, s.total_iters, s.power),
    "CosineAnnealingLR": lambda s, base, group: CosineAnnealing(base, s.T_max, s.eta_min, after="periodic"),
    "CosineAnnealingWarmRestarts": lambda s, base, group: CosineRestarts(base, s.T_0, s.T_mult, s.eta_min),
    "CyclicLR": _torch_cyclic,
    "OneCycleLR": _torch_onecycle,
}
WHY_NOT = {
    "ReduceLROnPlateau": "ReduceLROnPlateau follows a metric, not the step: its rates exist only once the run is over",
    "LambdaLR": "LambdaLR holds a Python function that can't be read back: write it with lrcourse.schedules, and hand "
                "interop.factor(schedule, lr) to LambdaLR",
    "MultiplicativeLR": "MultiplicativeLR holds a Python function that can't be read back: write it with "
                        "lrcourse.schedules",
    "SWALR": "SWALR belongs to weight averaging and starts from whatever rate it finds: it is no function of the step",
}


def _sequence(scheduler, group, early=0) -> Schedule:
    """Child i sees the steps since its milestone.

    Two things happen when a sequence is itself a child (torch 2.13): as the first one it is stepped once too often at
    the start, so that its own milestones come one update early and its first child has made a step before it begins;
    as a later one PyTorch stops with NotImplementedError when its turn comes, as it does with a chain.
    """
    children = scheduler._schedulers
    for i, child in enumerate(children):
        if type(child).__name__ == "ChainedScheduler" or (i and type(child).__name__ == "SequentialLR"):
            raise NotASchedule(f"child {i} of a SequentialLR is a {type(child).__name__}, which PyTorch steps wrongly "
                               f"there or stops at: only a SequentialLR as the first child is read")
    begins = [0, *(milestone - early for milestone in scheduler._milestones)]
    if begins != sorted(set(begins)):
        raise NotASchedule(f"SequentialLR's milestones must rise, from above {early}, got {scheduler._milestones}")
    parts = [from_torch(child, group=group) for child in children[1:]]
    if type(children[0]).__name__ == "SequentialLR":
        if early:
            raise NotASchedule("a SequentialLR is read two deep, got three: join the innermost ones into one")
        parts.insert(0, _sequence(children[0], group, early=1))
    else:
        parts.insert(0, _first(children[0], group, early, begins[1] if len(begins) > 1 else 0))
    joined = parts[-1]
    for part, begin, end in reversed(list(zip(parts, begins, begins[1:]))):
        joined = part.until(end - begin) >> joined
    return joined


MULTIPLIES = {"StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "ExponentialLR", "PolynomialLR"}
STEP_BEFORE = {  # what a step before the first does to the rate: its factor, computed as PyTorch does at step 0
    "ExponentialLR": lambda s: s.gamma,
    "PolynomialLR": lambda s: (s.total_iters / (s.total_iters + 1)) ** s.power,
    "CosineAnnealingLR": lambda s: 2 / (1 + math.cos(math.pi / s.T_max)),
}


def _first(child, group, early, length) -> Schedule:
    """The child that a sequence begins with: it changes the rate it finds, which is the optimizer's initial_lr now."""
    name = type(child).__name__
    if name not in MULTIPLIES and name != "CosineAnnealingLR":
        return from_torch(child, group=group)
    base, floor = _base(child, group), getattr(child, "eta_min", 0.0)
    found = float(child.optimizer.param_groups[group]["initial_lr"])
    if early and name in STEP_BEFORE:
        found = floor + (found - floor) * STEP_BEFORE[name](child)
    if name == "CosineAnnealingLR" and found != base and length > child.T_max:
        raise NotASchedule(f"the CosineAnnealingLR that a SequentialLR begins with must end by T_max={child.T_max}, "
                           f"got {length} steps: it begins at {found:g} and would rise again to another rate")
    return TORCH[name](child, found, group)


def _chain(scheduler, group) -> Schedule:
    """A chain multiplies its children's factors as long as each child only ever multiplies the rate it finds.

    A cosine that has reached 0 rises again by adding, and forgets the others, so there the product ends, unless by then
    all others have come back to the full rate.
    """
    product, base = None, None
    for child in scheduler._schedulers:
        name = type(child).__name__
        if name not in MULTIPLIES and not (name == "CosineAnnealingLR" and child.eta_min == 0):
            raise NotASchedule(f"ChainedScheduler's children must multiply the rate they find, as "
                               f"{', '.join(sorted(MULTIPLIES))} and CosineAnnealingLR without floor do, got {name}: "
                               f"with others it is no function of the step")
        part, base = from_torch(child, group=group), _base(child, group)
        if name == "CosineAnnealingLR" and not all(child is other or _done(other, child.T_max)
                                                   for other in scheduler._schedulers):
            part = CosineAnnealing(base, child.T_max, after="raise")
        product = part if product is None else product * ((1 / base) * part)
    return product


def _done(child, T) -> bool:
    """Whether a child leaves the rate alone from step T on, and has given all of it back."""
    return child.total_iters <= T and getattr(child, "end_factor", 1.0) == 1 if type(child).__name__ in (
        "LinearLR", "ConstantLR") else False


# ---- Hugging Face --------------------------------------------------------------------------------------------------

def from_hf(source, *, updates=None, lr=None) -> Schedule:
    """The schedule of TrainingArguments, of a dictionary of them, or the recorded one of a trainer_state dictionary.

    `updates` is the number of optimizer updates (default: max_steps where it is set); `lr` replaces learning_rate.
    As in Transformers the warmup starts at 0, T includes it, and "cosine" and "cosine_with_min_lr" rise again after the
    end. A trainer_state holds no configuration: its log gives a staircase of the recorded rates, right to one update
    (the rate at "step" k is that of update k - 1 in newer releases, of update k in older ones).
    """
    data = dict(source) if isinstance(source, dict) else {name: getattr(source, name) for name in HF_FIELDS
                                                          if hasattr(source, name)}
    if "log_history" in data and "lr_scheduler_type" not in data:
        return _recorded(data["log_history"])
    kind = str(getattr(data.get("lr_scheduler_type", "linear"), "value", data.get("lr_scheduler_type", "linear")))
    kind = kind.rpartition(".")[2].lower()  # str() of the enum is SchedulerType.COSINE
    if updates is None:
        updates = checks.real("max_steps", data.get("max_steps") or -1)
        if updates <= 0:
            raise ValueError("updates must be given: the arguments set no max_steps, so the number of updates depends "
                             "on the data; write from_hf(args, updates=10_000), say")
    updates = checks.whole("updates", updates)
    lr = checks.rate("learning_rate", data.get("learning_rate", 5e-5) if lr is None else lr)
    if kind not in HF:
        reason = "follows a metric, not the step" if kind in ("reduce_lr_on_plateau", "greedy") else "is not known here"
        raise NotASchedule(f"lr_scheduler_type {kind!r} {reason}: known are {', '.join(HF)}")
    w = _hf_warmup(data, updates)
    if kind == "polynomial" and w >= updates:
        raise ValueError(f"warmup_steps must be below the number of updates for 'polynomial', got {w} of {updates}: "
                         f"no step is left for the decay")
    return HF[kind](lr, w, updates, _hf_kwargs(kind, data.get("lr_scheduler_kwargs")))


HF_FIELDS = ("learning_rate", "lr_scheduler_type", "lr_scheduler_kwargs", "warmup_steps", "warmup_ratio", "max_steps")


def _hf_warmup(data, updates) -> int:
    steps = checks.real("warmup_steps", data.get("warmup_steps") or 0, "a number of at least 0")
    if steps < 0:
        raise ValueError(f"warmup_steps must be a number of at least 0, got {steps:g}: write 0 for none")
    if steps >= 1:
        return int(steps)  # Transformers cuts 10.7 to 10
    name = "warmup_steps" if steps else "warmup_ratio"  # newer releases take a share in warmup_steps
    return math.ceil(checks.between(name, data.get(name) or 0.0, 0, 1) * updates)


def _hf_kwargs(kind, given) -> dict:
    """lr_scheduler_kwargs as a dictionary; a name that the function does not have is refused, as Transformers does."""
    try:
        kwargs = json.loads(given) if isinstance(given, str) and given.strip() else given or {}
    except ValueError:
        kwargs = given
    if not isinstance(kwargs, dict):
        raise TypeError(f"lr_scheduler_kwargs must be a dictionary, or one written as JSON, got {given!r:.80}: "
                        f"write {{}} for none")
    if kind in HF_NAMES and (unknown := [key for key in kwargs if key not in HF_NAMES[kind]]):
        names = ", ".join(HF_NAMES[kind]) or "none"
        raise ValueError(f"lr_scheduler_kwargs must hold names that {kind!r} has ({names}), got {unknown[0]!r}: "
                         f"leave it out")
    return kwargs


def _recorded(log) -> Schedule:
    if not isinstance(log, list) or not all(isinstance(row, dict) for row in log):
        raise TypeError(f"log_history must be a list of dictionaries, got {log!r:.80}: read trainer_state.json whole")
    points = {checks.whole("step", row["step"], at_least=0): row["learning_rate"] for row in log
              if "learning_rate" in row and "step" in row}
    if not points:
        raise NotASchedule("log_history holds no learning_rate: nothing was recorded")
    steps = sorted(points)
    return PiecewiseConstant([points[s] for s in steps], steps[1:])


def _hf_wave(lr, w, T, kwargs, low=0.0):
    cycles = checks.positive("num_cycles", kwargs.get("num_cycles", 0.5))
    return Ramp(lr, low, max(1, T - w) / (2 * cycles), shape="cosine", after="periodic")


def _hf_cosine(lr, w, T, kwargs, low=0.0):
    return warmed(lr, w, _hf_wave(lr, w, T, kwargs, low))


def _hf_restarts(lr, w, T, kwargs):
    cycles = checks.whole("num_cycles", kwargs.get("num_cycles", 1))
    return warmed(lr, w, CosineRestarts(lr, max(1, T - w) / cycles, cycles=cycles))


def _hf_floor(lr, kwargs):
    if kwargs.get("min_lr") is not None:
        return checks.rate("min_lr", kwargs["min_lr"], zero=True)
    if kwargs.get("min_lr_rate") is not None:
        return checks.between("min_lr_rate", kwargs["min_lr_rate"], 0, 1) * lr
    raise ValueError("lr_scheduler_kwargs must hold min_lr or min_lr_rate for a cosine with a floor, got neither")


def _hf_ahead(lr, w, T, kwargs):
    """cosine_warmup_with_min_lr: the warmup ends one step early, and so does everything after it."""
    low, rate = _hf_floor(lr, kwargs), kwargs.get("warmup_lr_rate")
    fall = _hf_wave(lr, w, T, kwargs, low).ahead(1)
    if not w:
        return fall
    if rate is None:
        return Warmup(lr, w, start="(t+1)/w") >> fall
    return (Ramp(rate * lr, lr, w - 1).until(w) if w > 1 else Fixed(rate * lr).until(1)) >> fall


def _hf_wsd(lr, w, T, kwargs):
    low = checks.between("min_lr_ratio", kwargs.get("min_lr_ratio", 0), 0, 1) * lr
    decay = kwargs.get("num_decay_steps")
    if decay is None or kwargs.get("warmup_type", "linear") != "linear" or kwargs.get("num_cycles", 0.5) != 0.5:
        raise NotASchedule(f"warmup_stable_decay is read with num_decay_steps and a linear warmup, got {kwargs!r}")
    shape = kwargs.get("decay_type", "cosine")
    stable = kwargs.get("num_stable_steps")
    T = T if stable is None else w + stable + decay
    return WSD(lr, T, decay, w, low, cooldown=shape, eta_start=low)


HF = {
    "constant": lambda lr, w, T, kwargs: Fixed(lr),
    "constant_with_warmup": lambda lr, w, T, kwargs: Warmup(lr, w) if w else Fixed(lr),
    "linear": lambda lr, w, T, kwargs: warmed(lr, w, Linear(lr, max(1, T - w))),
    "cosine": _hf_cosine,
    "cosine_with_restarts": _hf_restarts,
    "polynomial": lambda lr, w, T, kwargs: warmed(lr, w, Polynomial(lr, T - w, kwargs.get("power", 1.0),
                                                                   kwargs.get("lr_end", 1e-7))),
    "inverse_sqrt": lambda lr, w, T, kwargs: InverseSqrt(lr, w, timescale=kwargs.get("timescale") or w or 10_000),
    "cosine_with_min_lr": lambda lr, w, T, kwargs: _hf_cosine(lr, w, T, kwargs, _hf_floor(lr, kwargs)),
    "cosine_warmup_with_min_lr": _hf_ahead,
    "warmup_stable_decay": _hf_wsd,
}
HF_NAMES = {
    "linear": (),
    "cosine": ("num_cycles",),
    "cosine_with_restarts": ("num_cycles",),
    "polynomial": ("lr_end", "power"),
    "inverse_sqrt": ("timescale",),
    "cosine_with_min_lr": ("num_cycles", "min_lr", "min_lr_rate"),
    "cosine_warmup_with_min_lr": ("num_cycles", "min_lr", "min_lr_rate", "warmup_lr_rate"),
    "warmup_stable_decay": ("num_decay_steps", "num_stable_steps", "warmup_type", "decay_type", "min_lr_ratio",
                            "num_cycles"),
}  # the two constant ones take whatever they are given


# ---- Keras ---------------------------------------------------------------------------------------------------------

def from_keras(source) -> Schedule:
    """The schedule of a Keras LearningRateSchedule, or of its serialized dictionary {"class_name": …, "config": …}.

    Kept as they are: PiecewiseConstantDecay switches one step after its boundary; CosineDecay's decay_steps exclude the
    warmup, and alpha is a share of the peak.
    """
    if isinstance(source, dict):
        name, config = source.get("class_name"), source.get("config", {})
    else:
        name, config = type(source).__name__, source.get_config()
    name = str(name).rpartition(">")[2]
    if name == "Rates":
        return from_dict(config["schedule"])
    if name not in KERAS:
        raise NotASchedule(f"Keras schedule {name!r} is not known here: known are {', '.join(KERAS)}")
    if not isinstance(config, dict):
        raise TypeError(f"config must be a dictionary, got {config!r:.80}: use keras.saving.serialize_keras_object")
    try:
        return KERAS[name](config)
    except TypeError as error:
        raise TypeError(f"config of {name} must hold plain numbers, got {config!r:.200}: {error}") from None


def _keras_cosine(c):
    start, steps = c["initial_learning_rate"], c["decay_steps"]
    w, target = c.get("warmup_steps", 0), c.get("warmup_target")
    peak = start if target is None else target  # also where the warmup has no steps
    fall = CosineAnnealing(peak, steps, c.get("alpha", 0.0) * peak)
    return fall if target is None or not w else Ramp(start, target, w) >> fall


def _keras_exponential(c):
    start, steps, gamma = c["initial_learning_rate"], c["decay_steps"], c["decay_rate"]
    return StepDecay(start, steps, gamma) if c.get("staircase") else ExponentialDecay(start, gamma, per=steps)


KERAS = {
    "ExponentialDecay": _keras_exponential,
    "PiecewiseConstantDecay": lambda c: PiecewiseConstant(c["values"], [b + 1 for b in c["boundaries"]]),
    "PolynomialDecay": lambda c: Polynomial(c["initial_learning_rate"], c["decay_steps"], c.get("power", 1.0),
                                            c.get("end_learning_rate", 0.0001), cycle=bool(c.get("cycle", False))),
    "InverseTimeDecay": lambda c: InverseTime(c["initial_learning_rate"], c["decay_rate"], per=c["decay_steps"],
                                              staircase=bool(c.get("staircase", False))),
    "CosineDecay": _keras_cosine,
    "CosineDecayRestarts": lambda c: CosineRestarts(
        c["initial_learning_rate"], c["first_decay_steps"], c.get("t_mul", 2.0),
        c.get("alpha", 0.0) * c["initial_learning_rate"], decay=c.get("m_mul", 1.0)),
}
