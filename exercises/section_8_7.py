"""Exercises of section 8.7, the complete mathematical formulation."""

from math import cos, exp, pi

from lrcourse.exercises import Exercise, Misconception

from .formulas import cosine, warmup_cosine

warm = Exercise(
    id="8.7.1",
    title="After the warmup",
    kind="number",
    question="Warmup and cosine annealing as in this section: $T_{max}$ = [[T_max]] steps in all, of which "
    "$T_{warmup}$ = [[T_warmup]] are warmup; from $\\eta_{max}$ = [[eta_max]] to $\\eta_{min}$ = [[eta_min]].\n\n"
    "What is the rate at step [[t]]?",
    given=dict(T_max=10000, T_warmup=1000, eta_max=0.001, eta_min=0.00001, t=5500),
    solution=warmup_cosine,
    misconceptions=[
        Misconception(
            lambda eta_max, eta_min, T_max, t: cosine(eta_max, eta_min, T_max, t),
            "You started the cosine at step 0. It starts when the warmup is over: shift time by T_warmup, subtract "
            "it: t - T_warmup.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: cosine(eta_max, eta_min, T_max, t - T_warmup),
            "The shift is right, but the cosine is shorter: it has only the remaining T_max - T_warmup steps left to "
            "come down.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: cosine(eta_max, eta_min, T_max - T_warmup, t),
            "The length T_max - T_warmup is right, but the cosine starts at T_warmup: shift time, subtract it, use t "
            "- T_warmup above.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: cosine(eta_max, 0.0, T_max - T_warmup, t - T_warmup),
            "You worked as if eta_min, the floor (minimum), were 0. It stands in the formula twice.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                cosine(eta_max, eta_min, T_max - T_warmup, t - T_warmup) - eta_min
            ),
            "You left the floor out: eta_min, the minimum, is added last.",
        ),
        Misconception(
            lambda eta_max, T_warmup, t: eta_max * t / T_warmup,
            "That is the warmup's formula, the ramp, which holds up to T_warmup, the peak, only. After it comes the "
            "cosine.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                eta_min + (eta_max - eta_min) * (1 + cos(180 * (t - T_warmup) / (T_max - T_warmup))) / 2
            ),
            "Your angle is in degrees; cos takes radians: pi * x.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                eta_min + (eta_max - eta_min) * (1 + cos(2 * pi * (t - T_warmup) / (T_max - T_warmup))) / 2
            ),
            "Your cosine runs through a full period (2π): halfway it is at the floor, and at the end back at the "
            "peak. Annealing uses half of one, pi * x.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                eta_min + eta_max * (1 + cos(pi * (t - T_warmup) / (T_max - T_warmup))) / 2
            ),
            "You multiplied all of eta_max. Multiply the difference (the range), eta_max - eta_min.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                eta_max + (eta_min - eta_max) * (t - T_warmup) / (T_max - T_warmup)
            ),
            "That is a straight line (linear) after the warmup. The text's curve is a cosine.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                eta_min + (eta_max - eta_min) * (1 + cos(pi * (t - T_warmup) / (T_max - T_warmup)))
            ),
            "1 + cos lies between 0 and 2, twice too much: halve it, divide by 2.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                eta_min + (eta_max - eta_min) * cos(pi * (t - T_warmup) / (T_max - T_warmup))
            ),
            "You used the bare cosine, between -1 and 1. Shift and halve it first: (1 + cos) / 2.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                eta_min + (eta_max - eta_min) * (1 - cos(pi * (t - T_warmup) / (T_max - T_warmup))) / 2
            ),
            "Upside down, a rate that rises: the sign before the cosine is a plus (or eta_max and eta_min are "
            "swapped).",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                eta_min + (eta_max - eta_min) * (1 + cos(pi / 2 * (t - T_warmup) / (T_max - T_warmup))) / 2
            ),
            "Your angle reaches only π/2 at the end, a quarter of a period. It has to reach π: pi * x.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (
                eta_min + (eta_max - eta_min) * (1 + cos((t - T_warmup) / (T_max - T_warmup))) / 2
            ),
            "The π is missing: the angle is pi * x.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: cosine(
                eta_max, eta_min, T_max - T_warmup, min(t + T_warmup, 10 * T_max)
            ),
            "The shift goes the wrong way: subtract T_warmup, t - T_warmup, as the cosine's clock starts at 0 when "
            "the warmup is over.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: cosine(eta_max, eta_min, T_max + T_warmup, t - T_warmup),
            "You added the warmup to the length. T_max includes it here: the cosine has the remaining T_max - "
            "T_warmup steps.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, T_warmup, t: (1 + cos(pi * (t - T_warmup) / (T_max - T_warmup))) / 2,
            "That is the scale, between 0 and 1. Multiply it by eta_max - eta_min, and add eta_min.",
        ),
    ],
    vary=dict(
        T_max=[10000, 20000, 50000],
        T_warmup=[500, 1000, 2000],
        eta_max=[0.0005, 0.001, 0.002, 0.003],
        eta_min=[0.00001, 0.00005, 0.0001],
        t=lambda T_max, T_warmup: [T_warmup + (T_max - T_warmup) // k for k in (2, 3, 4)],
    ),
    between=lambda eta_max, eta_min: (eta_min, eta_max),
    difficulty=2,
    minutes=4,
    points=2,
    trains="shifting time by the warmup",
    stub="the learning rate",
    hints=(
        "When the warmup is over, the cosine's clock starts at 0 and has the remaining steps.",
        "x = (t - T_warmup) / (T_max - T_warmup); then the cosine formula with pi * x.",
        "x = (t - T_warmup) / (T_max - T_warmup)",
    ),
    worked="""\
from math import cos, exp, pi
x = (t - T_warmup) / (T_max - T_warmup)      # how far the cosine has come
return eta_min + (eta_max - eta_min) * (1 + cos(pi * x)) / 2""",
    afterthought="T_max includes the warmup here, as in Hugging Face and Optax. Keras and PyTorch's SequentialLR "
    "count the cosine's own steps.",
)


