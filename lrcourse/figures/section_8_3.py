"""8.3: what one fixed rate does: five regimes in a bowl, the noise floor, and a bowl with two curvatures."""

import numpy as np

from lrcourse.figures.base import axes, draw_curves, name, show, style
from lrcourse.figures.words import listed, number
from lrcourse.quadratic import NoisyQuadratic, descend

BLUE, ORANGE, BLACK, GREY = "#0072B2", "#D55E00", "#000000", "#8A8A8A"


def five_regimes(products=(0.5, 1.0, 1.5, 2.0, 2.5), updates=8):
    """Gradient descent from x = 1 for several ηλ, a panel each; in the last one, the factor 1 − ηλ itself."""
    bowl = NoisyQuadratic(curvature=1.0, noise=0.0)
    fig, panels = axes(-(-(len(products) + 1) // 2), 2, size=(5.2, 5.8), squeeze=False)
    told = []
    with style():
        for ax, product in zip(panels.flat, products, strict=False):
            x = descend(lambda x: x, 1.0, np.full(updates, product))
            ax.plot(x, color=BLUE, linestyle="-", marker="o", markersize=4)
            ax.axhline(0, color="#222222", linewidth=0.8)
            ax.set(title=f"{number(product)}: {bowl.regime(product)}", xticks=(0, updates // 2, updates))
            ax.set_ylim(*(1.15 * max(1, np.abs(x).max()) * np.array((-1, 1))))
            ax.title.set_fontsize(11)
            places = ", ".join(number(at, 3) for at in x[:4])
            told.append(f"{number(product)}, {bowl.regime(product)}: {places}")
        _factor(panels.flat[len(products)], products)
        for ax in panels[-1]:
            ax.set_xlabel("update")
        panels.flat[len(products)].set_xlabel("ηλ")
        for ax in panels[:, 0]:
            ax.set_ylabel("x")
    return show(
        fig,
        f"Positions from x = 1, a panel for each ηλ. {'; '.join(told)}, and so on. The last panel shows the "
        "size of the factor 1 − ηλ: a V that falls from 1 at ηλ = 0 to 0 at 1 and climbs back to 1 at 2.",
    )


def _factor(ax, products) -> None:
    line = np.linspace(0, 2.7, 28)
    ax.plot(line, np.abs(1 - line), color=BLACK, linestyle="-")
    ax.plot(products, np.abs(1 - np.asarray(products)), "o", color=BLUE, markersize=5)
    ax.axhline(1, color=ORANGE, linestyle=(0, (5, 1.6)), linewidth=1.2)
    ax.set(title="size of 1 − ηλ", ylim=(0, 1.75), xticks=(0, 1, 2))
    ax.title.set_fontsize(11)


def noise_floors(bowl: NoisyQuadratic, eta, measured):
    """The exact noise floor over fixed rates, measured losses as dots; dashed, the small-rate rule ησ²/4."""
    eta, measured = np.asarray(eta, dtype=float), np.asarray(measured, dtype=float)
    fig, ax = axes(x="fixed rate η", y="mean loss, settled")
    fine = np.geomspace(eta.min(), eta.max(), 120)
    curves = {"exact": bowl.noise_floor(fine), "small-rate rule": fine * bowl.noise**2 / 4}
    draw_curves(ax, fine, curves, logx=True, logy=True)
    with style():
        ax.plot(eta, measured, "o", color=BLACK, markerfacecolor="white", zorder=5, label="_measured")
    name(ax)
    dots = [f"{number(loss, 3)} at {number(rate, 3)}" for rate, loss in zip(eta, measured, strict=True)]
    return show(
        fig,
        "Settled mean loss over fixed rates, both axes logarithmic. The exact curve rises with the rate, "
        f"ever more steeply towards the limit {number(bowl.limit)}, away from the straight small-rate rule. "
        f"Measured, as dots on the exact curve: {listed(dots, most=9)}.",
    )


def two_curvatures(curvatures, rates, updates, start=(1.0, 1.0)):
    """Gradient descent in a bowl that is steep one way and flat the other: a panel for each fixed rate."""
    curvatures = np.asarray(curvatures, dtype=float)
    size = (5.2, 0.7 + 1.5 * len(rates))
    fig, panels = axes(len(rates), 1, y="steep way", size=size, sharex=True, squeeze=False)
    along, up = np.meshgrid(np.linspace(-0.2, 1.15, 90), np.linspace(-1.25, 1.25, 60))
    height = 0.5 * (curvatures[0] * along**2 + curvatures[1] * up**2)
    levels = np.geomspace(0.03, 0.6 * curvatures[1], 7)
    told = []
    with style():
        for ax, (label, eta) in zip(panels.flat, rates.items(), strict=True):
            walk = descend(lambda x: curvatures * x, start, np.full(updates, eta))
            ax.contour(along, up, height, levels=levels, colors="#BBBBBB", linewidths=0.8, linestyles="-")
            ax.plot(*walk.T, color=BLUE, linestyle="-", linewidth=1.3, marker="o", markersize=3)
            ax.plot(0, 0, "x", color=BLACK, markersize=8, markeredgewidth=2)
            name_and_rate = f"{label}: η = {number(eta, 3)}"
            ax.set_title(name_and_rate)
            ax.set(xlim=(-0.2, 1.15), ylim=(-1.25, 1.25), yticks=(-1, 0, 1))
            ax.grid(False)
            told.append(f"{name_and_rate}: {_walk(walk)}.")
        panels.flat[-1].set_xlabel("flat way")
    frame = f"Paths of {updates} updates from {start} in a long narrow valley, the minimum marked at (0, 0)."
    return show(fig, f"{frame} {' '.join(told)}")


def _walk(walk) -> str:
    flat, steep = np.abs(walk[-1])
    flips = int(np.sum(walk[1:, 1] * walk[:-1, 1] < -1e-12))
    how = f"zigzagging across the valley {flips} times" if flips else "without crossing the valley"
    return f"{number(flat, 2)} to go the flat way and {number(steep, 2)} the steep way, {how}"
