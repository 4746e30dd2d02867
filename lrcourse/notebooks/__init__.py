"""The notebooks of the course: how they are written, and what must hold for them.

    python -m lrcourse.notebooks               write all of notebooks/, as `make notebooks` does
    python -m lrcourse.notebooks --check       write nothing; exit 1 when a file would change

`form`  the one form a notebook is stored in: exercises expanded, ids, metadata, outputs
`run`   executes a notebook from top to bottom in a kernel of its own
`rules` what a stored notebook must keep to that a re-run alone does not show
"""
