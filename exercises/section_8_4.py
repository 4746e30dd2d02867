"""Exercises of section 8.4, cosine annealing."""

from math import cos, pi, sin

import numpy as np

from lrcourse.exercises import Documented, Exercise, Misconception

from .formulas import cosine


def _curve(scale, floor=True):
    """A function (t, eta_max, eta_min, T_max) → rate with the given scale, for misconceptions."""

    def rate(t, eta_max, eta_min, T_max):
        return (eta_min if floor else 0.0) + (eta_max - eta_min) * scale(np.asarray(t), T_max)

    return rate


def _with_math(t, eta_max, eta_min, T_max):
    return eta_min + (eta_max - eta_min) * (1 + cos(pi * t / T_max)) / 2


def _with_if(t, eta_max, eta_min, T_max):
    if t > T_max:
        return eta_min
    return eta_min + (eta_max - eta_min) * (1 + np.cos(np.pi * t / T_max)) / 2


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
        (np.array([5.0, 32.5, 90.0]), 0.02, 0.001, 100),
        (np.array([0, 2500, 5000, 7500, 10_000]), 0.001, 0.0, 10_000),
    ],
    misconceptions=[
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(2 * np.pi * t / T_max)) / 2),
            "Your cosine runs through a full period (2π) and comes back up again. Annealing uses half of one: pi * t "
            "/ T_max.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * t / T_max)) / 2, floor=False),
            "You left the floor out: eta_min, the minimum, is added last.",
        ),
        Misconception(
            lambda: lambda t, eta_max, eta_min, T_max: eta_min + eta_max * (1 + np.cos(np.pi * t / T_max)) / 2,
            "You multiplied all of eta_max, so the rate starts too high, at eta_max + eta_min. Multiply the "
            "difference (the range), eta_max - eta_min.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(180 * t / T_max)) / 2),
            "Your angle is in degrees; np.cos takes radians: np.pi * t / T_max.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: 1 + np.cos(np.pi * t / T_max)),
            "1 + cos lies between 0 and 2, twice too much: halve it, divide by 2.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: np.cos(np.pi * t / T_max)),
            "The bare cosine goes down to -1, so your rates turn negative. Shift and halve it: (1 + cos) / 2 lies in "
            "[0, 1].",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 - np.cos(np.pi * t / T_max)) / 2),
            "Upside down: your rate rises, the minimum comes first. The sign before the cosine is a plus (or eta_max "
            "and eta_min are swapped).",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * t / (T_max - 1))) / 2),
            "You divided by T_max - 1. The text's curve reaches eta_min at t = T_max: divide by T_max.",
        ),
        Misconception(
            lambda: _with_math,
            "Right for one step. math.cos takes a single number only and raises TypeError; np.cos takes arrays as "
            "well.",
        ),
        Misconception(
            lambda: _with_if,
            "Right for one step. `if` cannot decide for a whole array at once: np.minimum(t, T_max) or np.where can.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: 1 + np.cos(np.pi * t / T_max) / 2),
            "You halved the cosine only: a bracket (parentheses) is missing, (1 + cos) / 2.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(t / T_max)) / 2),
            "The pi (π) is missing: the angle is np.pi * t / T_max.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.sin(np.pi * t / T_max)) / 2),
            "That is a sine, which starts in the middle of its range. The cosine starts at its top: use np.cos.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: 1 - t / T_max), "That is a straight line (linear); the cosine is missing."
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * (t // T_max))) / 2),
            "`//` divides to whole numbers (integer division, floor), so the angle stays 0 until the end. Use `/`.",
        ),
        Misconception(
            lambda: (
                lambda t, eta_max, eta_min, T_max: eta_min + (eta_max - eta_min) * 1 + np.cos(np.pi * t / T_max) / 2
            ),
            "Brackets (parentheses) are missing: `*` and `/` bind before `+` (precedence), so your cosine is not "
            "multiplied. Write (eta_max - eta_min) * (1 + cos) / 2.",
        ),
        Misconception(
            lambda: (
                lambda t, eta_max, eta_min, T_max: eta_min + eta_max - eta_min * (1 + np.cos(np.pi * t / T_max)) / 2
            ),
            "Brackets (parentheses) are missing around the difference: (eta_max - eta_min) * …; without them `*` "
            "binds before `-` (precedence).",
        ),
        Misconception(
            lambda: (
                lambda t, eta_max, eta_min, T_max: eta_max + (eta_max - eta_min) * (1 + np.cos(np.pi * t / T_max)) / 2
            ),
            "You started from eta_max. The floor, eta_min, is what the scaled cosine is added to.",
        ),
        Misconception(
            lambda: lambda t, eta_max, eta_min, T_max: eta_max * (1 + np.cos(np.pi * t / T_max)) / 2,
            "You worked as if eta_min were 0. The minimum (floor) stands in the formula twice, the second time in the "
            "difference eta_max - eta_min.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: np.cos(np.pi * t / T_max / 2)),
            "That is a quarter of a period, a cosine from 1 to 0: it does not end flat. The text's angle reaches pi, "
            "and 1 + cos is halved.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * t / T_max / 2)) / 2),
            "Your angle reaches only pi/2 at T_max, a quarter of a period: it has to reach pi, or the rate never "
            "comes to the floor.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * t / (T_max + 1))) / 2),
            "You divided by T_max + 1 (off by one). The text's curve reaches eta_min at t = T_max: divide by T_max.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: np.cos(np.pi * t / T_max) / 2),
            "The 1 is missing: the scale is (1 + cos) / 2, shifted before it is halved, so that it lies in [0, 1].",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * T_max / np.maximum(t, 1e-300))) / 2),
            "The fraction is upside down: t / T_max goes from 0 to 1; T_max / t divides by zero at the start.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.pi * t)) / 2),
            "T_max is missing: divide t by it, so that the angle goes from 0 to pi once.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(np.radians(t / T_max))) / 2),
            "np.radians turns degrees into radians, but t / T_max is no angle in degrees: multiply it by np.pi.",
        ),
        Misconception(
            lambda: _curve(lambda t, T_max: (1 + np.cos(180 * t / T_max * np.pi)) / 2),
            "180 and pi are the same half turn, in degrees and in radians: take one of them, np.pi * t / T_max.",
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
            "The size is right, the sign is not: the order is cosine minus line, not line minus cosine. Early on the "
            "cosine lies above, later below.",
        ),
        Misconception(
            lambda x: (1 + cos(pi * x)) / 2, "That is the cosine itself. Subtract the line from it: minus (1 - x)."
        ),
        Misconception(lambda x: 1 - x, "That is the line itself. Take it off the cosine, (1 + cos(pi * x)) / 2."),
        Misconception(
            lambda x: (1 + cos(pi * x)) / 2 - x,
            "You took off x, a rising line. The line falls from 1 to 0: at x it has the height 1 - x.",
        ),
        Misconception(
            lambda x: cos(pi * x) - (1 - x),
            "You compared the bare cosine, cos(πx): shift and halve it, (1 + cos) / 2, so that it lies in [0, 1].",
        ),
        Misconception(
            lambda x: (1 + cos(pi * x)) / 2 / (1 - x) - 1,
            "That is the lead as a share of the line. The difference itself is asked for.",
        ),
        Misconception(
            lambda x: (1 + cos(180 * x)) / 2 - (1 - x), "Your angle is in degrees; cos takes radians: pi * x."
        ),
        Misconception(
            lambda x: (1 + cos(2 * pi * x)) / 2 - (1 - x), "Half a period, not a full one (2π): cos(pi * x)."
        ),
        Misconception(
            lambda x: (1 + cos(pi * x / 2)) / 2 - (1 - x),
            "Your angle reaches only π/2 at the end, a quarter of a period. It has to reach π: cos(pi * x).",
            sometimes=True,
        ),
        Misconception(
            lambda x: 1 + cos(pi * x) - (1 - x),
            "1 + cos still has to be halved: divide by 2.",
        ),
        Misconception(
            lambda x: cos(pi * x) / 2 - (1 - x),
            "The 1 is missing: the cosine's height is (1 + cos) / 2.",
        ),
        Misconception(
            lambda x: cos(pi * x),
            "That is the bare cosine. Its height is (1 + cos) / 2, and the line, 1 - x, is subtracted from it.",
        ),
        Misconception(
            lambda x: (1 + cos(x)) / 2 - (1 - x),
            "The π is missing in the angle: cos(pi * x).",
        ),
        Misconception(
            lambda x: (1 + cos(pi * x)) / 2 / (1 - x),
            "That is the quotient of the two heights. How far above: the difference, cosine minus line.",
        ),
        Misconception(
            lambda x: (1 - cos(pi * x)) / 2 - (1 - x),
            "That cosine is upside down, it rises: the sign before it is a plus, (1 + cos) / 2.",
        ),
        Misconception(
            lambda x: cos(pi * x / 2) - (1 - x),
            "That is a quarter of a period, from 1 to 0. The annealing curve is half a period, shifted and halved: (1 "
            "+ cos(pi * x)) / 2.",
        ),
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

