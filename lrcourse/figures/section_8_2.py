"""8.2: training runs on a noisy bowl: single paths, beside what they do on average."""

import numpy as np

from lrcourse.figures.base import axes, show, step_axis, style
from lrcourse.figures.words import number

BLUE, GREY = "#0072B2", "#8A8A8A"


def paths(runs, *, changes=(), target=0.0):
    """Positions of a few runs (label: array of runs × updates + 1), a panel each, on common axes.

    The first run is drawn strong, the others thin. `changes` are updates at which the rate changes.
    """
    size = (5.2, 0.6 + 1.65 * len(runs))
    fig, panels = axes(len(runs), 1, y="position x", size=size, sharex=True, sharey=True, squeeze=False)
    told = []
    with style():
        for ax, (label, positions) in zip(panels.flat, runs.items(), strict=True):
            updates = np.arange(positions.shape[1])
            ax.plot(updates, positions[1:].T, color=GREY, linestyle="-", linewidth=0.8)
            ax.plot(updates, positions[0], "o-", color=BLUE, markersize=3.5, clip_on=False)
            ax.axhline(target, color="#222222", linewidth=0.8)
            ax.set_title(label)
            for change in changes if label == [*runs][-1] else ():
                ax.axvline(change, color="#222222", linestyle=(0, (1, 2)), linewidth=1)
            step_axis(ax, updates[-1])
            told.append(f"{label}: {_path(positions, target)}.")
        panels.flat[-1].set_xlabel("update")
    frame = f"Position of {len(positions)} runs over {updates[-1]} updates, the minimum at {number(target)}."
    return show(fig, f"{frame} {' '.join(told)}")


def _path(positions, target) -> str:
    off = positions - target
    crossings = np.mean(np.sum(off[:, 1:] * off[:, :-1] < 0, axis=1))
    how_often = "seldom" if crossings < 2 else "now and then" if crossings < 6 else "again and again"
    spread = np.abs(off[:, -5:]).max()
    return (f"starts at {number(positions[0, 0], 2)}, {how_often} crosses the minimum, "
            f"and in the last updates stays within {number(spread, 2)} of it")
