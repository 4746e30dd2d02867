"""Figures of section 8.5: what the text's sketches draw beside what its formulas give, and the wider family."""

import numpy as np

from lrcourse.figures import words
from lrcourse.figures.base import axes, draw_curves, draw_schedules, name, outline, show, style

PEAK = 0.001
T_MAX = 10_000


# What the text draws, read off its characters ---------------------------------------------------------------------


def _drawn_steps(t):
    """Three levels with drops of the same height, the last one as far from the axis as from the level above."""
    return PEAK * (1 - np.minimum(t // 1000, 2) / 3)


def _drawn_exponential(t):
    """A flat top for two thirds of the width, then a straight line down to the axis."""
    return PEAK * np.interp(t, [0, 2 * T_MAX / 3, T_MAX], [1, 1, 0])


def _drawn_peak(t):
    """A straight rise, a flat top, a straight fall: the sketches of warmup and of one cycle."""
    return PEAK * np.interp(t, np.array([0, 0.32, 0.58, 1]) * T_MAX, [0, 1, 1, 0])


def _against_sketch(drawn, true, steps, told):
    fig, ax = axes(x="step", y="learning rate")
    draw_schedules(ax, {"true": true, "as drawn": drawn}, steps)
    name(ax)
    return show(fig, told)


def sketch_step(schedule, steps=3000):
    """The text's staircase of equal drops over the staircase of its formula."""
    levels = [words.number(schedule(int(t))) for t in np.arange(0, steps, schedule.step_size)]
    return _against_sketch(
        _drawn_steps, schedule, steps,
        f"Two staircases over steps 0 to {steps}. As drawn in the text, all drops are equally high. "
        f"The true levels are {words.listed(levels)}: after the first drop the curve all but lies on the axis.",
    )


def sketch_exponential(schedule, steps=T_MAX):
    """The text's flat top and straight fall over the exponential of its formula."""
    third = words.number(schedule(2 * steps // 3), 2)
    return _against_sketch(
        _drawn_exponential, schedule, steps,
        f"Two curves from {words.number(schedule(0))} at step 0. As drawn in the text, the rate stays flat for two "
        f"thirds of the run and then falls straight to 0. The true curve falls steepest at once, flattens all the way "
        f"and is down to {third} where the drawn one only starts to fall.",
    )


def sketch_peak(schedule, steps=T_MAX, what="warmup and cosine"):
    """The text's plateau over a schedule that rises, peaks and falls."""
    rates = schedule.values(steps + 1)
    top = int(np.argmax(rates))
    return _against_sketch(
        _drawn_peak, schedule, steps,
        f"As drawn in the text, the rate rises, stays on a flat top and falls in a straight line. The true curve "
        f"({what}) {words.shape(np.arange(steps + 1), rates)}; it touches its peak at step {top} alone.",
    )


# Conventions ------------------------------------------------------------------------------------------------------


def warmup_starts(warmups, updates):
    """The first updates of several warmups, one dot per update. `warmups` is a dict of label: schedule."""
    fig, ax = axes(x="update t", y="learning rate")
    t, told = np.arange(updates), []
    with style():
        for (label, schedule), dot in zip(warmups.items(), "osD^", strict=False):
            rates = schedule.values(updates)
            ax.plot(t, rates, marker=dot, label=label, clip_on=False)
            told.append(f"{label}: {', '.join(words.number(rate, 3) for rate in rates)}.")
        ax.set_ylim(bottom=0)
        ax.set_xticks(t)
        ax.legend(loc="lower right")
    return show(fig, f"The rates of the first {updates} updates, as dots, for each start. {' '.join(told)}")


def past_the_end(schedule, steps):
    """The text's one cycle, read past its end as the bare formula reads, and held."""

    def bare(t):
        fall = schedule.eta_max - (schedule.eta_max - schedule.eta_min) * (t - schedule.T_1) / schedule.T_2
        return np.where(t <= schedule.T_1, schedule(np.minimum(t, schedule.T_1)), fall)

    fig, ax = axes(x="step", y="learning rate")
    draw_schedules(ax, {"held": schedule, "bare formula": bare}, steps)
    with style():
        ax.axhline(0, color="#555555", linewidth=1)
        ax.axvline(schedule.horizon, color="#555555", linewidth=1, linestyle=":")
        ax.axhspan(ax.get_ylim()[0], 0, color="#D55E00", alpha=0.10, linewidth=0)
        ax.text(0.02 * steps, ax.get_ylim()[0] / 2, "below zero", va="center", fontsize=11)
    name(ax)
    below = schedule.horizon + schedule.T_2 * schedule.eta_min / (schedule.eta_max - schedule.eta_min)
    return show(
        fig,
        f"One cycle up to step {schedule.horizon} and on to {steps}. Held, it stays at its floor of "
        f"{words.number(schedule.eta_min)}. By the bare formula it goes on falling, crosses zero at step "
        f"{words.number(below)} and ends at {words.number(float(bare(np.array(steps))))}.",
    )


# Composition ------------------------------------------------------------------------------------------------------

_KINDS = {"Warmup": "warmup", "CosineAnnealing": "cosine", "Ramp": "ramp", "Until": "stable", "Fixed": "fixed"}


def parts(schedule, steps=None, names=None):
    """A composed schedule with the seams between its parts, each part named. `names` replaces the class names."""
    steps = int(schedule.horizon) if steps is None else steps
    fig, ax = axes(x="step", y="learning rate")
    draw_schedules(ax, [schedule], steps)
    ax.set_ylim(top=ax.get_ylim()[1] * 1.14)
    begin, told = 0, []
    for index, part in enumerate(schedule.parts):
        end = steps if index + 1 == len(schedule.parts) else begin + part.horizon
        label = names[index] if names else _KINDS.get(type(part).__name__, type(part).__name__)
        with style():
            if index % 2:
                ax.axvspan(begin, end, color="#0072B2", alpha=0.09, linewidth=0)
            if begin:
                ax.axvline(begin, color="#555555", linewidth=1, linestyle=":")
            ax.text((begin + end) / 2, 0.965, label, ha="center", va="top", fontsize=11,
                    transform=ax.get_xaxis_transform())
        rates = (schedule(begin), schedule(end))
        told.append(f"{label} from step {words.number(begin)} to {words.number(end)} "
                    f"({words.number(rates[0])} to {words.number(rates[1])})")
        begin = end
    return show(fig, f"One curve in {len(told)} parts: {'; '.join(told)}.")


# The family -------------------------------------------------------------------------------------------------------


def family(schedules, steps):
    """Every schedule of a dict in a small picture of its own, two to a row, as a share of its highest rate."""
    rows = -(-len(schedules) // 2)
    fig, grid = axes(rows, 2, size=(5.2, 1.25 * rows), sharex=True, sharey=True)
    cells = np.atleast_1d(grid).ravel()
    t, told = np.arange(steps + 1), []
    with style():
        for ax, (label, schedule) in zip(cells, schedules.items(), strict=False):
            rates = schedule(t)
            ax.plot(*outline(t, rates / rates.max()), linestyle="-")
            ax.set_title(label, fontsize=11, pad=3)
            ax.set(xticks=[], yticks=[], ylim=(0, 1.08), xlim=(0, steps))
            told.append(f"{label} {_told(t, rates / rates.max())}")
        for ax in cells[len(schedules):]:
            ax.set_axis_off()
    return show(fig, f"{len(schedules)} small curves, each as a share of its highest rate over {steps} steps. "
                     f"{'; '.join(told)}.")


def _told(t, rates):
    """The shape of one small curve in a few words."""
    leaps = len(words.jumps(rates))
    ends = f"from {words.number(rates[0], 2)} to {words.number(rates[-1], 2)}"
    return f"runs {ends}" + (f" with {leaps} leap{'s' if leaps > 1 else ''}" if leaps else "")


# Finding a peak ---------------------------------------------------------------------------------------------------


def range_test(rates, losses, limit):
    """The loss of a range test against the rate it had reached, with the limit of stability as a line."""
    fig, ax = axes(x="learning rate (log)", y="loss (log)")
    shown = losses <= 100 * losses[0]
    draw_curves(ax, rates[shown], {"loss": losses[shown]}, logx=True, logy=True)
    lowest = int(np.argmin(losses))
    with style():
        ax.axvline(limit, color="#555555", linewidth=1.2, linestyle=":")
        ax.text(limit, 0.97, "limit ", ha="right", va="top", fontsize=11, transform=ax.get_xaxis_transform())
        ax.plot(rates[lowest], losses[lowest], "o", color="#D55E00", zorder=5)
        ax.annotate("lowest", (rates[lowest], losses[lowest]), (-4, -4), textcoords="offset points", ha="right",
                    va="top", fontsize=11)
    return show(
        fig,
        f"Loss against a learning rate that grows from {words.number(rates[0])} to "
        f"{words.number(rates[shown][-1], 2)}, both on logarithmic scales. The loss hardly moves at first, then falls "
        f"steeply to its lowest value at a rate of {words.number(rates[lowest], 2)}, rises from there, and shoots up "
        f"past the limit of {words.number(limit)}.",
    )

