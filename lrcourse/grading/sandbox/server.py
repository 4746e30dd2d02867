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
        _fork_keeper(control, plan, fds)


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
        _be_the_child(plan, job, result)
    for fd in (job, result):
        os.close(fd)
    ended = _wait(pid, leash, plan["limits"]["keeper_seconds"])
    os.write(status, json.dumps({"ended": ended}).encode())


def _be_the_child(plan: dict, job: int, result: int) -> None:
    """Lock, then work; every way out is `os._exit`, so that nothing a student registered runs afterwards."""
    code = 72  # not locked: a fault of the machine
    try:
        nothing = os.open("/dev/null", os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(nothing, fd)
        os.nice(5)
        lockdown.lock(plan)
        code = 73  # locked, but not finished
        child.serve(job, result)
        code = 0
    except MemoryError:
        code = 71
    finally:
        os._exit(code)


def _wait(pid: int, leash: int, seconds: float) -> int:
    """The child's exit code, or minus the signal that ended it. The leash's end, or the hour, ends the child."""
    deadline = time.monotonic() + seconds
    watched = select.poll()
    watched.register(leash, select.POLLIN)
    handle = None
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(pid)
        watched.register(handle, select.POLLIN)
    while True:
        left = max(0.0, deadline - time.monotonic())
        ready = {fd for fd, _ in watched.poll(1000 * (left if handle is not None else min(left, 0.02)))}
        if leash in ready or time.monotonic() >= deadline:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
