"""A guessing game: a hidden curve is drawn, and a schedule with its numbers is to be put on top of it."""

from __future__ import annotations

import numpy as np
import traitlets

from lrcourse.figures.base import outline
from lrcourse.figures.quick import Curve, chart
from lrcourse.schedules import Fixed, WarmupCosine, from_dict

from .base import Explorable, ScheduleDict, Still

STOP = 1_000


class Guess(Explorable):
    """Round after round a hidden schedule; `guess` is the player's, as a dictionary."""

    title, script = "Guess the schedule", "guess"
    round = traitlets.Int(1, min=1).tag(sync=True)
    guess = ScheduleDict().tag(sync=True)

    def still(self):
        """An example of a riddle; the rounds themselves are made in the browser."""
        steps = np.arange(STOP + 1)
        riddle, guess = WarmupCosine(0.004, 800, 200)(steps), from_dict(self.guess)(steps)
        looks = {"your guess": guess, "the hidden curve": riddle}
        curves = [Curve(*outline(steps, rates), name, look) for look, (name, rates) in enumerate(looks.items())]
        svg = chart(curves, (0, STOP), (0, 0.0045), x_label="step t", y_label="learning rate", height=280)
        return Still(svg, "A guessing game: a hidden curve, dashed, over 1000 steps, and a level line, your first "
                          "guess. Choose a schedule and its numbers until the two agree.")


def guess(round: int = 1) -> Guess:
    """The game, beginning at the given round."""
    return Guess(round=round, guess=Fixed(0.001))
