"""Exercises of section 8.6, why scheduling matters."""

from functools import lru_cache
from math import cos, log, pi, sqrt

import numpy as np

from lrcourse.exercises import Documented, Exercise, Misconception

improvement = Exercise(
    id="8.6.1",
    title="Is it 5 percent?",
    kind="number",
    question="The text calls a final loss that falls from 2.15 to 2.05 a 5 % improvement. Here the loss is [[fixed]] "
    "with a fixed rate and [[scheduled]] with a schedule.\n\nBy how many percent is it lower, compared with the "
    "fixed rate?",
    given=dict(fixed=2.15, scheduled=2.05),
    solution=lambda fixed, scheduled: 100 * (fixed - scheduled) / fixed,
    documented=Documented(5.0, "section 8.6, benefit 3", "rounded to a whole percent; it is 4.65 %.", agrees=False),
    misconceptions=[
        Misconception(
            lambda fixed, scheduled: 100 * (fixed - scheduled) / scheduled,
            "You divided by the scheduled loss, the new one. Divide by the baseline, the loss of the fixed rate: it "
            "is compared with that.",
        ),
        Misconception(
            lambda fixed, scheduled: float(round(100 * (fixed - scheduled) / fixed)),
            "That is rounded to a whole percent, as in the text. Give at least two decimals: don't round before.",
        ),
        Misconception(
            lambda fixed, scheduled: 100 * (fixed - scheduled),
            "That is the difference times 100. Percent of what? A relative change: divide by the baseline.",
        ),
        Misconception(
            lambda fixed, scheduled: 100 * scheduled / fixed,
            "That is what is left of the loss, what remains: the ratio of the two. How much lower it is, the "
            "improvement, is the rest: 100 - it.",
        ),
        Misconception(
            lambda fixed, scheduled: 100 * (fixed - scheduled) / ((fixed + scheduled) / 2),
            "You divided by the mean of both. An improvement is measured against the baseline.",
        ),
        Misconception(
            lambda fixed, scheduled: fixed - scheduled,
            "That is the difference of the two losses. A relative change is asked for: divide it by the baseline, and "
            "multiply by 100 for percent.",
        ),
        Misconception(
            lambda fixed, scheduled: 100 * fixed / scheduled,
            "That is the old loss in percent of the new one, the ratio upside down. Take the difference, and divide "
            "by the baseline.",
        ),
        Misconception(
            lambda fixed, scheduled: scheduled / fixed,
            "That is what remains of the loss, as a ratio. The improvement is the rest, 1 minus it, in percent: times "
            "100.",
        ),
        Misconception(
            lambda fixed, scheduled: 100 * (scheduled - fixed) / scheduled,
            "Two slips: the sign (how much lower: fixed minus scheduled), and the baseline: divide by the fixed "
            "rate's loss.",
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

traces = Exercise(
    id="8.6.2",
    title="Which trace gives it away?",
    kind="choice",
    question="These are the text's losses:\n\n"
    "| run | trace |\n|---|---|\n"
    "| benefit 1, without scheduling | 3.0 → 2.5 → 2.3 → 2.2 → 2.15 → 2.12 |\n"
    "| benefit 1, with scheduling | 3.0 → 2.5 → 2.3 → 2.2 → 2.1 → 2.05 |\n"
    "| benefit 2, fixed high rate | 3.0 → 2.5 → 2.3 → 2.4 → 2.3 → 2.4 |\n"
    "| benefit 2, scheduled rate | 3.0 → 2.5 → 2.3 → 2.2 → 2.15 → 2.12 |\n\n"
    "Which of these is true, and shows that they cannot all come from measured runs?",
    given={},
    options={
        "a": "The scheduled trace of benefit 1 is lower than the unscheduled one from the first term on.",
        "b": "The scheduled trace of benefit 2 is, term by term, the unscheduled trace of benefit 1.",
        "c": "The fixed high rate of benefit 2 diverges: its losses grow without end.",
        "d": "Both scheduled traces are the same.",
        "e": "There is no contradiction in the four traces.",
    },
    solution=lambda: "b",
    misconceptions=[
        Misconception(
            "a",
            "Compare term by term: the first four terms of both traces in benefit 1 are the same, they begin equal.",
        ),
        Misconception(
            "c",
            "Compare term by term: it goes up and down, back and forth between 2.3 and 2.4. It oscillates, it does "
            "not grow.",
        ),
        Misconception(
            "d", "Compare term by term: they differ from the fifth on, 2.1 against 2.15, and end at 2.05 and 2.12."
        ),
        Misconception(
            "e",
            "Compare term by term, also across the two benefits: one row appears twice, with the same (identical) "
            "numbers, under opposite names: unscheduled and scheduled.",
        ),
    ],
    minutes=2,
    trains="reading claims with care",
    stub="a letter, in quotation marks",
    hints=(
        "Take any two rows and lay them side by side, also from different benefits.",
        "Compare term by term: where do two rows first differ?",
        "Row 1 and row 4: 3.0 and 3.0, 2.5 and 2.5, …",
    ),
    worked="""\
unscheduled = [3.0, 2.5, 2.3, 2.2, 2.15, 2.12]     # benefit 1
scheduled = [3.0, 2.5, 2.3, 2.2, 2.15, 2.12]       # benefit 2
return "b" if unscheduled == scheduled else "e\"""",
    afterthought="And the “fixed” trace reaches 2.12, below its own “final loss” of 2.15. Invented numbers do that; so "
    "this section measures.",
)


def _rates(shape, peak, T):
    """The rates of one of the three schedules at t = 0, …, T - 1. `peak` may be an array."""
    x = [t / T for t in range(T)]
    if shape == "constant":
        return [peak for _ in x]
    return [peak * ((1 - s) if shape == "linear" else (1 + cos(pi * s)) / 2) for s in x]


def _final_loss(rates, start, shrink=lambda eta: (1 - eta) ** 2, noise=lambda eta: eta**2):
    """½E[x²] after the last update, exactly: E ← (1 - η)² E + η², curvature and noise 1."""
    square = start**2
    for eta in rates:
        square = shrink(eta) * square + noise(eta)
    return square / 2


SHAPES = ("constant", "linear", "cosine")


def _three(**slip):
    return lambda peak, T, start: [_final_loss(_rates(shape, peak, T), start, **slip) for shape in SHAPES]


@lru_cache(maxsize=64)
def _as_asked(peak, T, start):
    return tuple(_three()(peak, T, start))


def _floor(eta):
    return eta / (2 * (2 - eta))


def _settled_at_last(peak, T, start):
    last = [_rates(shape, peak, T)[-1] for shape in SHAPES]
    return [_floor(eta) for eta in last]


exact_losses = Exercise(
    id="8.6.3",
    title="Exact final losses",
    kind="numbers",
    question="Noisy gradient descent on $\\tfrac{1}{2}x^2$, noise of standard deviation 1, from $x_0$ = [[start]]. "
    "Each update does $E[x^2] \\leftarrow (1-\\eta_t)^2 E[x^2] + \\eta_t^2$, exactly.\n\nA run takes $T$ = "
    "[[T]] updates "
    "($t$ = 0 … $T-1$) with a peak of [[peak]]. What is the mean loss $\\tfrac{1}{2}E[x^2]$ at its end with a constant "
    "rate, with a linear one, $\\eta_t$ = peak · $(1 - t/T)$, and with cosine annealing to 0? "
    "A loop of three lines computes each.",
    given=dict(peak=0.5, T=1000, start=10),
    solution=lambda peak, T, start: list(_as_asked(peak, T, start)),
    misconceptions=[
        Misconception(
            _three(noise=lambda eta: 0.0),
            "Nothing but 0 is left without noise. Add η² at every step: the noise's own share, which leaves a floor.",
        ),
        Misconception(
            lambda peak, T, start: [2 * loss for loss in _as_asked(peak, T, start)],
            "Those are E[x²], twice the loss. The loss is half of it (½, 1/2): divide by 2.",
        ),
        Misconception(
            _three(noise=lambda eta: eta), "The noise enters x multiplied by η, so its variance by the square, η²."
        ),
        Misconception(_three(shrink=lambda eta: 1 - eta), "E[x²] shrinks by the square of the factor, (1 - η)²."),
        Misconception(
            _settled_at_last,
            "You took the floor of the last rate. But the noise of the higher rates before it is not forgotten yet: "
            "follow E[x²] step by step.",
        ),
        Misconception(
            lambda peak, T, start: [_floor(peak), _floor(peak / 2), _floor(peak / 2)],
            "You took the floor of the mean rate. But a run ends with small rates: follow E[x²] step by step.",
        ),
        Misconception(
            lambda peak, T, start: [_floor(peak)] * 3,
            "That is the floor of the peak, right for the constant rate only. The others come down.",
        ),
        Misconception(
            lambda peak, T, start: [_as_asked(peak, T, start)[0], _as_asked(peak, T, start)[1], _floor(peak)],
            "Your cosine is back at the peak in the end: it ran through a full period (2π). Annealing uses half of "
            "one, cos(pi * t / T).",
        ),
        Misconception(
            lambda peak, T, start: [
                _as_asked(peak, T, start)[0],
                _as_asked(peak, T, start)[1],
                _final_loss([peak * cos(pi * t / T / 2) for t in range(T)], start),
            ],
            "Your cosine goes a quarter of a period, from 1 to 0. Annealing uses half of one, shifted and halved: (1 "
            "+ cos(pi * t / T)) / 2.",
        ),
        Misconception(
            _three(shrink=lambda eta: 1 - eta**2),
            "The factor is squared as a whole: (1 - η)², not 1 - η².",
        ),
        Misconception(
            _three(noise=lambda eta: 1.0),
            "The noise is multiplied by the rate before it reaches x: add η², not 1, at every step.",
        ),
        Misconception(
            lambda peak, T, start: [start**2 / 2] * 3,
            "That is the loss at the start. Follow E[x²] through all T updates.",
        ),
    ],
    atol=5e-5,
    rtol=1e-3,
    vary=dict(peak=[0.2, 0.3, 0.4, 0.6], T=[400, 500, 800], start=[5, 10, 20]),
    difficulty=3,
    minutes=8,
    points=3,
    trains="comparing schedules exactly",
    stub="constant, linear, cosine",
    hints=(
        "Keep one number, E[x²], and update it T times. No random numbers are needed.",
        "square = (1 - eta)**2 * square + eta**2, from square = x_0**2; in the end the loss is square / 2.",
        "square = start**2; for t in range(T): eta = peak * (1 - t / T) …",
    ),
    worked="""\
from math import cos, pi
def final_loss(rate):
    square = start**2                                 # E[x²]
    for t in range(T):
        eta = rate(t)
        square = (1 - eta) ** 2 * square + eta**2     # shrunk, and new noise
    return square / 2
constant = final_loss(lambda t: peak)
linear = final_loss(lambda t: peak * (1 - t / T))
cosine = final_loss(lambda t: peak * (1 + cos(pi * t / T)) / 2)
return [constant, linear, cosine]""",
    afterthought="With this peak cosine beats linear. Is that the schedule, or the peak? Exercise 8.6.5 tunes both.",
)


def _paired(a, b, t_value, *, spread=None, root=True):
    differences = [x - y for x, y in zip(a, b, strict=True)]
    n, mean = len(differences), sum(differences) / len(differences)
    variance = sum((d - mean) ** 2 for d in differences) / (n - 1)
    half = t_value * (spread(a, b, variance) if spread else variance) ** 0.5 / (n**0.5 if root else 1)
    return [mean, mean - half, mean + half]


def _variance(values):
    mean = sum(values) / len(values)
    return sum((v - mean) ** 2 for v in values) / (len(values) - 1)


_A = [2.11, 2.05, 2.09, 2.14, 2.06]
_B = [2.08, 2.06, 2.04, 2.10, 2.07]

paired = Exercise(
    id="8.6.4",
    title="Five seeds, two schedules",
    kind="numbers",
    question="Schedules A and B were run with the same five seeds. The final losses:\n\n- A: [[a]]\n- B: "
    "[[b]]\n\nWhat is "
    "the mean of the differences A - B, seed by seed, and the 95 % confidence interval around it? (Student's t for "
    "five pairs: [[t_value]].) Three decimals.",
    given=dict(a=_A, b=_B, t_value=2.776),
    solution=_paired,
    misconceptions=[
        Misconception(
            lambda a, b: _paired(a, b, 1.96),
            "You used 1.96 (the normal distribution), which is for many runs. With five pairs it is Student's t, here "
            "2.776 or so: wider.",
        ),
        Misconception(
            lambda a, b, t_value: _paired(a, b, t_value, root=False),
            "That is the spread of single differences (standard deviation). The mean of n of them is √n times "
            "steadier, the standard error: divide by the root, √5.",
        ),
        Misconception(
            lambda a, b, t_value: _paired(b, a, t_value),
            "You took B - A. A - B is asked for, the other order, so the signs turn round.",
        ),
        Misconception(
            lambda a, b, t_value: _paired(a, b, t_value, spread=lambda a, b, v: _variance(a) + _variance(b)),
            "You treated the runs as unpaired. The same seed was used for both, a pair: take the differences first, "
            "seed by seed.",
        ),
        Misconception(
            lambda a, b, t_value: _paired(a, b, t_value, spread=lambda a, b, v: v * (len(a) - 1) / len(a)),
            "You divided the squares by n, as for a population. For a sample it is n - 1, the degrees of freedom "
            "(ddof=1 in NumPy).",
        ),
        Misconception(
            lambda a, b: _paired(a, b, 1.0),
            "That is one standard error to both sides, about 63 % with five pairs. Multiply it by the t value "
            "(Student's, 2.776) for 95 %.",
        ),
        Misconception(
            lambda a, b: _paired(a, b, 1.0, root=False),
            "That is one standard deviation to both sides. Divide by √5 and multiply by t.",
        ),
        Misconception(
            lambda a, b: _paired(a, b, 2.571),
            "You took t for six pairs (5 degrees of freedom). Five pairs have n - 1 = 4: it is given.",
            sometimes=True,
        ),
        Misconception(
            lambda a, b: _paired(a, b, 2.132),
            "You took t for 90 % (one side of 95 %). For a two-sided 95 % with five pairs it is the one given.",
        ),
        Misconception(
            lambda a, b, t_value: ([_paired(a, b, t_value)[0], *(-x for x in _paired(a, b, t_value)[:0:-1])]),
            "The mean is right. The interval lies around it: mean - half, then mean + half; mind the signs.",
        ),
        Misconception(
            lambda a, b, t_value: [
                _paired(a, b, t_value)[0],
                _paired(a, b, t_value)[2] - _paired(a, b, t_value)[0],
                _paired(a, b, t_value)[2] - _paired(a, b, t_value)[0],
            ],
            "That is the half width. The interval goes from mean - half to mean + half.",
        ),
        Misconception(
            lambda a, b, t_value: [
                _paired(a, b, t_value)[0],
                _paired(a, b, t_value)[0] - _paired(a, b, t_value)[2],
                _paired(a, b, t_value)[2] - _paired(a, b, t_value)[0],
            ],
            "Your interval lies around 0. It lies around the mean difference: mean - half to mean + half.",
        ),
        Misconception(
            lambda a, b, t_value: _paired(a, b, t_value, spread=lambda a, b, v: _variance(a)),
            "You took the spread of A alone. Take the differences first, seed by seed, and then their spread.",
            sometimes=True,
        ),
        Misconception(
            lambda a, b, t_value: _paired(a, b, t_value, spread=lambda a, b, v: v**2),
            "You took the variance where the standard deviation, its square root, belongs.",
        ),
        Misconception(
            lambda a, b, t_value: _paired(a, b, t_value / 2),
            "Half of the half width: t times the standard error goes to *each* side.",
        ),
        Misconception(
            lambda a, b, t_value: _paired(a, b, t_value, spread=lambda a, b, v: v * len(a) / (len(a) - 1)),
            "You divided by √(n - 1) once more. The standard error is s / √n, with n = 5.",
        ),
    ],
    atol=6e-4,
    rtol=0.0,
    vary=dict(
        a=[
            [2.11, 2.05, 2.09, 2.14, 2.06],
            [1.93, 2.01, 1.98, 1.95, 2.05],
            [2.22, 2.14, 2.19, 2.25, 2.12],
            [1.84, 1.79, 1.88, 1.9, 1.81],
        ],
        b=lambda a: [
            [round(x - d, 2) for x, d in zip(a, differences, strict=True)]
            for differences in (
                [0.04, -0.02, 0.05, 0.03, -0.01],
                [0.02, 0.06, -0.03, 0.05, -0.02],
                [-0.02, 0.05, 0.04, -0.03, 0.07],
                [0.07, 0.03, 0.06, -0.01, 0.05],
            )
        ],
    ),
    difficulty=3,
    minutes=8,
    points=3,
    trains="paired comparisons",
    stub="[mean, low, high]",
    hints=(
        "The seeds pair the runs: first subtract, seed by seed, then look at five numbers only.",
        "half = t * s / sqrt(5), with s the standard deviation of the differences (n - 1); mean - half, mean + half.",
        "differences = [x - y for x, y in zip(a, b)]",
    ),
    worked="""\
from math import sqrt
from statistics import mean, stdev
differences = [x - y for x, y in zip(a, b)]      # the same seed: a pair
middle = mean(differences)
half = t_value * stdev(differences) / sqrt(len(differences))
return [middle, middle - half, middle + half]""",
    afterthought="Does the interval cover 0? Then five seeds have not shown which is better.",
)


@lru_cache(maxsize=64)
def _tuned(shape, T, start, finest):
    """The lowest final loss over the peaks 1/finest, 2/finest, …, 1, and the peak that reaches it."""
    peaks = np.arange(1, finest + 1) / finest
    losses = _final_loss(_rates(shape, peaks, T), float(start))
    best = int(np.argmin(losses))
    return float(losses[best]), float(peaks[best])


def _best(T, start, finest=1000):
    return [_tuned("linear", T, start, finest)[0], _tuned("cosine", T, start, finest)[0]]


tuned = Exercise(
    id="8.6.5",
    title="Tune each, then compare",
    kind="numbers",
    question="The noisy bowl of exercise 8.6.3, $T$ = [[T]] updates from $x_0$ = [[start]]. Now give each "
    "schedule its own "
    "best peak: try 0.001, 0.002, …, 1.\n\nWhich final mean losses do the linear and the cosine schedule reach at "
    "best? Five decimals. Which of the two is ahead now?",
    given=dict(T=1000, start=10),
    solution=_best,
    misconceptions=[
        Misconception(
            lambda T, start: [_final_loss(_rates(shape, 0.5, T), start) for shape in ("linear", "cosine")],
            "Those are the losses at the common peak 0.5, with the same ranking as before. Tune each separately: each "
            "has its own best peak.",
        ),
        Misconception(
            lambda T, start: [2 * loss for loss in _best(T, start)],
            "Those are E[x²], twice the loss. The loss is half of it (½, 1/2): divide by 2.",
        ),
        Misconception(
            lambda T, start: _best(T, start, 100),
            "Your peaks are 0.01 apart, and the best lies between two of them. Try steps of 0.001.",
        ),
        Misconception(
            lambda T, start: _best(T, start)[::-1],
            "The other way round, swapped: the order is first linear, then cosine.",
        ),
        Misconception(
            lambda T, start: [_tuned("linear", T, start, 1000)[1], _tuned("cosine", T, start, 1000)[1]],
            "Those are the best peaks, or near them. The losses that are reached at them are asked for.",
        ),
        Misconception(lambda T, start: [0.0, 0.0], "With the noise in, no schedule gets to 0: add η² at every step."),
        Misconception(
            lambda T, start: [_tuned("linear", T, sqrt(start), 1000)[0], _tuned("cosine", T, sqrt(start), 1000)[0]],
            "You started with E[x²] = x_0. It starts with the square, x_0² (x0²).",
        ),
        Misconception(
            lambda T, start: [_final_loss(_rates(shape, 1.0, T), start) for shape in ("linear", "cosine")],
            "Those are the losses at the peak 1. Try each peak, and keep the lowest loss: tune each separately.",
        ),
        Misconception(
            lambda T, start: [_best(T, start)[0]] * 2,
            "That is the linear loss twice. The cosine has its own best peak, and another loss there.",
        ),
        Misconception(
            lambda T, start: [_best(T, start)[1]] * 2,
            "That is the cosine's loss twice. The linear schedule has its own best peak, and another loss there.",
        ),
    ],
    atol=6e-6,
    rtol=0.0,
    vary=dict(T=[400, 500, 800, 1200], start=[5, 10, 20]),
    difficulty=3,
    minutes=10,
    points=3,
    trains="fair comparisons",
    stub="linear, cosine",
    hints=(
        "A comparison at one common peak compares the peak as much as the schedule.",
        "For each schedule: min over all peaks of the final loss of exercise 8.6.3.",
        "peaks = np.arange(1, 1001) / 1000; the loop of 8.6.3 takes them all at once",
    ),
    worked="""\
import numpy as np
peaks = np.arange(1, 1001) / 1000
def lowest(shape):
    square = np.full(1000, float(start) ** 2)         # E[x²], one for each peak
    for t in range(T):
        eta = peaks * shape(t / T)
        square = (1 - eta) ** 2 * square + eta**2
    return float(square.min() / 2)
linear = lowest(lambda x: 1 - x)
cosine = lowest(lambda x: (1 + np.cos(np.pi * x)) / 2)
return [linear, cosine]""",
    afterthought="The order has turned round: tuned, the linear schedule is ahead here. Many a “better schedule” is a "
    "better-tuned one.",
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
            "You swapped them. Which rule? Linear (in proportion) for SGD, square root for Adam.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * large / small, adam * large / small],
            "SGD is right. Adam already divides by the gradient's size: its rate grows with the square root (√) only.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * sqrt(large / small), adam * sqrt(large / small)],
            "Adam is right. SGD follows the linear rule: in proportion to the batch.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * small / large, adam * sqrt(small / large)],
            "Upside down, your rates get smaller: a larger batch has less noise and allows a larger rate. Multiply, "
            "don't divide.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * large / small, adam],
            "SGD is right. Adam's rate grows as well: with the square root of the batch.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd, adam], "Those are the old rates. Scale them to the new batch."
        ),
        Misconception(
            lambda small, large: [large / small, sqrt(large / small)],
            "Those are the factors. The new rate is the factor times the old rate: multiply.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [adam * sqrt(large / small), sgd * large / small],
            "The right numbers in the other order, swapped: SGD first, then Adam.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd, adam * sqrt(large / small)],
            "Adam is right. SGD's rate grows too: in proportion to the batch (linear rule).",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * (large - small), adam * sqrt(large - small)],
            "You took the difference of the batch sizes. How many *times* larger is the batch? Divide.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [adam * large / small, sgd * sqrt(large / small)],
            "You swapped the two old rates: SGD's own rate times the factor, Adam's own rate times its root.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * large / small, adam * (large / small) ** 2],
            "SGD is right. For Adam it is the square root of the factor, not its square.",
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * large / small, adam * large / small / 2],
            "SGD is right. The square root is not the half: √(large / small).",
            sometimes=True,
        ),
        Misconception(
            lambda small, large, sgd, adam: [sgd * log(large / small, 2), adam * sqrt(log(large / small, 2))],
            "You counted the doublings. The factor is the quotient of the batch sizes itself.",
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

winner = Exercise(
    id="8.6.7",
    title="Who won?",
    kind="choice",
    question="A paired comparison of two schedules over five seeds gave a mean difference in final loss, A - B, of "
    "0.020 with a 95 % confidence interval from -0.015 to 0.055. (Lower loss is better.)\n\nWhat may one say?",
    given={},
    options={
        "a": "B wins: its mean loss is lower.",
        "b": "A wins: the difference is positive.",
        "c": "It is open which of them is better.",
        "d": "They are equally good.",
        "e": "B is better with a probability of 95 %.",
    },
    solution=lambda: "c",
    misconceptions=[
        Misconception(
            "a",
            "The interval covers 0: five seeds may well have come out so with no difference at all. A lower mean is "
            "not yet a win.",
        ),
        Misconception(
            "b", "A - B is positive, so A has the higher loss. And the interval covers 0, so neither has won."
        ),
        Misconception("d", "Not shown to be different is not shown to be equal: 0.055 may be true as well as 0."),
        Misconception(
            "e",
            "The 95 % speak of the method: of many such intervals, 95 % hold the true difference. This one covers 0.",
        ),
    ],
    difficulty=2,
    minutes=2,
    trains="reading a confidence interval",
    stub="a letter, in quotation marks",
    hints=(
        "Which differences are in the interval?",
        "0 in the interval: no difference is not ruled out.",
        "-0.015 < 0 < 0.055, so both signs are still possible.",
    ),
    worked="""\
low, high = -0.015, 0.055
if low < 0 < high:          # both signs are still possible
    return "c"
return "b" if high < 0 else "a\"""",
    afterthought="More seeds narrow the interval: four times as many, about half as wide.",
)

EXERCISES = (improvement, traces, exact_losses, paired, tuned, batch, winner)