steepest = Exercise(
    id="8.4.3",
    title="Where it falls fastest",
    kind="numbers",
    question="Cosine annealing from [[eta_max]] to [[eta_min]] in $T_{max}$ = [[T_max]] steps.\n\nAt which step is the "
    "curve steepest, and what is its slope there, in rate per step? (A slope has a sign.)",
    given=dict(eta_max=0.001, eta_min=0.0, T_max=10000),
    solution=lambda eta_max, eta_min, T_max: [T_max / 2, -(eta_max - eta_min) * pi / (2 * T_max)],
    misconceptions=[
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, (eta_max - eta_min) * pi / (2 * T_max)],
            "The sign: the curve falls, so its slope is negative (a minus).",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, -(eta_max - eta_min) / T_max],
            "That is the mean (average) slope, the straight line's. In the middle the cosine is steeper, π/2 times.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, -(eta_max - eta_min) * pi / T_max],
            "That is twice the slope, a factor 1/2 is missing: the /2 below (1 + cos) stays when you differentiate; "
            "divide by 2.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, -(eta_max - eta_min) * pi / 2],
            "That is the slope over the whole run. Per step it is T_max times smaller: divide by T_max.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, -(eta_max - eta_min) / 2],
            "The inner derivative is missing: the angle π t / T_max changes by π / T_max a step.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [0.0, -(eta_max - eta_min) * pi / (2 * T_max)],
            "At the start the cosine is flat. Its slope goes with -sin, which is largest in the middle.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [float(T_max), -(eta_max - eta_min) * pi / (2 * T_max)],
            "At the end the cosine is flat again. Its slope goes with -sin, which is largest in the middle.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 4, -(eta_max - eta_min) * pi / (2 * T_max)],
            "A quarter is where a full period would be steepest. Here T_max is half a period: its middle is T_max / 2.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [0.0, 0.0],
            "At the start the cosine is flat: there the slope is 0, the least steep. It goes with -sin, which is "
            "largest in the middle, at T_max / 2.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, 0.0],
            "In the middle the slope is not 0: the cosine itself is 0 there, its derivative, with the sine, is "
            "largest.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [0.5, -(eta_max - eta_min) * pi / (2 * T_max)],
            "The slope is right. The middle is given as a fraction of the way: the step is T_max times that, T_max / "
            "2.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, (eta_max + eta_min) / 2],
            "That is the rate in the middle. The slope, the change of the rate in one step, is asked for: "
            "differentiate.",
        ),
        Misconception(
            lambda T_max: [T_max / 2, -pi / (2 * T_max)],
            "That is the slope of the scale, from 1 to 0. Multiply it by the difference (the range), eta_max - "
            "eta_min.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, T_max: [T_max / 2, -eta_max * pi / (2 * T_max)],
            "The curve falls by the difference (the range), eta_max - eta_min, not by all of eta_max.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, -(eta_max - eta_min) * pi / (4 * T_max)],
            "Halved once too often: the slope is (eta_max - eta_min) / 2 times π / T_max.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, -(eta_max - eta_min) / (2 * T_max)],
            "The π is missing: the inner derivative of π t / T_max is π / T_max.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [T_max / 2, -(eta_max - eta_min) * 90 / T_max],
            "Your angle is in degrees. In radians half a turn is π, so the inner derivative is π / T_max.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: [3 * T_max / 4, -(eta_max - eta_min) * pi / (2 * T_max)],
            "Three quarters is where a full period would rise fastest. Here the steepest place is in the middle, "
            "T_max / 2.",
        ),
    ],
    vary=dict(
        eta_max=[0.001, 0.002, 0.003, 0.005, 0.01],
        eta_min=[0.0, 0.0001, 0.0002],
        T_max=[1000, 2000, 4000, 5000, 8000, 20000],
    ),
    difficulty=3,
    minutes=5,
    points=2,
    trains="the derivative of a schedule",
    stub="[step, slope]",
    hints=(
        "Differentiate the formula once. Where is a sine largest?",
        "slope = -(eta_max - eta_min) * pi / (2 * T_max) * sin(pi * t / T_max).",
        "sin is largest, 1, where pi * t / T_max = pi / 2.",
    ),
    worked="""\
from math import pi
# slope = -(eta_max - eta_min) / 2 * sin(pi * t / T_max) * pi / T_max
step = T_max / 2                       # there the sine is 1
slope = -(eta_max - eta_min) / 2 * pi / T_max
return [step, slope]""",
    afterthought="π/2 ≈ 1.57 times as steep as the straight line: what it saves at both ends it does in the middle.",
)


