"""8.4: the cosine taken apart, laid beside a line, followed past its end, and computed in three ways."""

import math
from decimal import Decimal, localcontext

import numpy as np

from lrcourse.figures.base import axes, draw_schedules, rate_axis, show, step_axis, style
from lrcourse.figures.words import number
from lrcourse.schedules import CosineAnnealing

BLUE, ORANGE, BLACK, GREY = "#0072B2", "#D55E00", "#000000", "#666666"
FORMS = ("1 + cos", "cos²", "sin²")
_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")


# The formula ------------------------------------------------------------------------------------------------------


def cosine_step(schedule: CosineAnnealing, step: int):
    """One of the three moves of the formula: 1 the cosine, 2 its shift to [0, 1], 3 the stretch to the rates."""
    draw = {1: _take_cosine, 2: _shift, 3: _stretch}.get(step)
    if draw is None:
        raise ValueError(f"step must be 1, 2 or 3, got {step!r}: the formula has three moves")
    fig, ax = axes(x="step")
    t = np.linspace(0, schedule.T_max, 401)
    quarters = np.linspace(0, schedule.T_max, 5)
    with style():
        alt = draw(ax, schedule, t, quarters)
        step_axis(ax, schedule.T_max)
    return show(fig, alt)


def _cosine(schedule, t):
    return np.cos(np.pi * t / schedule.T_max)


def _take_cosine(ax, schedule, t, quarters) -> str:
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.plot(t, _cosine(schedule, t), clip_on=False)
    _dots(ax, quarters, _cosine(schedule, quarters), ("1", "0.707", "0", "−0.707", "−1"))
    ax.set(ylabel="cosine", ylim=(-1.15, 1.15), yticks=(-1, -0.5, 0, 0.5, 1))
    return (f"The cosine over steps 0 to {schedule.T_max}: it starts level at 1, passes 0.707 at a quarter, crosses 0 "
            "halfway, passes −0.707 at three quarters and ends level at −1.")


def _shift(ax, schedule, t, quarters) -> str:
    cosine = _cosine(schedule, t)
    ax.plot(t, (1 + cosine) / 2, color=BLUE, clip_on=False)
    ax.plot(t, cosine, color=GREY, linestyle=(0, (5, 1.6)), linewidth=1.5, clip_on=False)
    for at in quarters[1:4]:
        low = _cosine(schedule, at)
        ax.annotate("", (at, (1 + low) / 2), (at, low), arrowprops={"arrowstyle": "->", "color": GREY})
    ax.text(quarters[2] * 1.08, 0.52, "scale", color=BLUE)
    ax.text(quarters[1] * 1.45, -0.42, "cosine", color=GREY, ha="right")
    ax.set(ylabel="value", ylim=(-1.15, 1.15), yticks=(-1, -0.5, 0, 0.5, 1))
    return ("Two curves: the cosine, dashed, from 1 down to −1, and the scale, solid, from 1 down to 0. Both start at 1. "
            "Arrows lift the cosine to the scale, by a little at a quarter, by a half at the middle, and by 1 at the end.")


def _stretch(ax, schedule, t, quarters) -> str:
    high, low = schedule.eta_max, schedule.eta_min
    ax.plot(t, schedule(t), color=BLUE, clip_on=False)
    for rate, name, where in ((high, "peak", "bottom"), (low, "floor", "top")):
        ax.axhline(rate, color=GREY, linestyle=(0, (1, 1.4)), linewidth=1.2)
        ax.text(quarters[2], rate, f"{name} {number(rate)}", color=GREY, ha="center", va=where)
    _dots(ax, quarters[[0, 2, 4]], schedule(quarters[[0, 2, 4]]))
    ax.set(ylabel="learning rate", ylim=(0, high * 1.12))
    rate_axis(ax)
    scale = ax.secondary_yaxis("right", functions=(lambda y: (y - low) / (high - low), lambda s: low + (high - low) * s))
    scale.set_yticks([0, 0.5, 1], ["0", "½", "1"])
    scale.set_ylabel("scale")
    middle = number(schedule(schedule.T_max / 2))
    return (f"The rate over steps 0 to {schedule.T_max}, between two dotted lines: it starts on the peak {number(high)}, where "
            f"the scale on the right says 1, passes {middle} halfway at scale one half, and ends on the floor "
            f"{number(low)} at scale 0.")


