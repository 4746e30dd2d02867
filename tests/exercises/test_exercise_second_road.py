"""Every answer once more, by another road: the schedules package, brute force, or another formula.

For the given numbers and for twenty students' numbers each.
"""

import math
from itertools import pairwise

import numpy as np
import pytest

from lrcourse import schedules as s
from lrcourse.exercises import all_exercises, get, variant
from lrcourse.quadratic import NoisyQuadratic

ROADS = {}


def road(id):
    def keep(function):
        ROADS[id] = function
        return function

    return keep


def first_step(done, limit=10**6):
    return next(n for n in range(limit) if done(n))


@road("8.1.2")
def drops(speeds):
    return [100 - 100 * after / before for before, after in pairwise(speeds)]


@road("8.1.3")
def distance(speeds, minutes):
    plan = s.PiecewiseConstant(speeds, [minutes * i for i in range(1, len(speeds))])
    return plan.integral(minutes * len(speeds)) / 60


@road("8.2.1")
def limit(lam):
    """Bisection on what actually happens to x."""
    low, high = 0.0, 10.0
    for _ in range(100):
        eta = (low + high) / 2
        low, high = (eta, high) if abs(1 - eta * lam) < 1 else (low, eta)
    return low


@road("8.2.2")
def slow(product, shrink):
    x, n = 1.0, 0
    while x > 1 / shrink:
        x, n = x * (1 - product), n + 1
    return n


@road("8.2.3")
def floor(eta, lam, sigma):
    return float(NoisyQuadratic(lam, sigma).mean_losses(np.full(3000, eta), 1.0)[-1])


@road("8.2.4")
def settle(high, low, shrink):
    bowl = NoisyQuadratic(1.0, 1.0)
    losses = bowl.mean_losses(np.full(5000, low), math.sqrt(2 * bowl.noise_floor(high)))
    excess = losses - bowl.noise_floor(low)
    return int(np.argmax(excess <= excess[0] / shrink))


@road("8.3.3")
def ratio(low, high, lam):
    bowl = NoisyQuadratic(lam)
    return float(bowl.mean_losses(np.full(2000, low), 1.0)[-1] / bowl.mean_losses(np.full(2000, high), 1.0)[-1])


@road("8.3.4")
def read_off(product):
    x, rest = 1.0, 1.0 - product * 1.0
    return (x - rest) / x


@road("8.4.2")
def lead(x):
    n = 10**4
    return s.CosineAnnealing(1.0, n)(x * n) - s.Linear(1.0, n)(x * n)


@road("8.4.3")
def steepest(eta_max, eta_min, T_max):
    curve = s.CosineAnnealing(eta_max, T_max, eta_min)
    fall = [(curve(t + 1e-3) - curve(t - 1e-3)) / 2e-3 for t in (T_max / 2 - 1, T_max / 2, T_max / 2 + 1)]
    assert fall[1] == min(fall)
    return [T_max / 2, fall[1]]


@road("8.4.4")
def mean_rate(eta_max, eta_min, T_max):
    return float(np.mean(s.CosineAnnealing(eta_max, T_max, eta_min).values(T_max)))


@road("8.4.5")
def after(eta_max, eta_min, T_max, t):
    return s.CosineAnnealing(eta_max, T_max, eta_min, after="hold")(t)


@road("8.4.6")
def last(eta_max, T_max):
    return float(s.CosineAnnealing(eta_max, T_max).values(T_max)[-1])


@road("8.5.1")
def stairs(eta_0, gamma, s, steps):
    from lrcourse.schedules import StepDecay

    return [StepDecay(eta_0, s, gamma)(t) for t in steps]


@road("8.5.2")
def half_life(gamma):
    return first_step(lambda t: gamma**t <= 0.5)


@road("8.5.3")
def to_a_hundredth(ratio, T):
    """The rate at step 1 of a schedule that has `ratio` left at step T."""
    return s.ExponentialDecay(1.0, ratio, per=T)(1)


@road("8.5.4")
def per_step(epoch, steps):
    return s.ExponentialDecay(1.0, epoch, per=steps)(1)


@road("8.5.5")
def wasted(W):
    return [int(np.sum(s.Warmup(1.0, W, start=start).values(W) == 0)) for start in ("t/w", "(t+1)/w")]


