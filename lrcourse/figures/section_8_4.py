"""8.4: the cosine taken apart, laid beside a line, followed past its end, and computed in three ways."""

import math
from decimal import Decimal, localcontext

import numpy as np

from lrcourse.figures.base import axes, rate_axis, show, step_axis, style
from lrcourse.figures.labels import ink
from lrcourse.figures.words import listed, number
from lrcourse.schedules import CosineAnnealing

BLUE, ORANGE, BLACK, GREY = "#0072B2", "#D55E00", "#000000", "#666666"
SOLID, DASHED, DOTTED = "-", (0, (5, 1.6)), (0, (1, 1.4))
QUARTERS = np.linspace(0, 1, 5)
FORMS = ("1 + cos", "cos²", "sin²")
_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")


def note(ax, text, point, shift=(0, 0), color=BLACK, ha="left", va="baseline") -> None:
    """Words at a point of the data, moved by some points of the page, in a readable shade of the colour."""
    ax.annotate(text, point, shift, textcoords="offset points", color=ink(color), ha=ha, va=va, fontsize=11)


def dots(ax, t, values, color=BLUE, marker="o") -> None:
    """Marks without a line, above the curves, whole at the frame."""
    ax.plot(t, values, marker, color=color, linestyle="none", clip_on=False, zorder=5)


# The formula


def cosine_step(schedule: CosineAnnealing, step: int):
    """One of the three moves: 1 takes the cosine, 2 shifts it into [0, 1], 3 stretches it to the rates."""
    draw = {1: _take_cosine, 2: _shift, 3: _stretch}.get(step)
    if draw is None:
        raise ValueError(f"step must be 1, 2 or 3, got {step!r}: the formula has three moves")
    fig, ax = axes(x="step")
    with style():
        alt = draw(ax, schedule, np.linspace(0, schedule.T_max, 401))
        step_axis(ax, schedule.T_max)
    return show(fig, alt)


def _cosine(schedule, t):
    return np.cos(np.pi * t / schedule.T_max)


def _take_cosine(ax, schedule, t) -> str:
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.plot(t, _cosine(schedule, t), color=BLUE, clip_on=False)
    quarters = QUARTERS * schedule.T_max
    heights = _cosine(schedule, quarters)
    dots(ax, quarters, heights)
    for at, height, text in zip(quarters[:4], heights[:4], ("1", "0.707", "0", "−0.707"), strict=True):
        note(ax, text, (at, height), (8, 4))
    note(ax, "−1", (quarters[4], -1), (-8, 8), ha="right")
    ax.set(ylabel="cosine", ylim=(-1.15, 1.15), yticks=(-1, -0.5, 0, 0.5, 1))
    return (
        f"The cosine over steps 0 to {schedule.T_max}: it starts level at 1, passes 0.707 at a quarter, "
        "crosses 0 halfway, passes −0.707 at three quarters and ends level at −1."
    )


def _shift(ax, schedule, t) -> str:
    ax.plot(t, (1 + _cosine(schedule, t)) / 2, color=BLUE, clip_on=False)
    ax.plot(t, _cosine(schedule, t), color=GREY, linestyle=DASHED, linewidth=1.5, clip_on=False)
    for at in QUARTERS[1:4] * schedule.T_max:
        low = _cosine(schedule, at)
        ax.annotate("", (at, (1 + low) / 2), (at, low), arrowprops={"arrowstyle": "->", "color": GREY})
    note(ax, "scale", (0.54 * schedule.T_max, 0.52), color=BLUE)
    note(ax, "cosine", (0.37 * schedule.T_max, -0.42), color=GREY, ha="right")
    ax.set(ylabel="value", ylim=(-1.15, 1.15), yticks=(-1, -0.5, 0, 0.5, 1))
    return (
        "Two curves: the cosine, dashed, from 1 down to −1, and the scale, solid, from 1 down to 0. Both start at "
        "1. Arrows lift the cosine to the scale, by a little at a quarter, by a half at the middle, and by more "
        "at three quarters."
    )


