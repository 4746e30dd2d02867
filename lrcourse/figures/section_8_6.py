"""Figures of section 8.6: the text's loss traces, losses against the peak rate, and paired differences."""

import numpy as np
from matplotlib.ticker import NullLocator

from lrcourse.figures import words
from lrcourse.figures.base import axes, draw_curves, legend, name, show, style
from lrcourse.figures.labels import ink

COLORS = ("#0072B2", "#D55E00", "#000000")
MARKERS = "osD^"


def invented(traces, final=None):
    """Loss traces as the text prints them, one dot per number, openly marked as invented.

    `traces` is a dict of label: losses. `final` may give some of them the loss that the text calls final.
    """
    fig, ax = axes(x="position in the text's list", y="loss")
    told = []
    with style():
        for (label, losses), marker in zip(traces.items(), MARKERS, strict=False):
            at = np.arange(1, len(losses) + 1)
            (line,) = ax.plot(at, losses, marker=marker, label=label, clip_on=False)
            told.append(f"{label}: {', '.join(f'{loss:g}' for loss in losses)}")
            if final and label in final:
                ax.plot(len(losses) + 1, final[label], marker, color=line.get_color(), fillstyle="none", markersize=9)
                told[-1] += f", and the value called final, {final[label]:g}"
        longest = max(map(len, traces.values()))
        ax.set_xticks(range(1, longest + 1 + bool(final)), [*range(1, longest + 1), *(["final"] if final else [])])
        ax.text(0.98, 0.96, "invented numbers", transform=ax.transAxes, ha="right", va="top", fontsize=13,
                color="#777777", style="italic")
        ax.legend(loc="upper right", bbox_to_anchor=(1, 0.88))
    return show(fig, f"The text's invented losses, one dot per number. {'; '.join(told)}.")


def by_peak(peaks, losses, *, ylabel="final loss (log)", marks=(), logy=True):
    """Final losses against the peak rate, one curve per schedule, each one's best peak as a dot.

    `marks` are peaks at which a vertical line is drawn: common peaks at which somebody might compare.
    """
    fig, ax = axes(x="peak rate (log)", y=ylabel)
    peaks, told = np.asarray(peaks, dtype=float), []
    draw_curves(ax, peaks, losses, logx=True, logy=logy)
    with style():
        for line, (label, values) in zip(list(ax.get_lines()), losses.items(), strict=True):
            best = int(np.nanargmin(values))
            ax.plot(peaks[best], values[best], "o", color=line.get_color(), zorder=5)
            told.append(f"{label} is best at a peak of {words.number(peaks[best], 2)}, with "
                        f"{words.number(values[best], 2 if logy else 3)}")
        for mark in marks:
            ax.axvline(mark, color="#777777", linewidth=1.2, linestyle=":", zorder=0)
    name(ax)
    compared = "".join(
        f" At {words.number(mark, 2)}, marked by a line, the order from best to worst is "
        f"{words.listed(_order(peaks, losses, mark))}." for mark in marks
    )
    scales = "both on logarithmic scales" if logy else "the peak on a logarithmic scale"
    return show(fig, f"Final loss against the peak rate, {scales}, one curve for each schedule. "
                     f"{words.sentence(words.listed(told))}{compared}")


def _order(peaks, losses, mark):
    at = int(np.argmin(np.abs(np.log(peaks / mark))))
    return sorted(losses, key=lambda label: losses[label][at])


