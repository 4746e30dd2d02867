"""Where rounding, huge numbers or an end that refuses could do harm."""

import math

import mpmath
import numpy as np
import pytest

from lrcourse.schedules import (
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    ExponentialDecay,
    Fixed,
    InverseSqrt,
    InverseTime,
    Join,
    Linear,
    MultiStep,
    OneCycle,
    Polynomial,
    Ramp,
    StepDecay,
    Warmup,
    WarmupCosine,
    from_json,
)

REFUSING = CosineAnnealing(0.1, 50, after="raise")


def by_every_road(schedule, n):
    """The rates 0 … n-1, the same whichever way they are asked for."""
    one = np.array([schedule(t) for t in range(n)])
    np.testing.assert_allclose(schedule(range(n)), one, rtol=1e-14, atol=1e-17)
    np.testing.assert_allclose(schedule.values(n), one, rtol=1e-14, atol=1e-17)
    np.testing.assert_array_equal(from_json(schedule.to_json()).values(n), schedule.values(n))
    return one


# ---- restarts between whole steps ----------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [100, 154, 260, 376])
@pytest.mark.parametrize("cycles", [3, 30, 33, 34, 40])
def test_a_cycle_begins_at_its_peak_though_its_length_is_a_fraction(n, cycles):
    rates = by_every_road(CosineRestarts(1.0, n / cycles, cycles=cycles), n)
    for t in range(n):
        share = (t * cycles % n) / n  # whole numbers alone
        assert rates[t] == pytest.approx((1 + math.cos(math.pi * share)) / 2, abs=1e-12)


def test_cycles_that_grow_by_a_fraction_begin_at_whole_steps_where_they_should():
    schedule = CosineRestarts(0.1, 10, 1.1)  # 10 · 1.1 is 11.000000000000002 in float64
    assert [schedule(t) for t in (0, 10, 21)] == [0.1] * 3 and schedule(20) < 0.01
    np.testing.assert_array_equal(schedule([10, 21]), [0.1, 0.1])


@pytest.mark.parametrize("make, told", [
    (lambda: CosineRestarts(0.1, 10, 2, cycles=100), r"cycles must end within 2\*\*53 steps, got cycles=100"),
    (lambda: CosineRestarts(0.1, 10, cycles=10 ** 15), r"cycles must end within 2\*\*53 steps"),
    (lambda: CosineRestarts(0.1, 1, 1.0000001), r"T_mult must be 1, or at least 1\.001, got 1\.0000001"),
])
def test_cycles_without_number_are_refused(make, told):
    with pytest.raises(ValueError, match=told):
        make()


# ---- fractional parts of a join ------------------------------------------------------------------------------------


@pytest.mark.parametrize("T_max", [200, 200_000])
def test_a_cosine_that_begins_between_two_steps(T_max):
    schedule = Ramp(0.0, 0.1, 10.5) >> CosineAnnealing(0.1, T_max)
    rates = schedule.values(T_max + 20)
    assert rates[11] == pytest.approx(0.05 * (1 + math.cos(math.pi * 0.5 / T_max)), rel=1e-13) and rates[-1] == 0
    np.testing.assert_allclose(rates[::7], schedule(np.arange(T_max + 20)[::7]), rtol=1e-14, atol=1e-17)


@pytest.mark.parametrize("schedule", [
    Ramp(0.0, 0.1, 9.5) >> OneCycle(0.1, 12, 20, shape="cosine"),
    Fixed(0.1).until(5) >> CosineRestarts(0.1, 5.8, cycles=4) >> (Warmup(0.1, 15).until(26) >> WarmupCosine(
        0.1, 50, 10)).ahead(8),
    (CosineRestarts(0.1, 14 / 3, 2, cycles=2) >> OneCycle(0.1, 12, 32, T_3=5)).ahead(7),
    Ramp(0.1, 0.0, 7.25) >> 0.5 * (Ramp(0.0, 0.1, 3.5) >> Linear(0.1, 20))], ids=range(4))
def test_joins_inside_joins_between_two_steps(schedule):
    by_every_road(schedule, 120)


def test_a_wave_in_a_product_is_integrated_from_turn_to_turn():
    schedule = Linear(1.0, 7, after="periodic") * Fixed(0.1)
    assert schedule.integral(100) == pytest.approx(0.1 * Linear(1.0, 7, after="periodic").integral(100), rel=1e-13)
    assert schedule._knots(22) == [7, 14, 21]


@pytest.mark.parametrize("inner", [StepDecay(1.0, 10), ExponentialDecay(1.0, 0.5), Cyclic(
    0.0, 1.0, 10, mode="exp_range", gamma=0.5)], ids=lambda inner: type(inner).__name__)