def _stretch(ax, schedule, t) -> str:
    high, low, T = schedule.eta_max, schedule.eta_min, schedule.T_max
    ax.plot(t, schedule(t), color=BLUE, clip_on=False)
    for rate, name, up in ((high, "peak", 4), (low, "floor", -14)):
        ax.axhline(rate, color=GREY, linestyle=DOTTED, linewidth=1.2)
        note(ax, f"{name} {number(rate)}", (T / 2, rate), (0, up), color=GREY, ha="center")
    dots(ax, [0, T / 2, T], schedule([0, T / 2, T]))
    ax.set(ylabel="learning rate", ylim=(0, high * 1.12))
    rate_axis(ax)
    scale = ax.secondary_yaxis(
        "right", functions=(lambda y: (y - low) / (high - low), lambda s: low + (high - low) * s)
    )
    scale.set_yticks([0, 0.5, 1], ["0", "½", "1"])
    scale.set_ylabel("scale")
    return (
        f"The rate over steps 0 to {T}, between two dotted lines: it starts on the peak {number(high)}, where the "
        f"scale on the right says 1, passes {number(schedule(T / 2))} halfway at scale one half, and ends on the "
        f"floor {number(low)} at scale 0."
    )


# The curve


def cosine_curve(schedule: CosineAnnealing):
    """The schedule with its rates at the quarters, and the level roof and straight slide of the text's sketch."""
    T, high, low = schedule.T_max, schedule.eta_max, schedule.eta_min
    t, quarters = np.linspace(0, T, 401), QUARTERS * T
    rates = schedule(quarters)
    fig, ax = axes(x="step", y="learning rate")
    with style():
        ax.plot([0, 0.43 * T, T], [high, high, low], color=ORANGE, linestyle=DASHED, linewidth=1.5, clip_on=False)
        ax.plot(t, schedule(t), color=BLUE, linestyle=SOLID, clip_on=False)
        dots(ax, quarters, rates)
        shifts = ((2, -16), (-8, -12), (-8, -12), (-8, -12), (7, 4))
        for at, rate, shift in zip(quarters, rates, shifts, strict=True):
            note(ax, number(rate, 3), (at, rate), shift, BLUE, ha="left" if at in (0, T) else "right")
        note(ax, "as the text draws it", (0.43 * T, high), (2, 5), ORANGE)
        ax.set_ylim(0, 1.1 * high)
        step_axis(ax, T)
        rate_axis(ax)
    told = listed([f"{number(rate, 3)} at step {at:g}" for at, rate in zip(quarters, rates, strict=True)], most=5)
    return show(
        fig,
        f"The learning rate falls along half a cosine: {told}. It leaves the top level, bends at once, is steepest in "
        "the middle and arrives level. The text's sketch, dashed, stays at the top for two fifths of the run, then "
        "turns a corner and falls in a straight line.",
    )


def lead_over_linear(cosine, linear):
    """Cosine and line above, and below them how far the one leads the other, in units of the whole drop."""
    T = cosine.T_max
    t = np.linspace(0, T, 401)
    lead = (cosine(t) - linear(t)) / (cosine.eta_max - cosine.eta_min)
    fig, (top, foot) = axes(2, 1, size=(5.2, 5.0), sharex=True, height_ratios=(3, 2))
    with style():
        top.plot(t, cosine(t), color=BLUE, clip_on=False)
        top.plot(t, linear(t), color=ORANGE, linestyle=DASHED, clip_on=False)
        top.fill_between(t, cosine(t), linear(t), color=BLUE, alpha=0.15, linewidth=0)
        note(top, "cosine", (0.36 * T, cosine(0.36 * T)), (8, 3), BLUE)
        note(top, "line", (0.22 * T, linear(0.22 * T)), (-8, -14), ORANGE, ha="right")
        top.set_ylabel("learning rate")
        rate_axis(top)
        foot.axhline(0, color=GREY, linewidth=0.8)
        foot.axvline(T / 4, color=GREY, linewidth=1, linestyle=DOTTED)
        note(foot, "a quarter", (T / 4, -0.115), (4, 0), GREY)
        foot.plot(t, lead, color=BLUE)
        turns = [lead.argmax(), lead.argmin()]
        dots(foot, t[turns], lead[turns])
        foot.set(xlabel="step", ylabel="lead / drop", ylim=(-0.125, 0.125), yticks=(-0.1, 0, 0.1))
        step_axis(foot, T)
    return show(
        fig,
        f"Above, the cosine and a straight line from {number(cosine.eta_max)} to {number(cosine.eta_min)}: the cosine "
        "is higher in the first half and lower in the second; they cross halfway. Below, its lead over the line, as a "
        f"share of the drop: up to {number(lead.max(), 3)} just before a quarter of the run, 0 halfway, down to "
        f"−{number(-lead.min(), 3)} just after three quarters.",
    )


