"""compare: the statistics against hand-worked numbers, tuning, refusing to rank, words, storage, refusals."""

import importlib
import json
import math

import numpy as np
import pytest

from lrcourse.lab import engine, make_task
from lrcourse.lab.compare import SMALL, TUNING_SEEDS, compare, shape, tune
from lrcourse.lab.result import Result
from lrcourse.lab.stats import interval, separated_groups, t_quantile
from lrcourse.schedules import CosineAnnealing, Fixed, Linear, StepDecay

module = importlib.import_module("lrcourse.lab.compare")  # the package's name `compare` is the function


def result(finals, baseline="a", **changes):
    """A Result around given final losses."""
    labels = list(finals)
    made = dict(
        task="text", options={}, optimizer="sgd", steps=10, seeds=list(range(len(finals[labels[0]]))),
        unit="validation loss (nats)", baseline=baseline, peaks=dict.fromkeys(labels, 1.0), finals=finals,
        evaluated_at=[0, 10], curves={label: [4.0, float(np.mean(finals[label]))] for label in labels},
        half_widths={label: [0.1, 0.1] for label in labels}, diverged=dict.fromkeys(labels, 0),
    )  # fmt: skip
    return Result(**{**made, **changes})


# -- statistics ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("confidence", "df", "t"),  # from printed tables
    [(0.95, 1, 12.7062), (0.95, 2, 4.3027), (0.95, 9, 2.2622), (0.95, 19, 2.0930), (0.99, 5, 4.0321), (0.9, 9, 1.8331)],
)
def test_t_quantiles_are_those_of_the_tables(confidence, df, t):
    assert t_quantile(confidence, df) == pytest.approx(t, abs=5e-5)


def test_the_interval_of_three_numbers_by_hand():
    # mean 5, s² = (9 + 1 + 16)/2 = 13, half = 4.302653·√(13/3)
    found = interval([2.0, 4.0, 9.0])
    assert (found.mean, found.n) == (5.0, 3)
    assert found.half == pytest.approx(4.30265273 * math.sqrt(13 / 3), rel=1e-7)
    assert found.sign == 0 and interval([5.0, 5.1, 5.2]).sign == 1 and interval([-5.0, -5.1, -5.2]).sign == -1


def test_an_interval_needs_two_values_and_a_divergence_widens_it_to_infinity():
    with pytest.raises(ValueError, match="two values or more"):
        interval([1.0])
    assert math.isinf(interval([1.0, math.inf]).half)
    with pytest.raises(ValueError, match="df must be"):
        t_quantile(0.95, 0)


def test_about_95_of_100_intervals_hold_the_truth():
    samples = np.random.default_rng(0).normal(3.0, 2.0, (2000, 6))
    held = np.mean([abs(interval(sample).mean - 3.0) <= interval(sample).half for sample in samples])
    assert 0.935 < held < 0.965


def test_differences_are_paired():
    # The seeds differ by 10, the schedules by 0.1 on every seed: only pairing can see it.
    a, b = [10.0, 20.0, 30.0], [9.9, 19.9, 29.9001]
    found = result({"a": a, "b": b})
    assert found.difference("b").sign == -1 and found.loss("a").half > 20
    assert found.gain("b").mean == pytest.approx(100 * 0.09996667 / 20, rel=1e-6)
    assert found.verdict("b") == "b: lower than a"


# -- ranking ---------------------------------------------------------------------------------------
def test_what_the_seeds_do_not_separate_is_not_ranked():
    rng = np.random.default_rng(3)
    level = rng.normal(2, 0.3, 10)
    finals = {
        "far": level + 1 + rng.normal(0, 0.01, 10),
        "twin": level + rng.normal(0, 0.01, 10),
        "a": level + rng.normal(0, 0.01, 10),
    }
    found = result({label: list(values) for label, values in finals.items()})
    groups = found.ranking()
    assert [set(group) for group in groups] == [{"a", "twin"}, {"far"}]
    assert "not separated by these 10 seeds" in found.told()
    assert found.verdict("twin") == "twin: not separated from a by these 10 seeds"