def _cosine_after(t, T_warmup, left):
    return (1 + cos(pi * (t - T_warmup) / left)) / 2


def _guarded(t, T_warmup):
    return t / T_warmup if t < T_warmup else _cosine_after(t, T_warmup, max(1, 100 - T_warmup))


def _as_in_the_text(t, T_warmup):
    return t / T_warmup if t <= T_warmup else _cosine_after(t, T_warmup, 100 - T_warmup)


def _unguarded_end(t, T_warmup):
    return t / T_warmup if t < T_warmup else _cosine_after(t, T_warmup, 100 - T_warmup)


def _late_by_one(t, T_warmup):
    return t / max(1, T_warmup) if t <= T_warmup else _cosine_after(t, T_warmup, max(1, 100 - T_warmup))


def _one_step_of_warmup(t, T_warmup):
    T_warmup = max(T_warmup, 1)
    return t / T_warmup if t <= T_warmup else _cosine_after(t, T_warmup, max(1, 100 - T_warmup))


def _silent_without_warmup(t, T_warmup):
    return _guarded(t, T_warmup) if T_warmup else 0.0


def _always_cosine(t, T_warmup):
    return _cosine_after(t, 0, 100)


def _ends_at_zero(t, T_warmup):
    return 0.0 if t == 100 else _guarded(t, T_warmup)


def _after_warmup(formula):
    """A safe ramp, and after it a formula of one's own."""
    return lambda t, T_warmup: t / T_warmup if t < T_warmup else formula(t, T_warmup)


