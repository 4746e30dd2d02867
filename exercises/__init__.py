"""The answer key of the course: every exercise, declared once, one module per section.

Notebooks, forms, assignments, checker and grader all read these declarations. A plain install of lrcourse does
not hold them.
"""

from importlib import import_module
from pkgutil import iter_modules

ANSWER_KEY_OF = "lrcourse"


def _gather() -> tuple:
    modules = sorted(m.name for m in iter_modules(__path__) if m.name.startswith("section_8_"))
    return tuple(exercise for name in modules for exercise in import_module(f"{__name__}.{name}").EXERCISES)


EXERCISES = _gather()
