"""What every schedule must keep, whatever its shape."""

import dataclasses
import inspect
import json
import math
import pickle
import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedule_examples import EXAMPLES, IDS

import lrcourse.schedules as family
from lrcourse.schedules import (
    CosineAnnealing,
    ExponentialDecay,
    Fixed,
    Linear,
    MultiStep,
    Ramp,
    Schedule,
    StepDecay,
    Warmup,
)

every = pytest.mark.parametrize("schedule", EXAMPLES, ids=IDS)


def span(schedule) -> int:
    return math.ceil(schedule.horizon or 150) + 60


def peak(schedule) -> float:
    return max(schedule.values(span(schedule)).max(), 1e-300)


def test_the_examples_cover_the_whole_family():
    shown = {type(part).__name__ for example in EXAMPLES for part in (example, *example.parts)}
    assert set(family.__all__) - {"Schedule", "from_dict", "from_json"} <= shown


@every
def test_one_step_many_steps_a_grid_and_the_closure_agree(schedule):
    steps = np.arange(span(schedule))
    one = np.array([schedule(int(t)) for t in steps])
    rate = schedule.compile()
    tolerance = 1e-15 * peak(schedule)
    np.testing.assert_allclose(schedule(steps), one, rtol=0, atol=tolerance)
    np.testing.assert_allclose(schedule.values(len(steps)), one, rtol=0, atol=tolerance)
    assert [rate(int(t)) for t in steps] == list(one)


@every
def test_shape_type_and_input_survive(schedule):
    steps = np.arange(12).reshape(3, 4)
    rates = schedule(steps)
    assert rates.shape == (3, 4) and rates.dtype == np.float64
    assert steps.tolist() == np.arange(12).reshape(3, 4).tolist()
    assert type(schedule(3)) is float and type(schedule(np.int64(3))) is float and type(schedule(3.0)) is float
    assert schedule(np.array([])).shape == (0,) and schedule.values(0).shape == (0,)
    np.testing.assert_array_equal(schedule([0, 1, 2]), schedule(np.array([0, 1, 2])))
    np.testing.assert_array_equal(schedule(np.array([0, 1, 2], dtype=np.uint8)), schedule([0, 1, 2]))


@every
def test_rates_are_finite_never_negative_and_asking_changes_nothing(schedule):
    first = schedule.values(span(schedule))
    assert np.isfinite(first).all() and (first >= 0).all()
    schedule(7), schedule.audit(updates=50), schedule.explain(3)
    assert np.array_equal(schedule.values(span(schedule)), first)


@every
def test_json_pickle_and_repr_give_an_equal_schedule(schedule):
    twin = family.from_json(schedule.to_json())
    assert twin == schedule and hash(twin) == hash(schedule) and repr(twin) == repr(schedule)
    assert json.loads(json.dumps(schedule.to_dict())) == schedule.to_dict()
    assert pickle.loads(pickle.dumps(schedule)) == schedule
    assert eval(repr(schedule), vars(family)) == schedule
    assert np.array_equal(twin.values(80), schedule.values(80))


@every
def test_frozen(schedule):
    name = dataclasses.fields(schedule)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError, match="frozen"):
        setattr(schedule, name, 1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="frozen"):
        delattr(schedule, name)
    assert dataclasses.replace(schedule) == schedule


@pytest.mark.parametrize("schedule", [s for s in EXAMPLES if s.horizon is not None and s.after == "hold"], ids=repr)
def test_past_the_end_the_last_rate_is_held(schedule):
    end = schedule(schedule.horizon)
    far = math.ceil(schedule.horizon) + np.array([0, 1, 2, 1_000_000])
    np.testing.assert_allclose(schedule(far), end, rtol=1e-15)
    assert schedule(10 ** 15) == end


@every
def test_integral_equals_a_fine_sum(schedule):
    for stop in {1.0, 17.0, span(schedule) - 40.5, float(span(schedule))}:
        cells = 20_000
        knots = [0.0, *(k for k in schedule._knots(stop) if 0 < k < stop), stop]
        fine = np.unique(np.concatenate([np.linspace(0, stop, cells), knots]))
        middle = schedule((fine[1:] + fine[:-1]) / 2)
        by_hand = float(np.sum(middle * np.diff(fine)))
        assert schedule.integral(stop) == pytest.approx(by_hand, rel=2e-5, abs=1e-12)


@every
def test_the_explanation_ends_with_the_rate(schedule):
    for t in (0, 3, 33, span(schedule)):
        told = schedule.explain(t)
        assert told.value == schedule(t)
        shown = str(told).splitlines()[-1].replace("−", "-").split()[-1]
        assert float(shown) == pytest.approx(schedule(t), rel=1e-5, abs=1e-12)


