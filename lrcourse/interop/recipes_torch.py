"""What to write in PyTorch, as its own schedulers have it; see `equivalents`."""

from __future__ import annotations

from lrcourse.schedules import (
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    ExponentialDecay,
    Fixed,
    Linear,
    MultiStep,
    OneCycle,
    Polynomial,
    Ramp,
    StepDecay,
)

from .plans import Nothing, Plan, joined, known, need

TINY = 1e-8  # LinearLR refuses a start_factor of 0


def recipe(p: Plan):
    """What to write in PyTorch for a plan, the rates it gives, and the last update it has a rate for, if any."""
    if p.kind == "onecycle":
        return _onecycle(p)
    if p.kind == "wsd":
        pieces = _wsd(p)
    elif p.kind == "constant" and p.warmup:
        pieces = []
    else:
        pieces = [(*known(TORCH, p), None)]
    if p.warmup:
        share = p.start / p.peak or TINY
        pieces.insert(0, (f"LinearLR(optimizer, {share!r}, 1.0, {p.warmup})",
                          Ramp(p.peak * share, p.peak, p.warmup), p.warmup))
    return joined(pieces, "SequentialLR(optimizer, [{}], {})")


def _wsd(p: Plan):
    need(p.more["cooldown"] != "1-sqrt", "has no cooldown by 1 − √")
    decay = p.more["decay"]
    stable = p.n - decay
    end = Plan(p.more["cooldown"], p.peak, decay, p.floor)
    pieces = [(f"ConstantLR(optimizer, 1.0, {stable})", Fixed(p.peak), stable)] if stable else []
    return [*pieces, (*TORCH[end.kind](end), decay)]


def _onecycle(p: Plan):
    m = p.more
    need(m["start"] > 0 and p.floor > 0, "OneCycleLR divides by its start and its end, so neither can be 0")
    need(not m["T_3"] or m["T_1"] == m["T_2"], "OneCycleLR's three phases rise and fall alike")
    share, div, final = m["T_1"] / p.T, p.peak / m["start"], m["start"] / p.floor
    code = (f"OneCycleLR(optimizer, {p.peak!r}, total_steps={p.T}, pct_start={share!r}, div_factor={div!r}, "
            f"final_div_factor={final!r}, anneal_strategy={'cos' if m['shape'] == 'cosine' else 'linear'!r}, "
            f"three_phase={bool(m['T_3'])})")
    try:
        theirs = OneCycle.pytorch(p.peak, p.T, pct_start=share, div_factor=div, final_div_factor=final,
                                  shape=m["shape"], three_phase=bool(m["T_3"]))
    except ValueError as error:
        raise Nothing(f"OneCycleLR cannot: {error}") from None
    return code, theirs, p.T - 1


def _exponential(p):
    gamma = p.more["gamma"] ** (1 / p.more["per"])
    need(not p.floor, "ExponentialLR has no floor")
    return f"ExponentialLR(optimizer, {gamma!r})", ExponentialDecay(p.peak, gamma)


def _polynomial(p):
    need(not p.floor, "PolynomialLR has no floor")
    return f"PolynomialLR(optimizer, {p.n}, {p.more['power']!r})", Polynomial(p.peak, p.n, p.more["power"])


def _cosine(p):
    need(p.more.get("exponent", 1) == 1, "CosineAnnealingLR has no exponent")
    return f"CosineAnnealingLR(optimizer, {p.n}, {p.floor!r})", CosineAnnealing(p.peak, p.n, p.floor, after="periodic")


def _linear(p):
    share = p.floor / p.peak
    return f"LinearLR(optimizer, 1.0, {share!r}, {p.n})", Linear(p.peak, p.n, p.peak * share)


def _restarts(p):
    m = p.more
    need(m["decay"] == 1, "CosineAnnealingWarmRestarts keeps its peak")
    need(isinstance(m["T_0"], int) and isinstance(m["T_mult"], int), "CosineAnnealingWarmRestarts takes whole numbers")
    return (f"CosineAnnealingWarmRestarts(optimizer, {m['T_0']}, {m['T_mult']}, {p.floor!r})",
            CosineRestarts(p.peak, m["T_0"], m["T_mult"], p.floor))


def _cyclic(p):
    m = p.more
    gamma = m["gamma"] if m["mode"] == "exp_range" else 1.0
    return (f"CyclicLR(optimizer, {p.floor!r}, {p.peak!r}, {m['up']}, {m['down']}, {m['mode']!r}, {m['gamma']!r}, "
            f"cycle_momentum=False)", Cyclic(p.floor, p.peak, m["up"], m["down"], mode=m["mode"], gamma=gamma))


TORCH = {
    "constant": lambda p: ("ConstantLR(optimizer, 1.0, 1)", Fixed(p.peak)),
    "cosine": _cosine,
    "linear": _linear,
    "polynomial": _polynomial,
    "step": lambda p: (f"StepLR(optimizer, {p.more['size']}, {p.more['gamma']!r})",
                       StepDecay(p.peak, p.more["size"], p.more["gamma"])),
    "multistep": lambda p: (f"MultiStepLR(optimizer, {list(p.more['milestones'])}, {p.more['gamma']!r})",
                            MultiStep(p.peak, p.more["milestones"], p.more["gamma"])),
    "exponential": _exponential,
    "restarts": _restarts,
    "cyclic": _cyclic,
}
