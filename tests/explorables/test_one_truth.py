"""What JavaScript computes is what Python computes: rates, ends, areas, worked lines and random numbers."""

import sys
from pathlib import Path

import numpy as np
import pytest

import lrcourse.schedules
from lrcourse.explorables.calculator_widget import EXPLAINED
from lrcourse.explorables.driver_widget import COURSES, UPDATES, Driver, normals
from lrcourse.explorables.guess_widget import KINDS, hidden
from lrcourse.quadratic import NoisyQuadratic
from lrcourse.schedules import (
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    Fixed,
    OneCycle,
    Polynomial,
    StepDecay,
    Warmup,
    from_dict,
)

sys.path.append(str(Path(__file__).parents[1] / "schedules"))
from random_schedules import composed, many
from schedule_examples import EXAMPLES
from test_reference_vectors import OURS

SCHEDULES = [*EXAMPLES, *OURS.values()]
OF_THE_PEAK = 1e-12


def steps_for(schedule):
    """Steps at and around everything that happens, some chosen at random, and fractions."""
    knots = [k + d for k in schedule._knots(30_000)[:200] for d in (-1, 0, 1)]
    rng = np.random.default_rng(3)
    some = [0, 1, 2, 0.5, 33.25, 99, 100, 9_999, 10_000, 10_001, 10**6, 10**8, *rng.integers(0, 20_000, 60).tolist()]
    return sorted({float(t) for t in [*knots, *some] if t >= 0})


def test_every_rate_and_every_end(javascript):
    steps = [steps_for(s) for s in SCHEDULES]
    data = [{"d": s.to_dict(), "t": t} for s, t in zip(SCHEDULES, steps)]
    found = javascript.evaluate(["schedules"], """(data) => data.map(({ d, t }) => {
        const s = schedule(d);
        return { rates: t.map(s.at), horizon: s.horizon };
    })""", data)
    for s, t, theirs in zip(SCHEDULES, steps, found):
        ours = s(np.array(t))
        worst = np.max(np.abs(ours - theirs["rates"]))
        assert worst <= OF_THE_PEAK * ours.max(), (s, worst)
        assert theirs["horizon"] == s.horizon, s


RANDOM = [*many(240, seed=6), *many(160, seed=7, make=composed)]


def test_every_rate_of_schedules_made_at_random(javascript):
    steps = [steps_for(s) for s in RANDOM]
    data = [{"d": s.to_dict(), "t": t} for s, t in zip(RANDOM, steps)]
    found = javascript.evaluate(["studio"], """(data) => data.map(({ d, t }) => {
        const s = schedule(d);
        return { rates: t.map(s.at), horizon: s.horizon, text: expression(d), area: area(s, 9000) };
    })""", data)
    for s, t, theirs in zip(RANDOM, steps, found):
        ours = s(np.array(t))
        assert np.max(np.abs(ours - theirs["rates"])) <= OF_THE_PEAK * ours.max(), s
        assert theirs["horizon"] == s.horizon and eval(theirs["text"], vars(lrcourse.schedules)) == s
        near = 1e-3 if "Product" in repr(s) else 1e-7  # of a product neither side has a closed form
        assert theirs["area"] == pytest.approx(s.integral(9_000), rel=near, abs=1e-15), s


def test_the_area_of_a_billion_steps_takes_no_walk_over_them(javascript):
    gamma = 1 - 1e-8
    areas = {  # on paper
        StepDecay(0.1, 1, gamma): 0.1 * (1 - gamma**1e9) / (1 - gamma), CosineRestarts(0.1, 1): 0.05e9,
        Cyclic(0.001, 0.1, 1): 0.0505e9, CosineAnnealing(0.1, 3, after="periodic"): 0.05e9,
        Warmup(0.1, 10) >> Cyclic(0.001, 0.1, 5): 0.5 + 0.0505 * (1e9 - 10)}
    function = "(ds) => ds.map((d) => [area(schedule(d), 1e9), schedule(d).knots(1e9).length])"
    found = javascript.evaluate(["studio"], function, [s.to_dict() for s in areas])
    assert [theirs for theirs, _ in found] == pytest.approx(list(areas.values()), rel=1e-7)
    assert max(knots for _, knots in found) < 10**6
    dense = (StepDecay(0.1, 1, 0.9) * CosineRestarts(0.1, 2)).to_dict()
    assert javascript.evaluate(["studio"], "(d) => area(schedule(d), 1e9)", dense) is None  # which is told as "–"


def test_a_step_too_many_has_no_rate_where_it_is_refused(javascript):
    refusing = CosineAnnealing(0.1, 100, after="raise")
    assert javascript.evaluate(["schedules"], "(d) => schedule(d).at(101)", refusing.to_dict()) is None


def test_every_area(javascript):
    stops = [s.horizon or 1_000 for s in SCHEDULES]
    data = [{"d": s.to_dict(), "stop": stop} for s, stop in zip(SCHEDULES, stops)]
    areas = javascript.evaluate(["schedules"], "(data) => data.map(({ d, stop }) => area(schedule(d), stop))", data)
    for s, stop, theirs in zip(SCHEDULES, stops, areas):
        assert theirs == pytest.approx(s.integral(stop), rel=1e-8, abs=1e-15), s


WORKED = [s for s in SCHEDULES if type(s).__name__ in EXPLAINED and getattr(s, "exponent", 1) == 1]
WORKED += [OneCycle(0.001, 3_000, 7_000, 0.0001, shape="cosine"), CosineAnnealing(0.001, 10_000, after="periodic")]


