"""Pictures that answer within a frame: one small interactive for each idea, in a notebook and on a page with no kernel.

>>> from lrcourse import explorables
>>> round(explorables.calculator(t=2_500).value, 9)
0.000853553
"""

from importlib import import_module

#: The names under which a page without a kernel finds their scripts; each module makes its own: `driver()`.
EXPLORABLES = ("calculator", "composer", "driver", "guess", "studio", "trainer")

__all__ = ["EXPLORABLES", "calculator", "composer", "driver", "guess", "studio", "trainer"]


def __getattr__(name):
    """The function that makes an explorable: imported when asked for, as anywidget is not needed for the scripts."""
    if name not in EXPLORABLES:
        raise AttributeError(f"lrcourse.explorables has no {name!r}: it has {', '.join(EXPLORABLES)}")
    module = import_module(f"{__name__}.{name}_widget")
    return getattr(module, name)
