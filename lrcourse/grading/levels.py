"""Which isolation this machine offers, found out by trying it, and how the warm server is started under it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from .sandbox import landlock, seccomp

LEVELS = ("bwrap", "landlock", "unsafe")

#: Modules that a learner's cell may name: loaded before the lock, for afterwards there is little to read from.
_WARM = """
numpy numpy.random numpy.linalg numpy.fft numpy.polynomial numpy.ma numpy.testing
matplotlib matplotlib.pyplot matplotlib.backends.backend_agg matplotlib.animation
lrcourse.schedules lrcourse.exercises lrcourse.figures
math cmath random statistics fractions decimal itertools functools operator collections dataclasses typing re string
textwrap time datetime copy json csv io bisect heapq warnings enum abc contextlib pprint timeit inspect traceback
pathlib array struct types numbers calendar ast asyncio concurrent.futures concurrent.futures.thread threading queue
multiprocessing subprocess tempfile shutil glob logging pickle sqlite3 uuid secrets hashlib base64 zlib gzip zipfile
platform signal gc weakref graphlib cProfile dis doctest unittest sched zoneinfo html mmap argparse urllib.request
unicodedata locale encodings.idna
"""
WARM = tuple(_WARM.split())
MEMORY_MB, SCRATCH_MB, FILE_MB = 2048, 16, 8
THREADS = 64  # of one child; whatever it starts beyond is refused, or ends it
ALL_THREADS = 4096  # of all children of one user, where the kernel cannot count a child's apart


class NoIsolation(RuntimeError):
    """This machine offers no isolation that grading accepts; the message names the remedy."""


@dataclass(frozen=True)
class Level:
    """One way to lock a child. `name` is one of LEVELS, `told` says it in words and is recorded with each grade."""

    name: str
    told: str
    namespaces: bool


def available() -> dict[str, Level | str]:
    """For each level that isolates: the level, or why it is not to be had here."""
    if not sys.platform.startswith("linux"):
        why = f"{platform.system()} has neither namespaces nor Landlock"
        return {"bwrap": why, "landlock": why}
    if not seccomp.supported():
        why = f"no filter for system calls (seccomp) on {platform.machine()} with this kernel"
        return {"bwrap": why, "landlock": why}
    abi = landlock.version()
    files = f"Landlock {abi}, " if abi else ""
    why = _why_no_bwrap()
    return {
        "bwrap": why or Level("bwrap", f"bwrap: namespaces, {files}seccomp, limits", True),
        "landlock": Level("landlock", f"landlock: {files}seccomp, limits", False)
        if abi
        else "this kernel has no Landlock (Linux 5.13 and later have it)",
    }


def strongest(wanted: str | None = None, unsafe: bool = False) -> Level:
    """The level to grade under: the one asked for, or the strongest there is; NoIsolation where there is none."""
    offered = available()
    for name in (wanted,) if wanted else ("bwrap", "landlock"):
        if isinstance(offered.get(name), Level):
            return offered[name]
    if unsafe and hasattr(os, "fork"):
        return Level("unsafe", "none: the code ran as the user who graded (--unsafe)", False)
    reasons = "; ".join(f"{name}: {why}" for name, why in offered.items() if isinstance(why, str))
    raise NoIsolation(f"no isolation here, so nothing is run ({reasons}). {remedy()}")


def remedy() -> str:
    """What to do where isolation is missing."""
    if sys.platform.startswith("linux"):
        return (
            "Install bubblewrap (Debian, Ubuntu: `sudo apt install bubblewrap`), or use Linux 5.13 or later. "
            "With --unsafe the submissions run as you, with all your files: only for code you trust."
        )
    machine = "a Linux container (Docker Desktop) or a Linux virtual machine"
    if not hasattr(os, "fork"):
        return f"Grade in {machine}, on Windows most simply in WSL 2."
    return f"Grade in {machine}. With --unsafe the submissions run as you: only for code you trust."


def _why_no_bwrap() -> str:
    """Empty where bubblewrap can build what is needed; else the reason. Tried, not guessed."""
    program = shutil.which("bwrap")
    if not program:
        return "bubblewrap is not installed"
    command = [*_bwrap(program), "--ro-bind", "/", "/", "--proc", "/proc", "--tmpfs", "/tmp", "--", "/bin/true"]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not start: {error}"
    return "" if tried.returncode == 0 else f"bubblewrap is refused: {tried.stderr.strip()[:200]}"


def _bwrap(program: str) -> list[str]:
    command = [program, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]
    command += ["--new-session", "--hostname", "grading"]
    if os.geteuid() == 0:  # root's own rights stay outside; only those to become somebody else come along
        return [*command, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*command, "--unshare-user"]


def libraries() -> list[str]:
    """The folders a child may read: Python's own, the installed packages, and lrcourse; never the answer key."""
    import lrcourse

    paths = sysconfig.get_paths()
    base = {sys.base_prefix, sys.base_exec_prefix}
    found = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]]
    found += [f"{prefix}/{lib}" for prefix in sorted(base) for lib in ("lib", "lib64")]
    found += [str(Path(lrcourse.__file__).resolve().parent)]
    return list(dict.fromkeys(os.path.realpath(path) for path in found if os.path.isdir(path)))


SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share/fonts", "/usr/share/zoneinfo")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def command(level: Level, arguments: list[str], fonts: Path) -> list[str]:
    """How the warm server is started: Python alone, or Python inside bubblewrap."""
    import lrcourse

    paths = sysconfig.get_paths()
    searched = [os.path.realpath(paths[name]) for name in ("purelib", "platlib")] + [
        str(Path(lrcourse.__file__).resolve().parents[1])
    ]
    start = f"import sys; sys.path += {list(dict.fromkeys(searched))!r}; "
    start += "from lrcourse.grading.sandbox.server import main; main()"
    interpreter = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    python = [interpreter, "-I", "-S", "-B", "-c", start, *arguments]
    if level.name != "bwrap":
        return python
    wrapped = [*_bwrap(shutil.which("bwrap")), "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    bound = list(dict.fromkeys([*SYSTEM, *SYSTEM_FILES, *libraries(), interpreter]))
    for folder in sorted({str(parent) for path in bound for parent in Path(path).parents} - {"/"}):
        wrapped += ["--perms", "0755", "--dir", folder]  # empty ones of its own, which whoever root becomes may pass
    for path in bound:
        wrapped += ["--ro-bind-try", path, path]
    wrapped += ["--ro-bind", str(fonts), "/fonts"]
    for folder in ("/", "/dev"):  # else the user's own, and one child could leave there what another finds
        wrapped += ["--remount-ro", folder]
    return [*wrapped, "--chdir", "/", "--", *python]


def environment(fonts: str) -> dict[str, str]:
    """All that a child can see of the environment: nothing of the grader's."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    told = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
    return told | threads | {"MPLBACKEND": "agg", "MPLCONFIGDIR": fonts, "LRCOURSE_PROGRESS": "off"}


def unprivileged(grader: int | None = None) -> list[int]:
    """Whom root becomes in a grader of this process id: a number that no account has, so that it owns no file."""
    if os.geteuid() != 0:
        return []
    import pwd  # not on Windows, whose refusal must be heard

    taken = {entry.pw_uid for entry in pwd.getpwall()}
    # of the range that systemd keeps for users made up for one service
    number = next(uid for uid in range(61184 + (grader or os.getpid()) % 3000, 65520) if uid not in taken)
    return [number, number]


def plan(level: Level, seconds: float) -> dict:
    """What the warm server is told: what to load, whom to become, and what a child may have."""
    limits = dict(memory_mb=MEMORY_MB, scratch_mb=SCRATCH_MB, file_mb=FILE_MB)
    limits |= dict(cpu_seconds=int(60 * seconds) + 1, keeper_seconds=60 * seconds)
    limits |= dict(threads=THREADS if level.namespaces else ALL_THREADS, crowd=THREADS)
    return dict(
        level=level.name,
        namespaces=level.namespaces,
        warm=WARM,
        become=unprivileged() if level.name != "unsafe" else [],
        readable=[*SYSTEM, *SYSTEM_FILES, *DEVICES, *libraries()],
        limits=limits,
    )
