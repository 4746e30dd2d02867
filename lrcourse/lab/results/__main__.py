"""`python -m lrcourse.lab.results [--all] [name …]`: make the stored results anew where they are out of date."""

import argparse
import time

from . import digest, names, save, stored


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(prog="python -m lrcourse.lab.results", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(names())}")
    parser.add_argument("--all", action="store_true", help="also those that are up to date")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.names) - set(names()))
    if unknown:
        parser.error(f"no recipe for {', '.join(unknown)}; there are {', '.join(names())}")
    for name in chosen.names or names():
        if not chosen.all and not chosen.names and _current(name):
            print(f"{name}: up to date")
            continue
        began = time.perf_counter()
        save(name)
        print(f"{name}: made in {time.perf_counter() - began:.0f} s", flush=True)


def _current(name):
    try:
        return stored(name)["digest"] == digest(name)
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    main()