def _dots(ax, x, y, labels=()) -> None:
    ax.plot(x, y, "o", color=BLUE, clip_on=False, zorder=5)
    for at, value, label in zip(x, y, labels, strict=False):
        ax.annotate(label, (at, value), (8, 4), textcoords="offset points", fontsize=11, ha="left")


# The curve --------------------------------------------------------------------------------------------------------


def cosine_curve(schedule: CosineAnnealing):
    """The schedule as it is, with the rate written at its start, its quarters and its end."""
    T, quarters = schedule.T_max, np.linspace(0, schedule.T_max, 5)
    fig, ax = axes(x="step", y="learning rate")
    draw_schedules(ax, {"": schedule}, T)
    with style():
        for t, rate in zip(quarters, schedule(quarters), strict=True):
            ax.plot([t], [rate], "o", color=BLUE, clip_on=False, zorder=5)
            side = {"ha": "right", "xytext": (-8, -12)} if t > 0.6 * T else {"ha": "left", "xytext": (8, 3)}
            if t == T:
                side["xytext"] = (-8, 8)
            ax.annotate(number(rate, 3), (t, rate), textcoords="offset points", fontsize=11, **side)
    told = ", ".join(f"{number(rate, 3)} at step {t:g}" for t, rate in zip(quarters, schedule(quarters), strict=True))
    return show(fig, f"The learning rate falls along half a cosine: {told}. It leaves the top level, bends at once, is "
                     "steepest in the middle and arrives level. No part of it is flat or straight.")


def lead_over_linear(cosine, linear):
    """Cosine and line above, and below them how far the one leads the other, in units of the whole drop."""
    T = cosine.T_max
    t = np.linspace(0, T, 401)
    drop = cosine.eta_max - cosine.eta_min
    lead = (cosine(t) - linear(t)) / drop
    fig, (top, foot) = axes(2, 1, size=(5.2, 5.0), sharex=True, height_ratios=(3, 2))
    with style():
        top.plot(t, cosine(t), color=BLUE, clip_on=False)
        top.plot(t, linear(t), color=ORANGE, linestyle=(0, (5, 1.6)), clip_on=False)
        top.fill_between(t, cosine(t), linear(t), color=BLUE, alpha=0.15, linewidth=0)
        top.annotate("cosine", (0.36 * T, float(cosine(0.36 * T))), (8, 3), textcoords="offset points", color=BLUE)
        top.annotate("line", (0.22 * T, float(linear(0.22 * T))), (-8, -14), textcoords="offset points", color=ORANGE, ha="right")
        top.set_ylabel("learning rate")
        rate_axis(top)
        foot.axhline(0, color=GREY, linewidth=0.8)
        foot.axvline(T / 4, color=GREY, linewidth=1, linestyle=(0, (1, 1.4)))
        foot.text(T / 4, -0.115, " a quarter", color=GREY, va="bottom")
        foot.plot(t, lead, color=BLUE)
        for index in (lead.argmax(), lead.argmin()):
            foot.plot([t[index]], [lead[index]], "o", color=BLUE)
        foot.set(xlabel="step", ylabel="lead / drop", ylim=(-0.125, 0.125), yticks=(-0.1, 0, 0.1))
        step_axis(foot, T)
    return show(fig, f"Above, the cosine and a straight line from {number(cosine.eta_max)} to {number(cosine.eta_min)}: the cosine is higher "
                     "in the first half and lower in the second; they cross halfway. Below, its lead over the line, as a share of "
                     f"the drop: up to {number(lead.max(), 3)} just before a quarter of the run, 0 halfway, down to "
                     f"{number(lead.min(), 3)} just after three quarters.")


