"""What the text prints besides the answers of exercises: rates, and the numbers on the way to an answer.

Together with the `documented` of the declarations these are all values of the text, each stored once, with its
place. A test derives every one anew and holds it against its note.
"""

from math import cos, pi
from typing import NamedTuple

from lrcourse.exercises import Documented

from .formulas import linear, step_decay


class Printed(NamedTuple):
    """A value of the text and the formula it stands for."""

    documented: Documented
    exact: float
    decimals: int  # to how many decimals the text gives it


def _angle(name, angle, value, place):
    return Printed(Documented(value, f"{place}, cos({name})"), cos(angle), 3)


TEXT = (
    Printed(
        Documented(0.0005, "section 8.2, the solution", "cosine and line have 0.00055 in the middle.", agrees=False),
        linear(0.001, 0.0001, 2, 1),
        4,
    ),
    *(Printed(Documented(0.001, f"section 8.3, example, step {t}"), 0.001, 3) for t in (0, 100, 1000, 10_000)),
    _angle("pi/4", pi / 4, 0.707, "section 8.4, example"),
    _angle("3 pi/4", 3 * pi / 4, -0.707, "section 8.4, example"),
    *(
        Printed(Documented(value, f"section 8.5, step decay, step {t}"), step_decay(0.001, 0.1, 1000, t), 5)
        for t, value in ((0, 0.001), (2999, 0.00001))
    ),
    *(
        Printed(Documented(value, f"section 8.8, summary table, cosine at {t}"), round(cos(pi * t / 5000), 15), 1)
        for t, value in ((0, 1.0), (2500, 0.0), (5000, -1.0))
    ),
    _angle("pi/4", pi / 4, 0.707, "section 8.8, step 2"),
    _angle("3 pi/4", 3 * pi / 4, -0.707, "section 8.8, step 4"),
    Printed(
        Documented(
            0.8535,
            "section 8.8, step 2, scale",
            "worked out from 0.707; from the exact cosine it is 0.8536.",
            agrees=False,
        ),
        (1 + cos(pi / 4)) / 2,
        4,
    ),
    Printed(
        Documented(
            0.001621,
            "section 8.8, step 2, 0.0019 × scale",
            "0.0019 × 0.8535 = 0.00162165 was cut, not rounded; it would be 0.001622.",
            agrees=False,
        ),
        0.0019 * (1 + cos(pi / 4)) / 2,
        6,
    ),
    Printed(
        Documented(
            0.1465,
            "section 8.8, step 4, scale",
            "worked out from 0.707; from the exact cosine it is 0.1464.",
            agrees=False,
        ),
        (1 + cos(3 * pi / 4)) / 2,
        4,
    ),
    Printed(Documented(0.000278, "section 8.8, step 4, 0.0019 × scale"), 0.0019 * (1 + cos(3 * pi / 4)) / 2, 6),
    Printed(Documented(0.854, "section 8.8, summary table, scale at 1250"), (1 + cos(pi / 4)) / 2, 3),
    Printed(Documented(0.5, "section 8.8, summary table, scale at 2500"), (1 + cos(pi / 2)) / 2, 1),
    Printed(Documented(0.146, "section 8.8, summary table, scale at 3750"), (1 + cos(3 * pi / 4)) / 2, 3),
)
