"""What a schedule plans, in the numbers that every library asks for: peak, floor, warmup, length."""

from __future__ import annotations

from dataclasses import dataclass, field

from lrcourse.schedules import (
    WSD,
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    ExponentialDecay,
    Fixed,
    InverseSqrt,
    InverseTime,
    Join,
    Linear,
    MultiStep,
    OneCycle,
    PiecewiseConstant,
    Polynomial,
    Ramp,
    Schedule,
    StepDecay,
    Warmup,
    WarmupCosine,
)


@dataclass(frozen=True)
class Plan:
    """One of the shapes that libraries have a name for. `T` counts all steps, the warmup among them; None: no end."""

    kind: str
    peak: float
    T: int | None = None
    floor: float = 0.0
    warmup: int = 0
    start: float = 0.0  # the rate at which the warmup sets out
    more: dict = field(default_factory=dict)

    @property
    def n(self):
        """Steps after the warmup."""
        return self.T - self.warmup


def _ramp(s: Ramp) -> Plan | None:
    if s.T != int(s.T) or s.eta_start <= s.eta_end or s.shape == "1-sqrt":
        return None
    return Plan(s.shape, s.eta_start, int(s.T), s.eta_end)


def _exponential(s: ExponentialDecay) -> Plan:
    return Plan("exponential", s.eta_0, floor=s.eta_min, more={"gamma": s.gamma, "per": s.per})


def _onecycle(s: OneCycle) -> Plan:
    final = s.eta_min if s.eta_final is None else s.eta_final
    return Plan("onecycle", s.eta_max, int(s.horizon), final,
                more={"T_1": s.T_1, "T_2": s.T_2, "T_3": s.T_3, "start": s.eta_min, "shape": s.shape})


READ = {
    Fixed: lambda s: Plan("constant", s.eta_0) if s.eta_0 else None,
    Warmup: lambda s: Plan("constant", s.eta_max, warmup=s.T_warmup, start=s.eta_start),
    CosineAnnealing: lambda s: Plan("cosine", s.eta_max, s.T_max, s.eta_min, more={"exponent": s.exponent}),
    WarmupCosine: lambda s: Plan("cosine", s.eta_max, s.T_max, s.eta_min, s.T_warmup, s.eta_start),
    Linear: lambda s: Plan("linear", s.eta_max, s.T_max, s.eta_min),
    Polynomial: lambda s: None if s.cycle else Plan("polynomial", s.eta_max, s.T_max, s.eta_min,
                                                    more={"power": s.power}),
    Ramp: _ramp,
    StepDecay: lambda s: Plan("step", s.eta_0, more={"size": s.step_size, "gamma": s.gamma}),
    MultiStep: lambda s: Plan("multistep", s.eta_0, more={"milestones": s.milestones, "gamma": s.gamma}),
    PiecewiseConstant: lambda s: Plan("piecewise", s.rates[0], more={"rates": s.rates, "boundaries": s.boundaries})
    if s.rates[0] and len(s.boundaries) <= 12 else None,  # a longer one is a record, nobody's plan
    ExponentialDecay: _exponential,
    InverseTime: lambda s: Plan("inverse time", s.eta_0, more={"k": s.k, "per": s.per, "staircase": s.staircase}),
    InverseSqrt: lambda s: Plan("inverse sqrt", s.eta_max, warmup=s.T_warmup,
                                more={"timescale": s.timescale or s.T_warmup}) if s.start == "t/w" else None,
    OneCycle: _onecycle,
    Cyclic: lambda s: Plan("cyclic", s.eta_max, floor=s.eta_min, more={
        "up": s.T_up, "down": s.T_down or s.T_up, "mode": s.mode, "gamma": s.gamma}),
    CosineRestarts: lambda s: Plan("restarts", s.eta_max, s.horizon, s.eta_min, more={
        "T_0": s.T_0, "T_mult": s.T_mult, "decay": s.decay, "cycles": s.cycles}),
    WSD: lambda s: Plan("wsd", s.eta_max, s.T_max, s.eta_min, s.T_warmup, s.eta_start,
                        {"decay": s.T_decay, "cooldown": s.cooldown}),
}


def plan(schedule: Schedule) -> Plan | None:
    """The plan of a schedule, or None where no library has a name for its shape."""
    if isinstance(schedule, Join) and len(schedule.schedules) == 2:
        return _warmed(*schedule.schedules)
    read = READ.get(type(schedule))
    return read(schedule) if read else None


def _warmed(first: Schedule, second: Schedule) -> Plan | None:
    """A warmup that ends where the second part begins."""
    then = plan(second)
    if isinstance(first, Warmup):
        start, peak = first.eta_start, first.eta_max
    elif isinstance(first, Ramp) and first.shape == "linear" and first.eta_start < first.eta_end:
        start, peak = first.eta_start, first.eta_end
    else:
        return None
    if then is None or then.warmup or then.peak != peak or first.horizon != int(first.horizon):
        return None
    w = int(first.horizon)
    return Plan(then.kind, peak, None if then.T is None else then.T + w, then.floor, w, start, then.more)


# ---- for those who write recipes -----------------------------------------------------------------------------------


class Nothing(Exception):
    """The library has no function for this; the message says why."""


def known(table, p: Plan):
    if p.kind not in table:
        raise Nothing(f"has no function for the shape '{p.kind}'")
    return table[p.kind](p)


def need(holds, why) -> None:
    if not holds:
        raise Nothing(why)


def joined(pieces, call: str):
    """Pieces (code, schedule, length) one after the other, under the library's name for that; one stays as it is."""
    *before, (code, joined, _) = pieces
    ends = [sum(length for *_, length in pieces[:i + 1]) for i in range(len(before))]
    for _, part, length in reversed(before):
        joined = part.until(length) >> joined
    return (call.format(", ".join(code for code, *_ in pieces), ends) if before else code), joined
