"""Exercises of section 8.1, what is scheduling?"""

from itertools import pairwise
from math import cos, exp, log, pi

from lrcourse.exercises import Exercise, Misconception

what_decides = Exercise(
    id="8.1.1",
    title="What decides the rate?",
    kind="classification",
    question="A schedule is a function of time: who knows the step knows the rate. What does the rate depend on "
    "in each of these four?",
    given={},
    solution=lambda: {
        "step decay": "time",
        "Adam": "gradients",
        "reduce on plateau": "loss",
        "cosine annealing": "time",
    },
    categories=("time", "loss", "gradients"),
    misconceptions=[
        Misconception(
            {"Adam": "time"},
            "Adam is no schedule: it scales each parameter by its own gradients. Per-parameter scaling is not η(t).",
        ),
        Misconception(
            {"reduce on plateau": "time"},
            "Reduce on plateau waits until the loss stops falling. The step alone does not tell its rate, so it is "
            "no function of time.",
        ),
        Misconception(
            {"Adam": "loss"}, "Adam never looks at the loss itself, only at its gradients, one per parameter."
        ),
        Misconception(
            {"reduce on plateau": "gradients"},
            "Reduce on plateau does not look at gradients: it compares the latest loss with the best so far.",
        ),
        Misconception(
            {"step decay": "loss"},
            "Step decay cuts the rate at fixed steps, by the clock, whatever the loss does: it depends on time alone.",
        ),
        Misconception(
            {"step decay": "gradients"},
            "Step decay never looks at a gradient: it cuts the rate at fixed steps.",
        ),
        Misconception(
            {"cosine annealing": "loss"},
            "The cosine comes down whether the loss falls or not: it depends on time alone.",
        ),
        Misconception(
            {"cosine annealing": "gradients"},
            "Nothing in the cosine formula is a gradient. Its only variable is t.",
        ),
    ],
    minutes=2,
    trains="telling a schedule from an adaptive method",
    stub="time, loss or gradients",
    hints=(
        "Ask of each: could I draw the whole curve before training starts?",
        "A schedule can be written η(t), with nothing else that changes inside.",
        "Step decay and cosine annealing can be drawn beforehand: both depend on time.",
    ),
    worked="""\
return {
    "step decay": "time",            # a drop every s steps, known beforehand
    "Adam": "gradients",             # each parameter has its own scale
    "reduce on plateau": "loss",     # drops when the loss no longer falls
    "cosine annealing": "time",      # t is the only variable
}""",
    afterthought="Both can be used together: a schedule gives the rate that Adam then scales.",
)

drops = Exercise(
    id="8.1.2",
    title="Is the deceleration smooth?",
    kind="numbers",
    question="A driver slows down in three drops, as in the text's picture: [[speeds]] mph. "
    "By how many percent of the speed just "
    "before does each drop reduce it?",
    given=dict(speeds=[60, 40, 20, 10]),
    solution=lambda speeds: [100 * (a - b) / a for a, b in pairwise(speeds)],
    misconceptions=[
        Misconception(
            lambda speeds: [100 * (a - b) / speeds[0] for a, b in pairwise(speeds)],
            "You divided by the first speed each time. Divide each drop by the value just before it, the previous "
            "speed.",
        ),
        Misconception(
            lambda speeds: [100 * (a - b) / b for a, b in pairwise(speeds)],
            "You divided by the speed after the drop, so a halved speed looks like 100 %. The base is the previous "
            "value, the speed just before the drop.",
        ),
        Misconception(
            lambda speeds: [100 * (speeds[0] - speeds[1]) / speeds[0]] * 3,
            "The drops are not all alike: divide each by the previous value, not the first drop three times.",
        ),
        Misconception(
            lambda speeds: [100 * b / a for a, b in pairwise(speeds)],
            "That is what is left of the speed, what remains. The drop is the rest, what is taken off: 100 % minus it.",
        ),
        Misconception(
            lambda speeds: [100 * (speeds[0] - b) / speeds[0] for b in speeds[1:]],
            "Those are the drops since the start, all together. Take each drop by itself, from the value before it.",
        ),
        Misconception(
            lambda speeds: [float(a - b) for a, b in pairwise(speeds)],
            "Those are the drops in mph, the differences. Divide each by the speed before it, and multiply by 100, to "
            "get the relative change in percent.",
        ),
        Misconception(
            lambda speeds: [100 * (a - b) / ((a + b) / 2) for a, b in pairwise(speeds)],
            "You divided by the mean of the two speeds. Divide by the one before the drop, the previous value.",
        ),
        Misconception(
            lambda speeds: [float(b) for b in speeds[1:]],
            "Those are the speeds after the drops. Take the difference to the speed before, and divide by that one.",
        ),
    ],
    atol=0.5,
    unit="%",
    vary=dict(
        speeds=[
            [60, 50, 30, 20],
            [70, 40, 30, 20],
            [80, 50, 20, 10],
            [80, 60, 50, 20],
            [80, 70, 40, 10],
            [90, 50, 40, 10],
            [90, 60, 50, 40],
            [90, 70, 40, 30],
            [90, 80, 50, 40],
            [120, 60, 50, 40],
            [120, 70, 40, 30],
            [120, 80, 50, 30],
        ]
    ),
    minutes=2,
    trains="relative change",
    stub="three percentages, in order",
    hints=(
        "A drop is large or small compared with where it starts.",
        "percent = 100 * (before - after) / before.",
        "The first: 100 * (before - after) / before, with the first two speeds.",
    ),
    worked="""\
from itertools import pairwise
percent = []
for before, after in pairwise(speeds):
    percent.append(100 * (before - after) / before)   # compared with where it starts
return percent""",
    afterthought="Not smooth: a staircase, and in percent its later steps are the larger ones. A smooth schedule "
    "changes a little at every step.",
)

