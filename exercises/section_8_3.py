"""Exercises of section 8.3, the fixed learning rate."""

import numpy as np

from lrcourse.exercises import Exercise, Misconception

constant = Exercise(
    id="8.3.1",
    title="A constant, for many steps at once",
    kind="function",
    question="Write the fixed schedule as a function: `eta_0` at every step. `t` may be one step or a whole array "
    "of steps; for an array, return an array of the same shape.\n\nIt will be called with values you have not seen.",
    given={},
    signature="t, eta_0",
    solution=lambda: lambda t, eta_0: np.full(np.shape(t), eta_0),
    probes=lambda: [
        (0, 0.001),
        (10_000, 0.001),
        (np.arange(5), 0.001),
        (np.arange(6).reshape(2, 3), 0.25),
        (np.array([0.0, 2.5]), 0.02),
    ],
    misconceptions=[
        Misconception(
            lambda: lambda t, eta_0: eta_0,
            "For one step it is right; for an array it returns one number. Broadcast it to the shape of t.",
        ),
        Misconception(
            lambda: lambda t, eta_0: eta_0 * np.asarray(t),
            "A fixed rate does not depend on t: don't multiply by it.",
        ),
        Misconception(
            lambda: lambda t, eta_0: [eta_0] * len(t),
            "It needs an array: a single step has no len(). np.shape(t) works for both.",
        ),
        Misconception(
            lambda: lambda t, eta_0: np.full(np.size(t), eta_0),
            "The number of values is right, the shape is not: np.shape(t) instead of np.size(t) or len(t).",
        ),
        Misconception(
            lambda: lambda t, eta_0: np.full_like(t, eta_0),
            "full_like takes the type of t as well: whole steps turn 0.001 into 0. Give np.full the shape only.",
        ),
    ],
    trains="functions of many steps at once",
    stub="eta_0, in the shape of t",
    hints=(
        "The value is easy; the shape is the point. What shape has a single number?",
        "np.shape(t) is () for a number and (5,) for five steps.",
        "np.full(np.shape(t), eta_0)",
    ),
    worked="""\
import numpy as np
def rate(t, eta_0):
    return np.full(np.shape(t), eta_0)   # shape () for a single step
return rate""",
    afterthought="A schedule that takes arrays can be drawn, summed and tested in one call.",
)

_BEHAVIOUR = {
    "0.5": "monotone",
    "1": "one step",
    "1.5": "oscillating",
    "2": "perpetual",
    "2.5": "diverging",
}

behaviour = Exercise(
    id="8.3.2",
    title="Five fixed rates, five fates",
    kind="classification",
    question="Gradient descent on $\\tfrac{1}{2}\\lambda x^2$, without noise, multiplies $x$ by $1 - \\eta\\lambda$. "
    "What happens for these values of $\\eta\\lambda$?\n\n`monotone`: comes in from one side; `one step`: there at "
    "once; `oscillating`: comes in from both sides in turn; `perpetual`: swings for ever, neither in nor out; "
    "`diverging`: swings out.",
    given={},
    solution=lambda: dict(_BEHAVIOUR),
    categories=tuple(_BEHAVIOUR.values()),
    misconceptions=[
        Misconception(
            {"2": "oscillating"},
            "At ηλ = 2 it does not come in: |1 - 2| = 1, so x only changes its sign, for ever.",
        ),
        Misconception({"2": "diverging"}, "At ηλ = 2 the size of x stays as it is: |1 - 2| = 1. It swings, no more."),
        Misconception(
            {"1.5": "diverging"},
            "At ηλ = 1.5 x overshoots, but |1 - 1.5| = 0.5: each swing is half of the one before. It converges.",
        ),
        Misconception({"1": "monotone"}, "At ηλ = 1 the factor is 1 - 1 = 0: the minimum is reached in one step."),
        Misconception(
            {"0.5": "oscillating"},
            "At ηλ = 0.5 the factor is +0.5: x keeps its sign and halves, so it comes in from one side.",
        ),
        Misconception({"1.5": "monotone"}, "At ηλ = 1.5 the factor is -0.5, so x changes sides at every step."),
        Misconception(
            {"2.5": "perpetual"}, "At ηλ = 2.5 the factor is -1.5: each swing is larger than the one before."
        ),
    ],
    difficulty=2,
    minutes=3,
    trains="what a fixed rate does on a quadratic",
    stub="one word each, from the categories",
    hints=(
        "Work out the factor 1 - ηλ. Its sign tells the side, its size whether x shrinks.",
        "|1 - ηλ| < 1 converges, = 1 swings for ever, > 1 diverges; a negative factor changes sides.",
        "For 0.5 the factor is 0.5: positive and smaller than 1, so monotone.",
    ),
    worked="""\
return {                      # the factor 1 - ηλ
    "0.5": "monotone",        #  0.5: same side, half as far
    "1": "one step",          #  0
    "1.5": "oscillating",     # -0.5: other side, half as far
    "2": "perpetual",         # -1: other side, just as far
    "2.5": "diverging",       # -1.5: other side, further out
}""",
    afterthought="Without noise, a fixed rate does converge exactly wherever ηλ < 2. “Never converges precisely” is "
    "true of noisy gradients.",
)

EXERCISES = (constant, behaviour)
