"""Grading a class: strangers' notebooks run in a locked-down child, and answers are judged outside it.

    lrcourse release 8.8 --roster roster.csv     # a notebook for every student, with numbers of their own
    lrcourse grade submissions --assignment 8.8  # every file gets a row with a reason
    lrcourse report 8.8                          # and then export, feedback, similar

Three roles that share no memory:

- the *grader* (`grade`) holds the declarations, the expected answers and the journal, and runs nobody's code;
- the *warm server* (`server`) has imported the libraries and nothing else; it is started by exec, never forked from
  a process that holds an answer;
- a *child* per submission, forked by the warm server and locked down (`lockdown`) before it reads its work: inputs
  go in, typed JSON (`wire`) comes out.

`model` has the records all of them speak in, `journal` the database that outlives a crash, `submission` the
reading of files that may be anything.
"""

from .journal import Journal
from .model import Assignment, Course, ExerciseMark, Grade, Submission, read_assignment

__all__ = ["Assignment", "Course", "ExerciseMark", "Grade", "Journal", "Submission", "read_assignment"]
