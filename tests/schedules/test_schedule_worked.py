"""Values worked by hand or quoted in the text, and the numbers of the course's claims."""

import math

import mpmath
import numpy as np
import pytest

from lrcourse.schedules import (
    WSD,
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    ExponentialDecay,
    Fixed,
    InverseSqrt,
    Join,
    Linear,
    MultiStep,
    OneCycle,
    Polynomial,
    Product,
    Ramp,
    Scaled,
    StepDecay,
    Warmup,
    WarmupCosine,
)

exact = dict(rel=1e-15, abs=0)


@pytest.mark.parametrize("t, rate", [(0, 0.001), (2_500, 0.001 * (2 + math.sqrt(2)) / 4), (5_000, 0.0005),
                                     (7_500, 0.001 * (2 - math.sqrt(2)) / 4), (10_000, 0.0)])
def test_the_five_values_of_8_4(t, rate):
    assert CosineAnnealing(0.001, T_max=10_000)(t) == pytest.approx(rate, rel=5e-16, abs=0)


@pytest.mark.parametrize("t, rate", [(0, 0.002), (1_250, 0.0001 + 0.0019 * (2 + math.sqrt(2)) / 4), (2_500, 0.00105),
                                     (3_750, 0.0001 + 0.0019 * (2 - math.sqrt(2)) / 4), (5_000, 0.0001)])
def test_the_five_values_of_8_8(t, rate):
    assert CosineAnnealing(0.002, T_max=5_000, eta_min=0.0001)(t) == pytest.approx(rate, rel=5e-16, abs=0)


def test_the_explanation_of_8_8_shows_each_line_correctly_rounded():
    assert str(CosineAnnealing(0.002, 5_000, 0.0001).explain(1_250)).splitlines() == [
        "η(1250) = 0.0001 + (0.002 − 0.0001) × (1 + cos(π·1250/5000)) / 2",
        "cos(π·1250/5000) ≈ 0.707107",
        "η(1250) = 0.0001 + 0.0019 × (1 + 0.707107) / 2",
        "η(1250) = 0.0001 + 0.0019 × 0.853553",
        "η(1250) = 0.0001 + 0.00162175",
        "η(1250) ≈ 0.00172175"]


@pytest.mark.parametrize("schedule, t, rate", [
    (Fixed(0.001), 10_000, 0.001),
    (StepDecay(0.001, 1_000), 999, 0.001), (StepDecay(0.001, 1_000), 1_000, 0.0001),
    (StepDecay(0.001, 1_000), 1_999, 0.0001), (StepDecay(0.001, 1_000), 2_000, 0.00001),
    (MultiStep(0.1, [30, 80]), 29, 0.1), (MultiStep(0.1, [30, 80]), 80, 0.001),
    (ExponentialDecay(0.001, 0.9995), 2, 0.001 * 0.9995 ** 2), (ExponentialDecay(0.1, 0.25, per=10), 5, 0.05),
    (Warmup(0.001, 500), 0, 0.0), (Warmup(0.001, 500), 500, 0.001), (Warmup(0.001, 500), 501, 0.001),
    (Warmup(0.001, 500, start="(t+1)/w"), 0, 0.001 / 500), (Warmup(0.001, 500, start="(t+1)/w"), 499, 0.001),
    (Warmup(0.001, 499, start="(t+1)/(w+1)"), 249, 0.0005),
    (OneCycle(0.001, 3_000, 7_000, 0.0001), 1_500, 0.00055), (OneCycle(0.001, 3_000, 7_000, 0.0001), 3_000, 0.001),
    (OneCycle(0.001, 3_000, 7_000, 0.0001), 6_500, 0.00055), (OneCycle(0.001, 3_000, 7_000, 0.0001), 10_000, 0.0001),
    (OneCycle(0.001, 3_000, 7_000, 0.0001), 12_000, 0.0001),
    (WarmupCosine(0.001, 10_000, 1_000, 1e-5), 5_500, 5.05e-4),
    (WSD(1.0, 100, 20), 90, 0.5), (WSD(1.0, 100, 20, cooldown="1-sqrt"), 90, 1 - math.sqrt(0.5)),
    (WSD(1.0, 100, 20, cooldown="cosine"), 90, 0.5), (WSD(1.0, 100, 20, 10), 79, 1.0),
    (Cyclic(0.01, 0.1, 20, mode="triangular2"), 60, 0.055),
    (Polynomial(0.1, 100, 2), 50, 0.025), (Linear(0.001, 1_000, 0.0002), 500, 0.0006),
    (InverseSqrt(0.001, 400), 1_600, 0.0005), (InverseSqrt.noam(512, 4_000), 3_999, 1 / math.sqrt(512 * 4_000)),
])
def test_worked_by_hand(schedule, t, rate):
    assert schedule(t) == pytest.approx(rate, rel=1e-14, abs=1e-18)


def test_restarts_begin_at_10_30_70_150():
    schedule = CosineRestarts(0.05, T_0=10, T_mult=2)
    peaks = [t for t in range(200) if schedule(t) == 0.05]
    assert peaks == [0, 10, 30, 70, 150]


