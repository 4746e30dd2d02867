"""The style, the two plots most lessons need, and `show`, which gives any matplotlib figure its alt text."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from io import StringIO
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from lrcourse.figures import labels, words
from lrcourse.figures.svg import data_uri, slim

STYLE = Path(__file__).with_name("course.mplstyle")
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_FEWEST_WORDS = 6
_COLUMNS = 400  # of pixels: what a curve is thinned to


@dataclass(frozen=True, repr=False)
class Figure:
    """A picture and the words for those who do not see it: Jupyter shows an `<img>` with that alt text."""

    svg: str
    alt: str

    def __post_init__(self):
        object.__setattr__(self, "alt", _checked_alt(self.alt))

    def __repr__(self):
        return self.alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html, "text/plain": self.alt}

    @property
    def html(self) -> str:
        """The picture as one HTML element, which needs no other file."""
        look = "max-width:100%;height:auto"
        return f'<img alt="{escape(self.alt)}" src="{data_uri(self.svg)}" style="{look}">'

    def save(self, path) -> Path:
        """Write the picture as an SVG file that carries its alt text as its title."""
        path = Path(path)
        if path.suffix != ".svg":
            raise ValueError(f"path must end in .svg, got {path.name!r}")
        head, body = self.svg.split(">", 1)
        path.write_text(f"{head} role='img'><title>{escape(self.alt)}</title>{body}\n", encoding="utf-8")
        return path


def _checked_alt(alt) -> str:
    rule = "Say what is to be seen: where each curve starts, its shape, where it ends."
    if not isinstance(alt, str):
        raise TypeError(f"alt must be text, got {type(alt).__name__}. {rule}")
    alt = " ".join(alt.split())
    if len(alt.split()) < _FEWEST_WORDS or not alt.endswith((".", "!", "?")):
        raise ValueError(f"alt must be at least a whole sentence of {_FEWEST_WORDS} words, got {alt!r}. {rule}")
    return alt


def style():
    """The course's look, for the length of a `with` block; the reader's own settings stay as they are."""
    return matplotlib.rc_context(fname=STYLE)


def axes(rows=1, columns=1, *, x=None, y=None, title=None, size=None, **subplots):
    """A new matplotlib figure in the course's style and its axes: `fig, ax = axes()`. Made without pyplot."""
    with style():
        fig = Canvas(figsize=size, dpi=72)  # a point is a pixel, as in the SVG
        FigureCanvasSVG(fig)
        made = fig.subplots(rows, columns, **subplots)
        for ax in np.atleast_1d(made).flat:
            ax.set(xlabel=x or "", ylabel=y or "")
        if title and rows == columns == 1:
            made.set_title(title)
        elif title:
            fig.suptitle(title)
    return fig, made


def show(fig, alt: str) -> Figure:
    """Turn a matplotlib figure into a Figure: a small SVG, the same bytes on every run, and its alt text."""
    alt = _checked_alt(alt)
    out = StringIO()
    with style():
        fig.savefig(out, format="svg", metadata=_NO_METADATA)
    _close(fig)
    return Figure(slim(out.getvalue()), alt)


def _close(fig) -> None:
    if fig.number if hasattr(fig, "number") else None:  # only pyplot numbers its figures, and keeps them
        from matplotlib import pyplot

        pyplot.close(fig)
    else:
        fig.clear()


# Axes


def rate_axis(ax, *, log=False) -> None:
    """Rates up the side: zero at the foot, plain numbers at the ticks, never a factor hidden in a corner."""
    if log:
        ax.set_yscale("log", nonpositive="mask")
        ax.yaxis.set_major_locator(_decades(ax.yaxis))
        ax.yaxis.set_minor_locator(NullLocator())
    else:
        low, high = ax.dataLim.intervaly
        ax.set_ylim(bottom=min(0, low) - 0.04 * (high - low))
        ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(_tick(ax.yaxis, log)))


def step_axis(ax, steps) -> None:
    """Steps along the foot, from 0 to the last one."""
    ax.set_xlim(0, steps)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def _decades(axis) -> LogLocator:
    """Ticks of a logarithmic axis: powers of ten, and 2 and 5 times them where there would be fewer than three."""
    low, high = np.log10(axis.get_view_interval())
    return LogLocator(subs=(1, 2, 5) if high - low < 2 else (1,), numticks=6)