def test_groups_hold_together_what_a_chain_joins():
    noise = np.array([-1, 1, -1, 1, -1, 1, -1, 1.0])
    chain = {"low": 0 * noise, "middle": 0.1 + 0.4 * noise, "high": 0.2 + 0 * noise}
    assert [len(group) for group in separated_groups(chain)] == [3]
    assert separated_groups({"low": 0 * noise, "high": 0.2 + 0.01 * noise}) == [["low"], ["high"]]


def test_equal_schedules_are_rarely_told_apart():
    rng = np.random.default_rng(1)
    wrong = sum(len(separated_groups(dict(enumerate(rng.normal(0, 1, (5, 8)))))) > 1 for _ in range(200))
    assert wrong < 0.05 * 200 + 3 * math.sqrt(200 * 0.05 * 0.95)


def test_what_diverged_is_apart_from_what_did_not():
    found = result(
        {"a": [1.0, 1.1, 1.2], "b": [math.inf, 1.0, 1.0], "c": [math.inf] * 3}, diverged={"a": 0, "b": 1, "c": 3}
    )
    assert found.ranking() == [["a"], ["b", "c"]]
    assert found.verdict("b") == "b diverged in 1 of 3 runs"
    assert "diverged" in found.table() and "inf" not in found.table() and "nan" not in found.table()


# -- tuning ----------------------------------------------------------------------------------------
def test_tuning_and_scoring_share_no_seed(monkeypatch):
    used = []
    honest = engine.train

    def watched(task, rates, seeds, **more):
        used.append(list(seeds))
        return honest(task, rates, seeds, **more)

    monkeypatch.setattr(module.engine, "train", watched)
    compare({"const": Fixed(1.0), "line": Linear(1.0, 50)}, "quadratic", steps=50, seeds=4)
    *tuning, scoring = used
    assert scoring == [0, 1, 2, 3] and all(min(seeds) >= TUNING_SEEDS for seeds in tuning)


def test_the_grid_widens_until_the_best_is_inside():
    # Without noise a bowl of curvature 0.05 is best at 20; the grid starts around 0.5.
    tuned = tune(make_task("quadratic", curvatures=(0.05,), noise=0.0), {"const": np.ones(20)})["const"]
    assert not tuned["at_edge"] and len(tuned["peaks"]) > 5
    assert tuned["best"] == pytest.approx(20, rel=0.2)
    ratios = np.array(tuned["peaks"][1:]) / tuned["peaks"][:-1]
    np.testing.assert_allclose(ratios, math.sqrt(2), rtol=1e-12)


def test_a_peak_that_keeps_growing_is_reported():
    tuned = tune(make_task("quadratic", curvatures=(1e-9,), noise=0.0), {"const": np.ones(5)})["const"]
    assert tuned["at_edge"]
    assert "lies at the edge of what was tried" in result({"a": [1.0, 2.0]}, tuning={"a": tuned}).told()


def test_a_grid_that_diverges_everywhere_goes_down():
    task = make_task("quadratic", curvatures=(1000.0,), noise=0.0)
    assert tune(task, {"const": np.ones(40)})["const"]["best"] < 2e-3


def test_only_the_shape_counts_where_the_peak_is_tuned():
    found = [compare([Fixed(peak)], "quadratic", steps=30, seeds=3) for peak in (0.001, 7.0)]
    assert list(found[0].finals.values()) == list(found[1].finals.values())


def test_own_and_given_peaks_are_used_as_they_are():
    schedules = {"a": Fixed(0.3), "b": Linear(0.4, 30)}
    own = compare(schedules, "quadratic", steps=30, seeds=3, peaks="own")
    given = compare(schedules, "quadratic", steps=30, seeds=3, peaks={"a": 0.3, "b": 0.4})
    assert own.peaks == given.peaks == {"a": 0.3, "b": 0.4} and own.finals == given.finals
    assert not own.tuning
    direct = engine.train("quadratic", Fixed(0.3).values(30), range(3))
    assert own.finals["a"] == direct.final[:, 0].tolist()


# -- the whole thing -------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def small():
    return compare({"const": Fixed(1.0), "cosine": CosineAnnealing(1.0, 400)}, "text", **SMALL)


def test_cosine_beats_the_best_fixed_rate_on_text(small):
    assert small.baseline == "const" and small.verdict("cosine") == "cosine: lower than const"
    assert small.peaks["cosine"] > small.peaks["const"]


def test_a_small_comparison_is_quick_enough_for_a_lesson(small):
    assert len(small.seeds) == 6 and small.steps == 400 and small.complete


