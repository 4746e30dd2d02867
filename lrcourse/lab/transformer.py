"""A language model of one pre-LN transformer block, with its gradient written by hand.

    x  = E[token] + position                      embedding
    x += attention(LN(x)) Wo                      causal, several heads
    x += relu(LN(x) W1 + b1) W2 + b2              feed-forward
    scores = LN(x) Wh + bh                        cross-entropy at every place

Pre-LN (Xiong et al. 2020, arXiv 2002.04745) is the form that today's models use. The leading run axes work as in
`lrcourse.lab.models`; below, N = B·L rows are the tokens of a batch, D is the width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .models import Model, cross_entropy, sum_rows

__all__ = ["Transformer"]

_EPSILON = 1e-5  # in the layer norms, as in PyTorch


def _t(a):
    return np.swapaxes(a, -1, -2)


def _norm(x, gain, shift):
    """Layer norm over the last axis: (y, what its gradient needs)."""
    x = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + _EPSILON)
    x /= spread
    return x * gain + shift, (x, spread)


def _norm_grad(dy, kept, gain, g_gain, g_shift):
    """Gradient to the norm's input; writes those of gain and shift."""
    x, spread = kept
    sum_rows(dy * x, out=g_gain)
    sum_rows(dy, out=g_shift)
    dx = dy * gain
    dx -= dx.mean(axis=-1, keepdims=True) + x * (dx * x).mean(axis=-1, keepdims=True)
    dx /= spread
    return dx


@dataclass(frozen=True)
class Transformer(Model):
    """One block. Batch: tokens (…, B, length) and the characters that follow them (…, B, length)."""

    vocabulary: int = 36
    length: int = 16
    width: int = 32
    heads: int = 2
    hidden: int = 128

    def shapes(self):
        V, L, D, F = self.vocabulary, self.length, self.width, self.hidden
        norm = (1, D)
        return {
            "E": (V, D), "position": (L, D),
            "gain1": norm, "shift1": norm, "Wqkv": (D, 3 * D), "Wo": (D, D),
            "gain2": norm, "shift2": norm, "W1": (D, F), "b1": (1, F), "W2": (F, D), "b2": norm,
            "gain3": norm, "shift3": norm, "Wh": (D, V), "bh": (1, V),
        }  # fmt: skip

    def init(self, rng):
        """Weights N(0, 1/fan-in), embeddings N(0, 1)·0.5, gains 1, the rest 0; the head starts small."""
        P = np.zeros(self.size)
        for name, part in self.views(P).items():
            if name.startswith("gain"):
                part[:] = 1
            elif name in ("E", "position"):
                part[:] = 0.5 * rng.standard_normal(part.shape)
            elif name.startswith("W"):
                scale = 0.3 if name == "Wh" else 1.0
                part[:] = rng.standard_normal(part.shape) * scale / math.sqrt(part.shape[0])
        return P

    def _split(self, a, B):
        """(…, N, D) → (…, B, heads, L, D/heads)."""
        a = a.reshape(*a.shape[:-2], B, self.length, self.heads, -1)
        return np.ascontiguousarray(np.swapaxes(a, -2, -3))

    def _merge(self, a):
        """(…, B, heads, L, D/heads) → (…, N, D)."""
        a = np.swapaxes(a, -2, -3)
        return a.reshape(*a.shape[:-4], -1, self.width)

    def _forward(self, p, tokens):
        B, L, D = tokens.shape[-2], self.length, self.width
        onehot = np.eye(self.vocabulary, dtype=p["E"].dtype)[tokens.reshape(*tokens.shape[:-2], B * L)]
        x = onehot @ p["E"]
        x.reshape(*x.shape[:-2], B, L, D)[...] += p["position"][..., None, :, :]
        y1, norm1 = _norm(x, p["gain1"], p["shift1"])
        q, k, v = (self._split(part, B) for part in np.split(y1 @ p["Wqkv"], 3, axis=-1))
        q *= 1 / math.sqrt(D // self.heads)
        A = q @ _t(k)
        A += np.triu(np.full((L, L), -np.inf, dtype=A.dtype), 1)
        A -= A.max(axis=-1, keepdims=True)
        np.exp(A, out=A)
        A /= A.sum(axis=-1, keepdims=True)
        attended = self._merge(A @ v)
        x += attended @ p["Wo"]
        y2, norm2 = _norm(x, p["gain2"], p["shift2"])
        h = y2 @ p["W1"]
        h += p["b1"]
        np.maximum(h, 0, out=h)
        x += h @ p["W2"]
        x += p["b2"]
        y3, norm3 = _norm(x, p["gain3"], p["shift3"])
        Z = y3 @ p["Wh"]
        Z += p["bh"]
        return Z, (onehot, y1, norm1, q, k, v, A, attended, y2, norm2, h, y3, norm3)

    def loss_and_grad(self, P, G, batch):
        tokens, following = batch
        B = tokens.shape[-2]
        p, g = self.views(P), self.views(G)
        Z, (onehot, y1, norm1, q, k, v, A, attended, y2, norm2, h, y3, norm3) = self._forward(p, tokens)
        loss = cross_entropy(Z, following.reshape(*following.shape[:-2], -1))
        # The head.
        np.matmul(_t(y3), Z, out=g["Wh"])
        sum_rows(Z, out=g["bh"])
        dx = _norm_grad(Z @ _t(p["Wh"]), norm3, p["gain3"], g["gain3"], g["shift3"])
        # The feed-forward part; dx goes on along the skip connection.
        sum_rows(dx, out=g["b2"])
        np.matmul(_t(h), dx, out=g["W2"])
        dh = dx @ _t(p["W2"])
        dh *= h > 0
        np.matmul(_t(y2), dh, out=g["W1"])
        sum_rows(dh, out=g["b1"])
        dx += _norm_grad(dh @ _t(p["W1"]), norm2, p["gain2"], g["gain2"], g["shift2"])
        # Attention.
        np.matmul(_t(attended), dx, out=g["Wo"])
        d_attended = self._split(dx @ _t(p["Wo"]), B)
        dA = d_attended @ _t(v)
        dA -= (dA * A).sum(axis=-1, keepdims=True)
        dA *= A
        dq = dA @ k
        dq *= 1 / math.sqrt(self.width // self.heads)
        dqkv = np.concatenate(
            [self._merge(part) for part in (dq, _t(dA) @ q, _t(A) @ d_attended)], axis=-1
        )
        np.matmul(_t(y1), dqkv, out=g["Wqkv"])
        dx += _norm_grad(dqkv @ _t(p["Wqkv"]), norm1, p["gain1"], g["gain1"], g["shift1"])
        # The embedding.
        np.matmul(_t(onehot), dx, out=g["E"])
        dx.reshape(*dx.shape[:-2], B, self.length, self.width).sum(axis=-3, out=g["position"])
        return loss

    def loss(self, P, batch):
        tokens, following = batch
        Z, _ = self._forward(self.views(P), tokens)
        return cross_entropy(Z, following.reshape(*following.shape[:-2], -1), gradient=False)

    def flops(self, rows):
        """Of one gradient over `rows` sequences, attention's own products included."""
        tokens = rows * self.length
        return super().flops(tokens) + 12 * tokens * self.length * self.width