def _tick(axis, log):
    """Decimals (0.0005) where few zeros do, powers (5e-5) below; on a log axis each tick by itself."""

    def label(value, _):
        size = abs(value) if log else max(map(abs, axis.get_view_interval()))
        if size < 9e-5:
            return words.number(value, 3)
        return f"{value:,.0f}" if size >= 1e4 else f"{value:.9f}".rstrip("0").rstrip(".")

    return label


# Curves


def _named(schedules) -> dict:
    """A dict label -> schedule; a list is named by each one's repr, a single schedule too."""
    if callable(schedules):
        schedules = [schedules]
    if not isinstance(schedules, Mapping):
        schedules = list(schedules)
        labels = [_own_name(schedule) for schedule in schedules]
        if len(set(labels)) < len(labels):
            raise ValueError(f"two schedules have the same name: {labels}. Give a dict of label: schedule.")
        schedules = dict(zip(labels, schedules, strict=True))
    if not schedules:
        raise ValueError("schedules must hold at least one schedule, got none")
    return dict(schedules)


def _own_name(schedule) -> str:
    """A schedule's repr, unless that is only its address; then the name of its function or class."""
    if " at 0x" not in repr(schedule):
        return repr(schedule)
    return getattr(schedule, "__name__", type(schedule).__name__)


def _checked_steps(steps) -> int:
    if isinstance(steps, bool) or int(steps) != steps or steps < 1:
        raise ValueError(f"steps must be a whole number of at least 1, got {steps!r}")
    return int(steps)


def _rates(label, schedule, t) -> np.ndarray:
    values = np.asarray(schedule(t), dtype=float)
    if values.shape != t.shape or not np.all(np.isfinite(values)):
        raise ValueError(f"{label} must give one finite rate for each step, got {values.shape} for {t.shape}")
    return values


def outline(t, values, columns=_COLUMNS) -> tuple[np.ndarray, np.ndarray]:
    """The points to draw: few enough for a small file, with a leap drawn as upright as it is.

    A rate holds from its step to the next, so a leap gets a corner: the old rate is drawn until then.
    """
    t, values = np.asarray(t), np.asarray(values, dtype=float)
    at = words.jumps(values)
    keep = np.arange(len(t))
    if len(t) > 4 * columns:
        pieces = np.array_split(keep, columns)
        ends = [index for piece in pieces for index in (piece[0], piece[-1])]
        lows = [piece[np.argmin(values[piece])] for piece in pieces]
        highs = [piece[np.argmax(values[piece])] for piece in pieces]
        keep = np.unique(np.concatenate([ends, lows, highs, at, at + 1]))
    corner = np.searchsorted(keep, at + 1)
    return np.insert(t[keep], corner, t[at + 1]), np.insert(values[keep], corner, values[at])


def draw_schedules(ax, schedules, steps, *, log=False, marks=()) -> str:
    """Draw schedules into `ax` and return the sentences that describe them."""
    steps, schedules = _checked_steps(steps), _named(schedules)
    t = np.arange(steps + 1) if steps <= 1_000_000 else np.unique(np.linspace(0, steps, 1_000_001).astype(int))
    told, lines = [], []
    with style():
        for label, schedule in schedules.items():
            values = _rates(label, schedule, t)
            (line,) = ax.plot(*outline(t, values), label=label, clip_on=False)
            lines.append(line)
            told.append(f"{label}: {words.shape(t, values)}.")
        step_axis(ax, steps)
        rate_axis(ax, log=log)
        for line, schedule in zip(lines, schedules.values(), strict=True):
            mark(ax, line, marks, schedule, written=len(lines) == 1)
    return " ".join(told)


def mark(ax, line, steps, schedule, *, written=True) -> None:
    """Dots on a schedule's curve at `steps`, each with its rate written beside it."""
    points = [(step, float(schedule(np.asarray([step]))[0])) for step in steps]
    if not points:
        return
    ax.plot(*zip(*points, strict=True), "o", color=line.get_color(), clip_on=False, zorder=5, label="_marks")
    if written:
        curve = np.column_stack(line.get_data()).astype(float)
        for point in points:
            text = words.number(point[1], 3)
            if not labels.place(ax, [(text, line.get_color(), [point], 0)], [curve]):
                ax.annotate(text, point, (6, 5), textcoords="offset points", fontsize=labels.SIZE)


