"""8.8: the exercise drawn, its wrong roads beside its right one, and the curve read backwards."""

import math

import numpy as np

from lrcourse.figures.base import axes, rate_axis, show, step_axis, style
from lrcourse.figures.section_8_4 import BLUE, DASHED, DOTTED, GREY, ORANGE, QUARTERS, dots, note
from lrcourse.figures.words import listed, number
from lrcourse.schedules import CosineAnnealing


def wrong_rates(schedule: CosineAnnealing, t: float) -> dict[str, float]:
    """What the four commonest slips give in place of `schedule(t)`."""
    high, low, T = schedule.eta_max, schedule.eta_min, schedule.T_max
    scale = (1 + math.cos(math.pi * t / T)) / 2
    return {
        "floor not added": (high - low) * scale,
        "floor not subtracted": low + high * scale,
        "angle in degrees": low + (high - low) * (1 + math.cos(math.degrees(math.pi * t / T))) / 2,
        "straight line": high + (low - high) * t / T,
    }


def exercise_frame(schedule: CosineAnnealing, steps=()):
    """What is known before any arithmetic: start, end, and by symmetry the middle; `steps` ask for the rest."""
    T, high, low = schedule.T_max, schedule.eta_max, schedule.eta_min
    known = {0: high, T / 2: (high + low) / 2, T: low}
    fig, ax = axes(x="step", y="learning rate")
    with style():
        for rate in (high, low):
            ax.axhline(rate, color=GREY, linestyle=DOTTED, linewidth=1.2)
        dots(ax, list(known), list(known.values()))
        for (t, rate), shift in zip(known.items(), ((8, 5), (8, 3), (-8, 5)), strict=True):
            note(ax, number(rate), (t, rate), shift, ha="left" if t < T else "right")
        for t in steps:
            ax.axvline(t, color=ORANGE, linestyle=DASHED, linewidth=1.5)
            note(ax, "?", (t, low), (-6 if t > T / 2 else 6, 40), ORANGE, ha="right" if t > T / 2 else "left")
        ax.set_ylim(0, 1.12 * high)
        _exercise_axes(ax, T)
    more = ""
    if steps:
        asked = listed([f"{t:g}" for t in steps])
        more = f" Dashed upright lines with question marks stand at steps {asked}."
    told = listed([f"{number(rate)} at step {t:g}" for t, rate in known.items()])
    return show(
        fig, f"Three points are known: {told}. Dotted level lines mark the highest and the lowest rate.{more}"
    )


def exercise_curve(schedule: CosineAnnealing):
    """The solved exercise: the whole curve with the five rates that were asked for."""
    T = schedule.T_max
    t, quarters = np.linspace(0, T, 401), QUARTERS * T
    rates = schedule(quarters)
    fig, ax = axes(x="step", y="learning rate")
    with style():
        ax.plot(t, schedule(t), color=BLUE, clip_on=False)
        dots(ax, quarters, rates)
        for at, rate in zip(quarters, rates, strict=True):
            last = at == T
            note(ax, number(rate), (at, rate), (16, 7) if last else (8, 4), BLUE, ha="right" if last else "left")
        ax.set_ylim(0, 1.12 * schedule.eta_max)
        _exercise_axes(ax, T)
    told = listed([f"{number(rate)} at step {at:g}" for at, rate in zip(quarters, rates, strict=True)], most=5)
    return show(fig, f"The cosine falls smoothly through the five rates of the exercise: {told}.")


def _exercise_axes(ax, T) -> None:
    step_axis(ax, T)
    ax.set_xticks(QUARTERS * T)
    rate_axis(ax)


def wrong_roads(schedule: CosineAnnealing, t: float, documented: float):
    """The exact rate, the text's, and four wrong ones on one line of rates."""
    exact, wrong = schedule(t), wrong_rates(schedule, t)
    names = ["exact", "the text", *wrong]
    rates = 1000 * np.array([exact, documented, *wrong.values()])
    rows = np.arange(len(names))[::-1]
    fig, ax = axes(x="rate × 1000", size=(5.2, 3.0))
    with style():
        ax.axvline(rates[0], color=BLUE, linewidth=1.2, linestyle=DOTTED)
        dots(ax, rates[:2], rows[:2])
        dots(ax, rates[2:], rows[2:], ORANGE, "X")
        for rate, row in zip(rates, rows, strict=True):
            note(ax, f"{rate:.4f}", (rate, row), (9, -4))
        ax.set_yticks(rows, names)
        span = rates.max() - rates.min()
        ax.set(ylim=(-0.6, len(names) - 0.4), xlim=(rates.min() - 0.08 * span, rates.max() + 0.25 * span))
        ax.grid(axis="y", visible=False)
    told = ", ".join(f"{name} {number(rate, 5)}" for name, rate in wrong.items())
    return show(
        fig,
        f"Rates at step {t:g} on one line. The exact rate {number(exact, 6)} and the text's {number(documented)} lie "
        f"on top of each other. Four wrong answers lie far off: {told}.",
    )


def read_backwards(schedule: CosineAnnealing, rate: float):
    """From a rate on the left across to the curve, and down to its step."""
    T, high, low = schedule.T_max, schedule.eta_max, schedule.eta_min
    if not low <= rate <= high:
        raise ValueError(f"rate must lie from {low} to {high}, got {rate!r}: the curve never takes it")
    t = T * (1 - 2 / math.pi * math.asin(math.sqrt((rate - low) / (high - low))))
    curve = np.linspace(0, T, 401)
    arrow = {"arrowstyle": "->", "color": ORANGE, "linewidth": 2, "shrinkA": 0, "shrinkB": 2}
    fig, ax = axes(x="step", y="learning rate")
    with style():
        ax.plot(curve, schedule(curve), color=BLUE, clip_on=False)
        ax.annotate("", (t, rate), (0, rate), arrowprops=arrow)
        ax.annotate("", (t, 0), (t, rate), arrowprops=arrow)
        dots(ax, [t], [rate], ORANGE)
        note(ax, f"rate {number(rate)}", (0, rate), (6, -14), ORANGE)
        note(ax, f"t ≈ {t:.0f}", (t, 0), (6, 6), ORANGE)
        _exercise_axes(ax, T)
    return show(
        fig,
        f"The cosine from {number(high)} to {number(low)}. One arrow goes from the rate {number(rate)} on the left "
        f"axis across to the curve, a second from there down to the foot, at about step {t:.0f}.",
    )