@every
def test_notebook_picture_is_well_formed_and_described(schedule):
    page = ElementTree.fromstring(schedule._repr_html_().replace('"></div>', '"/></div>'))
    picture = page.find("img")
    assert picture.get("alt").startswith(f"Learning rate of {schedule!r}: ")
    svg = ElementTree.fromstring(picture.get("src").removeprefix("data:image/svg+xml,"))
    assert len(svg[1].get("points").split()) >= 121
    assert schedule.formula.startswith("η_t = ") and schedule.formula in "".join(page.itertext())


@pytest.mark.parametrize("stairs", [StepDecay(0.001, 1_000), MultiStep(0.1, [33, 61, 90]), 2 * StepDecay(0.1, 37, 0.5)])
def test_a_picture_of_stairs_has_level_treads_and_upright_risers(stairs):
    drawn = re.search(r"points='([^']*)'", stairs._repr_html_())[1]
    points = [tuple(map(float, one.split(","))) for one in drawn.split()]
    moves = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(points)]
    assert all(across == 0 or up == 0 for across, up in moves)
    assert sum(up != 0 for _, up in moves) >= 2


@every
def test_scaling_shifting_and_cutting(schedule):
    steps = np.arange(90)
    np.testing.assert_allclose((0.25 * schedule)(steps), 0.25 * schedule(steps), rtol=1e-15)
    np.testing.assert_allclose(schedule.ahead(13)(steps), schedule(steps + 13), rtol=1e-12, atol=1e-18)
    np.testing.assert_array_equal(schedule.until(40)(steps), schedule(np.minimum(steps, 40)))
    np.testing.assert_allclose((schedule.until(40) >> Fixed(0.5)).values(60),
                               np.r_[schedule.values(40), np.full(20, 0.5)], rtol=0, atol=1e-15 * peak(schedule))
    assert schedule(np.float64(5)) == (np.float64(1.0) * schedule)(5)


@every
def test_help_shows_what_to_pass(schedule):
    cls = type(schedule)
    assert list(inspect.signature(cls).parameters) == [field.name for field in dataclasses.fields(cls)]
    assert list(inspect.signature(schedule).parameters) == ["t"]


@every
def test_values_can_fill_a_given_array(schedule):
    out = np.full(70, np.nan)
    assert schedule.values(70, out=out) is out
    np.testing.assert_array_equal(out, schedule.values(70))


simple = st.one_of(
    st.builds(Fixed, st.floats(0, 1)),
    st.builds(lambda a, T, share: CosineAnnealing(a, T, a * share), st.floats(1e-6, 1), st.integers(1, 80),
              st.floats(0, 1)),
    st.builds(lambda a, T, share: Linear(a, T, a * share), st.floats(1e-6, 1), st.integers(1, 80), st.floats(0, 1)),
    st.builds(StepDecay, st.floats(1e-6, 1), st.integers(1, 40), st.floats(0.01, 1)),
    st.builds(ExponentialDecay, st.floats(1e-6, 1), st.floats(0.5, 1)),
    st.builds(Warmup, st.floats(1e-6, 1), st.integers(1, 80), start=st.sampled_from(["t/w", "(t+1)/w", "(t+1)/(w+1)"])),
    st.builds(Ramp, st.floats(0, 1), st.floats(0, 1), st.floats(0.5, 80), shape=st.sampled_from(["linear", "cosine"])),
)
composed = st.recursive(simple, lambda inner: st.one_of(
    st.builds(lambda a, T, b: a.until(T) >> b, inner, st.integers(1, 60), inner),
    st.builds(lambda a, factor: a * factor, inner, st.floats(0.1, 2)),
    st.builds(lambda a, n: a.ahead(n), inner, st.integers(0, 30)),
    st.builds(lambda a, b: a * b, inner, inner),
), max_leaves=6)


@settings(max_examples=120, deadline=None)
@given(composed)
def test_laws_hold_for_random_compositions(schedule):
    steps = np.arange(130)
    one = np.array([schedule(int(t)) for t in steps])
    np.testing.assert_allclose(schedule(steps), one, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(schedule.values(130), one, rtol=1e-14, atol=1e-15)
    twin = family.from_json(schedule.to_json())
    assert twin == schedule and eval(repr(schedule), vars(family)) == schedule
    fine = np.arange(0, 130, 0.0625) + 0.03125
    jumps = 2 + len(schedule._knots(130))
    assert schedule.integral(130) == pytest.approx(schedule(fine).mean() * 130, rel=1e-3, abs=0.0625 * 3 * jumps)
    assert isinstance(schedule, Schedule) and str(schedule.explain(50)) and len(schedule.audit(100)) >= 1
