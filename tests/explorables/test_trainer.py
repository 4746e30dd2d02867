"""The trainer's Python side: what it trains, what it says of it, what it refuses; and the drawing's arithmetic."""

import json
import math

import numpy as np
import pytest

from lrcourse import explorables
from lrcourse.explorables import trainer_widget
from lrcourse.lab import trial
from lrcourse.lab.result import Result
from lrcourse.schedules import CosineAnnealing, Fixed, Linear, from_dict

RIVALS = list(trial.rivals())


@pytest.fixture
def quick(monkeypatch):
    """Trials of two seeds, one Trial for all tests."""
    monkeypatch.setattr(trial, "shared", lambda: _QUICK)


_QUICK = trial.Trial(seeds=2)


def test_pressing_train_trains_what_stands_there(quick):
    trainer = explorables.trainer(Linear(1.0, 400), peak=2.0)
    trainer._ordered = 1
    assert trainer._answered == 1 and trainer._refused == ""
    found = _QUICK.run(Linear(1.0, 400), peak=2.0)
    assert trainer.outcome["yours"]["mean"] == pytest.approx(found.loss("yours").mean, rel=1e-6)
    assert [row["name"] for row in trainer.outcome["field"]] == RIVALS
    assert trainer.outcome["shape"] == Linear(1.0, 400).to_dict() and trainer.outcome["asked"] == 2.0
    json.dumps(trainer.state, allow_nan=False)  # it travels as JSON, which knows no inf


def test_the_schedule_can_be_taken_along(quick):
    trainer = explorables.trainer(trial.drawn([(0, 0.0), (100, 0.5), (400, 0.0)]))
    with pytest.raises(ValueError, match="not known yet: press Train, or set peak"):
        trainer.schedule  # noqa: B018
    trainer.peak = 3.0
    assert trainer.schedule.values(400).max() == pytest.approx(3.0)
    assert trainer.schedule(50) == pytest.approx(1.5)
    trainer.peak = 0.0
    found = trainer.train()
    assert trainer.schedule.values(400).max() == pytest.approx(found.peaks["yours"])
    trainer.shape = Fixed(1.0)  # a pick, whose peak was tuned beforehand
    assert trainer.schedule(7) == trial.measured("fixed rate").peaks["yours"]
    assert explorables.trainer(Linear(0.5, 400), peak=0.5).schedule == Linear(0.5, 400)


@pytest.mark.parametrize(
    ("shape", "said"),
    [({"schedule": "Fixed", "eta_0": -1}, "eta_0 must be"), ({"schedule": "Fixed", "eta_0": 0.0}, "rate 0 at every"),
     ({"schedule": "Nothing"}, "Nothing"), ({}, "must have the key 'schedule'")])
def test_what_cannot_be_trained_is_refused_in_words_and_the_old_result_stays(quick, shape, said):
    trainer = explorables.trainer(Linear(1.0, 400), peak=2.0)
    trainer.train()
    before = trainer.outcome
    trainer.set_state({"shape": shape})  # as the browser sends it
    trainer._ordered = 5
    assert said in trainer._refused and trainer._answered == 5 and trainer.outcome == before
    trainer.shape = Linear(1.0, 400)
    trainer._ordered = 6
    assert trainer._refused == ""


def test_the_field_is_made_ready_once_somebody_looks(monkeypatch):
    class Asked:
        ready = 0

        def prepare(self):
            self.ready += 1

    asked = Asked()
    monkeypatch.setattr(trial, "shared", lambda: asked)
    trainer = explorables.trainer()
    trainer._repr_mimebundle_()
    assert asked.ready == 0  # a run without a front end trains nothing unasked
    trainer._seen = True
    assert asked.ready == 1


def test_an_interrupt_is_told(monkeypatch):
    class Stopped:
        def run(self, *given):
            raise KeyboardInterrupt

    monkeypatch.setattr(trial, "shared", Stopped)
    trainer = explorables.trainer()
    trainer._ordered = 1
    assert "interrupted" in trainer._refused and trainer._answered == 1


@pytest.mark.parametrize(("given", "error", "said"), [
    (dict(schedule=0.1), TypeError, "schedule must be one of lrcourse.schedules, got 0.1"),
    (dict(schedule=Fixed(0.0)), ValueError, "rate 0 at every one"),
    (dict(peak=-1), ValueError, "peak must be a finite number above 0, got -1"),
    (dict(peak="tune"), ValueError, "peak must be a finite number above 0, got 'tune'"),
    (dict(peak=math.inf), ValueError, "peak must be")])
def test_a_wrong_start_is_refused(given, error, said):
    with pytest.raises(error, match=said):
        explorables.trainer(**given)


# ---- what is said ------------------------------------------------------------------------------------------------


def result(yours, peak=1.0, tuned=False, edge=False, **rivals):
    """A comparison around given final losses: about 3 for a rival that is not named."""
    n = len(yours)
    about = [3.0 + 0.01 * i for i in range(n)]
    finals = {"yours": yours, **{name: rivals.get(name.split()[0], about) for name in RIVALS}}
    curve = {name: [4.0, float(np.mean(loss))] for name, loss in finals.items()}
    tuning = {"yours": {"best": peak, "peaks": [0.5, 1.0, 2.0], "loss": [3, 2, 3], "at_edge": edge}} if tuned else {}
    return Result(
        task="text", options={}, optimizer="sgd", steps=400, seeds=list(range(n)), unit="nats", baseline="fixed",
        peaks=dict.fromkeys(finals, peak), finals=finals, evaluated_at=[0, 400], curves=curve,
        half_widths={name: [0.1, 0.1] for name in finals}, tuning=tuning,
        diverged={name: int(np.isinf(loss).sum()) for name, loss in finals.items()})


