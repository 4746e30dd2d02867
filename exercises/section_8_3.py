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
            "For one step it is right; for an array it returns one number (a scalar). Broadcast it to the shape of t, "
            "np.shape(t).",
        ),
        Misconception(
            lambda: lambda t, eta_0: eta_0 * np.asarray(t),
            "A fixed rate is constant, it does not depend on t: don't multiply by it. Yours is 0 at t = 0 and grows.",
        ),
        Misconception(
            lambda: lambda t, eta_0: [eta_0] * len(t),
            "It needs an array: a single step (a scalar, a plain number) has no len(), cannot be looped over, and "
            "raises TypeError. "
            "np.shape(t) works for both.",
        ),
        Misconception(
            lambda: lambda t, eta_0: np.full(np.size(t), eta_0),
            "The number of values is right, the shape is not: one step gives (1,), and a table loses a dimension. "
            "np.shape(t) instead of np.size(t) or len(t).",
        ),
        Misconception(
            lambda: lambda t, eta_0: np.full_like(t, eta_0),
            "full_like takes the type (dtype) of t as well: whole-number (integer) steps turn 0.001 into 0. Give "
            "np.full the shape only, or say dtype=float.",
        ),
        Misconception(
            lambda: lambda t, eta_0: np.zeros(np.shape(t)),
            "The shape is right, the values are 0: fill it with eta_0.",
        ),
        Misconception(
            lambda: lambda t, eta_0: np.ones(np.shape(t)),
            "The shape is right, the values are 1: multiply them by eta_0.",
        ),
        Misconception(
            lambda: lambda t, eta_0: t,
            "You return the steps themselves. The rate, eta_0, is asked for at each of them.",
        ),
        Misconception(
            lambda: lambda t, eta_0: eta_0 + np.asarray(t),
            "A fixed rate is constant: don't add t to it. (0 * t would do, for the shape.)",
        ),
        Misconception(
            lambda: lambda t, eta_0: np.array([eta_0]),
            "One number in a list, whatever t is: the result needs the shape of t, np.shape(t).",
        ),
        Misconception(
            lambda: lambda t, eta_0: eta_0 * t / t,
            "Dividing t by itself fails at t = 0: 0/0 is no number. 0 * t + eta_0, or np.full, is safe.",
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

#: What the factor 1 - ηλ tells, for every wrong word that has no message of its own.
_FACTORS = {
    "0.5": "the factor is +0.5: same side, half as far, so x shrinks without a swing",
    "1": "the factor is 0: there in one step, at once",
    "1.5": "the factor is -0.5: other side, half as far, so x shrinks and comes in",
    "2": "the factor is -1: other side, just as far, the same size, neither in nor out",
    "2.5": "the factor is -1.5, of size larger than 1: other side, further out, so the swings grow",
}


def _all_others(named):
    """A misconception for each wrong category that `named` leaves out."""
    told = {pair for misconception in named for pair in misconception.answer.items()}
    return [
        Misconception({item: word}, f"At ηλ = {item} {_FACTORS[item]}. That is not what “{word}” means.")
        for item, right in _BEHAVIOUR.items()
        for word in _BEHAVIOUR.values()
        if word != right and (item, word) not in told
    ]


_NAMED = [
    Misconception(
        {"2": "oscillating"},
        "At ηλ = 2 it does not come in: |1 - 2| = 1, the factor is -1, so x only changes its sign, for ever; it does "
        "not shrink.",
    ),
    Misconception(
        {"2": "diverging"},
        "At ηλ = 2 the factor is -1, so x keeps the same size: |1 - 2| = 1. It swings, neither in nor out.",
    ),
    Misconception(
        {"1.5": "diverging"},
        "At ηλ = 1.5 x overshoots, but the factor is -0.5: each swing is half of the one before. x shrinks, it comes "
        "in: it converges.",
    ),
    Misconception({"1": "monotone"}, "At ηλ = 1 the factor is 1 - 1 = 0: the minimum is reached in one step, at once."),
    Misconception(
        {"0.5": "oscillating"},
        "At ηλ = 0.5 the factor is +0.5: x keeps its sign and halves, so it comes in from one side.",
    ),
    Misconception({"1.5": "monotone"}, "At ηλ = 1.5 the factor is -0.5, negative, so x changes sides at every step."),
    Misconception(
        {"2.5": "perpetual"},
        "At ηλ = 2.5 the factor is -1.5, larger than 1 in size: each swing is larger than the one before, they grow.",
    ),
]

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
    misconceptions=[*_NAMED, *_all_others(_NAMED)],
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

floors = Exercise(
    id="8.3.3",
    title="Half the rate, half the floor?",
    kind="number",
    question="Noisy gradients, $\\lambda$ = [[lam]]. A run at the rate [[low]] and one at [[high]] have both settled "
    "on their noise floors.\n\nHow large is the floor of the lower rate, as a fraction of the other's?",
    given=dict(low=0.05, high=0.1, lam=1),
    solution=lambda low, high, lam: (low / (2 - low * lam)) / (high / (2 - high * lam)),
    misconceptions=[
        Misconception(
            lambda low, high: low / high,
            "Nearly, but not quite half: the floor is not in proportion to η. It is η/(2 - ηλ) times a constant, so "
            "check what 2 - ηλ does to the ratio.",
        ),
        Misconception(
            lambda low, high, lam: (high / (2 - high * lam)) / (low / (2 - low * lam)),
            "Upside down (inverted), so it is larger than 1: the lower rate's floor goes above the line.",
        ),
        Misconception(
            lambda low, high: (low / high) ** 2,
            "One step's noise goes with the square, η², but a low rate also forgets more slowly. That leaves η/(2 - "
            "ηλ).",
        ),
        Misconception(
            lambda low, high, lam: low * (2 - low * lam) / (high * (2 - high * lam)),
            "2 - ηλ stands below the line in the floor, not above it.",
        ),
        Misconception(
            lambda low, high, lam: (2 - high * lam) / (2 - low * lam),
            "The rates themselves stand above the line in the floors, η/(2 - ηλ); you left them out.",
        ),
        Misconception(
            lambda low, high, lam: (low / (1 - low * lam)) / (high / (1 - high * lam)),
            "Below the line stands 2 - ηλ, not 1 - ηλ.",
        ),
        Misconception(
            lambda low, high, lam: 1 - (low / (2 - low * lam)) / (high / (2 - high * lam)),
            "That is by how much the floor falls, the complement. What is left of it is asked for: 1 minus that.",
        ),
        Misconception(
            lambda low, high, lam: ((low / (2 - low * lam)) / (high / (2 - high * lam))) ** 0.5,
            "That is the ratio of the distances |x|, of the standard deviations. The loss goes with E[x²]: leave out "
            "the square root.",
        ),
        Misconception(
            lambda low, lam: low / (2 - low * lam),
            "That is the floor of the lower rate (without σ²/2). A ratio is asked for: divide it by the floor of the "
            "higher one.",
        ),
        Misconception(
            lambda low, lam: low / (2 * (2 - low * lam)),
            "That is the floor of the lower rate itself. Divide it by the other one's: a ratio, a fraction of it, is "
            "asked for.",
        ),
        Misconception(
            lambda high, lam: high / (2 - high * lam),
            "That is the floor of the higher rate (without σ²/2). Divide the lower one's floor by it: a ratio is "
            "asked for.",
        ),
        Misconception(
            lambda low, high, lam: (high / (2 - high * lam)) - (low / (2 - low * lam)),
            "That is the difference of the two floors. As a fraction: divide the lower by the higher.",
        ),
        Misconception(
            lambda low, high, lam: (low / (2 + low * lam)) / (high / (2 + high * lam)),
            "A sign: 2 - ηλ stands below the line, with a minus.",
            sometimes=True,
        ),
        Misconception(
            lambda low, high, lam: ((low / (2 - low * lam)) / (high / (2 - high * lam))) ** 2,
            "Squared once too often: the floor is E[x²] already, the square.",
            sometimes=True,
        ),
    ],
    vary=dict(low=[0.04, 0.05, 0.06, 0.08], high=[0.1, 0.12, 0.15, 0.16, 0.2], lam=[1, 2, 3]),
    difficulty=2,
    trains="the noise floor",
    stub="a fraction between 0 and 1",
    hints=(
        "The constant in front of both floors cancels. What is left that depends on the rate?",
        "floor is proportional to eta / (2 - eta * lam).",
        "below = high / (2 - high * lam)",
    ),
    worked="""\
def floor(eta):
    return eta / (2 - eta * lam)       # times σ²/2, which cancels
return floor(low) / floor(high)""",
    afterthought="A little less than half: near the limit the floor grows faster than the rate.",
)


def _swings(product):
    values = [round((1 - product) ** t, 3) for t in range(7)]
    told = ", ".join(f"{value:g}" for value in values)
    return f"""\
from lrcourse import figures
figures.plot_curves(range(7), {{"x": {values}}}, ylabel="x",
    alt="Position x over steps 0 to 6: {told}.")"""


read_off = Exercise(
    id="8.3.4",
    title="Which rate was that?",
    kind="figure",
    question="Gradient descent without noise, at a fixed rate, from $x$ = 1. The figure below the answer shows $x$ "
    "at the steps 0 to 6: run the cell to see it.\n\nWhat is $\\eta\\lambda$? (To within 0.05.)",
    given=dict(product=1.7),
    figure=_swings,
    solution=lambda product: float(product),
    misconceptions=[
        Misconception(
            lambda product: 2 - product,
            "You took the size of x at step 1 and forgot its sign: x changed sides (it swings), so 1 - ηλ is "
            "negative; ηλ = 1 + the size.",
        ),
        Misconception(
            lambda product: 1 - product,
            "That is the factor, 1 - ηλ, by which x is multiplied. Solve it for ηλ = 1 - factor.",
        ),
        Misconception(
            lambda product: product - 1,
            "That is the size of the factor, without its sign: x swings, it changes sides, so the factor 1 - ηλ is "
            "negative. Solve it for ηλ: 1 + the size.",
        ),
        Misconception(
            lambda product: 1 - (1 - product) ** 2,
            "You looked at x after two steps, where the factor counts twice. The factor of one step takes 1 to the "
            "value at step 1.",
        ),
        Misconception(
            lambda: 2.0,
            "At ηλ = 2 the swings keep their size for ever. In the figure each swing is smaller than the one before, "
            "so it is less.",
        ),
        Misconception(
            lambda: 1.0,
            "At ηλ = 1 x would be at 0 after one step. In the figure it overshoots to the other side, so ηλ is larger.",
            sometimes=True,
        ),
        Misconception(
            lambda product: -float(product),
            "ηλ is positive. The factor 1 - ηλ is what is negative, as x changes sides.",
        ),
        Misconception(
            lambda product: 1 + (1 - product) ** 2,
            "You read off x at step 2. One step takes 1 to the value at step 1: that value is the factor 1 - ηλ.",
            sometimes=True,
        ),
    ],
    atol=0.05,
    rtol=0.0,
    vary=dict(product=[1.2, 1.25, 1.3, 1.35, 1.4, 1.75, 1.8]),
    difficulty=2,
    trains="reading a run off its curve",
    stub="ηλ, from the figure",
    hints=(
        "Look at the first step only: from 1 to where?",
        "x at step 1 is 1 - ηλ.",
        "ηλ = 1 - (x at step 1), and that x is negative.",
    ),
    worked="""\
x_1 = 1 - product          # read off: the value at step 1, below zero
return 1 - x_1             # as x_1 = 1 - ηλ""",
    afterthought="A run that swings around its end is no bad run as long as each swing is smaller than the last: "
    "ηλ lies between 1 and 2.",
)

EXERCISES = (constant, behaviour, floors, read_off)