def cosine_slope(schedule: CosineAnnealing):
    """The curve, and below it its slope in units of the straight line's slope, drop / T_max."""
    T = schedule.T_max
    t = np.linspace(0, T, 401)
    slope = -np.pi / 2 * np.sin(np.pi * t / T)
    fig, (top, foot) = axes(2, 1, size=(5.2, 5.0), sharex=True, height_ratios=(3, 2))
    with style():
        top.plot(t, schedule(t), color=BLUE, clip_on=False)
        reach = np.array([0.22, 0.78]) * T
        middle = (schedule.eta_max + schedule.eta_min) / 2
        fall = np.pi / 2 * (schedule.eta_max - schedule.eta_min) / T
        top.plot(reach, middle - fall * (reach - T / 2), color=ORANGE, linestyle=(0, (5, 1.6)))
        top.plot([T / 2], [middle], "o", color=BLUE)
        top.annotate("steepest", (T / 2, middle), (12, 2), textcoords="offset points")
        top.set_ylabel("learning rate")
        rate_axis(top)
        foot.plot(t, slope, color=BLUE, clip_on=False)
        foot.axhline(-1, color=ORANGE, linestyle=(0, (5, 1.6)))
        foot.text(0.02 * T, -1.06, "straight line", color=ORANGE, va="top")
        foot.plot([T / 2], [-np.pi / 2], "o", color=BLUE)
        foot.set(xlabel="step", ylabel="slope", ylim=(-1.8, 0.1), yticks=(0, -1, -np.pi / 2), yticklabels=("0", "−1", "−π/2"))
        step_axis(foot, T)
    return show(fig, "Above, the cosine with its tangent at the middle, where it is steepest. Below, its slope, where −1 is the slope of "
                     "a straight line: it starts at 0, falls to −π/2 halfway and returns to 0 at the end. It is steeper than the line "
                     "in the middle part and flatter near both ends.")


