"""Every figure of the course. Each is small, is the same on every run, and says in words what it shows."""

from lrcourse.figures.base import (
    Figure,
    axes,
    draw_curves,
    draw_schedules,
    legend,
    mark,
    name,
    plot_curves,
    plot_schedules,
    rate_axis,
    show,
    step_axis,
    style,
)

__all__ = [
    "Figure",
    "axes",
    "draw_curves",
    "draw_schedules",
    "legend",
    "mark",
    "name",
    "plot_curves",
    "plot_schedules",
    "rate_axis",
    "show",
    "step_axis",
    "style",
]
