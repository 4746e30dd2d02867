"""The schedules that the lab's experiments compare, each with peak 1 and T updates: only their shapes differ."""

from __future__ import annotations

from ..schedules import (
    WSD,
    CosineAnnealing,
    ExponentialDecay,
    Fixed,
    InverseSqrt,
    Linear,
    OneCycle,
    StepDecay,
    WarmupCosine,
)

__all__ = ["cooldowns", "field", "four"]


def field(T: int) -> dict:
    """Every family of the text's section 8.5, and a few that practice has added."""
    tenth = max(1, T // 10)
    return {
        "const": Fixed(1.0),
        "step": StepDecay(1.0, -(-T // 3), 0.1),
        "exponential to 1 %": ExponentialDecay(1.0, 0.01 ** (1 / T)),
        "inverse square root": InverseSqrt(1.0, tenth, start="(t+1)/w"),
        "cosine": CosineAnnealing(1.0, T),
        "cosine, floor 10 %": CosineAnnealing(1.0, T, 0.1),
        "warmup + cosine": WarmupCosine(1.0, T, tenth, start="(t+1)/w"),
        "one cycle": OneCycle(1.0, 3 * T // 10, T - 3 * T // 10),
        "WSD 20 %": WSD(1.0, T, T // 5),
        "linear": Linear(1.0, T),
    }


def four(T: int) -> dict:
    """A fixed rate, cosine with and without a floor, and a straight line."""
    everything = field(T)
    return {label: everything[label] for label in ("const", "cosine", "cosine, floor 10 %", "linear")}


def cooldowns(T: int, shares=(0.05, 0.1, 0.2, 0.4, 0.7, 1.0)) -> dict:
    """WSD with cooldowns of several lengths; at 100 % it is the straight line."""
    return {"const": Fixed(1.0), **{f"{100 * s:.0f} %": WSD(1.0, T, max(1, round(s * T))) for s in shares}}