@road("8.5.6")
def one_cycle(low, high, T_1, T_2, steps):
    return [s.OneCycle(high, T_1, T_2, low)(t) for t in steps]


@road("8.5.7")
def restarts(T_0, mult):
    rates = s.CosineRestarts(1.0, T_0, mult).values(T_0 * (1 + mult + mult**2 + mult**3) + 1)
    return (np.flatnonzero(np.diff(rates) > 0) + 1).tolist()


@road("8.5.8")
def cooldown(x):
    n = 10**4
    return [s.WSD(1.0, n, n, cooldown=kind)(x * n) for kind in ("linear", "1-sqrt")]


@road("8.5.9")
def noam(d, W):
    return float(np.max(s.InverseSqrt.noam(d, W).values(3 * W)))


@road("8.5.10")
def plateau(rate, factor, patience, losses):
    """Counting backwards from each epoch instead of forwards."""
    rates, cuts = [], [-1]
    for now in range(len(losses)):
        since = [i for i in range(now + 1) if losses[i] < min(losses[:i], default=math.inf)][-1]
        if now - max(since, cuts[-1]) > patience:
            cuts.append(now)
        rates.append(rate * factor ** (len(cuts) - 1))
    return rates


@road("8.5.11")
def range_test(low, high, points):
    rates = np.geomspace(low, high, points)
    return float(rates[1] / rates[0])


@road("8.6.1")
def improvement(fixed, scheduled):
    return (1 - scheduled / fixed) * 100


def unrolled(rates, start):
    """½E[x²] without the recursion: what is left of the start, and of each step's noise."""
    kept = np.cumprod(((1 - np.asarray(rates)) ** 2)[::-1])[::-1]
    noise = np.sum(np.square(rates) * np.append(kept[1:], 1.0))
    return float((kept[0] * start**2 + noise) / 2)


@road("8.6.3")
def exact_losses(peak, T, start):
    curves = (s.Fixed(peak), s.Linear(peak, T), s.CosineAnnealing(peak, T))
    return [unrolled(curve.values(T), start) for curve in curves]


@road("8.6.4")
def paired(a, b, t_value):
    d = np.subtract(a, b)
    half = t_value * d.std(ddof=1) / math.sqrt(d.size)
    return [d.mean(), d.mean() - half, d.mean() + half]


@road("8.6.5")
def tuned(T, start):
    shapes = (s.Linear(1.0, T).values(T), s.CosineAnnealing(1.0, T).values(T))
    return [min(unrolled(k / 1000 * shape, start) for k in range(1, 200)) for shape in shapes]


@road("8.6.6")
def batch(small, large, sgd, adam):
    doublings = math.log2(large / small)
    return [sgd * 2**doublings, adam * 2 ** (doublings / 2)]


@road("8.7.1")
def warm(T_max, T_warmup, eta_max, eta_min, t):
    return s.WarmupCosine(eta_max, T_max, T_warmup, eta_min)(t)


@road("8.7.4")
def exhausted(rate, first, second, gamma, plotted):
    return s.MultiStep(rate, [first, second], gamma)(plotted)


def in_8_8(eta_max, eta_min, T_max, t):
    return s.CosineAnnealing(eta_max, T_max, eta_min)(t)


ROADS |= {f"8.8.{i}": in_8_8 for i in range(1, 6)}


@road("8.8.6")
def inverse(eta_max, eta_min, T_max, eta):
    steps = np.arange(T_max + 1)
    rates = s.CosineAnnealing(eta_max, T_max, eta_min)(steps)
    return float(np.interp(-eta, -rates, steps))


FUNCTIONS = {
    "8.1.4": lambda: lambda t, start, end, T: s.ExponentialDecay(float(start), end / start, per=T)(t),
    "8.3.1": lambda: lambda t, eta_0: s.Fixed(eta_0)(t),
    "8.4.1": lambda: lambda t, eta_max, eta_min, T_max: s.CosineAnnealing(eta_max, T_max, eta_min)(t),
    "8.7.2": lambda: _no_warmup_or_nothing_else,
    "8.7.3": lambda rate, gamma: s.ExponentialDecay(rate, gamma),
}


