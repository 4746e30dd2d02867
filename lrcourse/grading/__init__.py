"""Grading a class: strangers' notebooks run in a locked-down child, and answers are judged outside it.

    lrcourse release 8.8 --roster roster.csv     # a notebook for every student, with numbers of their own
    lrcourse grade submissions --assignment 8.8  # every file gets a row with a reason
    lrcourse report 8.8                          # and then export, feedback, similar

Three roles that share no memory:

- the *grader* (`grade`) holds the declarations, the expected answers and the journal, and runs nobody's code;
- the *warm server* (`sandbox.server`) has imported the libraries and nothing else; it is started by exec, never
  forked from a process that holds an answer;
- a *child* per submission, forked by the warm server and locked down (`sandbox.lockdown`) before it reads its work:
  inputs go in, typed JSON (`sandbox.wire`) comes out.

`model` has the records all of them speak in, `journal` the database that outlives a crash, `submission` the
reading of files that may be anything.
"""

from importlib import import_module

_HOME = {"Journal": "journal"} | dict.fromkeys(
    ("Assignment", "Course", "ExerciseMark", "Grade", "Submission", "read_assignment"), "model"
)


def __getattr__(name):
    # Loaded when first used: the sandbox imports its own part of this package, and must not load the rest with it.
    if name in _HOME:
        return getattr(import_module(f"lrcourse.grading.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["Assignment", "Course", "ExerciseMark", "Grade", "Journal", "Submission", "read_assignment"]
