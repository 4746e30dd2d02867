"""The same plan given to each library's usual function: what to write there, and the rates that it would give.

Nothing here imports a library: its conventions are options of our own schedules. The tests run every recipe for real.
"""

from __future__ import annotations

from dataclasses import dataclass

from lrcourse.schedules import (
    CosineAnnealing,
    ExponentialDecay,
    Fixed,
    MultiStep,
    OneCycle,
    PiecewiseConstant,
    Polynomial,
    Ramp,
    Schedule,
    StepDecay,
)

from . import recipes_torch
from .plans import Nothing, Plan, joined, known, need, plan
from .readers import from_hf, from_keras
from .readers_scripts import from_config


@dataclass(frozen=True)
class Equivalent:
    """What one library makes of a plan; where it has nothing, `schedule` is None and `note` says why."""

    library: str
    code: str = ""
    schedule: Schedule | None = None
    note: str = ""
    last: int | None = None  # the last update that the library gives a rate for


def equivalents(schedule: Schedule) -> list[Equivalent]:
    """Each library's nearest equivalent of a schedule."""
    planned = plan(schedule)
    return [_one(library, build, planned) for library, build in LIBRARIES.items()]


def _one(library, build, planned) -> Equivalent:
    if planned is None:
        return Equivalent(library, note="has no function for a shape of its own")
    try:
        code, theirs, *last = build(planned)
    except Nothing as nothing:
        return Equivalent(library, note=str(nothing))
    return Equivalent(library, code, theirs, last=last[0] if last else None)


# ---- Hugging Face --------------------------------------------------------------------------------------------------


def _hf(p: Plan):
    kind, kwargs = known(HF, p)
    T = p.T or max(p.warmup, 1)  # these two take a length and make no use of it
    code = f"get_scheduler({kind!r}, optimizer, num_warmup_steps={p.warmup}, num_training_steps={T}"
    code += f", scheduler_specific_kwargs={kwargs})" if kwargs else ")"
    return code, from_hf({"lr_scheduler_type": kind, "learning_rate": p.peak, "warmup_steps": p.warmup,
                          "lr_scheduler_kwargs": kwargs}, updates=T)


def _hf_cosine(p):
    need(p.more.get("exponent", 1) == 1, "has no cosine with an exponent")
    return ("cosine_with_min_lr", {"min_lr": p.floor}) if p.floor else ("cosine", {})


def _hf_restarts(p):
    m = p.more
    need(m["cycles"] and m["T_mult"] == 1 and m["decay"] == 1 and not p.floor and p.T == int(p.T),
          "has restarts only as a number of equal cycles without floor")
    return "cosine_with_restarts", {"num_cycles": m["cycles"]}


HF = {
    "constant": lambda p: ("constant_with_warmup" if p.warmup else "constant", {}),
    "cosine": _hf_cosine,
    "linear": lambda p: ("polynomial", {"lr_end": p.floor, "power": 1.0}) if p.floor else ("linear", {}),
    "polynomial": lambda p: ("polynomial", {"lr_end": p.floor, "power": p.more["power"]}),
    "inverse sqrt": lambda p: ("inverse_sqrt", {"timescale": p.more["timescale"]}),
    "restarts": _hf_restarts,
    "wsd": lambda p: ("warmup_stable_decay", {"num_decay_steps": p.more["decay"], "decay_type": p.more["cooldown"],
                                              "min_lr_ratio": p.floor / p.peak}),
}


# ---- Optax ---------------------------------------------------------------------------------------------------------


def _optax(p: Plan):
    if p.kind == "cosine" and p.warmup:
        need(p.more.get("exponent", 1) == 1 and p.n > 0, "has no such cosine after a warmup")
        return (f"optax.warmup_cosine_decay_schedule({p.start!r}, {p.peak!r}, {p.warmup}, {p.T}, {p.floor!r})",
                Ramp(p.start, p.peak, p.warmup) >> CosineAnnealing(p.peak, p.n, p.floor))
    if p.kind == "constant" and p.warmup:
        return (f"optax.warmup_constant_schedule({p.start!r}, {p.peak!r}, {p.warmup})",
                Ramp(p.start, p.peak, p.warmup))
    pieces = []
    if p.warmup:
        pieces = [(f"optax.linear_schedule({p.start!r}, {p.peak!r}, {p.warmup})",
                   Ramp(p.start, p.peak, p.warmup), p.warmup)]
    pieces += known(OPTAX, p)
    return joined(pieces, "optax.join_schedules([{}], {})")


def _optax_line(high, low, n):
    return f"optax.linear_schedule({high!r}, {low!r}, {n})", Ramp(high, low, n), n


