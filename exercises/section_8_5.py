"""Exercises of section 8.5, other scheduling strategies."""

from math import ceil, floor, log

from lrcourse.exercises import Documented, Exercise, Misconception

from .formulas import step_decay


def _rates(exponent):
    """Step decay at each of the steps, with an exponent of one's own."""
    return lambda eta_0, gamma, s, steps: [eta_0 * gamma ** exponent(t, s) for t in steps]


stairs = Exercise(
    id="8.5.1",
    title="On which stair?",
    kind="numbers",
    question="Step decay: $\\eta_0$ = [[eta_0]], $\\gamma$ = [[gamma]], step size $s$ = [[s]].\n\nWhat are the rates "
    "at the steps [[steps]]?",
    given=dict(eta_0=0.001, gamma=0.1, s=1000, steps=[999, 1000, 1999, 2000]),
    solution=lambda eta_0, gamma, s, steps: [step_decay(eta_0, gamma, s, t) for t in steps],
    documented=Documented([0.001, 0.0001, 0.0001, 0.00001], "section 8.5, step decay, example"),
    misconceptions=[
        Misconception(
            _rates(lambda t, s: round(t / s)),
            "You rounded t / s (or counted one step too far). Take the floor: at s - 1 no full s steps are done yet.",
        ),
        Misconception(
            _rates(lambda t, s: t / s), "That is a smooth decay. The exponent is the whole part of t / s: the floor."
        ),
        Misconception(
            _rates(lambda t, s: floor((t - 1) / s)),
            "Your drops come one step late. Steps count from 0, so the drop is AT t = s.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * (1 - gamma * floor(t / s)) for t in steps],
            "Each drop multiplies by gamma. You took off a fixed part of eta_0 instead.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * gamma * max(1, floor(t / s)) if t >= s else eta_0 for t in steps],
            "The drops add up by multiplying: after two of them gamma², not 2 gamma.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * (gamma if t >= s else 1) for t in steps],
            "It drops again at 2 s: one factor gamma for every full s steps.",
        ),
    ],
    vary=dict(
        eta_0=[0.001, 0.002, 0.005, 0.01, 0.1],
        gamma=[0.1, 0.2, 0.3, 0.4, 0.5],
        s=[200, 500, 1000, 2000, 2500, 5000],
        steps=lambda s: [[s - 1, s, 2 * s - 1, 2 * s], [s - 1, s, 3 * s - 1, 3 * s]],
    ),
    trains="the floor in step decay",
    stub="four rates, in order",
    hints=(
        "How many full blocks of s steps are done?",
        "rate = eta_0 * gamma ** (t // s).",
        "At s - 1 no block is full: eta_0 * gamma**0.",
    ),
    worked="""\
rates = []
for t in steps:
    drops = t // s                      # full blocks of s steps behind us
    rates.append(eta_0 * gamma**drops)
return rates""",
    afterthought="The drops are equal as factors, not as amounts: drawn on a plain axis the second one is barely seen.",
)

half_life = Exercise(
    id="8.5.2",
    title="Half-life",
    kind="number",
    question="Exponential decay multiplies the rate by $\\gamma$ = [[gamma]] at every step.\n\nWhich is the first "
    "step at which the rate is at most half of $\\eta_0$?",
    given=dict(gamma=0.9995),
    solution=lambda gamma: ceil(log(0.5) / log(gamma)),
    misconceptions=[
        Misconception(
            lambda gamma: ceil(log(0.5) / log(gamma)) - 1,
            "Not yet half: at that step the rate is still above. Round up.",
        ),
        Misconception(
            lambda gamma: round(0.5 / (1 - gamma)),
            "You took off the same amount each step. The amount shrinks with the rate: take logarithms.",
        ),
        Misconception(
            lambda gamma: round(1 / (1 - gamma)),
            "After that many steps 1/e, about 37 %, is left. Half is reached earlier.",
        ),
        Misconception(
            lambda gamma: ceil(log(2) / (1 - gamma)),
            "You replaced log(gamma) by gamma - 1. Close, but not exact: use the logarithm of gamma.",
        ),
        Misconception(
            lambda gamma: round(log(0.5, 10) / log(gamma)),
            "You mixed two logarithms, base 10 above and base e below. Use the same for both.",
        ),
    ],
    unit="steps",
    vary=dict(gamma=[0.99, 0.992, 0.995, 0.996, 0.998, 0.999, 0.9992, 0.9996, 0.9998]),
    difficulty=2,
    trains="geometric decay and logarithms",
    stub="a whole number of steps",
    hints=(
        "The starting rate cancels: when is gamma**t at most 1/2?",
        "t >= log(1/2) / log(gamma).",
        "log(0.5) / log(gamma), rounded up to a whole step.",
    ),
    worked="""\
from math import ceil, log
# gamma**t <= 1/2  <=>  t >= log(1/2) / log(gamma), as log(gamma) is negative
return ceil(log(0.5) / log(gamma))""",
    afterthought="The half-life does not depend on where you start: after as many steps again, a quarter is left.",
)

EXERCISES = (stairs, half_life)
