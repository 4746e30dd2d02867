"""The system calls a child may make: a list of what is allowed; all else fails with "not permitted".

No process, no socket, no tracing, no mounting, no signal to anyone else: only threads, memory, clocks, and files as
far as Landlock lets them. What older versions of Landlock do not rule (truncate, chmod, chown, utime) is missing; so is
opening a file that may not be written so that it becomes empty, or in the mode that neither reads nor writes.
The numbers are those of the kernel's headers for x86_64 and aarch64.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

# name, number on x86_64, number on aarch64 ("-": not there)
_TABLE = """
read 0 63, write 1 64, close 3 57, fstat 5 80, lseek 8 62, mmap 9 222, mprotect 10 226, munmap 11 215,
brk 12 214, rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136,
rt_sigtimedwait 128 137, rt_sigsuspend 130 133, sigaltstack 131 132, pread64 17 67, pwrite64 18 68,
readv 19 65, writev 20 66, sched_yield 24 124, mremap 25 216, madvise 28 233, mincore 27 232, dup 32 23,
dup3 292 24, nanosleep 35 101, clock_nanosleep 230 115, clock_gettime 228 113, clock_getres 229 114,
gettimeofday 96 169, getitimer 36 102, setitimer 38 103, getpid 39 172, getppid 110 173, gettid 186 178,
getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177, getgroups 115 158, getpgid 121 155,
getsid 124 156, getresuid 118 148, getresgid 120 150, exit 60 93, exit_group 231 94, uname 63 160,
getcwd 79 17, chdir 80 49, getdents64 217 61, readlinkat 267 78, newfstatat 262 79,
statx 332 291, faccessat 269 48, faccessat2 439 439, fstatfs 138 44, statfs 137 43, ftruncate 77 46,
fsync 74 82, fdatasync 75 83, mkdirat 258 34, unlinkat 263 35, renameat 264 38,
renameat2 316 276, fallocate 285 47, umask 95 166, futex 202 98, set_robust_list 273 99,
get_robust_list 274 100, rseq 334 293, membarrier 324 283, sched_getaffinity 204 123, getrandom 318 278,
getrusage 98 165, times 100 153, sysinfo 99 179, pipe2 293 59, ppoll 271 73, pselect6 270 72, eventfd2 290 19,
epoll_create1 291 20, epoll_ctl 233 21, epoll_pwait 281 22, restart_syscall 219 128, set_tid_address 218 96,
timerfd_create 283 85, timerfd_settime 286 86, timerfd_gettime 287 87, getpriority 140 141, getcpu 309 168,
sched_getparam 143 121, sched_getscheduler 145 120, copy_file_range 326 285, sendfile 40 71, fadvise64 221 223,
capget 125 90, munlock 150 229, stat 4 -, lstat 6 -, poll 7 -, access 21 -, pipe 22 -, select 23 -,
dup2 33 -, alarm 37 -, pause 34 -, unlink 87 -, rmdir 84 -, mkdir 83 -, rename 82 -, readlink 89 -,
getdents 78 -, getrlimit 97 -, time 201 -, epoll_wait 232 -, epoll_create 213 -, getpgrp 111 -,
arch_prctl 158 -, eventfd 284 -
"""
_GUARDED = {  # name: numbers, and which argument must be what
    "clone": (56, 220),
    "clone3": (435, 435),
    "open": (2, None),
    "openat": (257, 56),
    "ioctl": (16, 29),
    "fcntl": (72, 25),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "kill": (62, 129),
    "tgkill": (234, 131),
}
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN, _AND = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54
_KILL, _ALLOW, _ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_CLONE_THREAD = 0x00010000
_READ, _WRITE, _BOTH, _MODE, _EMPTY = 0, 1, 2, 3, 0x200  # how a file is opened; O_TRUNC
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # is it a terminal, how wide, close on exec
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 1030)  # duplicate, flags, locks; not whom to signal
_PRCTLS = (15, 16)  # a thread's name


def _prctl(*told) -> int:
    return ctypes.CDLL(None, use_errno=True).prctl(*told)


def supported() -> bool:
    """Whether the kernel filters system calls on this architecture."""
    if platform.machine() not in _ARCHITECTURES:
        return False
    # Asking for a filter at address 0 fails with EFAULT where filters exist, with EINVAL where they do not.
    return _prctl(22, 2, None, 0, 0) == -1 and ctypes.get_errno() == errno.EFAULT


def install(pid: int) -> None:
    """Filter this process from now on, and whatever threads it starts. `pid`: the only one it may signal."""
    code = program(pid, platform.machine())
    buffer = ctypes.create_string_buffer(code)

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    told = Program(len(code) // 8, ctypes.addressof(buffer))
    if _prctl(22, 2, ctypes.byref(told), 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, f"the filter of system calls was refused: {os.strerror(number)}")


def program(pid: int, machine: str) -> bytes:
    """The filter, as the kernel reads it."""
    column, architecture = _ARCHITECTURES[machine]
    rows = [entry.split() for entry in _TABLE.replace("\n", " ").split(",")]
    plain = [int(row[1 + column]) for row in rows if row[1 + column] != "-"]
    guarded = {name: numbers[column] for name, numbers in _GUARDED.items()}
    code = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    if machine == "x86_64":  # the same calls by other numbers (x32)
        code += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    for number in plain:
        code += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    code += _when(guarded["clone3"], [(_RETURN, 0, 0, _ERRNO | errno.ENOSYS)])  # glibc then falls back on clone
    code += _when(guarded["clone"], [_argument(0), (_BITS, 0, 1, _CLONE_THREAD), (_RETURN, 0, 0, _ALLOW)])
    for name, flags in (("open", 1), ("openat", 2)):
        if guarded[name] is not None:
            opened = (_READ, _WRITE, _BOTH, _WRITE | _EMPTY, _BOTH | _EMPTY)
            code += _when(guarded[name], _one_of(flags, opened, mask=_MODE | _EMPTY))
    code += _when(guarded["ioctl"], _one_of(1, _IOCTLS, errno.ENOTTY))
    code += _when(guarded["fcntl"], _one_of(1, _FCNTLS))
    code += _when(guarded["prctl"], _one_of(0, _PRCTLS))
    code += _when(guarded["kill"], _one_of(0, (pid,)))
    code += _when(guarded["tgkill"], _one_of(0, (pid,)))
    # Limits may be read, not set: the third argument must be a null pointer, both halves of it.
    null = [_argument(2), (_EQUAL, 0, 3, 0), _argument(2, high=True), (_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ALLOW)]
    code += _when(guarded["prlimit64"], null)
    code.append((_RETURN, 0, 0, _ERRNO | errno.EPERM))
    return b"".join(struct.pack("HBBI", *line) for line in code)


def _argument(index: int, high: bool = False) -> tuple:
    return (_LOAD, 0, 0, 16 + 8 * index + 4 * high)


def _one_of(index: int, values: tuple[int, ...], otherwise: int = errno.EPERM, mask: int = 0) -> list[tuple]:
    code = [_argument(index)] + ([(_AND, 0, 0, mask)] if mask else [])
    for value in values:
        code += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]
    return [*code, (_RETURN, 0, 0, _ERRNO | otherwise)]


def _when(number: int, then: list[tuple]) -> list[tuple]:
    """`then` if this is the call, and an end to it: a guarded call never falls through to another's rule."""
    body = [*then, (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    return [(_EQUAL, 0, len(body), number), *body]
