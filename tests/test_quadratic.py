"""The noisy bowl: every exact formula against a second road to the same number."""

import doctest
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse import quadratic
from lrcourse.quadratic import NoisyQuadratic, descend

BOWL = NoisyQuadratic(curvature=3.0, noise=0.5)


def test_docstrings_run():
    assert doctest.testmod(quadratic).failed == 0


def test_by_hand():
    # λ = 2, σ = 1, η = ¼: x halves, the noise adds 1/16 to its variance.
    bowl = NoisyQuadratic(curvature=2.0, noise=1.0)
    assert bowl.mean_squares([0.25, 0.25], x_0=4.0).tolist() == [16.0, 4.0625, 1.078125]
    assert bowl.mean_losses([0.25], x_0=4.0).tolist() == [16.0, 4.0625]
    assert bowl.limit == 1.0
    assert bowl.factor(0.25) == 0.5
    assert bowl.loss(3.0) == 9.0
    assert bowl.noise_floor(0.25) == pytest.approx(0.25 / (2 * 1.5), rel=1e-15)


def test_documented_values():
    """The answers the exercises give for λ = σ = 1."""
    bowl = NoisyQuadratic()
    assert NoisyQuadratic(curvature=10.0).limit == 0.2
    assert bowl.steps_to_shrink(1e-3, times=100) == 4603
    assert bowl.noise_floor(0.1) == pytest.approx(0.0263158, rel=1e-5)
    assert bowl.noise_floor(0.05) / bowl.noise_floor(0.1) == pytest.approx(0.4872, abs=5e-5)
    assert bowl.mean_losses(np.full(1000, 0.5), x_0=10.0)[-1] == pytest.approx(1 / 6, rel=1e-12)


# -- no noise --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("product", "word"),
    [(0.5, "monotone"), (1.0, "one step"), (1.5, "oscillating"), (2.0, "perpetual"), (2.5, "diverging")],
)
@pytest.mark.parametrize("curvature", [0.1, 1.0, 3.0, 1500.0])
def test_the_word_fits_the_walk(product, word, curvature):
    """Each regime's name is what gradient descent itself then does."""
    bowl = NoisyQuadratic(curvature, noise=0.0)
    assert bowl.regime(product / curvature) == word
    x = descend(lambda x: curvature * x, 1.0, np.full(40, product / curvature))
    size, crosses = np.abs(x), np.any(x[1:] * x[:-1] < -1e-9)
    seen = {
        "monotone": np.all(np.diff(size) < 0) and not crosses,
        "one step": np.all(size[1:] < 1e-12),
        "oscillating": np.all(np.diff(size) < 0) and crosses,
        "perpetual": np.allclose(size, 1.0) and crosses,
        "diverging": np.all(np.diff(size) > 0) and crosses,
    }
    assert [name for name, holds in seen.items() if holds] == [word]


@pytest.mark.parametrize("product", [1e-3, 0.1, 0.5, 0.9, 1.0, 1.1, 1.5, 1.9])
@pytest.mark.parametrize("times", [10, 100, 1e6])
def test_steps_to_shrink_is_the_first_step_that_does(product, times):
    bowl = NoisyQuadratic(curvature=1.0)
    steps = bowl.steps_to_shrink(product, times)
    x = np.abs(descend(lambda x: x, 1.0, np.full(steps, product)))
    assert x[-1] <= (1 + 1e-9) / times < x[-2]


def test_steps_to_shrink_keeps_its_digits_at_tiny_rates():
    # 1 − 1e-17 rounds to 1, so a plain log of the factor would be 0.
    assert NoisyQuadratic().steps_to_shrink(1e-17, times=math.e) == pytest.approx(1e17, rel=1e-12)


@pytest.mark.parametrize("product", [2.0, 2.5, 100.0])
def test_at_the_limit_and_above_nothing_shrinks(product):
    assert NoisyQuadratic(3.0).steps_to_shrink(product / 3.0, times=2) is None
    assert NoisyQuadratic(3.0).noise_floor(product / 3.0) == np.inf


# -- the mean over the noise -----------------------------------------------------------------------
def test_simulation_agrees_with_the_exact_mean():
    rates = np.linspace(0.5, 0.02, 40)
    runs = 20_000
    squares = BOWL.simulate(rates, x_0=1.0, runs=runs, seed=1) ** 2
    exact = BOWL.mean_squares(rates, x_0=1.0)
    # A mean of `runs` squares scatters by at most √2·E[x²]/√runs (x is Gaussian); five of those is no chance.
    assert np.all(np.abs(squares.mean(axis=0) - exact) <= 5 * math.sqrt(2 / runs) * exact + 1e-15)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.01, 1.95), st.floats(0.01, 1e4), st.floats(0.0, 100.0))
def test_the_floor_is_where_the_recursion_stays(product, curvature, noise):
    bowl = NoisyQuadratic(curvature, noise)
    eta = product / curvature
    floor = float(bowl.noise_floor(eta))
    on_it = math.sqrt(2 * floor / curvature)
    assert bowl.mean_losses([eta] * 3, on_it) == pytest.approx([floor] * 4, rel=1e-9, abs=1e-300)


def test_floor_takes_many_rates():
    eta = np.array([0.1, 0.2, 1.0])
    assert BOWL.noise_floor(eta).tolist() == [float(BOWL.noise_floor(one)) for one in eta]
    assert BOWL.noise_floor(eta)[-1] == np.inf


