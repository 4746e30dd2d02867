"""This folder as an nbgrader course. The kernel must find `lrcourse` and `exercises`: install the repository."""

from traitlets.config import get_config

c = get_config()
c.CourseDirectory.course_id = "lrcourse"
# What stands in place of a solution. The stub above it runs as it is, so no NotImplementedError is needed.
c.ClearSolutions.code_stub = {"python": "# Put your answer where ... stands above."}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"
