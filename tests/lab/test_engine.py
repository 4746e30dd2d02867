"""The engine: paired seeds, one run or many, divergence, interrupts, processes."""

import os
import subprocess
import sys
import warnings

import numpy as np
import pytest

from lrcourse.lab import engine, workers
from lrcourse.lab.engine import train
from lrcourse.lab.optimizers import SGD
from lrcourse.lab.tasks import Stream, make_task

T = 40
RATES = np.stack([np.full(T, 0.3), 0.6 * (1 - np.arange(T) / T), np.full(T, 0.05)])


def same(a, b, **tolerance):
    for name in ("loss", "batch_loss", "diverged_at"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), **tolerance)


@pytest.mark.parametrize("task", ["text", "digits", "softmax", "regression", "quadratic"])
@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
def test_many_runs_are_many_single_runs(task, rule):
    rates = RATES * (0.02 if rule == "adam" else 0.1)
    together = train(task, rates, [3, 8], optimizer=rule, dtype=np.float64)
    for s, seed in enumerate([3, 8]):
        for c in range(3):
            alone = train(task, rates[c], [seed], optimizer=rule, dtype=np.float64)
            np.testing.assert_allclose(together.loss[s, c], alone.loss[0, 0], rtol=1e-12)


def test_many_transformers_are_many_single_transformers():
    rates = 0.02 * RATES[:2, :6]
    together = train("transformer", rates, [0, 1], dtype=np.float64, evaluate_at=[6])
    alone = train("transformer", rates[1], [1], dtype=np.float64, evaluate_at=[6])
    np.testing.assert_allclose(together.loss[1, 1], alone.loss[0, 0], rtol=1e-12)


@pytest.mark.parametrize("runs_per_chunk", [1, 2, 3, 5, 64])
def test_no_number_depends_on_how_runs_are_cut(runs_per_chunk):
    whole = train("text", RATES, [0, 1, 2], dtype=np.float64, average=0.9)
    cut = train("text", RATES, [0, 1, 2], dtype=np.float64, average=0.9, runs_per_chunk=runs_per_chunk)
    same(whole, cut, rtol=1e-12)
    np.testing.assert_allclose(whole.averaged, cut.averaged, rtol=1e-12)
    assert cut.done.all() and cut.complete


def test_blocks_cover_the_grid_once():
    for S, C, limit, least in [(1, 1, 64, 2), (10, 3, 64, 2), (3, 70, 16, 2), (7, 5, 4, 1), (2, 9, 1, 2)]:
        seen = np.zeros((S, C), int)
        for block in engine._blocks(S, C, limit, least):
            seen[block] += 1
            assert seen[block].size <= limit
        assert (seen == 1).all()


def test_seeds_pair_runs_start_and_batches_depend_on_nothing_else():
    task = make_task("text")
    assert np.array_equal(task.start(5), task.start(5)) and not np.array_equal(task.start(5), task.start(6))
    assert np.array_equal(task.stream(5).take(30), task.stream(5).take(30))
    assert not np.array_equal(task.stream(5).take(30), task.stream(6).take(30))
    # At rate 0 nothing is learnt: what is left is initialisation and data, the same for every configuration.
    idle = train("text", np.zeros((3, 20)), [5, 6], dtype=np.float64)
    assert (idle.batch_loss[:, :, 1:] == idle.batch_loss[:, :1, 1:]).all()
    assert not np.allclose(idle.batch_loss[0, 0, 1:], idle.batch_loss[1, 0, 1:])


@pytest.mark.parametrize("sampling", ["replace", "shuffle"])
def test_a_stream_is_the_same_however_it_is_taken(sampling):
    once, often = (Stream(4, 50, 8, sampling) for _ in range(2))
    assert np.array_equal(once.take(30), np.concatenate([often.take(k) for k in (1, 9, 20)]))


def test_shuffled_epochs_hold_every_row_once():
    order = Stream(0, 50, 8, "shuffle").take(25).ravel()
    assert [sorted(epoch) for epoch in order.reshape(4, 50)] == [list(range(50))] * 4


def test_full_batches_leave_no_noise():
    runs = train("regression", np.full((1, 30), 0.3), [0, 1], dtype=np.float64)
    full = train(make_task("regression", sampling="full"), np.full((1, 30), 0.3), [0, 1], dtype=np.float64)
    assert (full.loss[0] == full.loss[1]).all() and not (runs.loss[0] == runs.loss[1]).all()


