"""`python -m lrcourse` is the command `lrcourse`."""

from lrcourse.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
