"""Exercises of section 8.4, cosine annealing."""

from math import cos, pi

import numpy as np

from lrcourse.exercises import Documented, Exercise, Misconception


def _curve(scale, floor=True):
    """A function (t, eta_max, eta_min, T_max) → rate with the given scale, for misconceptions."""

    def rate(t, eta_max, eta_min, T_max):
        return (eta_min if floor else 0.0) + (eta_max - eta_min) * scale(np.asarray(t), T_max)

    return rate


implement = Exercise(
    id="8.4.1",
    title="Write cosine annealing",
    kind="function",
    question="Write the formula of this section as a function. `t` is one step or an array of steps, between 0 and "
    "`T_max`.\n\nIt will be called with the text's numbers, and with numbers you have not seen.",
    given={},
    signature="t, eta_max, eta_min, T_max",
    solution=lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * t / T_max)) / 2),
    documented=Documented(
        [0.001, 0.000854, 0.0005, 0.000146, 0.0], "section 8.4, example", "its five values are right to six decimals."
    ),
    probes=lambda: [
        (300, 0.003, 0.0002, 1200),
        (np.array([0, 10, 60, 100]), 0.1, 0.01, 100),
        (7, 0.5, 0.0, 9),
        (np.array([0, 2500, 5000, 7500, 10_000]), 0.001, 0.0, 10_000),
    ],
    misconceptions=[
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(2 * np.pi * t / T_max)) / 2),
            "Your cosine runs through a full period and comes back up. Annealing uses half of one: pi * t / T_max.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * t / T_max)) / 2, floor=False),
            "You left the floor out: eta_min is added last.",
        ),
        Misconception(
            lambda: lambda t, eta_max, eta_min, T_max: eta_min + eta_max * (1 + np.cos(np.pi * t / T_max)) / 2,
            "You multiplied all of eta_max. Multiply the difference, eta_max - eta_min.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(180 * t / T_max)) / 2),
            "Your angle is in degrees; np.cos takes radians: np.pi * t / T_max.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: 1 + np.cos(np.pi * t / T_max)),
            "1 + cos lies between 0 and 2: divide it by 2.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: np.cos(np.pi * t / T_max)),
            "The bare cosine goes down to -1. Shift and halve it: (1 + cos) / 2.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 - np.cos(np.pi * t / T_max)) / 2),
            "Upside down: your rate rises. The sign before the cosine is a plus.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * t / (T_max - 1))) / 2),
            "You divided by T_max - 1. The text's curve reaches eta_min at t = T_max: divide by T_max.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: 1 - t / T_max), "That is a straight line; the cosine is missing."
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * (t // T_max))) / 2),
            "`//` divides to whole numbers, so the angle stays 0 until the end. Use `/`.",
        ),
    ],
    rtol=1e-9,
    atol=1e-6,
    difficulty=2,
    minutes=5,
    points=2,
    trains="writing a formula as code",
    stub="eta_min + …",
    hints=(
        "Three steps, as in the text: the cosine, the shift to [0, 1], the scale to the rates.",
        "scale = (1 + cos(pi * t / T_max)) / 2; rate = eta_min + (eta_max - eta_min) * scale.",
        "scale = (1 + np.cos(np.pi * t / T_max)) / 2",
    ),
    worked="""\
import numpy as np
def rate(t, eta_max, eta_min, T_max):
    scale = (1 + np.cos(np.pi * t / T_max)) / 2     # from 1 down to 0
    return eta_min + (eta_max - eta_min) * scale
return rate""",
    afterthought="np.cos takes arrays, so one line serves one step and ten thousand.",
)

lead = Exercise(
    id="8.4.2",
    title="How far ahead of the straight line?",
    kind="number",
    question="Let the peak be 1 and the floor 0. After a fraction [[x]] of the way, by how much does the cosine "
    "lie above the straight line from 1 to 0? (Where it lies below, the answer is negative.)",
    given=dict(x=0.25),
    solution=lambda x: (1 + cos(pi * x)) / 2 - (1 - x),
    misconceptions=[
        Misconception(
            lambda x: (1 - x) - (1 + cos(pi * x)) / 2,
            "The size is right, the sign is not: cosine minus line. Early on the cosine stays higher, later lower.",
        ),
        Misconception(lambda x: (1 + cos(pi * x)) / 2, "That is the cosine itself. Take the line, 1 - x, off it."),
        Misconception(
            lambda x: (1 + cos(pi * x)) / 2 - x, "You took off x. The line falls: at x it has the height 1 - x."
        ),
        Misconception(
            lambda x: cos(pi * x) - (1 - x), "You compared the bare cosine: shift and halve it, (1 + cos) / 2."
        ),
        Misconception(
            lambda x: (1 + cos(pi * x)) / 2 / (1 - x) - 1,
            "That is the lead as a share of the line. The difference itself is asked for.",
        ),
        Misconception(
            lambda x: (1 + cos(180 * x)) / 2 - (1 - x), "Your angle is in degrees; cos takes radians: pi * x."
        ),
        Misconception(lambda x: (1 + cos(2 * pi * x)) / 2 - (1 - x), "Half a period, not a full one: cos(pi * x)."),
    ],
    vary=dict(x=[0.1, 0.125, 0.15, 0.2, 0.3, 0.35, 0.4, 0.6, 0.7, 0.75, 0.8, 0.9]),
    between=lambda: (-0.11, 0.11),
    difficulty=2,
    trains="comparing two schedules",
    stub="cosine minus line",
    hints=(
        "Work out both heights at the same point, then subtract.",
        "cosine (1 + cos(pi * x)) / 2, line 1 - x.",
        "lead = (1 + cos(pi * x)) / 2 - (1 - x)",
    ),
    worked="""\
from math import cos, pi
on_the_cosine = (1 + cos(pi * x)) / 2
on_the_line = 1 - x
return on_the_cosine - on_the_line""",
    afterthought="The lead of the first half is paid back in the second: both have the same mean.",
)

EXERCISES = (implement, lead)
