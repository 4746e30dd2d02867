"""8.1: the driving analogy: speeds as schedules, and where the car is at each minute."""

import numpy as np

from lrcourse.figures.base import axes, draw_curves, draw_schedules, name, show, style
from lrcourse.figures.words import number


def speeds(plans, minutes):
    """Speed plans (label: schedule, in mph) over a drive of so many minutes."""
    fig, ax = axes(x="minute", y="speed (mph)")
    told = draw_schedules(ax, plans, minutes)
    name(ax)
    told = told.replace("at step", "at minute")
    return show(fig, f"Speed in miles an hour over minutes 0 to {minutes}. {told}")


def journeys(miles):
    """Miles still to go, one value per minute (label: array); below, the last mile enlarged."""
    fig, (whole, close) = axes(2, 1, x="minute", size=(5.2, 5.4), sharex=True)
    minutes = np.arange(len(next(iter(miles.values()))))
    draw_curves(whole, minutes, miles)
    draw_curves(close, minutes, {f"_{label}": left for label, left in miles.items()})
    with style():
        whole.set(xlabel="", ylabel="miles to go", xlim=(0, minutes[-1]))
        close.set(ylabel="the last mile", ylim=(-1, 1))
        for ax in (whole, close):
            ax.axhline(0, color="#777777", linewidth=0.8, zorder=0)
    name(whole)
    frame = f"Miles still to go over minutes 0 to {minutes[-1]}; below, the last mile enlarged."
    told = " ".join(f"{label}: {_arrival(left)}." for label, left in miles.items())
    return show(fig, f"{frame} {told}")


def _arrival(left) -> str:
    near = np.flatnonzero(np.abs(left) <= 1)
    if not len(near):
        return f"never comes within a mile, and ends {number(left[-1], 3)} miles short"
    last = left[-min(6, len(left)):]
    return (f"within a mile from minute {near[0]}, and in the last minutes "
            f"between {number(last.min(), 2)} and {number(last.max(), 2)}")
