"""The driver of sections 8.1 to 8.3: gradient descent in a bowl or a ravine, under a schedule, with noise if wanted."""

from __future__ import annotations

import math

import numpy as np
import traitlets

from lrcourse.figures import words
from lrcourse.figures.quick import Curve, chart
from lrcourse.schedules import CosineAnnealing, Fixed, Linear, StepDecay, WarmupCosine

from .base import MOST, Explorable, Finite, Still

UPDATES = 60
COURSES = {  # the rate's course, from its highest rate
    "fixed": lambda eta: Fixed(eta),
    "cosine": lambda eta: CosineAnnealing(eta, UPDATES),
    "linear": lambda eta: Linear(eta, UPDATES),
    "steps": lambda eta: StepDecay(eta, 15, 0.5),
    "warmup": lambda eta: WarmupCosine(eta, UPDATES, 10, start="(t+1)/w"),
}
CURVATURES = {"bowl": (1.0,), "ravine": (0.1, 1.0)}  # the steepest is 1, so that the rate is η·λ
START = {"bowl": (2.5,), "ravine": (-3.4, 1.6)}


class Driver(Explorable):
    """Gradient descent with the rate η·λ = `rate` on a `landscape`, along a `course`, with `noise` of one `seed`."""

    title, script = "The driver: gradient descent under a schedule", "driver"
    landscape = traitlets.Enum(list(CURVATURES), "bowl").tag(sync=True)
    course = traitlets.Enum(list(COURSES), "fixed").tag(sync=True)
    rate = Finite(1.5, min=0).tag(sync=True)
    noise = Finite(0.0, min=0).tag(sync=True)
    seed = traitlets.Int(1, min=1, max=MOST).tag(sync=True)
    shown = traitlets.Int(UPDATES, min=0, max=UPDATES).tag(sync=True)

    def journey(self) -> tuple[np.ndarray, np.ndarray]:
        """The places of the run that is shown, (updates + 1, dimensions), and the losses there."""
        curvatures = np.array(CURVATURES[self.landscape])
        rates = COURSES[self.course](self.rate).values(UPDATES)
        xi = normals(self.seed, UPDATES * curvatures.size).reshape(UPDATES, -1)
        places = [np.array(START[self.landscape])]
        with np.errstate(over="ignore", invalid="ignore"):  # far above the limit the run leaves all numbers behind
            for eta, kick in zip(rates, xi):
                places.append(places[-1] - eta * (curvatures * places[-1] + self.noise * kick))
            path = np.array(places)
            return path, 0.5 * path**2 @ curvatures

    def still(self):
        path, losses = self.journey()
        path, losses = path[: self.shown + 1], losses[: self.shown + 1]
        across = path[:, -1]  # in a ravine the steep direction is the last
        leaps = int(np.count_nonzero(across[1:] * across[:-1] < 0))
        over = f"leapt over the minimum {leaps} times" if leaps else "never overshot"
        end = f"stands at a loss of {words.number(losses[-1], 3)}" if losses[-1] <= 1e6 else "runs away"
        told = f"After {self.shown} updates the driver has {over} and {end}."
        draw = _bowl if self.landscape == "bowl" else _ravine
        svg, seen = draw(*(part[np.isfinite(losses)] for part in (path, losses)))
        return Still(svg, f"{seen} {told}", (f"η·λ = {self.rate:g}, noise σ = {self.noise:g}.",))


def _bowl(path, losses):
    sides = np.linspace(-4, 4, 81)
    curves = [Curve(sides, sides**2 / 2, "the bowl", 2), Curve(path[:, 0], losses, "the driver's way", 0, dots=True)]
    svg = chart(curves, (-4, 4), (0, 8), x_label="place x", y_label="loss", height=280)
    return svg, "A bowl with its minimum at 0, and in it the places that gradient descent visits."


def _ravine(path, losses):
    turn = np.linspace(0, 2 * np.pi, 61)
    rings = [Curve(np.sqrt(2 * level / 0.1) * np.cos(turn), np.sqrt(2 * level) * np.sin(turn), "", 2)
             for level in (0.3, 1.2)]
    svg = chart([*rings, Curve(path[:, 0], path[:, 1], "the driver's way", 0, dots=True)], (-6, 6), (-3, 3),
                x_label="along the ravine", y_label="across", height=280)
    return svg, "A long ravine seen from above, with the places that gradient descent visits."


def normals(seed: int, n: int) -> np.ndarray:
    """Numbers of a normal distribution, the same ones for the same seed here and in the browser (descent.js)."""
    state = seed * 2654435761 % 2**32

    def uniform():  # mulberry32
        nonlocal state
        state = (state + 0x6D2B79F5) % 2**32
        z = (state ^ state >> 15) * (state | 1) % 2**32
        z = (z + (z ^ z >> 7) * (z | 61)) % 2**32 ^ z
        return ((z ^ z >> 14) + 0.5) / 2**32

    return np.array([math.sqrt(-2 * math.log(uniform())) * math.cos(2 * math.pi * uniform()) for _ in range(n)])


def driver(**start) -> Driver:
    """The driver; begin where you like: `driver(rate=1.9, course="cosine", noise=0.5, landscape="ravine")`."""
    unknown = set(start) - {"landscape", "course", "rate", "noise", "seed", "shown"}
    if unknown:
        raise TypeError(f"the driver has no {unknown.pop()!r}: it has landscape, course, rate, noise, seed and shown")
    return Driver(**start)
