"""Hand-written gradients against finite differences, and what a batch over runs must not change."""

import numpy as np
import pytest
from gradients import cases, parameters

from lrcourse.lab.models import Bowl, cross_entropy


@pytest.mark.parametrize("name", cases())
def test_gradient_agrees_with_central_differences_in_every_parameter(name):
    model, batch = cases()[name]
    P = parameters(model)
    G = np.full_like(P, np.nan)
    loss = model.loss_and_grad(P, G, batch)
    np.testing.assert_allclose(loss, model.loss(P, batch), rtol=1e-12)
    h = 1e-5
    for i in range(model.size):
        step = np.zeros(model.size)
        step[i] = h
        slope = (model.loss(P + step, batch) - model.loss(P - step, batch)) / (2 * h)
        np.testing.assert_allclose(G[..., i], slope, rtol=0, atol=2e-9, err_msg=f"parameter {i}")


@pytest.mark.parametrize("name", cases())
def test_many_runs_give_what_each_gives_alone(name):
    model, batch = cases()[name]
    P = parameters(model)
    G = np.empty_like(P)
    loss = model.loss_and_grad(P, G, batch)
    for run in np.ndindex(2, 3):
        alone = np.empty(model.size)
        one = model.loss_and_grad(P[run], alone, tuple(part[run[0], 0] for part in batch))
        np.testing.assert_allclose(one, loss[run], rtol=1e-13)
        np.testing.assert_allclose(alone, G[run], rtol=1e-11, atol=1e-15)


def test_views_are_windows_that_fill_the_buffer():
    for model, _ in cases().values():
        P = np.zeros((2, model.size))
        for part in model.views(P).values():
            part += 1
        assert (P == 1).all()


def test_cross_entropy_against_a_hand_worked_case():
    Z = np.log(np.array([[0.5, 0.25, 0.25], [0.2, 0.2, 0.6]]))
    loss = cross_entropy(Z, np.array([0, 2]))
    assert loss == pytest.approx((np.log(2) + np.log(1 / 0.6)) / 2, rel=1e-14)
    np.testing.assert_allclose(Z, np.array([[-0.5, 0.25, 0.25], [0.2, 0.2, -0.4]]) / 2, rtol=1e-14)


def test_cross_entropy_of_huge_scores_stays_finite():
    assert cross_entropy(np.array([[1e4, -1e4]], dtype=np.float32), np.array([0])) == 0


def test_the_bowls_gradient_is_slope_plus_noise():
    model, G = Bowl((2.0, 0.5), noise=3.0), np.empty(2)
    loss = model.loss_and_grad(np.array([1.0, 4.0]), G, (np.array([[1.0, -1.0]]),))
    assert loss == pytest.approx(0.5 * 2 + 0.5 * 0.5 * 16)
    assert G.tolist() == [2 * 1 + 3, 0.5 * 4 - 3]