def test_the_area_far_ahead_keeps_its_digits(inner):
    """A difference of two areas from 0 on would be nothing but rounding here."""
    fine = np.arange(0.0005, 17, 0.001)
    assert inner.ahead(200).integral(17) == pytest.approx(inner.ahead(200)(fine).sum() * 0.001, rel=1e-5, abs=0)


@pytest.mark.parametrize("T_1", [25.37544050961402, 28.72031363828983, 20.706526222290233, 53.85088775615187])
def test_the_last_step_of_fractional_phases_is_no_step_too_many(T_1):
    """The phases' lengths are rounded, so the last one may end an ulp before the whole does."""
    T_3 = 2 * math.ceil(T_1) + 40 - 2 * T_1
    schedule = OneCycle(0.1, T_1, T_1, 0.01, T_3=T_3, eta_final=1e-6, after="raise")
    n = int(schedule.horizon)
    assert by_every_road(schedule, n + 1)[n] == pytest.approx(1e-6, rel=1e-9)
    assert schedule.integral(n) == pytest.approx(schedule.integral(), rel=1e-12)
    assert "past the end" not in str(schedule.explain(n)) and schedule.audit(n + 1).codes == ["range"]
    with pytest.raises(ValueError, match="t must be at most"):
        schedule(n + 1)


# ---- ends that refuse, or never come, in compositions ----------------------------------------------------------------


def test_a_product_ends_where_a_factor_refuses():
    schedule = REFUSING * Linear(1.0, 100)
    assert schedule.horizon == 50 and schedule.after == "raise"
    assert "refused" in schedule.audit(100).codes and "<img" in schedule._repr_html_()
    assert schedule.integral() == pytest.approx(schedule(np.arange(0.005, 50, 0.01)).mean() * 50, rel=1e-6)
    assert (Fixed(2.0) * REFUSING).horizon == 50
    with pytest.raises(ValueError, match="t must be at most 50"):
        schedule(51)


def test_a_product_with_a_wave_never_ends():
    schedule = CosineAnnealing(0.1, 50, after="periodic") * Linear(1.0, 20, 0.5)
    assert schedule.horizon is None and schedule(100) == pytest.approx(0.05)
    assert "held" not in schedule.audit(150).codes
    with pytest.raises(ValueError, match="must have an end"):
        schedule >> Fixed(0.1)


def test_what_lies_past_a_refusing_end_can_not_be_built():
    for build, name in ((lambda: REFUSING.until(51), "T"), (lambda: REFUSING.ahead(51), "steps")):
        with pytest.raises(ValueError, match=rf"{name} must be at most 50, the end .*got 51: choose after='hold'"):
            build()
    assert REFUSING.until(50)(50) == REFUSING.ahead(50)(0) == 0
    for schedule in (REFUSING.until(50), REFUSING.ahead(50), REFUSING.ahead(20), 0.5 * REFUSING):
        assert "<img" in schedule._repr_html_() and schedule.audit(200)


# ---- huge numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls, name, given", [
    (CosineAnnealing, "T_max", dict(eta_max=0.1)), (Warmup, "T_warmup", dict(eta_max=0.1)),
    (StepDecay, "step_size", dict(eta_0=0.1)), (Ramp, "T", dict(eta_start=0.1, eta_end=0.0)),
    (OneCycle, "T_1", dict(eta_max=0.1, T_2=10)),
], ids=lambda value: getattr(value, "__name__", None))
def test_lengths_that_float64_can_not_count_are_refused(cls, name, given):
    for bad in (10 ** 30, 1e308, 2 ** 53 + 1):
        with pytest.raises(ValueError, match=rf"{name} must be .* at most 2\*\*53, got .*no run is that long"):
            cls(**given, **{name: bad})
    schedule = cls(**given, **{name: 2 ** 52})
    assert np.isfinite(schedule(np.array([0.0, 1.0, 1e15]))).all() and np.isfinite(schedule.values(5)).all()


ENDLESS = [Fixed(0.1), CosineAnnealing(0.1, 50), CosineAnnealing(0.1, 50, after="periodic"), StepDecay(0.1, 10),
           InverseTime(0.1, 0.5), InverseSqrt(0.1, 10), Cyclic(0.01, 0.1, 10, mode="exp_range", gamma=0.9),
           CosineRestarts(0.1, 10, 2), Polynomial(0.1, 50, 2, cycle=True), WarmupCosine(0.1, 100, 10)]


