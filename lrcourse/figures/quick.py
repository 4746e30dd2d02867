"""A chart as text: hand-written SVG, made in about a millisecond, for pictures that follow a control.

It has the look of the other figures, but its words are text that the page sets in its own fonts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

import numpy as np

from lrcourse.figures import words
from lrcourse.figures.svg import number, settled

WIDTH = 400
COLORS = ("#0072B2", "#D55E00", "#000000")
DASHES = ("", "8 3", "2 2.5")
INKS = ("#0072B2", "#B85100", "#000000")  # the colours, dark enough for small type
_LEFT, _RIGHT, _FOOT, _ROW = 68, 26, 44, 20  # room for 0.00025 on the left, for half of 10,000 on the right
_PAD = 6  # room around the plot, so that a line or a dot on its border is not cut in half
_GREY, _LIGHT, _DARK = "#555", "#DDD", "#222"
_HALO = "paint-order='stroke' stroke='#fff' stroke-width='4'"  # white around words that may lie on a line


@dataclass(frozen=True)
class Curve:
    """A line with its name; `look` chooses colour and dash, `dots` adds a dot at every point."""

    x: Sequence[float]
    y: Sequence[float]
    name: str = ""
    look: int = 0
    dots: bool = False


@dataclass(frozen=True)
class Dot:
    """One point, with words beside it."""

    x: float
    y: float
    text: str = ""
    look: int = 2


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from low to high, at most `most` steps of 1, 2, 2.5 or 5 times a power of ten apart.

    >>> ticks(0, 0.002), ticks(0, 12_000, 4)
    ([0.0, 0.0005, 0.001, 0.0015, 0.002], [0.0, 5000.0, 10000.0])
    """
    rough = (high - low) / most * (1 - 1e-9)
    power = 10.0 ** floor(log10(rough))
    step = power * next(unit for unit in (1, 2, 2.5, 5, 10) if unit * power >= rough)
    return [float(f"{i * step:.10g}") for i in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def chart(curves, x_range, y_range, *, x_label, y_label, dots=(), height=300) -> str:
    """One chart as SVG. Its ranges are given, so that a change of the curves is seen against a still frame.

    What lies outside the ranges is cut off.
    """
    named = [curve for curve in curves if curve.name]
    top = 34 + _ROW * len(named)
    plot_w, plot_h = WIDTH - _LEFT - _RIGHT, height - top - _FOOT

    def across(x):
        return (np.asarray(x, dtype=float) - x_range[0]) / (x_range[1] - x_range[0]) * plot_w

    def up(y):
        return plot_h - (np.asarray(y, dtype=float) - y_range[0]) / (y_range[1] - y_range[0]) * plot_h

    parts = [f"<rect width='{WIDTH}' height='{height}' fill='#fff'/>", *_legend(named)]
    parts.append(f"<g transform='translate({_LEFT},{top})'>")
    parts += _frame(across, up, x_range, y_range, plot_w, plot_h, x_label, y_label)
    # A nested SVG cuts off what lies outside, and needs no name for that, as a clip path would.
    frame = f"x='{-_PAD}' y='{-_PAD}' width='{plot_w + 2 * _PAD}' height='{plot_h + 2 * _PAD}'"
    parts.append(f"<svg {frame} viewBox='{-_PAD} {-_PAD} {plot_w + 2 * _PAD} {plot_h + 2 * _PAD}'>")
    parts += [_line(curve, across, up, plot_h) for curve in curves]
    parts += [_dot(dot, across, up, plot_w) for dot in dots]
    parts.append("</svg></g>")
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' height='{height}' "
        f"font-family='DejaVu Sans,Verdana,sans-serif' font-size='14'>{''.join(parts)}</svg>"
    )


def _at(value) -> str:
    return number(str(float(value)))


def _legend(named) -> list[str]:
    """The curves' names above the plot, one a row, each with a piece of its line."""
    parts = []
    for row, curve in enumerate(named):
        y = 16 + _ROW * row
        parts.append(f"<path d='M8 {y - 5}h38' {_stroke(curve.look)}/>")
        parts.append(f"<text x='54' y='{y}' fill='{INKS[curve.look]}'>{escape(curve.name)}</text>")
    return parts


def _frame(across, up, x_range, y_range, plot_w, plot_h, x_label, y_label) -> list[str]:
    parts = [f"<text x='{-_LEFT + 8}' y='-10' fill='{_DARK}'>{escape(y_label)}</text>"]
    for value in ticks(*y_range):
        y = _at(up(value))
        parts.append(f"<path d='M0 {y}H{plot_w}' stroke='{_LIGHT}'/>")
        parts.append(f"<text x='-7' y='{_at(up(value) + 5)}' text-anchor='end' fill='{_DARK}'>{_said(value)}</text>")
    for value in ticks(*x_range, 4):
        x = _at(across(value))
        parts.append(f"<path d='M{x} {plot_h}v5' stroke='{_GREY}'/>")
        parts.append(f"<text x='{x}' y='{plot_h + 19}' text-anchor='middle' fill='{_DARK}'>{_said(value)}</text>")
    parts.append(f"<path d='M0 0V{plot_h}H{plot_w}' fill='none' stroke='{_GREY}'/>")
    parts.append(f"<text x='{plot_w}' y='{plot_h + 37}' text-anchor='end' fill='{_DARK}'>{escape(x_label)}</text>")
    return parts


def _said(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else words.number(value, 3).replace("-", "−")


def _stroke(look: int, width=2.5) -> str:
    dash = f" stroke-dasharray='{DASHES[look]}'" if DASHES[look] else ""
    return f"fill='none' stroke='{COLORS[look]}' stroke-width='{width}'{dash}"


def _line(curve, across, up, plot_h) -> str:
    x = across(curve.x)
    y = np.clip(up(curve.y), -20 * plot_h, 20 * plot_h)  # far outside is outside enough
    points = np.round(settled(np.stack([x, y], axis=1)), 1).tolist()
    stroke = _stroke(curve.look, 1.2 if curve.dots else 2.5)
    line = f"<polyline points='{' '.join(f'{x:g},{y:g}' for x, y in points)}' {stroke}/>"
    if curve.dots:
        line += "".join(f"<circle cx='{x:g}' cy='{y:g}' r='3.5' fill='{COLORS[curve.look]}'/>" for x, y in points)
    return line


def _dot(dot, across, up, plot_w) -> str:
    x, y = float(across(dot.x)), float(up(dot.y))
    side, anchor = (-9, "end") if x > 0.6 * plot_w else (9, "start")
    drop = 20 if y < 18 else -8
    spot = f"<circle cx='{_at(x)}' cy='{_at(y)}' r='5' fill='{COLORS[dot.look]}' stroke='#fff'/>"
    where = f"x='{_at(x + side)}' y='{_at(y + drop)}' text-anchor='{anchor}'"
    return f"{spot}<text {where} fill='{INKS[dot.look]}' {_HALO}>{escape(dot.text)}</text>"
