"""What is computed exactly, against simulation and against other roads to the same numbers."""

import numpy as np
import pytest

from lrcourse.lab import quadratic, theory
from lrcourse.lab.engine import train
from lrcourse.lab.tasks import make_task
from lrcourse.quadratic import NoisyQuadratic


def test_exact_recursion_is_the_mean_of_many_simulated_runs():
    T, runs = 60, 1500
    rates = np.stack([np.full(T, 0.4), 0.8 * (1 - np.arange(T) / T)])
    looks = np.array([1, 5, 20, 60])
    found = train("quadratic", rates, range(runs), evaluate_at=looks, processes=1).loss
    exact = quadratic.mean_losses(rates)[:, looks]
    error = found.std(axis=0, ddof=1) / np.sqrt(runs)
    assert (np.abs(found.mean(axis=0) - exact) < 4.5 * error + 1e-6).all()


def test_one_direction_is_the_bowl_of_the_course():
    bowl, rates = NoisyQuadratic(curvature=2.0, noise=0.7), np.linspace(0.9, 0, 30)
    mine = quadratic.mean_losses(rates, [2.0], 0.7, start=1.5)
    np.testing.assert_allclose(mine, bowl.mean_losses(rates, 1.5), rtol=1e-13)
    assert quadratic.floor(0.3, [2.0], 0.7) == pytest.approx(bowl.noise_floor(0.3), rel=1e-13)
    assert quadratic.limit([2.0]) == bowl.limit


def test_the_floor_is_where_the_recursion_stays():
    settled = quadratic.mean_losses(np.full(4000, 0.5))
    assert settled[-1] == pytest.approx(quadratic.floor(0.5), rel=1e-9)
    assert quadratic.floor(2.0) == np.inf


def test_above_the_limit_every_run_runs_away_and_below_none():
    limit = quadratic.limit()
    loss = quadratic.mean_losses(np.outer([0.99 * limit, 1.01 * limit], np.ones(3000)), noise=0.0)
    assert loss[0, -1] < 1e-9 < loss[0, 0] < loss[1, -1]


def bound_by_loops(rates, D, G):
    """The theorem as it is printed, term by term."""
    T = len(rates)
    total = sum(rates)
    value = D**2 / (2 * total) + sum(r * r * G * G for r in rates) / (2 * total)
    for k in range(T - 1):
        after, here = sum(rates[k + 1 :]), sum(rates[k:])
        value += 0.5 * rates[k] / after * sum(r * r * G * G for r in rates[k:]) / here
    return value


@pytest.mark.parametrize("name", ["constant", "linear", "random"])
def test_the_bound_is_the_printed_theorem(name):
    rates = {
        "constant": np.full(12, 0.3),
        "linear": 0.5 * (1 - np.arange(12) / 12),
        "random": np.random.default_rng(0).uniform(0.1, 1, 12),
    }[name]
    assert theory.bound(rates, D=2.0, G=1.5) == pytest.approx(bound_by_loops(list(rates), 2.0, 1.5), rel=1e-12)
    assert theory.bound(np.r_[rates, 0, 0], 2.0, 1.5) == pytest.approx(theory.bound(rates, 2.0, 1.5), rel=1e-12)


def test_the_best_peak_minimises_the_bound():
    shape = 1 - np.arange(50) / 50
    peak, value = theory.best_peak(shape, D=3.0, G=0.5)
    assert value == pytest.approx(theory.bound(peak * shape, 3.0, 0.5), rel=1e-12)
    assert all(theory.bound(peak * f * shape, 3.0, 0.5) > value for f in (0.9, 1.1))


def test_the_bound_prefers_a_line_to_a_constant_by_a_factor_that_grows():
    ratios = []
    for T in (100, 10_000):
        line, constant = (theory.best_peak(shape)[1] for shape in (1 - np.arange(T) / T, np.ones(T)))
        ratios.append(constant / line)
    assert 1 < ratios[0] < ratios[1]  # a logarithm of T separates the two


def test_softmax_minimum_is_where_descent_leads():
    known = theory.softmax_floor(16, 0.05)
    task = make_task("softmax", l2=0.05, sampling="full")
    rates = np.full((1, 1500), 1 / known.curvatures.max())
    assert train(task, rates, [0], dtype=np.float64).final[0, 0] == pytest.approx(known.minimum, abs=1e-9)
    assert known.curvatures.min() > 0.049


def test_descent_breaks_at_two_over_the_curvature():
    known = theory.softmax_floor(16, 0.05)
    task = make_task("softmax", l2=0.05, sampling="full")
    rates = np.outer([0.9 * known.limit, 1.5 * known.limit], np.ones(1500))
    below, above = train(task, rates, [0], dtype=np.float64).final[0] - known.minimum
    assert below < 1e-6 < 1e-3 < above


def test_rank_correlation_against_hand_worked_numbers():
    assert theory.rank_correlation([1, 2, 3], [10, 30, 20]) == pytest.approx(0.5)
    assert theory.rank_correlation([3, 1, 2], [0.3, 0.1, 0.2]) == pytest.approx(1)