edges = Exercise(
    id="8.7.2",
    title="No warmup, nothing but warmup",
    kind="function",
    question="The text's warmup + cosine divides by $T_{warmup}$ and by $T_{max} - T_{warmup}$, and either may be 0. "
    "Write it for $\\eta_{max}$ = 1, $\\eta_{min}$ = 0, $T_{max}$ = 100 so that it is finite for every `T_warmup` "
    "from 0 to 100 and every step `t` from 0 to 100, one step at a time:\n\n- with `T_warmup` = 0 it is plain "
    "cosine annealing, which starts at 1;\n- with `T_warmup` = 100 it rises until the end and is 1 at `t` = 100.",
    given={},
    signature="t, T_warmup",
    solution=lambda: _guarded,
    probes=lambda: [
        (50, 10),
        (5, 10),
        (10, 10),
        (100, 10),
        (80, 40),
        (0, 0),
        (50, 0),
        (100, 0),
        (0, 100),
        (99, 100),
        (100, 100),
    ],
    misconceptions=[
        Misconception(
            lambda: _as_in_the_text,
            "With T_warmup = 0 and t = 0 you divide by zero, 0 / 0 (ZeroDivisionError). Enter the ramp only while t < "
            "T_warmup, strictly: then never.",
        ),
        Misconception(
            lambda: _unguarded_end,
            "The start is safe now. With T_warmup = 100, at t = 100, nothing is left for the cosine, and you divide "
            "by zero, 0 / 0 (ZeroDivisionError): guard that denominator too, with max(1, …).",
        ),
        Misconception(
            lambda: _late_by_one,
            "Finite, but with T_warmup = 0 (no warmup) your first rate, at t = 0, is 0. Without warmup it is plain "
            "cosine and starts at 1, the peak: t < T_warmup.",
        ),
        Misconception(
            lambda: _one_step_of_warmup,
            "max(T_warmup, 1) turns no warmup into a warmup of one step, so the first rate is 0 instead of the peak. "
            "Leave T_warmup as it is, and enter the ramp only while t < T_warmup: with 0 that is never.",
        ),
        Misconception(
            lambda: _silent_without_warmup,
            "With T_warmup = 0, without warmup, only the ramp is left out: the rate starts at 1, the peak, and "
            "follows the plain cosine.",
        ),
        Misconception(
            lambda: _always_cosine,
            "The warmup is missing: below T_warmup the rate is t / T_warmup, and the cosine is shifted, t - T_warmup.",
        ),
        Misconception(
            lambda: _ends_at_zero,
            "With T_warmup = 100 the ramp is complete at t = 100, so the rate is 1 at the end; it must not fall to 0.",
        ),
        Misconception(
            lambda: _after_warmup(lambda t, W: (1 + cos(pi * (t - W) / 100)) / 2),
            "The shift is right, but the cosine has only the remaining 100 - T_warmup steps (T_max - T_warmup) to "
            "come down: with 100 below it does not reach 0.",
        ),
        Misconception(
            lambda: _after_warmup(lambda t, W: (1 + cos(pi * t / 100)) / 2),
            "After the warmup the cosine starts at its peak: shift time, subtract T_warmup, t - T_warmup over 100 - "
            "T_warmup. Yours jumps down there.",
        ),
        Misconception(
            lambda: _after_warmup(lambda t, W: (1 + cos(pi * t / max(1, 100 - W))) / 2),
            "The length is right, but the cosine starts after the warmup: shift time, subtract T_warmup, t - "
            "T_warmup. Yours jumps.",
        ),
        Misconception(
            lambda: (
                lambda t, T_warmup: (
                    (t + 1) / T_warmup if t < T_warmup else _cosine_after(t, T_warmup, max(1, 100 - T_warmup))
                )
            ),
            "Your ramp is one step early (t + 1, off by one): the text's starts at 0 at t = 0, and is t / T_warmup.",
        ),
        Misconception(
            lambda: _after_warmup(lambda t, W: 1 - (t - W) / max(1, 100 - W)),
            "After the warmup you come down on a straight line (linear). The text's curve is a cosine.",
        ),
        Misconception(
            lambda: _after_warmup(lambda t, W: (1 + cos(2 * pi * (t - W) / max(1, 100 - W))) / 2),
            "Your cosine runs through a full period (2π) and comes back up. Annealing uses half of one: pi.",
        ),
        Misconception(
            lambda: _after_warmup(lambda t, W: 1 + cos(pi * (t - W) / max(1, 100 - W))),
            "1 + cos lies between 0 and 2, twice too much: halve it, divide by 2.",
        ),
        Misconception(
            lambda: _after_warmup(lambda t, W: cos(pi * (t - W) / max(1, 100 - W))),
            "The bare cosine goes down to -1: shift and halve it, (1 + cos) / 2.",
        ),
        Misconception(
            lambda: _after_warmup(lambda t, W: cos(pi / 2 * (t - W) / max(1, 100 - W))),
            "That is a quarter of a period. The text's cosine goes through half of one, shifted and halved: (1 + "
            "cos(pi * x)) / 2.",
        ),
        Misconception(
            lambda: lambda t, T_warmup: t / T_warmup if t < T_warmup else _cosine_after(t, T_warmup, 101 - T_warmup),
            "Your cosine comes down one step late (off by one): 100 - T_warmup below, and max(1, …) as its guard "
            "instead of + 1.",
        ),
        Misconception(
            lambda: (
                lambda t, T_warmup: (
                    t / (T_warmup + 1) if t < T_warmup else _cosine_after(t, T_warmup, max(1, 100 - T_warmup))
                )
            ),
            "A 1 added below changes every ramp: it must be t / T_warmup. Guard only where T_warmup is 0: `if t < "
            "T_warmup` is enough.",
        ),
        Misconception(
            lambda: lambda t, T_warmup: min(1.0, t / T_warmup) if T_warmup else 1.0,
            "After the warmup your rate stays at 1. Then the cosine comes down, (1 + cos) / 2.",
        ),
        Misconception(
            lambda: lambda t, T_warmup: (t / T_warmup if T_warmup else 1.0) * _cosine_after(t, 0, 100),
            "You multiplied the ramp and the cosine. First the one, then the other: `if t < T_warmup`.",
        ),
        Misconception(
            lambda: (
                lambda t, T_warmup: (
                    1 - t / T_warmup if t < T_warmup else _cosine_after(t, T_warmup, max(1, 100 - T_warmup))
                )
            ),
            "Your ramp falls. Warmup rises from 0: t / T_warmup.",
        ),
        Misconception(
            lambda: lambda t, T_warmup: 1.0 if t < T_warmup else _cosine_after(t, T_warmup, max(1, 100 - T_warmup)),
            "The ramp is missing: below T_warmup the rate is t / T_warmup, from 0 upwards.",
        ),
    ],
    rtol=1e-5,
    atol=1e-9,
    difficulty=3,
    minutes=6,
    points=2,
    trains="guarding a formula at its edges",
    stub="warmup, then cosine, finite everywhere",
    hints=(
        "Write the two branches first; then ask for which T_warmup each denominator is 0, and who gets there.",
        "With `t < T_warmup` (not <=) the ramp is never entered when T_warmup is 0.",
        "if t < T_warmup: return t / T_warmup",
    ),
    worked="""\
from math import cos, exp, pi
def rate(t, T_warmup):
    if t < T_warmup:                   # never true where T_warmup is 0
        return t / T_warmup
    left = max(1, 100 - T_warmup)      # at least 1: nothing is left where T_warmup is 100
    return (1 + cos(pi * (t - T_warmup) / left)) / 2
return rate""",
    afterthought="Strictly less, and a denominator of at least 1: two small words, and no NaN ends up in a training "
    "run at night.",
)