@pytest.mark.parametrize("task", ["text", "regression", "quadratic"])
def test_divergence_stays_in_its_run_and_says_when(task):
    calm = np.full(60, 0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        runs = train(task, np.stack([calm, np.full(60, 1e5), calm]), [0, 1], dtype=np.float64)
    alone = train(task, calm, [0, 1], dtype=np.float64)
    np.testing.assert_allclose(runs.loss[:, [0, 2]], np.repeat(alone.loss, 2, axis=1), rtol=1e-12)
    assert (runs.diverged_at[:, [0, 2]] == 0).all()
    assert (runs.diverged_at[:, 1] >= 1).all() and (runs.diverged_at[:, 1] < 60).all()
    assert np.isinf(runs.final[:, 1]).all() and runs.complete


def test_divergence_is_dated_to_the_update_at_which_it_shows():
    # x ← −9x, so the loss ½x² passes 10⁶ when 9^(2n)/2 does: at the batch of update n + 1 = 5.
    task = make_task("quadratic", curvatures=(1.0,), noise=0.0)
    runs = train(task, np.full((1, 20), 10.0), [0], dtype=np.float64)
    assert runs.diverged_at[0, 0] == 1 + next(n for n in range(20) if 0.5 * 81**n > engine.BLOWN_UP)


def test_an_interrupt_keeps_what_was_done(monkeypatch):
    model = type(make_task("digits").model)
    honest, calls = model.loss_and_grad, []

    def interrupted(self, P, G, batch):
        calls.append(1)
        if len(calls) > 70:
            raise KeyboardInterrupt
        return honest(self, P, G, batch)

    whole = train("digits", RATES, [0, 1], processes=1, runs_per_chunk=3)
    monkeypatch.setattr(model, "loss_and_grad", interrupted)
    runs = train("digits", RATES, [0, 1], processes=1, runs_per_chunk=3)
    assert not runs.complete
    assert runs.done.tolist() == [[True] * 3, [False] * 3]
    np.testing.assert_array_equal(runs.loss[0], whole.loss[0])
    kept = ~np.isnan(runs.loss[1])
    assert 0 < kept.sum() < kept.size  # the part of the second chunk that was reached
    np.testing.assert_array_equal(runs.loss[1][kept], whole.loss[1][kept])


def test_two_processes_give_what_one_gives():
    one = train("text", RATES, [0, 1, 2, 3], processes=1)
    two = train("text", RATES, [0, 1, 2, 3], processes=2)
    same(one, two, rtol=1e-5)  # BLAS may split a product differently with one thread


def test_without_processes_the_work_is_done_here(monkeypatch):
    monkeypatch.setattr(workers, "_start", lambda: None)
    monkeypatch.setattr(workers, "_idle", [])
    runs = train("digits", RATES, [0, 1], processes=2)
    same(runs, train("digits", RATES, [0, 1], processes=1), rtol=1e-6)


def test_a_worker_that_dies_is_replaced_by_this_process(monkeypatch):
    hire = workers._hire

    def doomed(count):
        found = hire(count)
        found[0].kill()
        found[0].wait()
        return found

    monkeypatch.setattr(workers, "_hire", doomed)
    runs = train("digits", RATES, [0, 1, 2, 3], processes=2)
    assert runs.complete
    same(runs, train("digits", RATES, [0, 1, 2, 3], processes=1), rtol=1e-5)


def test_an_error_in_a_worker_is_told():
    job = dict(task=make_task("text"), rates=RATES, seeds=["x"], optimizer=SGD(), steps=[T], average=None, dtype=float)
    with pytest.raises(RuntimeError, match="in a worker"):
        list(workers.run_all([job, job], 2, lambda share: None))


def test_a_script_without_a_main_guard_may_use_two_processes(tmp_path):
    script = tmp_path / "plain.py"
    script.write_text(
        "import numpy as np\nfrom lrcourse.lab import train\n"
        "print('once', train('quadratic', np.full((2, 9), 0.1), range(4), processes=2).final.shape)\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([os.getcwd(), os.environ.get("PYTHONPATH", "")])}
    out = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, env=env)
    assert (out.stdout, out.stderr) == ("once (4, 2)\n", "")


def test_averages_of_a_still_run_are_the_run():
    runs = train("text", np.zeros((1, 10)), [0, 1], average=0.9, dtype=np.float64)
    np.testing.assert_allclose(runs.averaged, runs.loss, rtol=1e-12)


def test_the_average_is_the_running_mean_that_it_says():
    # Without noise x_n = (1/2)^n; young averages weigh steps alike: a_n = a_{n-1} + (x_n - a_{n-1})·max(1-β, 1/(n+1)).
    task = make_task("quadratic", curvatures=(1.0,), noise=0.0)
    runs = train(task, np.full((1, 6), 0.5), [0], average=0.75, dtype=np.float64, evaluate_at=range(7))
    a, expected = 1.0, [0.5]
    for n in range(1, 7):
        a += (0.5**n - a) * max(0.25, 1 / (n + 1))
        expected.append(0.5 * a * a)
    np.testing.assert_allclose(runs.averaged[0, 0], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (dict(rates=[[-0.1]], seeds=[0]), "rates must be finite and 0 or greater"),
        (dict(rates=[[np.nan]], seeds=[0]), "rates must be finite"),
        (dict(rates=np.ones((1, 2, 3)), seeds=[0]), r"\(C, T\)"),
        (dict(rates=[0.1], seeds=[]), "seeds must be different"),
        (dict(rates=[0.1], seeds=[1, 1]), "seeds must be different"),
        (dict(rates=[0.1], seeds=[0], evaluate_at=[2]), "evaluate_at must lie between 0"),
        (dict(rates=[0.1], seeds=[0], average=1.0), "average must lie between 0 and 1"),
        (dict(rates=[0.1], seeds=[0], optimizer="adamw"), "optimizer must be one of sgd, momentum, adam"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        train("quadratic", **arguments)


def test_tasks_refuse_unknown_names_and_options():
    with pytest.raises(ValueError, match="task must be one of text, digits"):
        make_task("images")
    with pytest.raises(TypeError, match="unexpected keyword argument 'depth'"):
        make_task("text", depth=3)
    with pytest.raises(ValueError, match="sampling must be one of"):
        make_task("digits", sampling="none")