def _mean(steps):
    """The mean of the cosine over a range of steps."""

    def mean(eta_max, eta_min, T_max):
        rates = [cosine(eta_max, eta_min, T_max, t) for t in steps(T_max)]
        return sum(rates) / len(rates)

    return mean


mean_rate = Exercise(
    id="8.4.4",
    title="The mean rate of a run",
    kind="number",
    question="A run takes $T$ = [[T_max]] updates, at the steps 0, 1, …, $T - 1$, with cosine annealing from "
    "[[eta_max]] to [[eta_min]] and $T_{max} = T$.\n\nWhat is the mean of the rates it uses? Give it exactly, or to "
    "six significant digits.",
    given=dict(eta_max=0.001, eta_min=0.0, T_max=10000),
    solution=lambda eta_max, eta_min, T_max: (eta_max + eta_min) / 2 + (eta_max - eta_min) / (2 * T_max),
    misconceptions=[
        Misconception(
            lambda eta_max, eta_min: (eta_max + eta_min) / 2,
            "That is the mean of the whole continuous curve, its integral, symmetric about the middle. The run's sum "
            "excludes T: it has the peak of step 0, but not the floor.",
        ),
        Misconception(
            _mean(lambda T_max: range(1, T_max + 1)),
            "You took the steps 1 to T. A run starts at 0 and uses 0 to T - 1: the peak of step 0, but not the floor.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: T_max * (eta_max + eta_min) / 2 + (eta_max - eta_min) / 2,
            "That is the sum of all rates. Divide it by the number of updates.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: (eta_max + eta_min) / 2 + (eta_max - eta_min) / T_max,
            "Half as much more: only half of the difference is left over when the steps are paired (step 0 has no "
            "partner).",
        ),
        Misconception(
            lambda eta_max, eta_min: (eta_max - eta_min) * 2 / pi + eta_min,
            "2/π is the mean of a sine's hill. (1 + cos)/2 is symmetric about 1/2, so its mean is near the middle.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: cosine(eta_max, eta_min, T_max, (T_max - 1) / 2),
            "That is the rate in the middle of the run, not the mean: the first step's peak has no partner.",
        ),
        Misconception(
            lambda eta_max: eta_max,
            "That is the peak, the rate of the first step. The rates fall from there, so the mean is near half of it: "
            "add them up and divide by T.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: (T_max * (eta_max + eta_min) / 2 + (eta_max - eta_min) / 2) / (T_max - 1),
            "You divided by T - 1. The steps 0, …, T - 1 are T in number (off by one).",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: (T_max * (eta_max + eta_min) / 2 + (eta_max - eta_min) / 2) / (T_max + 1),
            "You divided by T + 1. The steps 0, …, T - 1 are T in number (off by one).",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: (eta_max - eta_min) / 2 + (eta_max - eta_min) / (2 * T_max),
            "You left the floor out: eta_min is added to every rate, so to the mean as well.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min: (eta_max - eta_min) / 2,
            "That is half of the range. The mean lies half the range above the floor, and the run has the peak, step "
            "0, but not the floor.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min: (eta_max - eta_min) / pi + eta_min,
            "A cosine's own hill has such a mean, 1/π or 2/π. (1 + cos)/2 is symmetric about 1/2: its mean is near "
            "the middle.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: T_max * (eta_max + eta_min) / 2,
            "That is the integral, the sum over the continuous curve. Divide by the number of updates, and mind that "
            "the run has the peak, step 0, but not the floor.",
        ),
    ],
    rtol=1e-6,
    vary=dict(
        eta_max=[0.001, 0.002, 0.004, 0.01], eta_min=[0.0, 0.0001, 0.0002], T_max=[50, 100, 200, 250, 500, 1000, 2000]
    ),
    difficulty=3,
    minutes=5,
    points=2,
    trains="sums over the steps of a run",
    stub="the mean of the rates",
    hints=(
        "Pair the steps t and T - t: what does each pair add up to? Which step has no partner?",
        "mean = (eta_max + eta_min) / 2 + (eta_max - eta_min) / (2 * T); or let Python add them up.",
        "rates = [eta_min + (eta_max - eta_min) * (1 + cos(pi * t / T)) / 2 for t in range(T)]",
    ),
    worked="""\
from math import cos, pi
total = 0
for t in range(T_max):              # 0, 1, …, T_max - 1: as many as there are updates
    total += eta_min + (eta_max - eta_min) * (1 + cos(pi * t / T_max)) / 2
return total / T_max""",
    afterthought="The excess is (eta_max - eta_min) / (2 T): nothing for ten thousand steps, five percent for ten.",
)