@pytest.mark.parametrize("T", [10, 1_000, 10 ** 6, 10 ** 8])
@pytest.mark.parametrize("eta_min", [0.0, 1e-7])
@mpmath.workdps(40)
def test_cosine_keeps_its_digits_to_the_end(T, eta_min):
    schedule = CosineAnnealing(0.001, T, eta_min)
    steps = sorted({max(T - k, 0) for k in (0, 1, 2, 3, 7, 10, 99, 1_000, 12_345)} | {0, 1, T // 3, T // 2})
    a, b = mpmath.mpf(0.001), mpmath.mpf(eta_min)
    truth = [b + (a - b) * (1 + mpmath.cos(mpmath.pi * t / T)) / 2 for t in steps]
    for rates in (schedule(np.array(steps)), [schedule(t) for t in steps]):
        for rate, true in zip(rates, truth):
            assert rate == true or abs((mpmath.mpf(float(rate)) - true) / true) <= 1e-15


@mpmath.workdps(40)
def test_cosine_grid_keeps_its_digits_to_the_end():
    T = 300_001
    rates = CosineAnnealing(0.001, T).values(T + 5)
    assert (rates[T:] == 0).all() and (np.diff(rates[:T + 1]) < 0).mean() > 0.999
    for t in [*range(0, T, 997), *range(T - 300, T)]:
        true = mpmath.mpf(0.001) * mpmath.sin(mpmath.pi * (T - t) / (2 * T)) ** 2
        assert abs((mpmath.mpf(float(rates[t])) - true) / true) <= 1e-15


def test_ends_are_met_exactly():
    rng = np.random.default_rng(8)
    for high, low in rng.uniform(0, 1, (200, 2)):
        high, low = max(high, low), min(high, low)
        for schedule in (CosineAnnealing(high, 37, low), Linear(high, 37, low), Polynomial(high, 37, 3, low),
                         Ramp(high, low, 37, shape="1-sqrt"), Warmup(high, 37, low)):
            ends = {schedule(0), schedule(37)}
            assert ends == {high, low}


def test_the_bare_cosine_rises_again():
    schedule = CosineAnnealing(0.001, 100, after="periodic")
    assert schedule(150) == pytest.approx(0.0005) and schedule(200) == 0.001 and schedule(1_050) == schedule(50)
    text = [0.001 * (1 + math.cos(math.pi * t / 100)) / 2 for t in range(1_000)]
    np.testing.assert_allclose(schedule.values(1_000), text, atol=1e-17)


def test_composition_reads_as_written():
    joined = Warmup(1e-3, T_warmup=500) >> CosineAnnealing(1e-3, T_max=9_500)
    assert joined == Join((Warmup(1e-3, 500), CosineAnnealing(1e-3, 9_500))) and joined.horizon == 10_000
    np.testing.assert_array_equal(joined.values(10_100), WarmupCosine(1e-3, 10_000, 500).values(10_100))
    a, b, c = Warmup(0.1, 3), Linear(0.1, 5, 0.05), Fixed(0.05)
    assert (a >> b) >> c == a >> (b >> c) and ((a >> b) >> c).starts == (0, 3, 8)
    assert 2 * (0.5 * a) == Scaled(a, 1.0) and (a * b) * c == Product((a, b, c))
    assert [type(part).__name__ for part in WSD(1e-3, 100, 20, 10).parts] == ["Warmup", "Until", "Ramp"]
    assert [part.T for part in OneCycle.smith(0.1, 100).parts] == [45, 45, 10]


def test_integrals_by_hand():
    assert CosineAnnealing(0.002, 5_000, 0.0001).integral() == pytest.approx(5_000 * 0.00105, rel=1e-15)
    assert Linear(0.1, 50).integral(100) == pytest.approx(2.5, **exact)
    assert StepDecay(0.1, 10).integral(25) == pytest.approx(1.0 + 0.1 + 0.005, rel=1e-14)
    assert Ramp(1.0, 0.0, 9, shape="1-sqrt").integral() == pytest.approx(3.0, rel=1e-15)
    assert CosineAnnealing(1.0, 10, after="periodic").integral(35) == pytest.approx(
        17.5 + 10 * math.sin(3.5 * math.pi) / (2 * math.pi), rel=1e-14)
    assert CosineAnnealing(0.001, 10_000).values(10_000).mean() == pytest.approx(0.00050005, rel=1e-12)
    with pytest.raises(ValueError, match=r"stop must be given.*no end"):
        StepDecay(0.1, 10).integral()


@pytest.mark.parametrize("schedule, updates, codes", [
    (Fixed(0.1), 100, {"range"}),
    (CosineAnnealing(0.1, 100), 100, {"range", "end-not-reached"}),
    (CosineAnnealing(0.1, 100), 101, {"range", "zero"}),
    (CosineAnnealing(0.1, 100), 60, {"range", "end-not-reached", "cut-short"}),
    (CosineAnnealing(0.1, 100), 150, {"range", "held", "zero"}),
    (CosineAnnealing(0.1, 100, after="periodic"), 150, {"range", "rises-after-end", "zero"}),
    (CosineAnnealing(0.1, 100, after="raise"), 150, {"range", "refused", "zero"}),
    (WarmupCosine(0.1, 100, 10), 100, {"range", "first-update-zero", "end-not-reached"}),
    (WarmupCosine(0.1, 100, 10, start="(t+1)/w"), 100, {"range", "end-not-reached"}),
    (StepDecay(0.1, 10), 25, {"range", "jump"}),
    (Warmup(0.1, 10, 0.01).until(10) >> CosineAnnealing(0.1, 100).ahead(10), 50, {"range", "jump", "end-not-reached",
                                                                             "cut-short"}),
    (ExponentialDecay(0.1, 0.5), 200, {"range", "float32-zero"}),
])
def test_audit_says_what_surprises(schedule, updates, codes):
    assert set(schedule.audit(updates).codes) == codes


def test_audit_names_the_numbers():
    told = str(CosineAnnealing(0.001, 10_000).audit(updates=10_000))
    assert "t = 9,999" in told and "2.4674e−11" in told and "never used in 10,000 updates" in told
    assert len(CosineAnnealing(0.001, 10 ** 9).audit(updates=10 ** 9)) == 2  # looks at a spread, not at all
