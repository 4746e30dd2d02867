"""Pictures that answer within a frame: one small interactive for each idea, in a notebook and on a page with no kernel.

>>> from lrcourse import explorables
>>> round(explorables.calculator(t=2_500).value, 9)
0.000853553
"""

from .base import Explorable
from .calculator import Calculator, calculator
from .composer import Composer, composer
from .driver import Driver, driver
from .guess import Guess, guess
from .studio import Studio, studio

__all__ = [
    "Calculator", "Composer", "Driver", "Explorable", "Guess", "Studio",
    "calculator", "composer", "driver", "guess", "studio",
]

#: The names under which a page without a kernel finds their scripts.
EXPLORABLES = ("calculator", "composer", "driver", "guess", "studio")
