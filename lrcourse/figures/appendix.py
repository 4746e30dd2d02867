"""Figures of the appendix: a schedule as libraries would run it, and recorded runs that went wrong."""

import numpy as np

from lrcourse.figures import words
from lrcourse.figures.base import axes, legend, outline, rate_axis, show, step_axis, style

_BEYOND = 1.25  # of the run: how far to look past its end
_LOOK = 4000  # points along the run


def compared(comparison, *, alt=None):
    """A run as planned and as each library would run it; below, how far each is from yours.

    Libraries with the same rates share one curve. The dotted line is the end of the run.
    """
    stop = max(int(_BEYOND * comparison.updates), 4)
    t = np.unique(np.linspace(0, stop, min(stop, _LOOK) + 1).round().astype(int))
    yours = _rates(comparison.schedule, t)
    groups = _groups(comparison, t, yours)
    fig, (top, low) = axes(2, 1, size=(5.2, 4.6), sharex=True, height_ratios=(3, 2))
    top.set_ylabel("learning rate")
    low.set(xlabel="update t", ylabel="off by, % of peak")
    told = _draw_rates(top, t, yours, groups, comparison)
    told += _draw_distances(low, t, yours, groups)
    with style():
        for ax in (top, low):
            ax.axvline(comparison.updates, color="#555555", linewidth=1, linestyle=":")
        step_axis(low, stop)
    legend(top)
    said = f"Learning rate over a run of {comparison.updates:,} updates and a quarter beyond, above; below, how far "
    return show(fig, alt or said + f"each library is from it. {told}")


def _rates(schedule, t, last=None):
    """Rates at `t`, NaN where a rate is refused."""
    end = last if last is not None else schedule.horizon if schedule.after == "raise" else None
    inside = t if end is None else t[t <= end]
    return np.concatenate([schedule(inside), np.full(len(t) - len(inside), np.nan)])


def _groups(comparison, t, yours) -> dict:
    """Names of the libraries that differ from yours, those that agree with each other in one: {names: rates}."""
    groups: list[tuple[list[str], np.ndarray]] = []
    for each in comparison.libraries:
        if each.schedule is None:
            continue
        rates = _rates(each.schedule, t, each.last)
        alike = (names for names, other in groups if _close(rates, other))
        same = next(alike, None)
        if same is not None:
            same.append(each.library)
        elif not _close(rates, yours):
            groups.append(([each.library], rates))
    return {", ".join(names): rates for names, rates in groups}


def _close(a, b) -> bool:
    top = max(np.nanmax(a), np.nanmax(b)) or 1.0
    return bool(np.array_equal(np.isnan(a), np.isnan(b)) and np.nanmax(np.abs(a - b)) <= 1e-4 * top)


def _draw_rates(ax, t, yours, groups, comparison) -> str:
    told = []
    with style():
        curves = {"yours": yours, **groups}
        if comparison.steps_per_epoch:
            curves["once an epoch"] = _rates(comparison.schedule, t // comparison.steps_per_epoch)
        for label, rates in curves.items():
            shown = ~np.isnan(rates)
            ax.plot(*outline(t[shown], rates[shown]), label=label, clip_on=False)
            told.append(f"{label}: {words.shape(t[shown], rates[shown])}.")
        rate_axis(ax)
    return " ".join(told)


def _draw_distances(ax, t, yours, groups) -> str:
    with style():
        ax.plot(t, 0.0 * t, label="_yours")
        for label, rates in groups.items():
            ax.plot(*outline(t, np.nan_to_num(100 * np.abs(rates - yours) / np.nanmax(yours))), label=f"_{label}")
        rate_axis(ax)
    return "" if groups else " All libraries that have this shape give the same rates."


# Recorded runs ------------------------------------------------------------------------------------------------------


def recorded_runs(intended, runs, *, title=None):
    """What was meant, as a broad band, and what real runs used, as dots: `runs` is a dict of label: rates by update."""
    fig, ax = axes(x="update t", y="learning rate", title=title)
    length = max(len(rates) for rates in runs.values())
    t, told = np.arange(length), [f"Meant: {words.shape(np.arange(len(intended)), np.asarray(intended))}."]
    with style():
        ax.plot(*outline(np.arange(len(intended)), intended), color="#BBBBBB", linewidth=7, linestyle="-",
                label="meant", solid_capstyle="round")
        for (label, rates), dot, color in zip(runs.items(), "osD", ("#D55E00", "#0072B2", "#000000"), strict=False):
            ax.plot(t[:len(rates)], rates, dot, markersize=4, color=color, label=label, clip_on=False)
            told.append(f"{label}: {words.shape(t[:len(rates)], np.asarray(rates))}.")
        step_axis(ax, length - 1)
        rate_axis(ax)
    legend(ax)
    return show(fig, f"Learning rate by update. {' '.join(told)}")
