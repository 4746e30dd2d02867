"""A guessing game: a hidden curve is drawn, and a schedule with its numbers is to be put on top of it."""

from __future__ import annotations

import numpy as np
import traitlets

from lrcourse.figures import words
from lrcourse.figures.base import outline
from lrcourse.figures.quick import Curve, chart
from lrcourse.schedules import (
    WSD,
    CosineAnnealing,
    CosineRestarts,
    Fixed,
    Linear,
    OneCycle,
    Schedule,
    StepDecay,
    WarmupCosine,
    from_dict,
)

from .base import MOST, Explorable, ScheduleDict, Still

STOP = 1_000


class Guess(Explorable):
    """Round after round a hidden schedule; `guess` is the player's, as a dictionary."""

    title, script = "Guess the schedule", "guess"
    round = traitlets.Int(1, min=1, max=MOST).tag(sync=True)
    guess = ScheduleDict().tag(sync=True)

    @property
    def hidden(self) -> Schedule:
        """The schedule that is to be found in this round."""
        return hidden(self.round)

    def still(self):
        steps = np.arange(STOP + 1)
        riddle, mine = self.hidden(steps), from_dict(self.guess)(steps)
        looks = {"your guess": mine, "the hidden curve": riddle}
        curves = [Curve(*outline(steps, rates), name, look) for look, (name, rates) in enumerate(looks.items())]
        svg = chart(curves, (0, STOP), (0, 1.3 * riddle.max()), x_label="step t", y_label="learning rate", height=280)
        told = "; ".join(f"at {t} {words.number(riddle[t], 3)}" for t in range(0, STOP + 1, 200))
        return Still(svg, f"A guessing game, curve {self.round}: a hidden curve, dashed, over {STOP} steps ({told}), "
                          f"and your guess, which {words.shape(steps, mine)}. Choose a schedule and its numbers until "
                          f"the two agree.")


#: The kinds that are hidden, in turn; a level line would be no riddle.
KINDS = ("Linear", "CosineAnnealing", "StepDecay", "WarmupCosine", "OneCycle", "WSD", "CosineRestarts")


def hidden(round: int) -> Schedule:
    """The hidden schedule of a round: a kind and round numbers, the same for the same round, here and in guess.js."""
    state = (round * 2654435761 + 40503) % 2**32

    def pick(*among):
        nonlocal state
        state = ((state ^ state >> 13) * 1274126177 + 362437) % 2**32
        return among[(state >> 8) % len(among)]

    top = pick(0.001, 0.002, 0.004, 0.005, 0.01)
    low = pick(0, 0, top / 10, top / 5)
    made = {  # all of them, as each takes its numbers from the same row
        "Linear": Linear(top, pick(500, 800, 1000), low),
        "CosineAnnealing": CosineAnnealing(top, pick(600, 800, 1000), low, after=pick("hold", "hold", "periodic")),
        "StepDecay": StepDecay(top, pick(150, 200, 250, 400), pick(0.3, 0.5, 0.7)),
        "WarmupCosine": WarmupCosine(top, pick(800, 1000), pick(50, 100, 200, 300), low),
        "OneCycle": OneCycle(top, pick(200, 300, 400, 500), pick(300, 400, 500), low, shape=pick("linear", "cosine")),
        "WSD": WSD(top, pick(800, 1000), pick(100, 200, 300, 400), pick(0, 50, 100, 200), low,
                   cooldown=pick("linear", "cosine", "1-sqrt")),
        "CosineRestarts": CosineRestarts(top, pick(150, 200, 250, 300), pick(1, 2), low),
    }
    return made[KINDS[(round - 1) % len(KINDS)]]


def guess(round: int = 1) -> Guess:
    """The game, beginning at the given round."""
    return Guess(round=round, guess=Fixed(0.001))