def cosine_slope(schedule: CosineAnnealing):
    """The curve, and below it its slope in units of the straight line's slope, drop / T_max."""
    T = schedule.T_max
    t, reach = np.linspace(0, T, 401), np.array([0.22, 0.78]) * T
    middle = (schedule.eta_max + schedule.eta_min) / 2
    steepest = np.pi / 2 * (schedule.eta_max - schedule.eta_min) / T
    fig, (top, foot) = axes(2, 1, size=(5.2, 5.0), sharex=True, height_ratios=(3, 2))
    with style():
        top.plot(t, schedule(t), color=BLUE, clip_on=False)
        top.plot(reach, middle - steepest * (reach - T / 2), color=BLACK, linestyle=DOTTED)
        dots(top, [T / 2], [middle])
        note(top, "steepest", (T / 2, middle), (12, 2))
        top.set_ylabel("learning rate")
        rate_axis(top)
        foot.plot(t, -np.pi / 2 * np.sin(np.pi * t / T), color=BLUE, clip_on=False)
        foot.axhline(-1, color=ORANGE, linestyle=DASHED)
        note(foot, "straight line", (T / 2, -1), (0, 4), ORANGE, ha="center")
        dots(foot, [T / 2], [-np.pi / 2])
        foot.set(xlabel="step", ylabel="slope", ylim=(-1.8, 0.1))
        foot.set_yticks([0, -1, -np.pi / 2], ["0", "−1", "−π/2"])
        step_axis(foot, T)
    return show(
        fig,
        "Above, the cosine with its tangent, dotted, at the middle, where it is steepest. Below, its slope, where −1 "
        "is the slope of a straight line: it starts at 0, falls to −π/2 halfway and returns to 0 at the end. It is "
        "steeper than the line in the middle part and flatter near both ends.",
    )


def cosine_halves(schedule: CosineAnnealing):
    """The curve about its mean: what the first half has above, the second half lacks."""
    T = schedule.T_max
    t = np.linspace(0, T, 401)
    rate, mean = schedule(t), (schedule.eta_max + schedule.eta_min) / 2
    fig, ax = axes(x="step", y="learning rate")
    with style():
        ax.fill_between(t, rate, mean, where=t <= T / 2, color=BLUE, alpha=0.3, linewidth=0)
        ax.fill_between(t, rate, mean, where=t >= T / 2, color=ORANGE, alpha=0.25, linewidth=0)
        ax.plot(t, rate, color=BLUE, clip_on=False)
        ax.axhline(mean, color=BLACK, linestyle=DOTTED, linewidth=1.5)
        dots(ax, [T / 2], [mean], BLACK)
        note(ax, f"mean {number(mean)}", (T, mean), (-4, 4), ha="right")
        note(ax, "above", (0.14 * T, mean + 0.2 * (rate[0] - mean)), color=BLUE)
        note(ax, "below", (0.86 * T, mean - 0.26 * (rate[0] - mean)), color=ORANGE, ha="right")
        step_axis(ax, T)
        rate_axis(ax)
    return show(
        fig,
        f"The cosine and its mean, a level dotted line at {number(mean)}. The area between them lies above the line in "
        "the first half and below it in the second. Turned half round about the middle point, the one area covers the "
        "other.",
    )


