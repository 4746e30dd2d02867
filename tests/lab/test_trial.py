"""A schedule on trial: trained as the engine trains, paired with a field that is trained once, and refused in words."""

import math
import threading

import numpy as np
import pytest

from lrcourse.lab import engine, load, trial
from lrcourse.lab.compare import TUNING_SEEDS, shape, tune
from lrcourse.lab.trial import MINE, STEPS, Trial, drawn, measured, picks, rivals
from lrcourse.schedules import CosineAnnealing, Fixed, Linear, Ramp


@pytest.fixture(scope="module")
def trained():
    """A Trial of three seeds that has its field, and what came of a first schedule at a given peak."""
    one = Trial(seeds=3)
    return one, one.run(Linear(0.1, STEPS), peak=2.0)


def test_yours_is_what_the_engine_trains(trained):
    _, found = trained
    runs = engine.train("text", 2.0 * shape(Linear(1.0, STEPS), STEPS), range(3), evaluate_at=10, processes=1)
    np.testing.assert_allclose(found.finals[MINE], runs.final[:, 0], rtol=1e-5)
    assert found.peaks[MINE] == 2.0 and found.tuning == {} and found.evaluated_at == list(range(0, 401, 40))


def test_the_field_is_what_the_engine_trains_at_its_stored_peaks(trained):
    _, found = trained
    for name, rival in rivals().items():
        assert found.peaks[name] == load("trial").peaks[name]
        rates = found.peaks[name] * shape(rival, STEPS)
        runs = engine.train("text", rates, range(3), evaluate_at=[STEPS], processes=1)
        np.testing.assert_allclose(found.finals[name], runs.final[:, 0], rtol=1e-5, err_msg=name)


def test_a_rivals_twin_differs_from_it_by_nothing(trained):
    one, _ = trained
    twin = one.run(rivals()["cosine"], peak=load("trial").peaks["cosine"])
    assert abs(twin.difference(MINE, "cosine").mean) < 1e-6
    assert twin.verdict(MINE, "cosine") == "yours: not separated from cosine by these 3 seeds"
    assert twin.difference(MINE, "linear").mean == pytest.approx(
        np.mean(twin.finals[MINE]) - np.mean(twin.finals["linear"])
    )  # fmt: skip


def test_the_field_is_trained_once(monkeypatch):
    one, labels, train = Trial(seeds=2), [], engine.train

    def noted(*given, **named):
        labels.append(named["label"])
        return train(*given, **named)

    monkeypatch.setattr(engine, "train", noted)
    first = one.run(Fixed(1.0), peak=1.0)
    again = one.run(Fixed(1.0), peak=2.0)
    assert labels == ["training the field", "training yours", "training yours"]
    assert all(first.finals[name] == again.finals[name] for name in rivals())
    assert first.finals[MINE] != again.finals[MINE]


def test_a_field_trained_ahead_is_waited_for_and_not_trained_again(monkeypatch):
    one, labels, train, go = Trial(seeds=2), [], engine.train, threading.Event()

    def noted(*given, **named):
        labels.append(named["label"])
        if named["label"] == "training the field":
            go.wait(60)
        return train(*given, **named)

    monkeypatch.setattr(engine, "train", noted)
    one.prepare()
    one.prepare()
    threading.Timer(0.3, go.set).start()
    found = one.run(Fixed(1.0), peak=1.0)
    one.prepare()
    assert labels == ["training the field", "training yours"]
    assert found.finals == Trial(seeds=2).run(Fixed(1.0), peak=1.0).finals


def test_without_a_peak_it_is_tuned_on_other_seeds(trained):
    one, _ = trained
    found = one.run(CosineAnnealing(0.3, STEPS))
    alone = tune("text", {MINE: shape(CosineAnnealing(1.0, STEPS), STEPS)}, seeds=trial.TUNING_SEEDS)
    assert found.peaks[MINE] == alone[MINE]["best"] and not found.tuning[MINE]["at_edge"]
    assert TUNING_SEEDS > max(found.seeds)


def test_a_peak_far_too_high_diverges_and_the_field_does_not_suffer(trained):
    one, found = trained
    blown = one.run(Fixed(1.0), peak=1e4)
    assert blown.diverged[MINE] == 3 and math.isinf(blown.loss(MINE).mean)
    assert blown.verdict(MINE, "linear") == "yours diverged in 3 of 3 runs"
    assert blown.ranking()[-1] == [MINE]
    assert all(blown.finals[name] == found.finals[name] for name in rivals())


@pytest.mark.parametrize("peak", [0, -1.0, math.inf, math.nan])
def test_a_peak_that_is_none_is_refused(peak):
    with pytest.raises(ValueError, match=r"peak must be a finite number greater than 0, got .*; None tunes it"):
        Trial().run(Fixed(1.0), peak=peak)


def test_no_rate_at_all_is_refused():
    with pytest.raises(ValueError, match="the schedule has rate 0 at every one of the 400 steps"):
        Trial().run(Fixed(0.0))


def test_an_interrupt_says_so_and_leaves_no_half_field(monkeypatch):
    one, train = Trial(seeds=2), engine.train

    def stopped(*given, **named):
        runs = train(*given, **named)
        runs.complete = named["label"] != "training the field"
        return runs

    monkeypatch.setattr(engine, "train", stopped)
    with pytest.raises(KeyboardInterrupt, match="nothing was compared"):
        one.run(Fixed(1.0), peak=1.0)
    monkeypatch.undo()
    assert one.run(Fixed(1.0), peak=1.0).complete


# -- what there is to begin with -------------------------------------------------------------------
def test_a_drawing_goes_straight_from_point_to_point():
    schedule = drawn([(0, 0.25), (100, 1.0), (400, 0.0)])
    assert schedule == Ramp(0.25, 1.0, 100) >> Ramp(1.0, 0.0, 300)
    np.testing.assert_allclose(schedule(np.array([0, 50, 100, 250, 400])), [0.25, 0.625, 1.0, 0.5, 0.0], atol=1e-15)


@pytest.mark.parametrize(
    ("points", "said"),
    [([(0, 1), (400, 0)], "three or more"), ([(5, 1), (10, 1), (400, 0)], "first at update 0"),
     ([(0, 1), (50, 1), (50, 0)], "later than the one before, got 50 after 50"),
     ([(0, 1), (50, -1), (400, 0)], "eta_end must be")],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(points, said):
    with pytest.raises(ValueError, match=said):
        drawn(points)


def test_everyone_has_peak_1_within_the_run():
    for name, schedule in trial.contest().items():
        assert schedule.values(STEPS).max() == pytest.approx(1.0, abs=1e-12), name


@pytest.mark.parametrize("name", ["drawn", "step decay"])
def test_what_was_measured_beforehand_is_what_a_trial_finds(name):
    stored = measured(name)
    assert stored.labels == [MINE, *rivals()] and stored.seeds == list(range(trial.SEEDS))
    live = Trial(seeds=2).run(picks()[name], peak=stored.peaks[MINE])
    for label in stored.labels:
        np.testing.assert_allclose(live.finals[label], stored.finals[label][:2], rtol=0.05, err_msg=label)
