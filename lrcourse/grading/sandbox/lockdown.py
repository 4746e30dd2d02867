"""Locking a freshly forked child, in an order that matters: namespaces, files, limits, privileges, system calls.

Each step takes away something that the step after it does not need. What is left can compute, read the libraries,
and write to the one pipe that its answers go through.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct

from . import landlock, seccomp

_NEW = {"mount": 0x00020000, "ipc": 0x08000000, "user": 0x10000000, "pid": 0x20000000}
_NOSUID, _NODEV, _NOEXEC, _REC, _PRIVATE = 2, 4, 8, 16384, 1 << 18
_PDEATHSIG, _DUMPABLE, _BOUND_DROP, _NO_NEW_PRIVS = 1, 4, 24, 38


def _libc():
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def prctl(option: int, value: int = 0) -> None:
    _checked(_libc().prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def become(uid: int, gid: int) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if os.geteuid() == 0 or os.getuid() == 0:
        raise OSError("still root after giving it up")


def unshare() -> None:
    """New user, mount, ipc and pid namespaces for the children of this process; it becomes root of nothing."""
    uid, gid = os.getuid(), os.getgid()
    prctl(_DUMPABLE, 1)  # else /proc/self/uid_map belongs to root after a change of user
    _checked(_libc().unshare(sum(_NEW.values())), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def die_with(parent: int) -> None:
    """Should the process that watches this one be killed, this one goes with it."""
    if hasattr(_libc(), "prctl"):
        prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() not in (parent, 0):  # 0: the parent is in an outer pid namespace
        raise OSError("whoever watches this process has gone")


def private_scratch(megabytes: int) -> None:
    """An empty /tmp of the child's own, in memory, limited, gone with it; and no /proc."""
    libc = _libc()
    _checked(libc.mount(None, b"/", None, _REC | _PRIVATE, None), "mount / private")
    told = f"size={megabytes}m,nr_inodes=1024,mode=0777".encode()
    _checked(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", _NOSUID | _NODEV | _NOEXEC, told), "mount /tmp")
    nothing = b"size=4k,nr_inodes=2,mode=0555"
    _checked(libc.mount(b"tmpfs", b"/proc", b"tmpfs", _NOSUID | _NODEV | _NOEXEC, nothing), "mount /proc")


def limit(limits: dict) -> None:
    """Hard limits of memory, processor seconds, threads, file sizes and open files; nothing is dumped."""
    megabyte = 1 << 20
    for name, value in {
        "AS": limits["memory_mb"] * megabyte,
        "CPU": limits["cpu_seconds"],
        "FSIZE": limits["file_mb"] * megabyte,
        "NOFILE": 64,
        "NPROC": limits["threads"],
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
    }.items():
        what = getattr(resource, f"RLIMIT_{name}", None)
        if what is not None:  # macOS has not all of them
            hard = resource.getrlimit(what)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(what, (value, value))


def drop_capabilities() -> None:
    """No capability in any set, and none to be had back."""
    libc = _libc()
    for capability in range(64):
        if libc.prctl(_BOUND_DROP, ctypes.c_ulong(capability), 0, 0, 0):
            break
    header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
    _checked(libc.capset(header, nothing), "capset")


def lock(plan: dict) -> None:
    """Everything after the fork. Raises where any step fails: a child that is half locked must not begin."""
    if plan["level"] == "unsafe":
        limit(plan["limits"])
        return
    writable = ["/dev/null"]
    if plan["namespaces"]:
        private_scratch(plan["limits"]["scratch_mb"])
        os.chdir("/tmp")
        writable.append("/tmp")
    else:
        os.chdir("/")
    prctl(_NO_NEW_PRIVS, 1)
    if landlock.version():
        landlock.restrict(plan["readable"], writable)
    elif not plan["namespaces"]:
        raise OSError("neither namespaces nor Landlock keep files apart")
    limit(plan["limits"])
    if plan["namespaces"]:
        drop_capabilities()
    prctl(_DUMPABLE, 0)
    seccomp.install(os.getpid())