def _no_warmup_or_nothing_else(t, T_warmup):
    if T_warmup == 0:
        return s.CosineAnnealing(1.0, 100)(t)
    if T_warmup == 100:
        return s.Warmup(1.0, 100)(t)
    return s.WarmupCosine(1.0, 100, T_warmup)(t)


BY_HAND = {"8.1.1", "8.3.2", "8.6.2", "8.6.7", "8.9.1"}  # choices and classifications: see below


def test_every_exercise_has_a_second_road():
    assert set(ROADS) | set(FUNCTIONS) | BY_HAND == {e.id for e in all_exercises()}


def numbers(exercise):
    return [exercise, *(variant(exercise, f"student {i}", "roads") for i in range(20))]


@pytest.mark.parametrize("id", ROADS)
def test_the_second_road_leads_to_the_same_answer(id):
    for exercise in numbers(get(id)):
        again = ROADS[id](**exercise.given)
        assert type(again) is type(exercise.answer)
        rtol = 1e-6 if id in ("8.4.3", "8.8.6") else 1e-10
        assert np.allclose(again, exercise.answer, rtol=rtol, atol=1e-15), dict(exercise.given)


@pytest.mark.parametrize("id", FUNCTIONS)
def test_the_schedules_package_solves_the_function_exercises(id):
    from lrcourse.exercises import judge

    for exercise in numbers(get(id)):
        verdict = judge(exercise, FUNCTIONS[id](**exercise.given))
        assert verdict.correct, verdict


def test_the_edges_are_finite_everywhere():
    rate = get("8.7.2").answer
    for T_warmup in range(101):
        rates = [rate(t, T_warmup) for t in range(101)]
        assert np.all(np.isfinite(rates)) and 0 <= min(rates) and max(rates) == 1


def test_the_fates_of_fixed_rates():
    bowl = NoisyQuadratic(1.0, 0.0)
    assert get("8.3.2").answer == {name: bowl.regime(float(name)) for name in ("0.5", "1", "1.5", "2", "2.5")}


def test_schedules_of_time_are_those_that_can_be_drawn_beforehand():
    drawable = {"step decay": s.StepDecay(1.0, 10), "cosine annealing": s.CosineAnnealing(1.0, 10)}
    answer = get("8.1.1").answer
    assert {name for name, depends in answer.items() if depends == "time"} == set(drawable)
    assert all(curve.values(20).shape == (20,) for curve in drawable.values())


def test_the_traces_of_the_text():
    rows = [line.split("|")[1:3] for line in get("8.6.2").question.splitlines() if "→" in line]
    traces = {name.strip(): [float(x) for x in trace.split("→")] for name, trace in rows}
    one, two = traces["benefit 1, without scheduling"], traces["benefit 1, with scheduling"]
    fixed, scheduled = traces["benefit 2, fixed high rate"], traces["benefit 2, scheduled rate"]
    true = {
        "a": two[0] < one[0],
        "b": scheduled == one,
        "c": fixed[-1] > 3 or sorted(fixed) == fixed,
        "d": two == scheduled,
    }
    assert [letter for letter, holds in true.items() if holds] == [get("8.6.2").answer]


def test_the_interval_of_five_pairs():
    """t for four degrees of freedom, from its distribution function; and 0 lies inside."""
    import mpmath

    t, df = get("8.6.4").given["t_value"], 4
    tail = mpmath.betainc(df / 2, 0.5, 0, df / (df + t**2), regularized=True)
    assert abs(tail - 0.05) < 1e-4
    mean, low, high = get("8.6.4").answer
    assert [round(v, 3) for v in (mean, low, high)] == [0.02, -0.015, 0.055]
    assert low < 0 < high and get("8.6.7").answer == "c"


def test_the_order_flips_once_both_peaks_are_tuned():
    _, linear, cosine = get("8.6.3").answer
    assert cosine < linear
    linear, cosine = get("8.6.5").answer
    assert linear < cosine


def test_one_counterexample_to_essential_and_to_starts_high():
    bowl = NoisyQuadratic(1.0, 0.0)
    assert bowl.mean_losses(np.full(200, 0.5), 1.0)[-1] < 1e-50
    assert s.WarmupCosine(1.0, 100, 10)(0) == 0
    assert get("8.9.1").answer["essential for optimal training"] == "false"
    assert get("8.9.1").answer["starts high, ends low"] == "sometimes"
