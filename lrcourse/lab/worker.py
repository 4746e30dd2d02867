"""A worker process: `python -m lrcourse.lab.worker`, started by `lrcourse.lab.workers` and by nobody else."""

import os
import sys

from .engine import train_chunk
from .workers import receive, send


def main() -> None:
    # Answers go to a private copy of stdout; whatever else might print goes nowhere.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        try:
            job = receive(sys.stdin.buffer)
        except EOFError:
            return
        try:
            send(answers, train_chunk(**job))
        except Exception as error:
            send(answers, RuntimeError(f"in a worker: {type(error).__name__}: {error}"))


if __name__ == "__main__":
    main()