def paired(differences, intervals, *, xlabel="loss of the first minus loss of the second"):
    """One row per comparison: a dot for every seed, the mean with its 95 % interval, and a line at zero.

    `differences` is a dict of label: one number per seed, `intervals` of label: (low, high).
    """
    fig, ax = axes(x=xlabel, size=(5.2, 1.15 + 0.62 * len(differences)))
    told = []
    with style():
        ax.axvline(0, color="#555555", linewidth=1.2)
        for row, (label, values) in enumerate(differences.items()):
            color, (low, high) = COLORS[row % len(COLORS)], intervals[label]
            ax.plot(values, np.full(len(values), row - 0.18), "|", color=color, markersize=9, alpha=0.7)
            ax.plot([low, high], [row + 0.14] * 2, linestyle="-", linewidth=5, color=color, solid_capstyle="butt")
            ax.plot(np.mean(values), row + 0.14, "o", color="white", markeredgecolor=color, markersize=7, zorder=5)
            ax.annotate(label, (0, row - 0.45), xycoords=("axes fraction", "data"), va="center", fontsize=11,
                        color=ink(color), bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
            told.append(f"{label}: {_verdict(low, high)}")
        ax.set(ylim=(len(differences) - 0.45, -0.75), yticks=[])
        ax.spines["left"].set_visible(False)
        ax.grid(axis="y", visible=False)
    return show(fig, f"Differences between paired runs, one tick per seed, with the mean and its 95 % interval as a "
                     f"bar, beside a line at zero. {'; '.join(told)}.")


def _verdict(low, high):
    if low > 0:
        return "the whole interval lies above zero"
    return "the whole interval lies below zero" if high < 0 else "the interval covers zero"


# Measured results -------------------------------------------------------------------------------------------------


def gains(results):
    """How many per cent lower each schedule's loss is than the baseline's, with 95 % intervals, one row a schedule.

    `results` is a dict of label: lab Result. All have the same schedules and the same baseline.
    """
    first = next(iter(results.values()))
    rows = [label for label in first.labels if label != first.baseline]
    fig, ax = axes(x=f"gain over {first.baseline}, % of its loss", size=(5.2, 1.1 + 0.3 * len(rows)))
    told = []
    with style():
        ax.axvline(0, color="#555555", linewidth=1.2)
        for place, (label, result) in enumerate(results.items()):
            found = [result.gain(row) for row in rows]
            shift = 0.22 * (place - (len(results) - 1) / 2)
            ax.errorbar([gain.mean for gain in found], np.arange(len(rows)) + shift, xerr=[gain.half for gain in found],
                        fmt=MARKERS[place], color=COLORS[place], markersize=5, elinewidth=1.6, label=label)
            each = zip(rows, found, strict=True)
            told.append(f"{label}: {', '.join(f'{row} {_percent(gain)}' for row, gain in each)}")
        ax.set_yticks(range(len(rows)), rows)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.grid(axis="y", visible=False)
    if len(results) > 1:
        legend(ax)
    return show(fig, f"Gain over {first.baseline} in per cent of its loss, a dot with its 95 % interval for each "
                     f"schedule. {'; '.join(told)}.")


def _percent(gain):
    return f"{gain.mean:+.1f} ± {gain.half:.1f}"


def against_zero(x, series, *, xlabel, ylabel, logx=False):
    """Means with shaded 95 % intervals over `x`, and a line at zero. `series` is a dict of label: [(mean, half), …]."""
    x = np.asarray(x, dtype=float)
    found = {label: np.asarray(pairs, dtype=float) for label, pairs in series.items()}
    fig, ax = axes(x=xlabel, y=ylabel)
    with style():
        ax.axhline(0, color="#555555", linewidth=1.2, label="_zero")
    draw_curves(ax, x, {label: pairs[:, 0] for label, pairs in found.items()}, logx=logx,
                bands={label: (pairs[:, 0] - pairs[:, 1], pairs[:, 0] + pairs[:, 1]) for label, pairs in found.items()})
    if logx:
        with style():
            ax.set_xticks(x, [words.number(value) for value in x])
            ax.xaxis.set_minor_locator(NullLocator())
    if len(found) > 1:
        name(ax)
    told = "; ".join(f"{label} {_side(x, pairs)}" for label, pairs in found.items())
    return show(fig, f"{words.sentence(ylabel)} Over the {xlabel}, with 95 % intervals shaded, beside a line at zero: "
                     f"{told}.")


def _side(x, pairs):
    """On which side of zero a series lies, as far as its intervals say."""
    sides = np.where(pairs[:, 0] - pairs[:, 1] > 0, 1, np.where(pairs[:, 0] + pairs[:, 1] < 0, -1, 0))
    names = {1: "above zero", -1: "below zero", 0: "not separated from zero"}
    stretches, begin = [], 0
    for end in range(1, len(sides) + 1):
        if end == len(sides) or sides[end] != sides[begin]:
            span = " to ".join(words.number(value) for value in dict.fromkeys((x[begin], x[end - 1])))
            stretches.append(f"{names[int(sides[begin])]} at {span}")
            begin = end
    return ", ".join(stretches)
