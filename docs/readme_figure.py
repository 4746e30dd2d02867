"""Draws docs/schedules.svg, the README's figure: `make figure`. A test holds the file against this script."""

from pathlib import Path

from lrcourse import CosineAnnealing, Fixed, figures
from lrcourse.quadratic import NoisyQuadratic

TARGET = Path(__file__).with_name("schedules.svg")
UPDATES = 200
SCHEDULES = {"high": Fixed(0.5), "low": Fixed(0.01), "cosine": CosineAnnealing(0.5, T_max=UPDATES)}


def draw():
    """Three plans for one run, and the mean loss that each leads to, computed exactly."""
    bowl = NoisyQuadratic(curvature=1.0, noise=1.0)
    losses = {label: bowl.mean_losses(plan.values(UPDATES), x_0=10.0) for label, plan in SCHEDULES.items()}
    fig, (top, foot) = figures.axes(2, 1, x="update", size=(5.2, 4.4), sharex=True, height_ratios=(2, 3))
    figures.draw_schedules(top, SCHEDULES, UPDATES)
    figures.draw_curves(foot, range(UPDATES + 1), losses, logy=True)
    top.set(xlabel="", ylabel="learning rate")
    foot.set(ylabel="mean loss (log)", xlim=(0, UPDATES))
    for ax in (top, foot):
        figures.name(ax)
    return figures.show(fig, _told({label: loss[-1] for label, loss in losses.items()}, losses["low"][0]))


def _told(last, start):
    """The README repeats this as its alt text."""
    high, low, cosine = (SCHEDULES[label] for label in ("high", "low", "cosine"))
    return (
        f"Two charts over {UPDATES} updates. Above, three learning rates: high stays at {high.eta_0}, low at "
        f"{low.eta_0}, cosine falls smoothly from {cosine.eta_max} to {cosine.eta_min:g}. Below, the mean loss of each "
        f"on a logarithmic scale, all from {start:g}: high drops at once and stays at {last['high']:.2g}, low only "
        f"reaches {last['low']:.2g}, cosine drops as fast as high and goes on down to {last['cosine']:.1g}."
    )


if __name__ == "__main__":
    print(draw().save(TARGET).name, "is drawn; README.md repeats its alt text:", draw().alt, sep="\n")