@pytest.mark.parametrize("schedule", ENDLESS, ids=lambda schedule: type(schedule).__name__)
def test_far_steps_have_a_rate_or_a_clear_error(schedule):
    for t in (2 ** 53 + 1, 10 ** 30, 1e300):
        assert math.isfinite(schedule(t)) and schedule.explain(t).value == schedule(t)
    for t in (10 ** 305, 10 ** 400):
        with pytest.raises(ValueError, match="t must be a finite update index"):
            schedule(t)


@pytest.mark.parametrize("schedule", [StepDecay(0.1, 1), Cyclic(0.01, 0.1, 1), CosineRestarts(0.1, 1),
                                      InverseTime(0.1, 0.5, staircase=True), Polynomial(0.1, 1, 1.0, cycle=True),
                                      Warmup(0.1, 5) >> StepDecay(0.1, 1)], ids=repr)
def test_an_audit_of_a_huge_run_looks_at_no_more_knots_than_it_needs(schedule):
    assert schedule.audit(10 ** 12).codes[0] == "range"  # a list of all its knots would fill the memory


def test_hundreds_of_parts_are_joined():
    """Python takes no more than 200 parentheses inside one another."""
    parts = [Linear(0.1 / n, 3) for n in range(1, 700)]
    schedule = parts[0] >> parts[1]
    for part in parts[2:]:
        schedule = schedule >> part
    assert by_every_road(schedule, 2200)[3 * 698] == 0.1 / 699 and schedule.compile()(3 * 698 + 3) == 0


def test_a_late_jump_is_still_seen():
    assert "At t = 1e+11 the rate jumps" in str(MultiStep(0.1, [10 ** 11]).audit(10 ** 12))


def test_a_ramp_shorter_than_a_glance_is_audited():
    assert OneCycle(0.1, 1e-9, 99 + (1 - 1e-9)).audit(101)


def test_inverse_sqrt_of_a_tiny_timescale_and_a_huge_peak():
    assert InverseSqrt(0.1, 10, timescale=1e-30)(np.array([9, 10, 11]))[1] == 0.1
    assert InverseSqrt(1e308, 100)(99) == pytest.approx(0.99e308)


@pytest.mark.parametrize("T", [10 ** 8, 10 ** 7 + 1])
@mpmath.workdps(50)
def test_the_fast_grid_keeps_fifteen_digits_everywhere(T):
    """Before its factors were rounded once alone, one step in four thousand was off by more than 1e-15."""
    rates = CosineAnnealing(1e-3, T).values(T)
    for t in np.random.default_rng(4).integers(T // 2, T, 1500):
        true = mpmath.mpf(1e-3) * mpmath.sin(mpmath.pi * (T - int(t)) / (2 * T)) ** 2
        assert abs((mpmath.mpf(float(rates[t])) - true) / true) <= 1e-15


# ---- what counts as a number -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [np.array(True), np.array(np.nan), np.timedelta64(3, "s"), np.array("a")], ids=repr)
def test_arrays_without_dimension_and_spans_of_time_are_judged_by_what_they_hold(bad):
    for make in (lambda: CosineAnnealing(bad, 10), lambda: Fixed(0.1).values(bad), lambda: Fixed(0.1)(bad)):
        with pytest.raises((ValueError, TypeError), match=r"^(eta_max|n|t) must be .*got "):
            make()


@pytest.mark.parametrize("make, told", [
    (lambda: MultiStep(0.1, np.array(3)), r"milestones must be a list of whole steps, got array\(3\): write \[30"),
    (lambda: MultiStep(0.1, {3: 4}), r"milestones must be a list"),
    (lambda: Join(3), r"schedules must be a list of schedules, got 3: write \(a, b\)"),
    (lambda: OneCycle(0.1, 3, 7, T_3=np.array([])), r"T_3 must be a finite number of at least 0, got array"),
    (lambda: Fixed(0.1)([[1], [2, 3]]), r"t must be .*got \[\[1\], \[2, 3\]\]: make its rows equally long"),
    (lambda: Fixed(np.array([0.1])), r"of type ndarray: write a plain number"),
    (lambda: Fixed("0.1"), r"of type str: write float\('0.1'\)"),
    (lambda: CosineAnnealing(0.1, -5), r"T_max must be a whole number of at least 1, got -5: use 1 or more"),
    (lambda: StepDecay(0.1, 5, 1.5), r"gamma must be a number above 0 to 1, got 1.5: use 0.5, say"),
    (lambda: Polynomial(0.1, 5, 0), r"power must be a finite number above 0, got 0: use 1, say"),
])
def test_each_error_ends_with_a_remedy(make, told):
    with pytest.raises((ValueError, TypeError), match=told):
        make()