def cosine_halves(schedule: CosineAnnealing):
    """The curve about its mean: what the first half has above, the second half lacks."""
    T = schedule.T_max
    t = np.linspace(0, T, 401)
    rate, mean = schedule(t), (schedule.eta_max + schedule.eta_min) / 2
    fig, ax = axes(x="step", y="learning rate")
    with style():
        ax.fill_between(t, rate, mean, where=t <= T / 2, color=BLUE, alpha=0.25, linewidth=0)
        ax.fill_between(t, rate, mean, where=t >= T / 2, facecolor="none", edgecolor=ORANGE, hatch="///", linewidth=0)
        ax.plot(t, rate, color=BLUE, clip_on=False)
        ax.axhline(mean, color=BLACK, linestyle=(0, (1, 1.4)), linewidth=1.5)
        ax.plot([T / 2], [mean], "o", color=BLACK)
        ax.text(0.98 * T, mean, f"mean {number(mean)}", ha="right", va="bottom")
        ax.text(0.14 * T, mean + 0.2 * (rate[0] - mean), "above", color=BLUE)
        ax.text(0.86 * T, mean - 0.26 * (rate[0] - mean), "below", color=ORANGE, ha="right",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        step_axis(ax, T)
        rate_axis(ax)
    return show(fig, f"The cosine and its mean, a level dotted line at {number(mean)}. The area between them is above the line in the first half, "
                     "shaded, and below it in the second, hatched. Turned half round about the middle point, the one area covers the other.")


def cosine_afterwards(schedule: CosineAnnealing):
    """What the three choices of `after` do beyond T_max, up to 2 T_max."""
    T = schedule.T_max
    t = np.linspace(0, 2 * T, 801)
    bare = schedule.eta_min + (schedule.eta_max - schedule.eta_min) * (1 + np.cos(np.pi * t / T)) / 2
    fig, ax = axes(x="step", y="learning rate")
    with style():
        ax.axvline(T, color=GREY, linestyle=(0, (1, 1.4)), linewidth=1)
        ax.plot(t[t <= T], bare[t <= T], color=BLUE, clip_on=False)
        ax.plot(t[t >= T], bare[t >= T], color=ORANGE, linestyle=(0, (5, 1.6)), clip_on=False)
        ax.plot([T, 2 * T], [schedule.eta_min] * 2, color=BLUE, clip_on=False)
        ax.plot([T], [schedule.eta_min], "x", color=BLACK, markersize=11, markeredgewidth=2.5, clip_on=False, zorder=6)
        ax.text(1.43 * T, float(bare[t >= 1.5 * T][0]), "periodic", color=ORANGE, ha="right")
        ax.annotate("hold", (1.75 * T, schedule.eta_min), (0, 5), textcoords="offset points", color=BLUE)
        ax.annotate("raise: stop here", (T, schedule.eta_min), (-12, 10), textcoords="offset points", ha="right")
        step_axis(ax, 2 * T)
        rate_axis(ax)
    return show(fig, f"The cosine falls from {number(schedule.eta_max)} to {number(schedule.eta_min)} at step {T}. From there three ways part: a solid "
                     f"level line holds the floor; a dashed curve rises again, to {number(bare[t >= 1.5 * T][0])} at step {1.5 * T:g} and the full peak at "
                     f"step {2 * T}; a cross at step {T} marks where the strict choice stops with an error.")


# The digits -------------------------------------------------------------------------------------------------------


def exact_scale(t: int, T: int) -> Decimal:
    """(1 + cos(πt/T))/2 to 40 digits, for whole 0 ≤ t ≤ T: the sine series in decimal arithmetic, nothing cancelled.

    >>> print(round(exact_scale(2_500, 10_000), 30))
    0.853553390593273762200422181052
    """
    if not 0 <= t <= T:
        raise ValueError(f"t must lie from 0 to T = {T}, got {t!r}")
    with localcontext(prec=60):
        angle = _PI * (T - t) / (2 * T)
        term = sine = angle
        k = 1
        while abs(term) > Decimal("1e-50") * abs(sine):
            term *= -angle * angle / ((k + 1) * (k + 2))
            sine += term
            k += 2
        return sine * sine


def scale_errors(T: int) -> dict[str, float]:
    """The relative error of the scale at the last update, t = T - 1, for each of three forms equal on paper."""
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
    looks = {"1 + cos": (ORANGE, "-", "o"), "cos²": (BLACK, (0, (1, 1.4)), "s"), "sin²": (BLUE, (0, (5, 1.6)), "^")}
    with style():
        for form, (color, dash, marker) in looks.items():
            # An error below what a float can resolve is noise of the machine, not of the form.
            ys = [max(error[form], resolution) for error in errors]
            ax.plot(lengths, ys, color=color, linestyle=dash, marker=marker, clip_on=False)
            ax.annotate(form, (lengths[4], ys[4]), (-6, 8), textcoords="offset points", ha="right", color=color)
        ax.set(xscale="log", yscale="log", xlim=(lengths[0], lengths[-1]), ylim=(1e-16, 1))
        ax.set_xticks([1e2, 1e4, 1e6, 1e8], ["100", "10,000", "1 million", "100 million"])
        ax.set_yticks([1e-16, 1e-12, 1e-8, 1e-4, 1], ["1e-16", "1e-12", "1e-8", "1e-4", "1"])
        ax.minorticks_off()
        ax.get_xticklabels()[-1].set_ha("right")
    first, last = errors[0], errors[-1]
    return show(fig, "Relative error of the scale at the last update, both axes logarithmic. 1 + cos climbs steeply, from "
                     f"{number(first['1 + cos'], 1)} for 100 updates to {number(last['1 + cos'], 1)} for 100 million; cos² climbs half as steeply, to "
                     f"{number(last['cos²'], 1)}; sin² stays on the floor, at about 2e-16, for every length.")
