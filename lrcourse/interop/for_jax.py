"""A schedule as a pure function over JAX arrays."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp

from lrcourse.schedules import Schedule


class JaxNamespace:
    """The operations of lrcourse.schedules.namespaces over traced arrays."""

    sqrt = staticmethod(jnp.sqrt)
    minimum = staticmethod(jnp.minimum)
    maximum = staticmethod(jnp.maximum)
    where = staticmethod(jnp.where)

    @staticmethod
    def half_wave(t, T):
        return jnp.square(jnp.sin((T - t) * (math.pi / 2 / T)))

    @staticmethod
    def blend(w, high, low):
        return low + (high - low) * w if low + (high - low) == high else high * w + low * (1.0 - w)

    @staticmethod
    def within(t, length):
        return jnp.maximum(t, 0) if length is None else jnp.clip(t, 0, length)

    @staticmethod
    def count(boundaries, t):
        return jnp.searchsorted(jnp.asarray(boundaries, dtype=jnp.result_type(float)), t, side="right")

    @staticmethod
    def take(values, index):
        return jnp.asarray(values, dtype=jnp.result_type(float))[index]

    @staticmethod
    def refuse_past(t, T):
        raise ValueError("after must be 'hold' or 'periodic' for Optax, got 'raise': a traced step can't be refused")


JAX = JaxNamespace()


def rates(schedule: Schedule):
    """`rate(count)`: the rate at `count`, an int, or an array of any shape; float32, or float64 under x64."""
    schedule._at(jnp.asarray(0.0), JAX)  # what can't be traced is refused now, not in the middle of a run

    def rate(count):
        t = jnp.asarray(count, dtype=jnp.result_type(float))
        return jnp.asarray(schedule._at(t, JAX), dtype=t.dtype)

    rate.schedule = schedule
    return jax.named_call(rate, name="lrcourse_rate")
