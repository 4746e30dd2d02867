"""8.7: what two phases look like where they meet, two readings of one number, and sums beside areas."""

import numpy as np

from lrcourse.figures.base import axes, draw_schedules, rate_axis, show, step_axis, style
from lrcourse.figures.section_8_4 import BLACK, BLUE, DASHED, DOTTED, GREY, ORANGE, SOLID, dots, note
from lrcourse.figures.words import number


def stairs_on_exponential(stairs, exponential, steps: int):
    """A step decay and the exponential through its inner corners, on a logarithmic axis."""
    fig, ax = axes(x="step", y="learning rate")
    told = draw_schedules(ax, {"step decay": stairs, "exponential": exponential}, steps, log=True)
    s = stairs.step_size
    with style():
        corners = np.arange(0, steps, s)
        dots(ax, corners, stairs(corners))
        note(ax, "step decay", (0.5 * s, stairs(0)), (0, 6), BLUE, ha="center")
        note(ax, "exponential", (1.62 * s, exponential(1.62 * s)), (-8, -14), ORANGE, ha="right")
    return show(
        fig,
        f"Learning rate on a logarithmic scale over steps 0 to {steps}. {told} The exponential is a straight line "
        "here; it touches the staircase at the beginning of each stair, marked by a dot, and runs below it in between.",
    )


def warmup_cosine_anatomy(schedule):
    """Warmup and annealing with their border, and below them the slope, which leaps where they meet."""
    W, T, peak = schedule.T_warmup, schedule.T_max, schedule.eta_max
    t = np.linspace(W, T, 301)
    dip = (peak - schedule.eta_min) / peak * np.pi / 2 * W / (T - W)  # steepest fall, in units of peak / W
    fig, (top, foot) = axes(2, 1, size=(5.2, 5.0), sharex=True, height_ratios=(3, 2))
    with style():
        for ax in (top, foot):
            ax.axvspan(0, W, color=ORANGE, alpha=0.12, linewidth=0)
        top.plot([0, W], [0, peak], color=ORANGE, linestyle=DASHED, clip_on=False)
        top.plot(t, schedule(t), color=BLUE, linestyle=SOLID, clip_on=False)
        dots(top, [W], [peak], BLACK)
        note(top, "T_warmup", (W, peak), (6, 7))
        note(top, "warmup", (W, peak / 4), (6, 0), ORANGE)
        note(top, "annealing", (0.62 * T, 0.62 * peak), color=BLUE)
        top.set(ylabel="learning rate", ylim=(0, 1.1 * peak))
        rate_axis(top)
        foot.axhline(0, color=GREY, linewidth=0.8)
        foot.plot([0, W], [1, 1], color=ORANGE, linestyle=DASHED)
        foot.plot(t, -dip * np.sin(np.pi * (t - W) / (T - W)), color=BLUE, linestyle=SOLID)
        foot.plot([W, W], [1, 0], "o", color=BLACK, fillstyle="none", linestyle="none")
        foot.set(xlabel="step", ylabel="slope", ylim=(-0.4, 1.15))
        foot.set_yticks([0, 1], ["0", "peak/W"])
        step_axis(foot, T)
    return show(
        fig,
        f"Above: a dashed straight rise from 0 to {number(peak)} in the first {W} steps, the warmup, shaded; then a "
        f"solid cosine down to {number(schedule.eta_min)} at step {T}. They meet in one point, a corner. Below, the "
        "slope: level at peak/W during warmup, then a leap down to 0, from where it dips slightly below 0 and comes "
        "back to 0 at the end.",
    )


def two_conventions(inclusive, exclusive):
    """The same three numbers read in two ways: T_max with the warmup in it, or counted after it."""
    ends = (inclusive.horizon, exclusive.horizon)
    fig, ax = axes(x="step", y="learning rate")
    read = {"T_max includes warmup": inclusive, "T_max excludes warmup": exclusive}
    told = draw_schedules(ax, read, max(ends))
    with style():
        for end, color in zip(ends, (BLUE, ORANGE), strict=True):
            ax.axvline(end, color=color, linestyle=DOTTED, linewidth=1.5, clip_on=False)
        note(ax, "included", (0.52 * ends[0], inclusive(0.52 * ends[0])), (-8, -12), BLUE, ha="right")
        note(ax, "excluded", (0.62 * ends[0], exclusive(0.62 * ends[0])), (8, 2), ORANGE)
    return show(
        fig,
        f"Learning rate over steps 0 to {max(ends)}. {told} The two share the warmup and then drift apart: the first "
        f"reaches its floor at step {ends[0]}, the second at step {ends[1]}.",
    )


def sum_and_area(schedule, steps: int):
    """Each update as a bar one step wide and as high as its rate, behind the area under the curve."""
    t, fine = np.arange(steps), np.linspace(0, steps, 401)
    rates = schedule(t)
    fig, ax = axes(x="step", y="learning rate")
    with style():
        ax.bar(t, rates, width=1, align="edge", color=ORANGE, alpha=0.35, edgecolor=ORANGE, linewidth=1)
        ax.fill_between(fine, schedule(fine), color="#BBD7E8", linewidth=0)
        ax.plot(fine, schedule(fine), color=BLUE, linestyle=SOLID, clip_on=False)
        note(ax, "area", (0.2 * steps, 0.35 * rates[0]), color=BLUE)
        note(ax, "sum of the bars", (0.55 * steps, schedule(0.5 * steps)), (6, 8), ORANGE)
        step_axis(ax, steps)
        ax.set_xticks(range(0, steps + 1, max(1, steps // 5)))
        rate_axis(ax)
    return show(
        fig,
        f"{steps} bars, one for each update, each as high as the rate at its left edge, and the falling curve through "
        "their left corners. Each bar rises above the curve by a small triangle: the bars add up to "
        f"{number(rates.sum())}, the area under the curve is {number(schedule.integral(steps))}.",
    )