def cosine_afterwards(schedule: CosineAnnealing):
    """What the three choices of `after` do beyond T_max, up to 2 T_max."""
    T, low = schedule.T_max, schedule.eta_min
    t = np.linspace(0, 2 * T, 801)
    bare = low + (schedule.eta_max - low) * (1 + _cosine(schedule, t)) / 2
    half = float(bare[600])
    fig, ax = axes(x="step", y="learning rate")
    with style():
        ax.axvline(T, color=GREY, linestyle=DOTTED, linewidth=1)
        ax.plot(t[t <= T], bare[t <= T], color=BLUE, linestyle=SOLID, clip_on=False)
        ax.plot(t[t >= T], bare[t >= T], color=ORANGE, linestyle=DASHED, clip_on=False)
        ax.plot([T, 2 * T], [low, low], color=BLUE, linestyle=SOLID, clip_on=False)
        ax.plot([T], [low], "x", color=BLACK, markersize=11, markeredgewidth=2.5, clip_on=False, zorder=6)
        note(ax, "periodic", (1.5 * T, half), (-8, 0), ORANGE, ha="right")
        note(ax, "hold", (1.75 * T, low), (0, 5), BLUE)
        note(ax, "raise: stop here", (T, 0.93 * schedule.eta_max), (6, 0))
        step_axis(ax, 2 * T)
        rate_axis(ax)
    return show(
        fig,
        f"The cosine falls from {number(schedule.eta_max)} to {number(low)} at step {T}. From there three ways part: a "
        f"solid level line holds the floor; a dashed curve rises again, to {number(half)} at step {1.5 * T:g} and the "
        f"full peak at step {2 * T}; a cross at step {T} marks where the strict choice stops with an error.",
    )


# The digits


def exact_scale(t: int, T: int) -> Decimal:
    """(1 + cos(πt/T))/2 to 40 digits for whole 0 ≤ t ≤ T: the sine's series in decimals, nothing cancelled.

    >>> print(f"{exact_scale(2_500, 10_000):.20f}")
    0.85355339059327376220
    """
    if not 0 <= t <= T:
        raise ValueError(f"t must lie from 0 to T = {T}, got {t!r}")
    with localcontext() as context:
        context.prec = 60
        angle = _PI * (T - t) / (2 * T)
        term = sine = angle
        k = 1
        while abs(term) > Decimal("1e-50") * abs(sine):
            term *= -angle * angle / ((k + 1) * (k + 2))
            sine += term
            k += 2
        return sine * sine


def scale_errors(T: int) -> dict[str, float]:
    """The relative error of the scale at the last update, t = T - 1, for three forms that are equal on paper."""
    t = T - 1
    computed = (
        (1 + math.cos(math.pi * t / T)) / 2,
        math.cos(math.pi * t / (2 * T)) ** 2,
        math.sin(math.pi * (T - t) / (2 * T)) ** 2,
    )
    exact = exact_scale(t, T)
    return {form: float(abs(Decimal(value) / exact - 1)) for form, value in zip(FORMS, computed, strict=True)}


def lost_digits():
    """The error of the three forms at the last update, for runs of a hundred to a hundred million updates."""
    lengths = [10**k for k in range(2, 9)]
    errors = [scale_errors(T) for T in lengths]
    resolution = 2.0**-52
    fig, ax = axes(x="updates in the run, T", y="relative error")
    looks = {"1 + cos": (ORANGE, SOLID, "o"), "cos²": (BLACK, DOTTED, "s"), "sin²": (BLUE, DASHED, "^")}
    with style():
        for form, (color, dash, marker) in looks.items():
            # An error below what a float can resolve is noise of the machine, not of the form.
            ys = [max(error[form], resolution) for error in errors]
            ax.plot(lengths, ys, color=color, linestyle=dash, marker=marker, clip_on=False)
            note(ax, form, (lengths[4], ys[4]), (-6, 8), color, ha="right")
        ax.set(xscale="log", yscale="log", xlim=(lengths[0], lengths[-1]), ylim=(1e-16, 1))
        ax.set_xticks([1e2, 1e4, 1e6, 1e8], ["100", "10,000", "1 million", "100 million"])
        ax.set_yticks([1e-16, 1e-12, 1e-8, 1e-4, 1], ["1e-16", "1e-12", "1e-8", "1e-4", "1"])
        ax.minorticks_off()
        ax.get_xticklabels()[-1].set_ha("right")
    first, last = errors[0], errors[-1]
    return show(
        fig,
        "Relative error of the scale at the last update, both axes logarithmic. 1 + cos climbs steeply, from "
        f"{number(first['1 + cos'], 1)} for 100 updates to {number(last['1 + cos'], 1)} for 100 million; cos² climbs "
        f"half as steeply, to {number(last['cos²'], 1)}; sin² stays on the floor, at about 2e-16, for every length.",
    )