distance = Exercise(
    id="8.1.3",
    title="The area under the speed",
    kind="number",
    question="A driver holds [[speeds]] mph in turn, [[minutes]] minutes each.\n\nHow many miles does the drive cover?",
    given=dict(speeds=[60, 40, 20, 10], minutes=10),
    solution=lambda speeds, minutes: sum(speeds) * minutes / 60,
    misconceptions=[
        Misconception(
            lambda speeds, minutes: float(sum(speeds) * minutes),
            "You multiplied miles per hour by minutes. Turn the minutes into hours first: divide by 60.",
        ),
        Misconception(
            lambda speeds, minutes: speeds[0] * minutes * len(speeds) / 60,
            "That is the driver who never slows down, at the first speed all the way. Add up the four stretches, each "
            "at its own speed.",
        ),
        Misconception(
            lambda speeds, minutes: sum(speeds) * minutes * len(speeds) / 60,
            "You drove each speed for the whole time. Each holds for its own stretch of minutes only.",
        ),
        Misconception(
            lambda speeds: sum(speeds) / len(speeds),
            "That is the mean (average) speed, in mph, not a distance. How far does one get with it in all that time? "
            "Multiply it by the hours.",
        ),
        Misconception(
            lambda speeds, minutes: sum(speeds) / len(speeds) * minutes / 60,
            "That is a single stretch at the mean speed. There are four of them.",
        ),
        Misconception(
            lambda speeds, minutes: (speeds[0] + speeds[-1]) / 2 * minutes * len(speeds) / 60,
            "The mean of the first and the last speed would do for a steady fall. Here, add up the four stretches.",
        ),
        Misconception(
            lambda speeds: float(sum(speeds)),
            "That is the sum of the speeds: the distance if each were held for a whole hour. Each lasts only some "
            "minutes: multiply by minutes / 60, a fraction (such as a sixth) of an hour.",
        ),
        Misconception(
            lambda speeds, minutes: sum((a + b) / 2 for a, b in pairwise(speeds)) * minutes / 60,
            "You joined the speeds by straight lines (trapezoids). The driver holds each speed and then drops at "
            "once: rectangles, four of them.",
        ),
        Misconception(
            lambda speeds, minutes: sum(speeds[:-1]) * minutes / 60,
            "You left out the last stretch, at the lowest speed: there are four of them, and the fourth counts too.",
            sometimes=True,
        ),
        Misconception(
            lambda speeds, minutes: sum(speeds[1:]) * minutes / 60,
            "You left out the first stretch, at the highest speed: there are four of them, all count.",
        ),
        Misconception(
            lambda speeds, minutes: sum(speeds) / minutes,
            "You divided by the minutes. Distance is speed times time: multiply by minutes / 60 hours.",
        ),
        Misconception(
            lambda speeds, minutes: sum(speeds) * 60 / minutes,
            "The conversion is upside down: 60 minutes are an hour, so multiply by minutes / 60.",
        ),
        Misconception(
            lambda speeds, minutes: sum(speeds) * minutes / 3600,
            "You divided by 3600, as for seconds. Minutes become hours when divided by 60.",
        ),
    ],
    unit="miles",
    vary=dict(
        speeds=[[60, 45, 30, 15], [80, 60, 30, 20], [100, 80, 40, 10], [50, 40, 20, 5], [90, 60, 40, 20]],
        minutes=[5, 6, 12, 15, 20],
    ),
    minutes=3,
    difficulty=2,
    trains="the area under a schedule",
    stub="miles",
    hints=(
        "Each stretch is speed times time. Draw the four as rectangles: the distance is their area.",
        "miles = (sum of the speeds) * minutes / 60.",
        "hours = minutes / 60, for each of the four stretches",
    ),
    worked="""\
hours = minutes / 60                 # each stretch lasts as long
miles = 0
for speed in speeds:
    miles = miles + speed * hours    # one rectangle under the curve
return miles""",
    afterthought="For a learning rate the same area, the sum of all rates, tells how far training can get. It is "
    "what `integral()` of a schedule computes.",
)


