"""The warm server: libraries loaded once, then a fork for every submission.

It is started by exec in an environment of its own, gives up root, runs no student's code and holds no answer.
For each request it forks a *keeper*, which forks the locked child, waits for it, ends it with everything it started
when the grader lets go of the leash, and tells how it ended.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time

from . import child, lockdown


def main() -> None:
    """`control_fd plan` are the arguments: a socket to the grader, and what to load and how to lock."""
    control = socket.socket(fileno=int(sys.argv[1]))
    plan = json.loads(sys.argv[2])
    try:
        _warm(plan["warm"])
        if plan["become"]:
            lockdown.become(*plan["become"])
    except BaseException as error:
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"[:500]}).encode())
        os._exit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are reaped by the kernel
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to answer
    gc.collect()
    gc.freeze()  # so that a child's garbage collector does not copy pages it only looks at
    control.send(json.dumps({"ready": os.getpid()}).encode())
    while True:
        message, fds, _flags, _address = socket.recv_fds(control, 64, 4)
        if not message:
            os._exit(0)  # the grader has gone
        _fork_keeper(control, plan | json.loads(message), fds)


def _warm(modules: list[str]) -> None:
    """Import what notebooks use, for a child has little to read from and no time to wait."""
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    assert "exercises" not in sys.modules, "the answer key must not be loaded here"
    package = sys.modules["lrcourse"].__path__[0]  # enough to load the rest of lrcourse from
    sys.path = [path for path in sys.path if path != os.path.dirname(package)]
    sys.path_importer_cache.clear()


def _fork_keeper(control: socket.socket, plan: dict, fds: list[int]) -> None:
    try:
        pid = os.fork()
    except OSError as error:
        os.write(fds[2], json.dumps({"fault": f"fork: {error}"}).encode())
        pid = -1
    if pid == 0:
        control.close()
        try:
            _keep(plan, *fds)
        finally:
            os._exit(70)
    for fd in fds:
        os.close(fd)


def _keep(plan: dict, job: int, result: int, status: int, leash: int) -> None:
    """The keeper's life: one child, and a word on how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    keeper = os.getpid()
    try:
        if plan["namespaces"]:
            lockdown.unshare()
        pid = os.fork()
    except OSError as error:
        os.write(status, json.dumps({"fault": str(error)}).encode())
        return
    if pid == 0:
        os.close(status)
        os.close(leash)
        _be_the_child(plan, job, result, keeper)
    for fd in (job, result):
        os.close(fd)
    os.write(status, json.dumps(_wait(pid, leash, plan)).encode())


def _be_the_child(plan: dict, job: int, result: int, keeper: int) -> None:
    """Lock, then work; every way out is `os._exit`, so that nothing a student registered runs afterwards."""
    code = 72  # not locked: a fault of the machine
    try:
        nothing = os.open("/dev/null", os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(nothing, fd)
        os.close(nothing)
        _be_modest(plan["cpu"])
        lockdown.die_with(keeper)
        lockdown.lock(plan)
        code = 73  # locked, but not finished
        child.serve(job, result)
        code = 0
    except MemoryError:
        code = 71
    finally:
        os._exit(code)


def _be_modest(cpu: int) -> None:
    """One processor, so that a crowd of threads crowds nobody else's; and first to go where memory runs out."""
    os.nice(5)
    with contextlib.suppress(OSError, AttributeError):  # not on macOS
        os.sched_setaffinity(0, [cpu])
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _threads(pid: int) -> int:
    """How many threads the child has; 0 where that cannot be told."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[17])
    except (OSError, ValueError, IndexError):
        return 0


def _wait(pid: int, leash: int, plan: dict) -> dict:
    """The child's exit code, or minus the signal that ended it. The leash's end, the hour, or a crowd of threads ends
    the child."""
    limits = plan["limits"]
    deadline = time.monotonic() + limits["keeper_seconds"]
    watched = select.poll()
    watched.register(leash, select.POLLIN)
    handle = None
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(pid)
        watched.register(handle, select.POLLIN)
    while True:
        # Without a namespace of its own the kernel cannot count a child's threads apart: they are looked at here.
        pause = min(deadline - time.monotonic(), 3600 if plan["namespaces"] else 0.05, 3600 if handle else 0.02)
        ready = {fd for fd, _ in watched.poll(1000 * max(0.0, pause))}
        crowd = not plan["namespaces"] and _threads(pid) > limits["crowd"]
        if leash in ready or crowd or time.monotonic() >= deadline:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            return {"ended": ended, "crowd": crowd}
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            return {"ended": os.waitstatus_to_exitcode(status)}
