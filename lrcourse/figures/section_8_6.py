"""Figures of section 8.6: the text's loss traces, losses against the peak rate, and paired differences."""

import numpy as np

from lrcourse.figures import words
from lrcourse.figures.base import axes, draw_curves, name, show, style
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


def by_peak(peaks, losses, *, ylabel="final loss (log)", marks=()):
    """Final losses against the peak rate, one curve per schedule, each one's best peak as a dot.

    `marks` are peaks at which a vertical line is drawn: common peaks at which somebody might compare.
    """
    fig, ax = axes(x="peak rate (log)", y=ylabel)
    peaks, told = np.asarray(peaks, dtype=float), []
    draw_curves(ax, peaks, losses, logx=True, logy=True)
    with style():
        for line, (label, values) in zip(list(ax.get_lines()), losses.items(), strict=True):
            best = int(np.nanargmin(values))
            ax.plot(peaks[best], values[best], "o", color=line.get_color(), zorder=5)
            told.append(f"{label} is best at a peak of {words.number(peaks[best], 2)}, with "
                        f"{words.number(values[best], 2)}")
        for mark in marks:
            ax.axvline(mark, color="#777777", linewidth=1.2, linestyle=":", zorder=0)
    name(ax)
    compared = "".join(
        f" At {words.number(mark, 2)}, marked by a line, the order from best to worst is "
        f"{words.listed(_order(peaks, losses, mark))}." for mark in marks
    )
    return show(fig, f"Final loss against the peak rate, both on logarithmic scales: a U for each schedule. "
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