def test_verdicts_and_ranking_are_those_of_the_result():
    found = result([2.5, 2.51, 2.52, 2.53], tuned=True, linear=[2.4, 2.41, 2.42, 2.43], WSD=[2.4, 2.6, 2.5, 2.55])
    told = trainer_widget.retold(found, tuned=True)
    verdicts = dict(zip(RIVALS, (one["verdict"] for one in told["differences"])))
    assert verdicts == {"fixed": "lower", "cosine": "lower", "linear": "higher", "WSD 20 %": "not separated",
                        "warmup + cosine": "lower"}
    assert "at its best peak of 3 tried, 1, ends at 2.515 ±" in told["told"]
    against = "lower than fixed, cosine and warmup + cosine; not separated from WSD 20 %; higher than linear."
    assert f"By the paired 95 % intervals that is {against}" in told["told"]
    assert told["differences"][2]["mean"] == pytest.approx(0.1) and told["differences"][2]["half"] < 1e-6


def test_nobody_is_ranked_where_nothing_is_separated():
    rng = np.random.default_rng(1)
    noisy = {name: list(rng.normal(3, 1, 4)) for name in ("fixed", "cosine", "linear", "WSD", "warmup")}
    told = trainer_widget.told(result(list(rng.normal(3, 1, 4)), **noisy), tuned=False)
    assert "no border can be drawn between them" in told and "1. " not in told
    assert "Its peak is yours, theirs are tuned" in told


def test_divergence_is_told_as_such():
    told = trainer_widget.retold(result([2.5, math.inf, 2.5], peak=512.0), tuned=False)
    assert "at peak 512, diverged in 1 of 3 runs: it has no final loss" in told["told"]
    assert told["yours"]["mean"] is None and {one["verdict"] for one in told["differences"]} == {"diverged"}


def test_worse_than_untrained_and_a_best_at_the_edge_are_told():
    assert "more than before the training" in trainer_widget.told(result([9.0, 9.1], peak=60.0), tuned=False)
    assert "at the edge of those tried" in trainer_widget.told(result([2.5, 2.6], tuned=True, edge=True), tuned=True)


def test_the_still_follows_the_state(quick):
    trainer = explorables.trainer()
    assert trainer_widget.BEFOREHAND in trainer.still().lines and "yours at 2.39" in trainer.still().alt
    trainer.peak = 300.0
    assert "It has not been trained yet." in trainer.still().lines
    trainer.train()
    assert trainer.still().lines[-1].startswith("Trained in ")
    trainer.peak = 1e4
    trainer.train()
    assert "yours at no number, since it diverged" in trainer.still().alt and "nan" not in trainer.still().svg


# ---- the drawing, in JavaScript ----------------------------------------------------------------------------------


def test_a_drawing_there_is_a_drawing_here(javascript):
    points = [[0, 0.25], [35, 1], [200, 0.4], [400, 0]]
    d, back = javascript.evaluate(["drawing"], "(p) => [drawnFrom(p), pointsOf(drawnFrom(p), 400)]", points)
    assert from_dict(d) == trial.drawn(points) and back == points
    assert d == json.loads(json.dumps(trial.drawn(points).to_dict()))


def test_every_pick_is_known_by_its_dictionary_and_can_be_drawn_over(javascript):
    ds = [schedule.to_dict() for schedule in trial.picks().values()]
    function = "(ds) => ds.map((d) => [pointsOf(d, 400), pointsOn(d, 400), highest(d, 400)])"
    found = javascript.evaluate(["drawing"], function, ds)
    for (name, schedule), (points, over, top) in zip(trial.picks().items(), found):
        assert (points is not None) is (name == "drawn")
        assert top == pytest.approx(schedule.values(400).max(), rel=1e-12)
        times, rates = np.array(over).T
        np.testing.assert_allclose(rates, schedule(times), atol=0.0051)
        assert trial.drawn(over).values(400).max() > 0


def test_only_a_drawing_has_points(javascript):
    others = [Fixed(1.0), CosineAnnealing(1.0, 400), trial.drawn([(0, 1), (50, 0.5), (300, 0)]),
              trial.drawn([(0, 1), (50, 2), (400, 0)])]
    ds = [one.to_dict() for one in others]
    assert javascript.evaluate(["drawing"], "(ds) => ds.map((d) => pointsOf(d, 400))", ds) == [None] * 4


def test_points_move_between_their_neighbours_and_stay_in_the_frame(javascript):
    points = [[0, 0.2], [50, 1], [400, 0]]
    moves = [[1, 103.4, 0.517], [1, -20, 2], [1, 999, -1], [0, 70, 0.5], [2, 70, 0.5]]
    function = "([p, ms]) => ms.map(([i, t, y]) => moved(p, i, t, y)[i])"
    found = javascript.evaluate(["drawing"], function, [points, moves])
    assert found == [[105, 0.52], [5, 1], [395, 0], [0, 0.5], [400, 0.5]]


def test_a_point_more_changes_no_rate_and_there_are_at_most_twelve(javascript):
    function = """(p) => {
        const all = [p];
        for (let more; (more = withOneMore(all.at(-1), 1)); ) all.push(more.points);
        return all;
    }"""
    grown = javascript.evaluate(["drawing"], function, [[0, 0.0], [200, 1], [400, 0]])
    assert len(grown[-1]) == 12 or min(np.diff([t for t, _ in grown[-1]])) < 10
    steps = np.arange(401)
    for points in grown:
        np.testing.assert_allclose(trial.drawn(points)(steps), trial.drawn(grown[0])(steps), atol=0.006 * len(points))