def _optax_cosine(p):
    exponent = p.more.get("exponent", 1.0)
    return [(f"optax.cosine_decay_schedule({p.peak!r}, {p.n}, alpha={p.floor / p.peak!r}, exponent={exponent!r})",
             CosineAnnealing(p.peak, p.n, p.floor, exponent=exponent), p.n)]


def _optax_exponential(p):
    m = p.more
    need(m["gamma"] < 1 or not p.floor, "takes an end_value for a limit from above where nothing decays")
    end = f", end_value={p.floor!r}" if p.floor else ""
    code = f"optax.exponential_decay({p.peak!r}, {m['per']}, {m['gamma']!r}{end})"
    return [(code, ExponentialDecay(p.peak, m["gamma"], per=m["per"], eta_min=p.floor), None)]


def _optax_multistep(p):
    m = p.more
    scales = {step: m["gamma"] ** m["milestones"].count(step) for step in m["milestones"]}
    return [(f"optax.piecewise_constant_schedule({p.peak!r}, {scales})",
             MultiStep(p.peak, m["milestones"], m["gamma"]), None)]


def _optax_piecewise(p):
    rates = p.more["rates"]
    need(all(rates[:-1]), "piecewise_constant_schedule multiplies, so nothing follows a rate of 0")
    scales = {b: after / before for b, before, after in zip(p.more["boundaries"], rates, rates[1:])}
    return [(f"optax.piecewise_constant_schedule({p.peak!r}, {scales})",
             PiecewiseConstant(rates, p.more["boundaries"]), None)]


def _optax_onecycle(p):
    m = p.more
    if m["shape"] == "cosine":
        need(not m["T_3"] and m["start"] > 0 and p.floor > 0, "cosine_onecycle_schedule has two phases, and no zeros")
        share, div, final = m["T_1"] / p.T, p.peak / m["start"], m["start"] / p.floor
        top = int(share * p.T)
        need(0 < top < p.T, "cosine_onecycle_schedule needs a whole step for each phase")
        return [(f"optax.cosine_onecycle_schedule({p.T}, {p.peak!r}, {share!r}, {div!r}, {final!r})",
                 OneCycle(p.peak, top, p.T - top, m["start"], eta_final=p.floor, shape="cosine"), p.T)]
    need(all(isinstance(m[name], int) for name in ("T_1", "T_2", "T_3")), "joins at whole steps only")
    lines = [_optax_line(m["start"], p.peak, m["T_1"]),
             _optax_line(p.peak, m["start"] if m["T_3"] else p.floor, m["T_2"])]
    return lines + ([_optax_line(m["start"], p.floor, m["T_3"])] if m["T_3"] else [])


def _optax_restarts(p):
    m = p.more
    need(m["cycles"] and m["cycles"] <= 50 and m["decay"] == 1 and isinstance(m["T_0"], int)
         and isinstance(m["T_mult"], int), "has no endless restarts: sgdr_schedule lists its cycles")
    lengths = [m["T_0"] * m["T_mult"] ** i for i in range(m["cycles"])]
    return [_optax_cosine(Plan("cosine", p.peak, length, p.floor))[0] for length in lengths]


def _optax_wsd(p):
    need(p.more["cooldown"] != "1-sqrt", "has no cooldown by 1 − √")
    stable, decay = p.n - p.more["decay"], p.more["decay"]
    pieces = [(f"optax.constant_schedule({p.peak!r})", Fixed(p.peak), stable)] if stable else []
    if p.more["cooldown"] == "cosine":
        return pieces + _optax_cosine(Plan("cosine", p.peak, decay, p.floor))
    return [*pieces, _optax_line(p.peak, p.floor, decay)]


OPTAX = {
    "constant": lambda p: [(f"optax.constant_schedule({p.peak!r})", Fixed(p.peak), None)],
    "cosine": _optax_cosine,
    "linear": lambda p: [_optax_line(p.peak, p.floor, p.n)],
    "polynomial": lambda p: [(f"optax.polynomial_schedule({p.peak!r}, {p.floor!r}, {p.more['power']!r}, {p.n})",
                              Polynomial(p.peak, p.n, p.more["power"], p.floor), p.n)],
    "step": lambda p: [(f"optax.exponential_decay({p.peak!r}, {p.more['size']}, {p.more['gamma']!r}, staircase=True)",
                        StepDecay(p.peak, p.more["size"], p.more["gamma"]), None)],
    "exponential": _optax_exponential,
    "multistep": _optax_multistep,
    "piecewise": _optax_piecewise,
    "onecycle": _optax_onecycle,
    "restarts": _optax_restarts,
    "wsd": _optax_wsd,
}


# ---- Keras ---------------------------------------------------------------------------------------------------------


def _keras(p: Plan):
    need(not p.warmup or p.kind == "cosine", "warms up only in front of a cosine")
    name, config = known(KERAS, p)
    shown = ", ".join(f"{key}={value!r}" for key, value in config.items())
    return f"{name}({shown})", from_keras({"class_name": name, "config": config})


