"""Names beside their curves: a search for places where a name covers nothing and is nearest to its own curve.

All distances are whole hundredths of a point, so that the search decides alike on every machine.
"""

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from lrcourse.figures.svg import settled

SIZE = 11
_UNIT = 100  # hundredths of a point
_HEIGHT = int(SIZE * 0.95 * _UNIT)
_LONGEST = 22  # characters; a longer name goes to a legend
_CLEAR = 6 * _UNIT  # a name keeps this far from other curves and names
_FAR = 36 * _UNIT  # farther than this is no better
# Around a point: (x offset, y offset in points, horizontal and vertical alignment), the better ones first.
_AROUND = [
    (4, 4, "left", "bottom"),
    (-4, 4, "right", "bottom"),
    (0, 6, "center", "bottom"),
    (4, -4, "left", "top"),
    (-4, -4, "right", "top"),
    (0, -6, "center", "top"),
    (8, 0, "left", "center"),
    (-8, 0, "right", "center"),
]


def ink(color) -> str:
    """The colour, darkened until small type in it is readable on white (contrast 4.5)."""
    red, green, blue = to_rgb(color)
    while 1.05 / (0.05 + luminance((red, green, blue))) < 4.5:
        red, green, blue = red * 0.95, green * 0.95, blue * 0.95
    return to_hex((red, green, blue))


def luminance(color) -> float:
    """Relative luminance of an sRGB colour, as WCAG defines it."""
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def _units(points) -> np.ndarray:
    return np.rint(settled(np.asarray(points)) * _UNIT).astype(np.int64)


def _dense(points: np.ndarray, apart=3.0) -> np.ndarray:
    """Points along a polyline, `apart` from each other, and its corners."""
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 2:
        return _units(points)
    length = np.concatenate([[0], np.cumsum(np.abs(np.diff(points, axis=0)).max(axis=1))])
    at = np.union1d(np.linspace(0, length[-1], int(length[-1] / apart) + 2), length if len(points) < 400 else [])
    return _units(np.stack([np.interp(at, length, points[:, i]) for i in (0, 1)], axis=1))


def _box(point, width, around):
    x, y, across, up = around
    left = point[0] + x * _UNIT - {"left": 0, "center": width // 2, "right": width}[across]
    foot = point[1] + y * _UNIT - {"bottom": 0, "center": _HEIGHT // 2, "top": _HEIGHT}[up]
    return left, foot, left + width, foot + _HEIGHT


def _distance2(box, points) -> int:
    """Squared distance from a box to the nearest of `points`."""
    left, foot, right, head = box
    dx = np.maximum(np.maximum(left - points[:, 0], points[:, 0] - right), 0)
    dy = np.maximum(np.maximum(foot - points[:, 1], points[:, 1] - head), 0)
    return int((dx * dx + dy * dy).min(initial=_FAR * _FAR))


def _edge(box) -> np.ndarray:
    left, foot, right, head = box
    grid = [(x, y) for x in np.linspace(left, right, 8).astype(int) for y in (foot, (foot + head) // 2, head)]
    return np.array(grid, dtype=np.int64)


def _width(text: str) -> int:
    font = FontProperties(family="DejaVu Sans", size=SIZE)
    return int(_units(text_to_path.get_text_width_height_descent(text, font, ismath="$" in text)[0]))


def _best(points, width, frame, own, others):
    """The place (point index, around) whose box keeps farthest from the other curves, or None."""
    best, place = 0, None
    for index, point in enumerate(points):
        for around in _AROUND:
            box = _box(point, width, around)
            if box[0] < frame[0] or box[1] < frame[1] or box[2] > frame[2] or box[3] > frame[3]:
                continue
            near = _distance2(box, own)
            clear = _distance2(box, others)
            # Nearest to its own curve, without touching it, is what tells whose name it is.
            if near < (2 * _UNIT) ** 2 or clear < max(_CLEAR**2, 2 * near):
                continue
            if clear > best:
                best, place = clear, (index, around)
    return place


def place(ax, wanted, obstacles) -> bool:
    """Write each (text, colour, points as data, own curve) at its best place; False if one has none.

    `obstacles` are the drawn curves, in data coordinates. Nothing is written unless all find a place.
    """
    figure = ax.figure
    figure.draw_without_rendering()  # lay out, so that data coordinates have their final places
    scale = 72 / figure.dpi
    frame = _units(ax.get_window_extent().get_points().ravel() * scale + np.array([2, 4, 0, 0]))

    def drawn(points):
        return ax.transData.transform(np.asarray(points, dtype=float)) * scale

    curves = [_dense(drawn(curve)) for curve in obstacles]
    taken, writes = [], []
    for text, color, points, own in wanted:
        others = [curve for index, curve in enumerate(curves) if index != own]
        others = np.concatenate([*others, *taken, np.empty((0, 2), np.int64)])
        spots = _units(drawn(points))
        found = _best(spots, _width(text), frame, curves[own], others)
        if found is None:
            return False
        index, around = found
        taken.append(_edge(_box(spots[index], _width(text), around)))
        writes.append((text, color, points[index], around))
    for text, color, point, (x, y, across, up) in writes:
        note = ax.annotate(
            text, point, (x, y), textcoords="offset points", ha=across, va=up, color=ink(color), fontsize=SIZE
        )
        note.set_in_layout(False)
    return True


def name_curves(ax) -> bool:
    """Write each labelled line's name beside it; False, with nothing written, where that is not possible."""
    lines = [line for line in ax.get_lines() if len(line.get_xdata()) > 1]
    named = [line for line in lines if not line.get_label().startswith("_")]
    if any(len(line.get_label()) > _LONGEST for line in named):
        return False
    curves = [np.column_stack(line.get_data()).astype(float) for line in lines]
    wanted = []
    for line in named:
        own = next(index for index, other in enumerate(lines) if other is line)
        wanted.append((line.get_label(), line.get_color(), _spots(ax, curves[own]), own))
    return place(ax, wanted, curves)


def _spots(ax, curve, number=40) -> np.ndarray:
    """Points spread along a curve, as the eye sees them, in data coordinates."""
    seen = ax.transLimits.transform(ax.transScale.transform(curve))
    seen = seen[np.isfinite(seen).all(axis=1)]
    length = np.concatenate([[0], np.cumsum(np.abs(np.diff(seen, axis=0)).max(axis=1))])
    at = np.linspace(0, length[-1], number)
    spread = np.stack([np.interp(at, length, seen[:, i]) for i in (0, 1)], axis=1)
    return ax.transScale.inverted().transform(ax.transLimits.inverted().transform(spread))
