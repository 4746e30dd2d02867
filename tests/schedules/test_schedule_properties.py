"""Laws over random members of the whole family and random compositions: one value by every road, continuity where it
is promised, monotone where it is promised, bounds, and the integral against the sum of the rates."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import lrcourse.schedules as family
from lrcourse.schedules import (
    WSD,
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    ExponentialDecay,
    Fixed,
    InverseSqrt,
    InverseTime,
    Linear,
    MultiStep,
    OneCycle,
    PiecewiseConstant,
    Polynomial,
    Ramp,
    StepDecay,
    Warmup,
    WarmupCosine,
)

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of the strategies, not of ours
rates = st.floats(1e-6, 1)
shares = st.floats(0, 1)
lengths = st.integers(1, 80)
starts = st.sampled_from(["t/w", "(t+1)/w", "(t+1)/(w+1)"])
steps_in_order = st.lists(st.integers(1, 120), max_size=5).map(sorted)
N = 160  # updates looked at: past the end of most members


def lowered(build):
    """`build(peak, floor, …)` with a floor between 0 and the peak."""
    return lambda peak, share, *rest, **named: build(peak, peak * share, *rest, **named)


falling = {
    "Fixed": st.builds(Fixed, rates),
    "CosineAnnealing": st.builds(lowered(lambda a, b, T, p: CosineAnnealing(a, T, b, exponent=p)),
                                 rates, shares, lengths, st.floats(0.5, 3)),
    "Linear": st.builds(lowered(lambda a, b, T: Linear(a, T, b)), rates, shares, lengths),
    "Polynomial": st.builds(lowered(lambda a, b, T, p: Polynomial(a, T, p, b)), rates, shares, lengths,
                            st.floats(0.5, 4)),
    "Ramp": st.builds(lowered(lambda a, b, T, shape: Ramp(a, b, T, shape=shape)), rates, shares, st.floats(0.5, 80),
                      st.sampled_from(["linear", "cosine", "1-sqrt"])),
    "StepDecay": st.builds(StepDecay, rates, st.integers(1, 50), st.floats(0.01, 1)),
    "MultiStep": st.builds(MultiStep, rates, steps_in_order, st.floats(0.01, 1)),
    "PiecewiseConstant": st.builds(lambda levels, first: PiecewiseConstant(
        sorted(levels, reverse=True), range(first, first + 9 * len(levels) - 9, 9)),
        st.lists(rates, min_size=1, max_size=6), st.integers(1, 60)),
    "ExponentialDecay": st.builds(lowered(lambda a, b, g, per: ExponentialDecay(a, g, per=per, eta_min=b)), rates,
                                  shares, st.floats(0.5, 1), st.integers(1, 30)),
    "InverseTime": st.builds(lambda a, k, per, stairs: InverseTime(a, k, per=per, staircase=stairs), rates,
                             st.floats(0.01, 3), st.integers(1, 30), st.booleans()),
}
rising_then_falling = {
    "WarmupCosine": st.builds(lowered(lambda a, b, w, n, s, start: WarmupCosine(a, w + n, w, b, eta_start=a * s,
                                                                               start=start)),
                              rates, shares, lengths, lengths, shares, starts),
    "OneCycle": st.builds(lowered(lambda a, b, up, down, shape: OneCycle(a, up, down, b, shape=shape)), rates, shares,
                          lengths, lengths, st.sampled_from(["linear", "cosine"])),
    "WSD": st.builds(lowered(lambda a, b, w, n, d, cooldown: WSD(a, w + n + d, d, w, b, cooldown=cooldown)), rates,
                     shares, st.integers(0, 40), st.integers(0, 40), lengths,
                     st.sampled_from(["linear", "cosine", "1-sqrt"])),
    "InverseSqrt": st.builds(InverseSqrt, rates, lengths),
    "Warmup": st.builds(lowered(lambda a, b, w, start: Warmup(a, w, b, start=start)), rates, shares, lengths, starts),
}
waving = {
    "periodic": st.builds(lowered(lambda a, b, T: CosineAnnealing(a, T, b, after="periodic")), rates, shares, lengths),
    "Cyclic": st.builds(lowered(lambda a, b, up, down, mode: Cyclic(b, a, up, down, mode=mode)), rates, shares,
                        lengths, lengths, st.sampled_from(["triangular", "triangular2"])),
    "exp_range": st.builds(lambda a, up, gamma: Cyclic(0.0, a, up, mode="exp_range", gamma=gamma), rates, lengths,
                           st.floats(0.9, 1)),
    "CosineRestarts": st.builds(lowered(lambda a, b, T, m, decay, n: CosineRestarts(a, T, m, b, decay=decay, cycles=n)),
                                rates, shares, lengths, st.sampled_from([1, 1.5, 2]), st.floats(0.3, 1),
                                st.one_of(st.none(), st.integers(1, 4))),
    "cycle": st.builds(lowered(lambda a, b, T: Polynomial(a, T, 1.0, b, cycle=True)), rates, shares, lengths),
}
monotone = st.one_of(*falling.values())
hills = st.one_of(*rising_then_falling.values())
member = st.one_of(*falling.values(), *rising_then_falling.values(), *waving.values())
composition = st.recursive(member, lambda inner: st.one_of(
    st.builds(lambda a, T, b: a.until(T) >> b, inner, st.integers(1, 60), inner),
    st.builds(lambda a, c: c * a, inner, st.floats(0.1, 2)),
    st.builds(lambda a, n: a.ahead(n), inner, st.integers(0, 30)),
    st.builds(lambda a, T: a.until(T), inner, lengths),
    st.builds(lambda a, b: a * b, inner, inner),
), max_leaves=5)


def peak(schedule) -> float:
    return max(float(schedule.values(N).max()), 1e-12)


@settings(max_examples=200, deadline=None)
@given(composition)
def test_every_road_gives_the_same_rates(schedule):
    steps, tolerance = np.arange(N), 2e-15  # rates are of the order of 1, also where a part was cut off early
    one = np.array([schedule(int(t)) for t in steps])
    rate, twin, out = schedule.compile(), family.from_json(schedule.to_json()), np.empty(N)
    np.testing.assert_array_equal([rate(int(t)) for t in steps], one)
    np.testing.assert_allclose(schedule(steps), one, rtol=1e-14, atol=tolerance)
    np.testing.assert_allclose(schedule(steps[::-1].reshape(4, -1)).ravel(), one[::-1], rtol=1e-14, atol=tolerance)
    np.testing.assert_allclose(schedule.values(N, out=out), one, rtol=1e-14, atol=tolerance)
    assert twin == schedule and twin.to_json() == schedule.to_json()
    np.testing.assert_array_equal(twin.values(N), out)


@settings(max_examples=200, deadline=None)
@given(composition, st.floats(1e-3, N - 1))
def test_a_rate_leaps_at_knots_alone(schedule, x):
    """A millionth of a step moves no rate by more than a hundredth of the peak, unless a knot lies between."""
    near = 1e-6
    assume(not any(x - near <= knot <= x + 2 * near for knot in schedule._knots(N)))
    highest = schedule(np.linspace(0, N, 8 * N + 1)).max()  # some are 0 at every whole step
    assert abs(schedule(x + near) - schedule(x)) <= 0.01 * highest


CONTINUOUS = ["Fixed", "CosineAnnealing", "Linear", "Polynomial", "Ramp", "ExponentialDecay", "WarmupCosine",
              "OneCycle", "WSD", "InverseSqrt", "Warmup", "periodic", "Cyclic", "exp_range"]


@pytest.mark.parametrize("name", CONTINUOUS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_continuous_where_it_is_promised(name, data):
    schedule = data.draw((falling | rising_then_falling | waving)[name])
    knots = np.array([0.0, *schedule._knots(N)])
    for side in (-1e-7, 1e-7):
        beside = np.maximum(knots + side, 0.0)
        assert np.abs(schedule(beside) - schedule(knots)).max() <= 1e-3 * peak(schedule)


@settings(max_examples=200, deadline=None)
@given(monotone)
def test_falls_and_never_rises(schedule):
    fine = schedule(np.linspace(0, N, 997))
    assert np.diff(fine).max() <= 4e-16 * fine[0]
    assert fine[0] == schedule(0) and fine.max() <= fine[0]


@settings(max_examples=150, deadline=None)
@given(hills)
def test_rises_to_its_peak_and_falls_from_there(schedule):
    fine = schedule(np.union1d(np.linspace(0, N, 997), [*schedule._knots(N)]))
    top, slack = int(np.argmax(fine)), 4e-16 * fine.max()
    assert np.diff(fine[:top + 1]).min(initial=0) >= -slack and np.diff(fine[top:]).max(initial=0) <= slack


@settings(max_examples=150, deadline=None)
@given(member)
def test_between_floor_and_peak(schedule):
    fine = schedule(np.linspace(0, N, 997))
    floor = getattr(schedule, "eta_min", 0.0) if not isinstance(schedule, (WarmupCosine, WSD)) else 0.0
    top = max(getattr(schedule, name, 0.0) for name in ("eta_max", "eta_0", "eta_start"))
    top = max([top, *getattr(schedule, "rates", ())])
    assert fine.min() >= floor * (1 - 4e-16) and fine.max() <= top * (1 + 4e-16)


# ---- integral and sum --------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(monotone, st.integers(1, N))
def test_the_integral_lies_between_the_two_sums(schedule, n):
    """Of a falling curve, the sum of left ends is above the area, the sum of right ends below."""
    area, all_rates = schedule.integral(n), schedule.values(n + 1)
    slack = 1e-12 * n * all_rates[0]
    assert all_rates[:-1].sum() >= area - slack and all_rates[1:].sum() <= area + slack


@settings(max_examples=100, deadline=None)
@given(st.one_of(falling["StepDecay"], falling["MultiStep"], falling["PiecewiseConstant"], falling["Fixed"]),
       st.integers(1, N))
def test_of_stairs_the_integral_is_the_sum(schedule, n):
    assert schedule.integral(n) == pytest.approx(schedule.values(n).sum(), rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.one_of(falling["Linear"], waving["Cyclic"].filter(lambda s: s.mode == "triangular"), st.builds(
    lambda a, up, down: OneCycle(a, up, down, 0.1 * a), rates, lengths, lengths), st.builds(Warmup, rates, lengths)),
    st.integers(1, N))
def test_of_straight_pieces_the_integral_is_the_trapezoid_sum(schedule, n):
    every = schedule.values(n + 1)
    assert schedule.integral(n) == pytest.approx(np.trapezoid(every), rel=1e-12)


@settings(max_examples=150, deadline=None)
@given(composition, st.integers(1, 60), st.integers(1, 60))
def test_areas_add_up(schedule, a, b):
    whole = schedule.integral(a + b)
    parts = schedule.integral(a) + schedule.ahead(a).integral(b)
    assert parts == pytest.approx(whole, rel=1e-6, abs=1e-9 * peak(schedule))


@settings(max_examples=100, deadline=None)
@given(composition)
def test_scaling_scales_the_area(schedule):
    assert (0.25 * schedule).integral(90) == pytest.approx(schedule.integral(90) / 4, rel=1e-12, abs=1e-300)


def test_the_strategies_draw_the_whole_family():
    drawn = {*falling, *rising_then_falling, *waving}
    assert {name for name in family.__all__ if name[0].isupper()} - drawn == {
        "Schedule", "Ahead", "Join", "Product", "Scaled", "Until"}
