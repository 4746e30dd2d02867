"""The text's formulas, written plainly with `math`: a second road beside `lrcourse.schedules`."""

from math import cos, floor, pi


def cosine(eta_max, eta_min, T_max, t):
    return eta_min + (eta_max - eta_min) * (1 + cos(pi * t / T_max)) / 2


def linear(eta_max, eta_min, T_max, t):
    return eta_max + (eta_min - eta_max) * t / T_max


def step_decay(eta_0, gamma, s, t):
    return eta_0 * gamma ** floor(t / s)


def warmup_cosine(eta_max, eta_min, T_max, T_warmup, t):
    """T_max includes T_warmup, as in section 8.7."""
    if t < T_warmup:
        return eta_max * t / T_warmup
    return cosine(eta_max, eta_min, T_max - T_warmup, t - T_warmup)