def _evenly(speed):
    """A function of (t, start, end, T), from a formula for the share x = t/T of the way."""
    return lambda t, start, end, T: speed(t / T, start, end)


smooth = Exercise(
    id="8.1.4",
    title="Really smooth",
    kind="function",
    question="Write a braking plan in which every minute takes off the same *percentage*: the speed is `start` at "
    "t = 0, `end` at t = `T`, and each minute multiplies it by the same factor.\n\nIt will be called with numbers "
    "you have not seen; `t` may lie between two minutes.",
    given={},
    signature="t, start, end, T",
    solution=lambda: _evenly(lambda x, start, end: start * (end / start) ** x),
    probes=lambda: [
        (0, 60, 10, 40),
        (40, 60, 10, 40),
        (20, 60, 15, 40),
        (7.5, 100, 1, 30),
        (3, 80, 20, 4),
    ],
    misconceptions=[
        Misconception(
            lambda: _evenly(lambda x, start, end: start + (end - start) * x),
            "Your plan is a straight line (linear): it takes off the same amount of mph each minute. The same "
            "percentage means the same factor.",
        ),
        Misconception(
            lambda: lambda t, start, end, T: start * (end / start) ** t,
            "Your plan is at `end` after the first minute. The whole factor end/start belongs to all T minutes: "
            "divide t by T, use t / T as the exponent.",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: start * (start / end) ** x),
            "Your plan speeds up, it rises: the fraction is upside down. The factor is end / start, which is less "
            "than 1.",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: start * (end / start) ** (1 - x)),
            "Your plan runs backwards: at t = 0 it is at the end already.",
        ),
        Misconception(
            lambda: lambda t, start, end, T: start * (1 - (start - end) / start / T) ** t,
            "You shared the whole percentage out evenly. Percentages multiply: take the T-th root of end / start.",
        ),
        Misconception(
            lambda: lambda t, start, end, T: start * (end / start) ** (t // T),
            "`//` is integer division (floor): it gives whole numbers, so your plan stays at `start` until the end. "
            "Use `/`.",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: (end / start) ** x),
            "That is the share of the speed that is left. Multiply it by `start`.",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: start * exp(-x)),
            "Your factor is e (np.exp): e^(-t/T) is 1/e = 37 % at t = T, whatever `end` is. Put end / start in its "
            "place: (end / start) ** (t / T).",
        ),
        Misconception(
            lambda: lambda t, start, end, T: start * exp(-t),
            "np.exp(-t) shrinks by the factor e each minute, and knows neither `end` nor T. The factor of the whole "
            "way is end / start.",
        ),
        Misconception(
            lambda: lambda t, start, end, T: start * (end / start) ** (T / t),
            "The exponent is upside down: T / t divides by zero at t = 0. The share of the way that is done is t / T.",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: start * end / start**x),
            "Brackets (parentheses) are missing: `**` binds before `/` (precedence). Write start * (end / start) ** "
            "(t / T).",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: (start * (end / start)) ** x),
            "The bracket is in the wrong place: only end / start is raised to the power; `start` stands outside "
            "(parentheses, precedence).",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: start * (end / start) * x),
            "You multiplied by t / T. The factor is applied again and again, so t / T is the exponent: a power, `**`.",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: end + (start - end) * (1 + cos(pi * x)) / 2),
            "That is cosine annealing: smooth, but not the same percentage each minute. Use the same factor: a power.",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: end + (start - end) * (end / start) ** x),
            "`end` is no floor to be added: (end / start) ** (t / T) times `start` comes to `end` by itself.",
        ),
        Misconception(
            lambda: lambda t, start, end, T: start * (end / start) ** (t / (T - 1)),
            "You are there one minute early (off by one): divide by T, not by T - 1.",
        ),
        Misconception(
            lambda: lambda t, start, end, T: start * (end / start) ** (t / (T + 1)),
            "You are there one minute late (off by one): divide by T, not by T + 1.",
        ),
        Misconception(
            lambda: _evenly(lambda x, start, end: start * log(end / start) * x),
            "The logarithm alone is not the answer: take exp of it, start * exp(log(end / start) * t / T).",
        ),
    ],
    rtol=1e-9,
    difficulty=2,
    minutes=4,
    points=2,
    trains="geometric decay",
    stub="start times a factor to some power",
    hints=(
        "After T minutes the factors of all minutes together make end / start.",
        "one minute's factor is (end / start) ** (1 / T).",
        "start * (end / start) ** (t / T)",
    ),
    worked="""\
def speed(t, start, end, T):
    whole = end / start               # the factor of the whole way
    return start * whole ** (t / T)   # after a share t/T of it
return speed""",
    afterthought="That is exponential decay, which section 8.5 meets again: never two equal drops, always the same "
    "percentage.",
)

EXERCISES = (what_decides, drops, distance, smooth)