after = Exercise(
    id="8.4.5",
    title="Past the end",
    kind="predict",
    question="Cosine annealing from [[eta_max]] to [[eta_min]] with $T_{max}$ = [[T_max]]. Training goes on past the "
    "end, and the schedule does what you would want: it *holds* its last value.\n\nWhat is the rate at step [[t]]? "
    "Decide first; then put that step into the bare formula, and see what would have happened.",
    given=dict(eta_max=0.001, eta_min=0.0, T_max=10000, t=15000),
    solution=lambda eta_max, eta_min, T_max, t: cosine(eta_max, eta_min, T_max, min(t, T_max)),
    misconceptions=[
        Misconception(
            cosine,
            "That is the bare formula: past T_max it rises again (the cosine's period goes on). Hold the last value: "
            "stop time at T_max.",
        ),
        Misconception(
            lambda eta_max: eta_max,
            "That would be a restart, a new cycle at the peak. To hold means to stay at the last value, the end of "
            "the curve.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, t: eta_max + (eta_min - eta_max) * t / T_max,
            "That is a straight line drawn on below the floor. A negative rate would climb the loss.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max: cosine(eta_max, eta_min, T_max, T_max - 1),
            "That is the last rate used before the end, one step short of it. The curve itself ends at eta_min.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min: (eta_max + eta_min) / 2,
            "That is the middle of the curve. At its end it is at its floor, eta_min, and holds that last value.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, t: cosine(eta_max, eta_min, T_max, t - T_max),
            "That is a restart: the curve begun anew at T_max. To hold means to keep the last value.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, t: cosine(eta_max, eta_min, t, T_max),
            "You stretched the schedule to the new length. It was over at T_max: it holds its last value, eta_min.",
        ),
        Misconception(
            lambda eta_min: 0.0,
            "The rate does not go down to 0 here: the floor is eta_min, and that is held.",
            sometimes=True,
        ),
    ],
    atol=1e-12,
    vary=dict(
        eta_max=[0.001, 0.002, 0.004],
        eta_min=[0.0, 0.0001, 0.0002],
        T_max=[4000, 8000, 12000, 20000],
        t=lambda T_max: [5 * T_max // 4, 3 * T_max // 2, 7 * T_max // 4],
    ),
    trains="what a schedule does after its end",
    stub="the rate that is held",
    hints=(
        "At its end the curve has a value. To hold is to keep it.",
        "rate = cosine(min(t, T_max)).",
        "min(t, T_max) is T_max here, where the cosine is -1.",
    ),
    worked="""\
from math import cos, pi
t = min(t, T_max)                      # time stops at the end
return eta_min + (eta_max - eta_min) * (1 + cos(pi * t / T_max)) / 2""",
    afterthought="The formula alone would have climbed back up. Libraries differ: PyTorch's rises, Optax's holds.",
)

last = Exercise(
    id="8.4.6",
    title="The last rate that is used",
    kind="number",
    question="A run of [[T_max]] updates with cosine annealing from [[eta_max]] to 0, $T_{max}$ = [[T_max]].\n\nWhich "
    "rate does the very last update use?",
    given=dict(eta_max=0.001, T_max=10000),
    solution=lambda eta_max, T_max: eta_max * sin(pi / (2 * T_max)) ** 2,
    misconceptions=[
        Misconception(
            lambda: 0.0, "The first update has index 0, so the last index is T - 1: the floor, at t = T, is never used."
        ),
        Misconception(
            lambda eta_max, T_max: eta_max * sin(pi / T_max) ** 2,
            "That is the last but one, two steps from the end (off by one): the last of T updates has the index T - 1 "
            "(9999 of 10000).",
        ),
        Misconception(
            lambda eta_max, T_max: eta_max / T_max,
            "That is the straight line's last rate (linear). The cosine comes in flat, much lower.",
        ),
        Misconception(
            lambda eta_max, T_max: 2 * eta_max * sin(pi / (2 * T_max)) ** 2,
            "That is twice the rate: 1 + cos still has to be halved, divide by 2.",
        ),
        Misconception(
            lambda eta_max, T_max: eta_max * (1 + cos(180 * (T_max - 1) / T_max)) / 2,
            "Your angle is in degrees; cos takes radians: pi * t / T_max.",
        ),
        Misconception(
            lambda eta_max, T_max: eta_max * (1 + cos(2 * pi * (T_max - 1) / T_max)) / 2,
            "You are back at the peak: your cosine ran through a full period (2π), or t is 0. Annealing uses half of "
            "a period.",
        ),
        Misconception(
            lambda T_max: sin(pi / (2 * T_max)) ** 2,
            "That is the scale, between 0 and 1. Multiply it by the peak, eta_max.",
        ),
        Misconception(
            lambda eta_max, T_max: eta_max * sin(pi / (2 * T_max)),
            "The sine comes squared: (1 + cos(π(T-1)/T)) / 2 = sin²(π/2T). Square it.",
        ),
        Misconception(
            lambda eta_max, T_max: eta_max * (1 + cos(pi * (T_max - 1) / T_max / 2)) / 2,
            "Your angle only comes to π/2, a quarter of a period. It has to come to π at T_max.",
        ),
        Misconception(
            lambda eta_max, T_max: eta_max * cos(pi * (T_max - 1) / T_max),
            "That is the bare cosine, negative at the end. Shift and halve it: (1 + cos) / 2.",
        ),
        Misconception(
            lambda eta_max, T_max: eta_max * sin(pi / (4 * T_max)) ** 2,
            "That is a fourth of the rate: half a step from the end. The last update is a whole step from it, t = T - "
            "1.",
        ),
    ],
    rtol=5e-4,
    vary=dict(eta_max=[0.001, 0.002, 0.003, 0.005], T_max=[100, 200, 250, 400, 500]),
    difficulty=2,
    trains="the index of the last update",
    stub="the rate of the last update",
    hints=(
        "Number the updates from 0. Which number has the last of T?",
        "t = T_max - 1 in the cosine formula.",
        "t = T_max - 1",
    ),
    worked="""\
from math import cos, pi
t = T_max - 1                          # 0 is the first, so this is the last
return eta_max * (1 + cos(pi * t / T_max)) / 2""",
    afterthought="Near the end 1 + cos subtracts two nearly equal numbers and loses digits. The same curve written as "
    "sin²(π(T - t)/2T) keeps them all.",
)

EXERCISES = (implement, lead, steepest, mean_rate, after, last)
