"""Small cases of every model, shared by the two tests of gradients. Run axes are (2, 3); inputs broadcast over 3."""

import numpy as np

from lrcourse.lab.models import MLP, LeastSquares, Softmax
from lrcourse.lab.transformer import Transformer


def cases():
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((2, 1, 5, 7)), rng.integers(0, 4, (2, 1, 5))
    text = rng.integers(0, 9, (2, 1, 3, 6))
    return {
        "softmax": (Softmax(7, 4, l2=0.1), (x, y)),
        "mlp": (MLP(7, 6, 4), (x, y)),
        "least squares": (LeastSquares(7), (x, y.astype(float))),
        "transformer": (
            Transformer(vocabulary=9, length=5, width=8, heads=2, hidden=12),
            (text[..., :-1], text[..., 1:]),
        ),
    }


def parameters(model):
    """Six different sets of parameters, none of them special (not even the gains and biases)."""
    rng = np.random.default_rng(2)
    start = np.stack([model.init(rng) for _ in range(6)]).reshape(2, 3, -1)
    return start + 0.1 * rng.standard_normal(start.shape)