def _forgetful(rate, gamma):
    """The text-book object: every call multiplies, whatever t is."""
    now = [rate]

    def f(t):
        now[0] *= gamma
        return now[0]

    return f


def _counting(rate, gamma):
    """Right at first, but counts its calls instead of looking at t."""
    calls = [-1]

    def f(t):
        calls[0] += 1
        return rate * gamma ** calls[0]

    return f


repair = Exercise(
    id="8.7.3",
    title="A schedule with a memory",
    kind="repair",
    question="This scheduler is broken:\n\n```python\nclass Decay:\n    def __init__(self):\n        "
    "self.rate = [[rate]]\n\n"
    "    def __call__(self, t):\n        self.rate = self.rate * [[gamma]]\n        return self.rate\n```\n\n"
    "It is meant to be exponential decay: [[rate]] at t = 0, and [[gamma]] times as much at each next step. But "
    "asking it twice for t = 0 gives two different answers, and neither is right. Write it as a pure function "
    "of `t`.",
    given=dict(rate=2.0, gamma=0.9),
    signature="t",
    solution=lambda rate, gamma: lambda t: rate * gamma**t,
    probes=lambda: [(0,), (0,), (5,), (1,), (5,), (0,), (40,)],
    misconceptions=[
        Misconception(
            _forgetful,
            "Calling it changes it: it has a memory (a state), so f(0) asked twice gives two answers. The rate "
            "depends on t alone: work it out from t.",
        ),
        Misconception(
            _counting,
            "It counts its calls (a memory, a state) instead of looking at t, so the second f(0) is lower. Work the "
            "rate out from t alone.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate * gamma ** (t + 1),
            "Pure, but one step early (off by one, multiplied once too often): at t = 0 nothing has been multiplied "
            "yet.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate * (1 - (1 - gamma) * t),
            "That takes off the same amount each step (linear, a straight line, negative in the end). Each step is so "
            "many times as much as the one before: a power, `**`.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate * gamma, "Pure, but the same at every step: t does not occur in it."
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate, "f(0) is right now. But the decay is gone: t does not occur in it."
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate * gamma * t,
            "You multiplied by t, so at t = 0 it is 0. The factor is multiplied t times: a power, gamma ** t.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: (rate * gamma) ** t,
            "Brackets (parentheses) in the wrong place: only the factor is raised to the power t, and the first rate "
            "stands before it (precedence). At t = 0 yours is 1; and a base above 1, such as 1.8, would grow.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: gamma**t,
            "That is the factor alone: multiply it by the first rate.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate**t * gamma,
            "The wrong number is raised to the power: it is the factor that is multiplied again and again, rate * "
            "factor ** t.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate / gamma**t,
            "Your rate grows: multiply by the factor, don't divide by it.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate * gamma ** (t - 1),
            "Pure, but one step late (off by one): at t = 0 nothing has been multiplied yet, and at t = 1 the factor "
            "once.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate * (1 - gamma) ** t,
            "You kept what is taken off. What is left at each step is the factor itself.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate * exp(-(1 - gamma) * t),
            "That is near, but e^(-(1 - factor)) is not the factor: use the factor to the power t, or exp(t * "
            "log(factor)).",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate * gamma if t else rate,
            "The factor is applied once only. Each further step multiplies again: a power of t.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate * t**gamma,
            "The other way round: the factor is the base and t the exponent, factor ** t.",
        ),
        Misconception(
            lambda rate, gamma: lambda t: rate - gamma**t,
            "You subtracted. The factor multiplies the first rate: rate * factor ** t.",
        ),
    ],
    rtol=1e-9,
    vary=dict(rate=[0.1, 0.5, 1.0, 4.0], gamma=[0.5, 0.8, 0.85, 0.95]),
    difficulty=2,
    minutes=4,
    points=2,
    trains="pure functions of the step",
    stub="the rate at step t, from t alone",
    hints=(
        "What should f(3) be, whoever called f before? How often has the factor been applied by then?",
        "f(t) = rate * gamma**t: nothing to remember.",
        "return [the first rate] * [the factor] ** t",
    ),
    worked="""\
def decay(t):
    return rate * gamma**t        # t alone decides; nothing is remembered
return decay""",
    afterthought="And resuming from a checkpoint is free: whoever knows t knows the rate.",
)