def plot_schedules(schedules, steps, *, alt=None, title=None, log=False, marks=(), size=None) -> Figure:
    """The rates of schedules over steps 0 to `steps`, with alt text composed from the curves themselves.

    `schedules` is a dict of label: schedule (or a list, or one schedule). `marks` are steps at which each
    curve gets a dot, with its value where there is one curve. `alt` replaces the composed description.
    """
    schedules = _named(schedules)
    fig, ax = axes(x="step", y="learning rate", title=title, size=size)
    told = draw_schedules(ax, schedules, steps, log=log, marks=marks)
    if len(schedules) > 1:
        name(ax)
    scale = " on a logarithmic scale" if log else ""
    told = f"Learning rate{scale} over steps 0 to {steps}. {told}"
    return show(fig, told if alt is None else alt)


def name(ax) -> None:
    """The labelled curves' names: beside the curves if all find room there, else in a legend below."""
    with style():
        if not labels.name_curves(ax):
            legend(ax)


def legend(ax) -> None:
    """Names below the axes, where they cover nothing; the figure grows by the room they take."""
    handles, texts = ax.get_legend_handles_labels()
    longest = max(map(len, texts), default=0)
    columns = min(len(texts), 1 if longest > 26 else 2 if longest > 14 else 3)
    with style():
        ax.figure.set_figheight(ax.figure.get_figheight() + 0.25 * -(-len(texts) // columns))
        ax.figure.legend(handles, texts, loc="outside lower left", ncols=columns, handlelength=2.6, columnspacing=1.2)


def plot_curves(
    x,
    curves,
    *,
    alt=None,
    title=None,
    xlabel="step",
    ylabel="loss",
    bands=None,
    logx=False,
    logy=False,
    size=None,
) -> Figure:
    """Curves over the same `x`, with alt text composed from their values.

    `curves` is a dict of label: values. `bands` may give some of them an interval, as label: (low, high),
    which is shaded; say in `ylabel` or in the text that it is a 95 % interval.
    """
    x = np.asarray(x, dtype=float)
    fig, ax = axes(x=xlabel, y=ylabel, title=title, size=size)
    told = draw_curves(ax, x, curves, bands=bands, logx=logx, logy=logy)
    if len(curves) > 1:
        name(ax)
    scale = {
        (False, False): "",
        (True, False): " (logarithmic x axis)",
        (False, True): " (logarithmic y axis)",
        (True, True): " (both axes logarithmic)",
    }[logx, logy]
    over = f"over {xlabel} {words.number(x[0])} to {words.number(x[-1])}"
    return show(fig, f"{words.sentence(f'{ylabel} {over}{scale}')} {told}" if alt is None else alt)


def draw_curves(ax, x, curves, *, bands=None, logx=False, logy=False) -> str:
    """Draw curves into `ax` and return the sentences that describe them."""
    x, told = np.asarray(x, dtype=float), []
    with style():
        for label, values in curves.items():
            values = np.asarray(values, dtype=float)
            if values.shape != x.shape:
                raise ValueError(f"{label} must have one value for each x, got {values.shape} for {x.shape}")
            (line,) = ax.plot(x, values, label=label)
            about = words.shape(x, values, ax.get_xlabel() or "x")
            if bands and label in bands:
                low, high = (np.asarray(side, dtype=float) for side in bands[label])
                ax.fill_between(x, low, high, color=line.get_color(), alpha=0.18, linewidth=0)
                about += f", within {words.number(low[-1])} to {words.number(high[-1])} there"
            told.append(f"{label}: {about}.")
        ax.set(xscale="log" if logx else "linear", yscale="log" if logy else "linear")
        for axis, log in ((ax.xaxis, logx), (ax.yaxis, logy)):
            axis.set_major_locator(_decades(axis) if log else MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
            axis.set_major_formatter(FuncFormatter(_tick(axis, log)))
            axis.set_minor_locator(NullLocator())
    return " ".join(told)
