"""A schedule as a Keras LearningRateSchedule, on whichever backend Keras runs."""

from __future__ import annotations

import math

import keras
from keras import ops

from lrcourse.schedules import from_dict


def real(x):
    """`x` in Keras's floatx; a bare number would become float32 on some backends, and pull the others along."""
    if isinstance(x, (int, float)):
        return ops.convert_to_tensor(x, dtype=keras.config.floatx())
    return ops.cast(x, keras.config.floatx())


class KerasNamespace:
    """The operations of lrcourse.schedules.namespaces over keras.ops."""

    sqrt = staticmethod(ops.sqrt)

    @staticmethod
    def minimum(x, limit):  # ops.minimum of two float64 gives float32 on the torch backend of Keras 3.15
        return KerasNamespace.where(x < limit, x, limit)

    @staticmethod
    def maximum(x, limit):
        return KerasNamespace.where(x > limit, x, limit)

    @staticmethod
    def where(condition, yes, no):
        return ops.where(condition, real(yes), real(no))

    @staticmethod
    def half_wave(t, T):
        return ops.square(ops.sin(real(T - t) * (math.pi / 2 / T)))

    @staticmethod
    def blend(w, high, low):
        return low + (high - low) * w if low + (high - low) == high else high * w + low * (1.0 - w)

    @staticmethod
    def within(t, length):
        t = KerasNamespace.maximum(t, 0.0)
        return t if length is None else KerasNamespace.minimum(t, length)

    @staticmethod
    def count(boundaries, t):
        """As a float, so that gamma ** count keeps floatx."""
        passed = [real(t >= boundary) for boundary in boundaries]
        return sum(passed, start=real(t) * 0.0)

    @staticmethod
    def take(values, index):
        return ops.take(ops.convert_to_tensor(values, dtype=keras.config.floatx()), ops.cast(index, "int32"))

    @staticmethod
    def refuse_past(t, T):
        raise ValueError("after must be 'hold' or 'periodic' for Keras, got 'raise': a compiled step can't be refused")


KERAS = KerasNamespace()


@keras.saving.register_keras_serializable(package="lrcourse")
class Rates(keras.optimizers.schedules.LearningRateSchedule):
    """See `lrcourse.interop.to_keras`."""

    def __init__(self, schedule):
        super().__init__()
        self.schedule = from_dict(schedule) if isinstance(schedule, dict) else schedule
        self.schedule._at(ops.convert_to_tensor(0.0, dtype=keras.config.floatx()), KERAS)

    def __call__(self, step):
        """The rate at `step`, in Keras's floatx."""
        return real(self.schedule._at(real(step), KERAS))

    def get_config(self):
        """The schedule as a dictionary of plain values."""
        return {"schedule": self.schedule.to_dict()}