exhausted = Exercise(
    id="8.7.4",
    title="The plot that trained",
    kind="predict",
    question="A scheduler with a memory: `step()` counts one up and multiplies the rate by [[gamma]] "
    "whenever the count "
    "reaches [[first]] or [[second]].\n\n```python\nscheduler = MultiStep(rate=[[rate]], "
    "milestones=([[first]], [[second]]), "
    "gamma=[[gamma]])\nrates = []\nfor _ in range([[plotted]]):        # a figure of the schedule\n    "
    "rates.append(scheduler.rate)\n"
    "    scheduler.step()\nplot(rates)\n\ntrain(scheduler)         # and now the training\n```\n\nPredict: "
    "which rate does "
    "the first training step use?",
    given=dict(rate=0.5, first=15, second=30, gamma=0.5, plotted=40),
    solution=lambda rate, gamma: rate * gamma**2,
    misconceptions=[
        Misconception(
            lambda rate: rate,
            "That is what one would want. But plotting stepped it: the loop for the figure used up the same object, "
            "which has a memory, and both milestones are behind it.",
        ),
        Misconception(
            lambda rate, gamma: rate * gamma,
            "Only one factor: but both of the two milestones were passed while plotting, the second as well, so the "
            "factor applies twice.",
        ),
        Misconception(
            lambda rate, gamma: rate * gamma**3, "Two milestones, so the factor applies twice: there is no third one."
        ),
        Misconception(
            lambda rate, gamma, plotted: rate * gamma**plotted,
            "The factor applies at the milestones only, not at every step.",
        ),
        Misconception(
            lambda rate, gamma: rate / gamma**2,
            "Each milestone multiplies by the factor; you divided by it, so your rate has grown.",
        ),
        Misconception(
            lambda rate, gamma: rate * 2 * gamma,
            "Two milestones multiply twice: gamma², not 2 · gamma.",
            sometimes=True,
        ),
        Misconception(
            lambda gamma: gamma**2,
            "That is the factor of the two milestones. Multiply it by the first rate.",
            sometimes=True,
        ),
        Misconception(
            lambda rate, gamma: rate * (1 - gamma) ** 2,
            "You took the factor off. It is what the rate is multiplied by at each milestone.",
            sometimes=True,
        ),
        Misconception(
            lambda: 0.0,
            "It is not used up to nothing: two milestones multiply the rate by the factor twice.",
        ),
        Misconception(
            lambda rate, gamma: rate * gamma**0.5,
            "Two milestones apply the factor twice, a square; not its root.",
        ),
    ],
    vary=dict(rate=[0.1, 0.2, 0.4, 1.0], first=[10, 20], second=[30, 35], gamma=[0.1, 0.2, 0.25], plotted=[40, 50, 60]),
    difficulty=2,
    minutes=3,
    trains="what a hidden state does",
    stub="the rate of the first training step",
    hints=(
        "The plot and the training use the same object. Where is its counter when training begins?",
        "rate * gamma for each milestone that the count has reached.",
        "The count is at the length of the plot: how many milestones are below it?",
    ),
    worked="""\
class MultiStep:
    def __init__(self):
        self.rate, self.count = rate, 0
    def step(self):
        self.count += 1
        if self.count in (first, second):
            self.rate *= gamma
scheduler = MultiStep()
for _ in range(plotted):          # only a figure, one would think
    scheduler.step()
return scheduler.rate             # what training starts with""",
    afterthought="A figure in a well-known book trained at a constant rate this way. A pure function of t "
    "has nothing to "
    "exhaust.",
)

EXERCISES = (warm, edges, repair, exhausted)
