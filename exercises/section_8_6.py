"""Exercises of section 8.6, why scheduling matters."""

from math import sqrt

from lrcourse.exercises import Documented, Exercise, Misconception

improvement = Exercise(
    id="8.6.1",
    title="Is it 5 percent?",
    kind="number",
    question="The text calls a final loss that falls from 2.15 to 2.05 a 5 % improvement. Here the loss is [[fixed]] "
    "with a fixed rate and [[scheduled]] with a schedule.\n\nBy how many percent is it lower, compared with the "
    "fixed rate? Give two decimals or more.",
    given=dict(fixed=2.15, scheduled=2.05),
    solution=lambda fixed, scheduled: 100 * (fixed - scheduled) / fixed,
    documented=Documented(5.0, "section 8.6, benefit 3", "rounded to a whole percent; it is 4.65 %.", agrees=False),
    misconceptions=[
        Misconception(
            lambda fixed, scheduled: 100 * (fixed - scheduled) / scheduled,
            "You divided by the scheduled loss. Divide by the baseline, the loss one starts from.",
        ),
        Misconception(
            lambda fixed, scheduled: float(round(100 * (fixed - scheduled) / fixed)),
            "That is rounded to a whole percent, as in the text. Give at least two decimals.",
        ),
        Misconception(
            lambda fixed, scheduled: 100 * (fixed - scheduled),
            "That is the difference times 100. Percent of what? Divide by the baseline.",
        ),
        Misconception(
            lambda fixed, scheduled: 100 * scheduled / fixed,
            "That is what is left of the loss. The improvement is the rest: 100 % minus it.",
        ),
        Misconception(
            lambda fixed, scheduled: 100 * (fixed - scheduled) / ((fixed + scheduled) / 2),
            "You divided by the mean of both. An improvement is measured against the baseline.",
        ),
    ],
    atol=0.01,
    unit="%",
    vary=dict(fixed=[2.12, 2.15, 2.18, 2.24, 2.36, 2.41], scheduled=[1.94, 1.98, 2.01, 2.03, 2.05]),
    between=lambda: (0, 100),
    minutes=2,
    trains="relative change",
    stub="percent",
    hints=(
        "An improvement is compared with where you were before.",
        "percent = 100 * (fixed - scheduled) / fixed.",
        "The difference of the two losses first; then divide by the fixed one.",
    ),
    worked="""\
difference = fixed - scheduled
return 100 * difference / fixed      # compared with the baseline""",
    afterthought="And the two losses are invented: no percentage makes them evidence. Section 8.6 measures instead.",
)

batch = Exercise(
    id="8.6.6",
    title="A larger batch",
    kind="numbers",
    question="You go from batch size [[small]] to [[large]]. Two rules of thumb: for SGD the rate grows in "
    "proportion to the batch (linear rule), for Adam with its square root.\n\nSGD ran at [[sgd]], Adam at [[adam]]. "
    "What are the new rates, SGD first?",
    given=dict(small=256, large=8192, sgd=0.1, adam=0.001),
    solution=lambda small, large, sgd, adam: [sgd * large / small, adam * sqrt(large / small)],
    misconceptions=[
        Misconception(
            lambda small, large, sgd, adam: [sgd * sqrt(large / small), adam * large / small],
            "You swapped them. Which rule? Linear for SGD, square root for Adam.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * large / small, adam * large / small],
            "SGD is right. Adam already divides by the gradient's size: its rate grows with the square root only.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * sqrt(large / small), adam * sqrt(large / small)],
            "Adam is right. SGD follows the linear rule: in proportion to the batch.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * small / large, adam * sqrt(small / large)],
            "Upside down: a larger batch has less noise and allows a larger rate.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd, adam], "Those are the old rates. Scale them to the new batch."
        ),
    ],
    vary=dict(
        small=[32, 64, 128, 256], large=[1024, 2048, 4096, 8192], sgd=[0.05, 0.1, 0.2], adam=[0.0003, 0.0005, 0.001]
    ),
    difficulty=2,
    trains="scaling a rate with the batch",
    stub="SGD's new rate, Adam's new rate",
    hints=(
        "How many times larger is the batch?",
        "k = large / small; SGD: rate * k; Adam: rate * sqrt(k).",
        "k = large / small",
    ),
    worked="""\
from math import sqrt
k = large / small                # how many times larger the batch is
return [sgd * k, adam * sqrt(k)]""",
    afterthought="Rules of thumb: they hold up to some batch size and then break down. Warmup helps with such large "
    "rates.",
)

EXERCISES = (improvement, batch)
