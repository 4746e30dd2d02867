"""A second road to every gradient: PyTorch's autograd, in float64. Needs the extra `interop`."""

import math

import numpy as np
import pytest
from gradients import cases, parameters

torch = pytest.importorskip("torch")
F = torch.nn.functional

pytestmark = pytest.mark.interop


def softmax(p, x, y, model):
    flat = torch.cat([part.reshape(-1) for part in p.values()])
    return F.cross_entropy(x @ p["W"] + p["b"], y) + 0.5 * model.l2 * (flat**2).sum()


def mlp(p, x, y, model):
    return F.cross_entropy(F.relu(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"], y)


def least_squares(p, x, y, model):
    return 0.5 * F.mse_loss((x @ p["w"])[:, 0], y)


def transformer(p, tokens, following, model):
    B, L = tokens.shape
    D, heads = model.width, model.heads

    def norm(x, k):
        return F.layer_norm(x, (D,), p[f"gain{k}"][0], p[f"shift{k}"][0], 1e-5)

    x = p["E"][tokens] + p["position"]
    q, k, v = ((norm(x, 1) @ p["Wqkv"]).split(D, dim=-1))
    q, k, v = (a.reshape(B, L, heads, -1).transpose(1, 2) for a in (q, k, v))
    attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    x = x + attended.transpose(1, 2).reshape(B, L, D) @ p["Wo"]
    x = x + F.relu(norm(x, 2) @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
    return F.cross_entropy((norm(x, 3) @ p["Wh"] + p["bh"]).reshape(B * L, -1), following.reshape(-1))


LOSSES = {"softmax": softmax, "mlp": mlp, "least squares": least_squares, "transformer": transformer}


@pytest.mark.parametrize("name", LOSSES)
def test_gradient_agrees_with_autograd(name):
    model, batch = cases()[name]
    P = parameters(model)
    G = np.empty_like(P)
    loss = model.loss_and_grad(P, G, batch)
    for run in np.ndindex(2, 3):
        p = {
            key: torch.tensor(part[run].copy(), requires_grad=True) for key, part in model.views(P).items()
        }
        theirs = LOSSES[name](p, *(torch.tensor(part[run[0], 0]) for part in batch), model)
        theirs.backward()
        assert loss[run] == pytest.approx(theirs.item(), rel=1e-10)
        gradient = np.concatenate([part.grad.numpy().ravel() for part in p.values()])
        assert np.abs(gradient - G[run]).max() < 1e-10


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_optimizer_takes_the_steps_torch_takes(name):
    from lrcourse.lab.optimizers import optimizer

    model, batch = cases()["mlp"]
    P = parameters(model)[0, 0].copy()
    theirs = torch.tensor(P.copy(), requires_grad=True)
    made = {
        "sgd": lambda: torch.optim.SGD([theirs], lr=1.0),
        "momentum": lambda: torch.optim.SGD([theirs], lr=1.0, momentum=0.9),
        "adam": lambda: torch.optim.Adam([theirs], lr=1.0),
    }[name]()
    rule, G = optimizer(name), np.empty_like(P)
    state = rule.state(P)
    one = tuple(part[0, 0] for part in batch)
    for n in range(1, 21):
        rate = 0.05 * (1 + math.cos(math.pi * n / 20))
        model.loss_and_grad(P, G, one)
        theirs.grad = torch.tensor(G.copy())
        made.param_groups[0]["lr"] = rate
        made.step()
        rule.update(P, G, state, n, rate)
        np.testing.assert_allclose(P, theirs.detach().numpy(), rtol=1e-9, atol=1e-12)