def _keras_cosine(p):
    need(p.more.get("exponent", 1) == 1, "CosineDecay has no exponent")
    config = {"initial_learning_rate": p.start if p.warmup else p.peak, "decay_steps": p.n, "alpha": p.floor / p.peak}
    return "CosineDecay", config | ({"warmup_target": p.peak, "warmup_steps": p.warmup} if p.warmup else {})


def _keras_power(p):
    return "PolynomialDecay", {"initial_learning_rate": p.peak, "decay_steps": p.n, "end_learning_rate": p.floor,
                               "power": p.more.get("power", 1.0)}


def _keras_exponential(p):
    need(not p.floor, "ExponentialDecay has no floor")
    return "ExponentialDecay", {"initial_learning_rate": p.peak, "decay_steps": p.more.get("per", p.more.get("size")),
                                "decay_rate": p.more["gamma"], "staircase": p.kind == "step"}


def _keras_multistep(p):
    m = p.more
    rates = [p.peak * m["gamma"] ** i for i in range(len(m["milestones"]) + 1)]
    need(m["milestones"] and len(set(m["milestones"])) == len(m["milestones"]),
          "PiecewiseConstantDecay needs boundaries that rise")
    return "PiecewiseConstantDecay", {"boundaries": list(m["milestones"]), "values": rates}


def _keras_piecewise(p):
    need(p.more["boundaries"], "PiecewiseConstantDecay needs a boundary")
    return "PiecewiseConstantDecay", {"boundaries": list(p.more["boundaries"]), "values": list(p.more["rates"])}


def _keras_restarts(p):
    m = p.more
    need(isinstance(m["T_0"], int), "CosineDecayRestarts takes whole steps")
    return "CosineDecayRestarts", {"initial_learning_rate": p.peak, "first_decay_steps": m["T_0"], "t_mul": m["T_mult"],
                                   "m_mul": m["decay"], "alpha": p.floor / p.peak}


KERAS = {
    "cosine": _keras_cosine,
    "linear": _keras_power,
    "polynomial": _keras_power,
    "step": _keras_exponential,
    "exponential": _keras_exponential,
    "multistep": _keras_multistep,
    "piecewise": _keras_piecewise,
    "inverse time": lambda p: ("InverseTimeDecay", {
        "initial_learning_rate": p.peak, "decay_steps": p.more["per"], "decay_rate": p.more["k"],
        "staircase": p.more["staircase"]}),
    "restarts": _keras_restarts,
}


# ---- timm, nanoGPT -------------------------------------------------------------------------------------------------


def _timm(p: Plan):
    need(not p.warmup or p.kind == "cosine", "is compared here with a warmup only for its cosine")
    return known(TIMM, p)


def _timm_cosine(p):
    need(p.more.get("exponent", 1) == 1, "CosineLRScheduler bends its cosine differently (k_decay)")
    warm = f", warmup_t={p.warmup}, warmup_lr_init={p.start!r}, warmup_prefix=True" if p.warmup else ""
    fall = CosineAnnealing(p.peak, p.n, p.floor)
    return (f"CosineLRScheduler(optimizer, t_initial={p.n}, lr_min={p.floor!r}{warm}, t_in_epochs=False)",
            Ramp(p.start, p.peak, p.warmup) >> fall if p.warmup else fall)


def _timm_multistep(p):
    m = p.more
    need(all(step > 1 for step in m["milestones"]), "MultiStepLRScheduler is one update early, here before the first")
    return (f"MultiStepLRScheduler(optimizer, decay_t={list(m['milestones'])}, decay_rate={m['gamma']!r}, "
            f"t_in_epochs=False)", MultiStep(p.peak, [step - 1 for step in m["milestones"]], m["gamma"]))


TIMM = {
    "cosine": _timm_cosine,
    "step": lambda p: (f"StepLRScheduler(optimizer, decay_t={p.more['size']}, decay_rate={p.more['gamma']!r}, "
                       f"t_in_epochs=False)", StepDecay(p.peak, p.more["size"], p.more["gamma"])),
    "multistep": _timm_multistep,
}


def _nanogpt(p: Plan):
    need(p.kind == "cosine" and p.more.get("exponent", 1) == 1, "has a cosine alone")
    config = {"learning_rate": p.peak, "warmup_iters": p.warmup, "lr_decay_iters": p.T, "min_lr": p.floor}
    theirs = from_config(config) if p.warmup else CosineAnnealing(p.peak, p.T, p.floor)
    return ", ".join(f"{key} = {value!r}" for key, value in config.items()), theirs


LIBRARIES = {"PyTorch": recipes_torch.recipe, "Hugging Face": _hf, "Optax": _optax, "Keras": _keras, "timm": _timm,
             "nanoGPT": _nanogpt}