def test_the_calculator_writes_the_lines_that_explain_prints(javascript):
    steps = [sorted({0, 1, 40, 250, 999, 1_000, 2_500, 3_250, 5_000, 7_500, 10_000, 12_345, s.horizon or 7} & {
        t for t in range(20_000)}) for s in WORKED]
    data = [{"d": s.to_dict(), "t": t} for s, t in zip(WORKED, steps)]
    found = javascript.evaluate(["explain"], "(data) => data.map(({ d, t }) => t.map((one) => explain(d, one)))", data)
    for s, t, theirs in zip(WORKED, steps, found):
        for step, lines in zip(t, theirs):
            assert "\n".join(lines) == str(s.explain(step)), (s, step)


def test_the_calculator_explains_the_kinds_that_python_says(javascript):
    assert javascript.evaluate(["explain"], "() => EXPLAINED", None) == list(EXPLAINED)


NUMBERS = [0, 1, 0.1, 1e-5, 1e-4, 0.00012345678, 123456, 1234565, 1234575, 12345.25, 12345.75, 1e6, 1e16, 1.5e300, 2.5,
           999999.5, 9999995, 0.1 + 0.2, 1 / 3, -0.5, -1e-7]


def test_numbers_are_written_as_python_writes_them(javascript):
    theirs = javascript.evaluate(["words"], "(xs) => xs.map((x) => general(x))", NUMBERS)
    assert theirs == [f"{x:.6g}" for x in NUMBERS]
    literals = javascript.evaluate(["words"], "(xs) => xs.map(literal)", [0.1, 1e-5, 0.0001, 1e22, 1e16, 1 / 3, 1000])
    assert [float(x) for x in literals] == [0.1, 1e-5, 0.0001, 1e22, 1e16, 1 / 3, 1000]
    assert literals[:3] == ["0.1", "1e-05", "0.0001"]


@pytest.mark.parametrize("landscape", ["bowl", "ravine"])
@pytest.mark.parametrize("course", COURSES)
def test_the_driver_drives_alike(javascript, landscape, course):
    state = {"landscape": landscape, "course": course, "rate": 1.7, "noise": 0.4, "seed": 12, "shown": 60}
    run = javascript.evaluate(["descent"], "([state, d]) => [journey(state, d), expectedLosses(state, d)]",
                              [state, COURSES[course](1.7).to_dict()])
    places, losses = Driver(**state).journey()
    np.testing.assert_allclose(run[0]["places"], places, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(run[0]["losses"], losses, rtol=1e-10, atol=1e-12)
    if landscape == "bowl":
        exact = NoisyQuadratic(1.0, 0.4).mean_losses(COURSES[course](1.7).values(UPDATES), 2.5)
        np.testing.assert_allclose(run[1], exact, rtol=1e-10)


def test_the_courses_are_the_same(javascript):
    theirs = javascript.evaluate(["driver"], "(names) => names.map((name) => course(name, 1.3))", list(COURSES))
    for name, d in zip(COURSES, theirs):
        assert from_dict(d) == COURSES[name](1.3)


def test_the_noise_is_normal():
    xi = normals(5, 20_000)
    assert abs(xi.mean()) < 0.03 and abs(xi.std() - 1) < 0.03
    assert not np.array_equal(normals(1, 10), normals(2, 10))


def test_hidden_curves_are_schedules_that_python_takes(javascript):
    found = javascript.evaluate(["guess"], "() => Array.from({ length: 70 }, (_, i) => hidden(i + 1))", None)
    built = [from_dict(d) for d in found]
    assert built == [hidden(round) for round in range(1, 71)]
    assert len(set(built)) > 40 and tuple(dict.fromkeys(type(s).__name__ for s in built)) == KINDS
    for s in built:
        assert np.ptp(s.values(1_001)) > 0


def test_far_rounds_and_seeds_are_the_same_ones_too(javascript):
    far = [10**7, 2**31, 2**32 + 5, 2**53 - 1]
    found = javascript.evaluate(["guess"], "(rounds) => rounds.map(hidden)", far)
    assert [from_dict(d) for d in found] == list(map(hidden, far))
    drawn = javascript.evaluate(["descent"], "(seeds) => seeds.map((seed) => normals(seed, 5))", far)
    np.testing.assert_allclose(drawn, [normals(seed, 5) for seed in far], rtol=1e-12)


def test_the_gap_is_zero_for_the_same_and_large_for_others(javascript):
    goal, other = CosineAnnealing(0.01, 800), Fixed(0.001)
    function = "([a, b]) => [gap(a, b), gap(b, b)]"
    far, none = javascript.evaluate(["guess"], function, [other.to_dict(), goal.to_dict()])
    assert none == 0 and far == pytest.approx(0.9)


def test_what_python_refuses_is_refused(javascript):
    """Changing each number of each schedule of the family to others: both sides agree on what is a schedule."""
    family = javascript.evaluate(["family"], "() => Object.keys(FAMILY).map((kind) => start(kind))", None)
    tried = []
    for d in family:
        tried += [{**d, key: v} for key in d for v in (0, 1, 0.5, 1.0005, 3, -1, 2_000, 20_000, 1e17)
                  if key != "schedule" and not isinstance(d[key], str)]
    verdicts = javascript.evaluate(["family"], "(ds) => ds.map(problem)", tried)
    for d, said in zip(tried, verdicts):
        try:
            from_dict(d)
        except (TypeError, ValueError) as error:
            assert said, (d, str(error))
        else:
            assert not said, (d, said)
    assert 50 < sum(map(bool, verdicts)) < len(tried) - 50


def test_every_start_is_a_schedule_and_its_span_shows_it(javascript):
    function = "() => Object.keys(FAMILY).map((kind) => [start(kind), span(start(kind))])"
    family = javascript.evaluate(["family"], function, None)
    for d, span in family:
        assert from_dict(d).to_dict()["schedule"] == d["schedule"]
        assert 100 <= span <= 10**6
    assert Polynomial(0.1, 10, 2)  # of the family too