def test_json_brings_every_number_back(small):
    again = Result.from_json(small.to_json())
    assert again == small and again.table() == small.table()
    json.loads(small.to_json(), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    broken = result({"a": [1.0, math.inf]})
    assert Result.from_json(broken.to_json()).finals == {"a": [1.0, math.inf]}


def test_the_page_shows_a_table_with_headings(small):
    page = small._repr_html_()
    assert page.count("<tr>") == 3 and page.count('<th scope="col">') == 4 and "<caption>" in page
    assert "95 % t-interval" in page
    assert "&lt;b&gt;" in result({"<b>": [1.0, 2.0]}, baseline="<b>")._repr_html_()


def test_figures_carry_alt_text(small):
    for figure in (small.figure(), small.figure("cosine"), small.tuning_figure()):
        assert "cosine" in figure.alt


def test_u_curves_may_have_different_grids_and_gaps():
    tuning = {
        "a": {"best": 1.0, "peaks": [0.5, 1.0, 2.0], "loss": [3.0, 2.0, 2.5], "at_edge": False},
        "b": {"best": 2.0, "peaks": [1.0, 2.0, 4.0, 8.0], "loss": [2.4, 2.2, 2.3, math.inf], "at_edge": False},
    }
    alt = result({"a": [2.0, 2.1], "b": [2.2, 2.3]}, tuning=tuning).tuning_figure().alt
    assert "a: " in alt and "b: " in alt and "logarithmic" in alt
    with pytest.raises(ValueError, match="was not tuned here"):
        result({"a": [1.0, 2.0]}).tuning_figure()


def test_lists_are_labelled_by_what_they_hold():
    found = compare([StepDecay(1.0, 10), Fixed(1.0)], "quadratic", steps=20, seeds=2)
    assert found.labels == [repr(StepDecay(1.0, 10)), repr(Fixed(1.0))]
    assert found.baseline == repr(Fixed(1.0))


def test_an_interrupt_leaves_the_seeds_that_were_finished(monkeypatch):
    honest = engine.train

    def cut(*arguments, **more):
        runs = honest(*arguments, **more)
        runs.done[3:] = False
        runs.complete = False
        return runs

    monkeypatch.setattr(module.engine, "train", cut)
    found = compare([Fixed(0.1)], "quadratic", steps=20, seeds=5, peaks="own")
    assert found.seeds == [0, 1, 2] and not found.complete and "Interrupted" in found.told()


@pytest.mark.parametrize(
    ("schedules", "more", "error", "complaint"),
    [
        ([], {}, ValueError, "at least one schedule"),
        ([Fixed(1.0), Fixed(1.0)], {}, ValueError, "given twice"),
        ([3], {}, TypeError, "must be a schedule"),
        ([Fixed], {}, TypeError, "must be a schedule"),
        ([Fixed(1.0)], dict(seeds=1), ValueError, "seeds must be at least 2"),
        ([Fixed(1.0)], dict(seeds=2.5), TypeError, "seeds must be a whole number"),
        ([Fixed(1.0)], dict(steps=0), ValueError, "steps must be at least 1"),
        ([Fixed(1.0)], dict(task="images"), ValueError, "task must be one of"),
        ([Fixed(1.0)], dict(optimizer="lion"), ValueError, "optimizer must be one of"),
        ([Fixed(1.0)], dict(baseline="none"), ValueError, "baseline must be one of"),
        ([Fixed(1.0)], dict(peaks="best"), ValueError, 'peaks must be "tune", "own"'),
        ({"a": Fixed(1.0)}, dict(peaks={}), ValueError, "missing: a"),
        ({"a": Fixed(1.0)}, dict(peaks=-1), ValueError, "the peak of a must be"),
        ([Fixed(1.0)], dict(depth=2), TypeError, "unexpected keyword argument 'depth'"),
    ],
)
def test_what_makes_no_sense_is_refused(schedules, more, error, complaint):
    with pytest.raises(error, match=complaint):
        compare(schedules, more.pop("task", "quadratic"), **more)


def test_a_schedule_without_a_rate_has_no_shape():
    class Nothing:
        def values(self, n):
            return np.zeros(n)

    with pytest.raises(ValueError, match="no peak to scale"):
        shape(Nothing(), 10)
