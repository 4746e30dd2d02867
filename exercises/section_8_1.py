"""Exercises of section 8.1, what is scheduling?"""

from itertools import pairwise

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
            "Step decay cuts the rate at fixed steps, whatever the loss does: it depends on time alone.",
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
            "You divided by the first speed each time. Divide each drop by the value just before it.",
        ),
        Misconception(
            lambda speeds: [100 * (a - b) / b for a, b in pairwise(speeds)],
            "You divided by the speed after the drop. The base is the previous value.",
        ),
        Misconception(
            lambda speeds: [100 * (speeds[0] - speeds[1]) / speeds[0]] * 3,
            "The drops are not all alike: divide each by the previous value, not the first drop three times.",
        ),
        Misconception(
            lambda speeds: [100 * b / a for a, b in pairwise(speeds)],
            "That is what is left of the speed. The drop is the rest: 100 % minus it.",
        ),
        Misconception(
            lambda speeds: [float(a - b) for a, b in pairwise(speeds)],
            "Those are the drops in mph. Divide each by the speed before it to get percent.",
        ),
    ],
    atol=0.5,
    unit="%",
    vary=dict(
        speeds=[
            [60, 45, 30, 15],
            [80, 60, 30, 20],
            [100, 80, 40, 10],
            [50, 40, 20, 5],
            [90, 60, 30, 20],
            [100, 75, 50, 20],
            [120, 90, 60, 45],
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
percent = []
for before, after in zip(speeds, speeds[1:]):
    percent.append(100 * (before - after) / before)   # compared with where it starts
return percent""",
    afterthought="Not smooth: a staircase, and in percent its steps grow. A smooth schedule changes a little at "
    "every step.",
)

EXERCISES = (what_decides, drops)