# -- the best schedule -----------------------------------------------------------------------------
def test_best_rates_are_the_greedy_ones():
    """The closed form against the recipe: at each step, minimise the next mean square."""
    square, greedy = 4.0, []
    for _ in range(50):
        eta = BOWL.curvature * square / (BOWL.curvature**2 * square + BOWL.noise**2)
        greedy.append(eta)
        square = BOWL.mean_squares([eta], math.sqrt(square))[-1]
    np.testing.assert_allclose(BOWL.best_rates(50, x_0=2.0), greedy, rtol=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_no_schedule_beats_the_best(rates):
    best = BOWL.mean_losses(BOWL.best_rates(len(rates), x_0=2.0), x_0=2.0)[-1]
    assert BOWL.mean_losses(rates, x_0=2.0)[-1] >= best * (1 - 1e-12)


def test_without_noise_the_best_is_one_step():
    bowl = NoisyQuadratic(curvature=4.0, noise=0.0)
    assert bowl.best_rates(3, x_0=1.0).tolist() == [0.25] * 3
    assert bowl.mean_losses(bowl.best_rates(1, x_0=1.0), x_0=1.0)[-1] == 0.0


# -- chance ----------------------------------------------------------------------------------------
def test_a_seed_fixes_the_runs():
    rates = np.full(5, 0.1)
    runs = BOWL.simulate(rates, 1.0, runs=3, seed=7)
    assert runs.shape == (3, 6)
    np.testing.assert_array_equal(runs, BOWL.simulate(rates, 1.0, runs=3, seed=7))
    assert not np.array_equal(runs, BOWL.simulate(rates, 1.0, runs=3, seed=8))
    assert len({*runs[:, -1]}) == 3


def test_a_longer_run_begins_with_the_same_noise():
    """So that two schedules are compared on the same luck."""
    short = BOWL.simulate(np.full(5, 0.1), 1.0, runs=4, seed=3)
    long = BOWL.simulate(np.full(9, 0.1), 1.0, runs=4, seed=3)
    np.testing.assert_array_equal(short, long[:, :6])


def test_without_noise_it_is_gradient_descent():
    rates = [0.1, 0.2, 0.3]
    quiet = NoisyQuadratic(curvature=3.0, noise=0.0)
    walk = descend(lambda x: 3.0 * x, 2.0, rates)
    np.testing.assert_allclose(quiet.simulate(rates, 2.0)[0], walk, rtol=1e-15)
    np.testing.assert_allclose(quiet.mean_squares(rates, 2.0), walk**2, rtol=1e-14)


def test_descend_in_two_dimensions():
    walk = descend(lambda x: np.array([1.0, 10.0]) * x, [2.0, 2.0], [0.1, 0.1])
    assert walk.shape == (3, 2)
    np.testing.assert_allclose(walk[-1], [2 * 0.9**2, 0.0], atol=1e-15)


# -- what is refused -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda: NoisyQuadratic(0.0), ValueError, "curvature must be greater than 0, got 0.0"),
        (lambda: NoisyQuadratic(-1), ValueError, "curvature must be greater than 0, got -1"),
        (lambda: NoisyQuadratic(math.inf), ValueError, "curvature must be finite, got inf"),
        (lambda: NoisyQuadratic(True), TypeError, "curvature must be a number, got True"),
        (lambda: NoisyQuadratic(1.0, noise=-0.1), ValueError, "noise must be 0 or greater, got -0.1"),
        (lambda: NoisyQuadratic(1.0, noise="1"), TypeError, "noise must be a number, got '1'"),
        (lambda: BOWL.regime(0.0), ValueError, "eta must be greater than 0, got 0.0"),
        (lambda: BOWL.noise_floor(-0.1), ValueError, "eta must be greater than 0"),
        (lambda: BOWL.steps_to_shrink(0.1, times=1.0), ValueError, "times must be greater than 1, got 1.0"),
        (lambda: BOWL.mean_losses([0.1, math.nan], 1.0), ValueError, "rates must be finite and 0 or greater"),
        (lambda: BOWL.mean_losses([0.1, -0.1], 1.0), ValueError, "rates must be finite and 0 or greater"),
        (lambda: BOWL.mean_losses(0.1, 1.0), ValueError, "rates must be one rate per update"),
        (lambda: BOWL.mean_losses(["0.1"], 1.0), TypeError, "rates must be numbers"),
        (lambda: BOWL.simulate([0.1], x_0=math.nan), ValueError, "x_0 must be finite, got nan"),
        (lambda: BOWL.simulate([0.1], x_0=1.0, runs=0), ValueError, "runs must be 1 or more, got 0"),
        (lambda: BOWL.best_rates(0, x_0=1.0), ValueError, "steps must be 1 or more, got 0"),
        (lambda: BOWL.best_rates(5.0, x_0=1.0), TypeError, "steps must be a whole number, got 5.0"),
        (lambda: BOWL.best_rates(5, x_0=0.0), ValueError, "x_0 must be other than 0, got 0.0"),
    ],
)
def test_refusals_name_parameter_rule_and_value(ask, error, message):
    with pytest.raises(error, match=re.escape(message)):
        ask()


def test_a_run_above_the_limit_ends_at_infinity_without_a_warning():
    bowl = NoisyQuadratic(curvature=1500.0)
    assert bowl.mean_losses(np.full(5000, 0.002), x_0=1.0)[-1] == np.inf
