"""Cells that read, write or change what is not theirs."""

# ruff: noqa: F821, SIM115  (cells find `escaped` in their own notebook)

from . import cell, text


@cell("type", core=True)
def reads_secrets(where):
    import os

    def read(path):
        with open(path, "rb") as file:
            return file.read(100)

    paths = [
        "/etc/passwd",
        "/etc/hostname",
        "/proc/1/environ",
        "/proc/self/environ",
        "/proc/self/mem",
        "/proc/self/maps",
    ]
    paths += ["/proc/self/status", "/proc/version", "/sys/kernel/uevent_seqnum", "/dev/mem", "/dev/kmsg", "/dev/tty"]
    paths += [where[name] for name in ("secret", "journal", "neighbour", "key", "grader_code")]
    paths += [
        f"/proc/{pid}/{what}" for pid in (os.getppid(), where["grader"]) for what in ("environ", "mem", "cmdline")
    ]
    return escaped(**{path: lambda path=path: read(path) for path in paths})


@cell("type")
def lists_folders(where):
    import os

    folders = (
        "/",
        "/etc",
        "/home",
        "/root",
        "/tmp/..",
        "/proc",
        "/dev",
        "/dev/shm",
        where["course"],
        where["repository"],
    )
    return escaped(**{folder: lambda folder=folder: os.listdir(folder) for folder in folders})


@cell("type")
def goes_by_way_of_links(where):
    import os

    def read_by(link):
        path = f"/tmp/{where['mark']}-{link.__name__}"
        link(where["secret"], path)
        with open(path) as file:
            file.read()

    return escaped(symbolic=lambda: read_by(os.symlink), hard=lambda: read_by(os.link))


@cell("type")
def writes_into_the_journal(where):
    import os
    import sqlite3

    def forge():
        with sqlite3.connect(where["journal"]) as journal:
            journal.execute("UPDATE grades SET points = 100")

    return escaped(
        sqlite=forge,
        truncate=lambda: os.truncate(where["journal"], 0),
        remove=lambda: os.unlink(where["journal"]),
        rename=lambda: os.rename(where["journal"], where["journal"] + ".old"),
        lock=lambda: os.unlink(where["journal"].replace(".db", ".lock")),
    )


@cell("type")
def changes_the_libraries(where):
    import os

    import numpy as np

    package = os.path.dirname(where["package"])

    def write(path):
        with open(path, "a") as file:
            file.write("# " + where["mark"])

    return escaped(
        lrcourse=lambda: write(where["package"]),
        numpy=lambda: write(np.__file__),
        new=lambda: write(os.path.join(package, where["mark"] + ".py")),
        owner=lambda: os.chown(package, os.getuid(), os.getgid()),
        rights=lambda: os.chmod(package, 0o777),
        times=lambda: os.utime(where["package"], (0, 0)),
        attribute=lambda: os.setxattr(where["package"], "user.x", b"1"),
    )


@cell("type")
def changes_the_submissions(where):
    import os
    import shutil

    return escaped(
        copy=lambda: shutil.copy(where["package"], where["neighbour"]),
        remove=lambda: os.unlink(where["neighbour"]),
        truncate=lambda: os.truncate(where["neighbour"], 0),
        folder=lambda: shutil.rmtree(os.path.dirname(where["neighbour"])),
    )


@cell("type", core=True)
def becomes_somebody_else(where):
    import ctypes
    import os

    libc = ctypes.CDLL(None)

    def checked(result):
        if result != 0:
            raise OSError

    return escaped(
        setuid=lambda: os.setuid(0),
        setresuid=lambda: os.setresuid(0, 0, 0),
        setgid=lambda: os.setgid(0),
        groups=lambda: os.setgroups([0]),
        nice=lambda: os.nice(-5),
        chroot=lambda: os.chroot("/tmp"),
        unshare=lambda: checked(libc.unshare(0x10000000)),
        mount=lambda: checked(libc.mount(b"none", b"/tmp", b"tmpfs", 0, 0)),
        umount=lambda: checked(libc.umount2(b"/tmp", 2)),
        keep=lambda: checked(libc.prctl(8, 1, 0, 0, 0)),
        dumpable=lambda: checked(libc.prctl(4, 1, 0, 0, 0)),
        outlives=lambda: checked(libc.prctl(1, 0, 0, 0, 0)),
        root=lambda: 1 / (os.geteuid() == 0),
    )


@cell("type")
def takes_the_limits_off(where):
    import os
    import resource

    forever = resource.RLIM_INFINITY
    limits = ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "CORE")
    raised = {
        name: lambda name=name: resource.setrlimit(getattr(resource, "RLIMIT_" + name), (forever, forever))
        for name in limits
    }
    return escaped(
        **raised, processors=lambda: os.sched_setaffinity(0, range(64)), ahead=lambda: os.setpriority(0, 0, 0)
    )


@cell("type")
def looks_into_other_processes(where):
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(64)

    def checked(result):
        if result < 0:
            raise OSError(ctypes.get_errno(), "refused")

    attempts = {}
    for pid in {os.getppid() or 2, where["grader"], os.getpid() + 1, 1} - {os.getpid()}:
        attempts[f"attach {pid}"] = lambda pid=pid: checked(libc.ptrace(16, pid, 0, 0))
        attempts[f"read {pid}"] = lambda pid=pid: checked(libc.process_vm_readv(pid, buffer, 1, buffer, 1, 0))
        attempts[f"signal {pid}"] = lambda pid=pid: os.kill(pid, 0)
        attempts[f"handle {pid}"] = lambda pid=pid: os.pidfd_open(pid)
        attempts[f"limits {pid}"] = lambda pid=pid: __import__("resource").prlimit(pid, 7, (1, 1))
        attempts[f"slows {pid}"] = lambda pid=pid: os.setpriority(0, pid, 19)
    attempts["trace me"] = lambda: checked(libc.ptrace(0, 0, 0, 0))
    return escaped(**attempts)


@cell("type", core=True)
def calls_what_is_seldom_called(where):
    """System calls that sandboxes forget, by their numbers on x86_64."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    rare = {
        "io_uring_setup": 425, "memfd_create": 319, "keyctl": 250, "add_key": 248, "bpf": 321, "perf_event_open": 298,
        "userfaultfd": 323, "shmget": 29, "msgget": 68, "semget": 64, "mq_open": 240, "inotify_init1": 294,
        "fanotify_init": 300, "open_by_handle_at": 304, "pidfd_getfd": 438, "setns": 308, "personality": 135,
        "kcmp": 312, "mknodat": 259, "symlinkat": 266, "linkat": 265, "fchmodat": 268, "memfd_secret": 447,
        "landlock_create_ruleset": 444, "seccomp": 317, "signalfd4": 289, "rt_sigqueueinfo": 129, "tkill": 200,
        "openat2": 437, "reboot": 169, "swapon": 167, "quotactl": 179, "syslog": 103, "sethostname": 170,
        "iopl": 172, "init_module": 175, "vmsplice": 278, "tee": 276, "io_setup": 206, "lookup_dcookie": 212,
        "move_pages": 279, "mbind": 237, "pkey_alloc": 330, "fsopen": 430, "move_mount": 429, "execveat": 322,
    }  # fmt: skip
    buffer = ctypes.create_string_buffer(b"/tmp/x\0", 4096)

    def call(number):
        ctypes.set_errno(0)
        result = libc.syscall(number, buffer, buffer, 1, 0, 0, 0)
        if result < 0 and ctypes.get_errno() in (1, 38):  # not permitted, not there
            raise OSError

    return escaped(**{name: lambda number=number: call(number) for name, number in rare.items()})


@cell("crashed|type")
def calls_by_the_old_numbers(where):
    """The same calls in the numbering of 32-bit programs, by an `int 0x80`, and by x32's numbers."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)

    def socket_by_x32():
        if libc.syscall(0x40000000 + 41, 2, 1, 0) < 0:
            raise OSError

    return escaped(x32=socket_by_x32)


@cell("crashed|type")
def runs_machine_code_of_its_own(where):
    import ctypes
    import mmap

    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\xb8\x02\x00\x00\x00\xcd\x80\xc3")  # mov eax, 2 (fork); int 0x80; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    made = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    return "ESCAPED: a process" if made >= 0 else "nothing worked"


@cell("type", core=True)
def finds_the_answer_key(where):
    import importlib
    import sys

    def load(name):
        importlib.invalidate_caches()
        return importlib.import_module(name)

    def load_from(folder):
        sys.path.insert(0, folder)
        load("exercises")

    def ask():
        from lrcourse.exercises import get

        get("8.8.2")

    def execute():
        exec(open(where["key"]).read())

    return escaped(
        plain=lambda: load("exercises"),
        assignments=lambda: load("exercises.assignments"),
        path=lambda: load_from(where["repository"]),
        ask=ask,
        execute=execute,
        compiled=lambda: load("exercises.section_8_8"),
    )


@cell("type", core=True)
def looks_for_answers_in_memory(where):
    import gc
    import sys

    seen = []
    for thing in gc.get_objects():
        kind = type(thing).__name__
        if kind in ("Exercise", "Misconception", "Assignment", "Journal", "Course", "Grade"):
            seen.append(f"ESCAPED: {kind}")
    frame = sys._getframe()
    while frame:
        seen += [f"ESCAPED: {name}" for name in frame.f_locals if name in ("expected", "exercise", "secret", "answer")]
        frame = frame.f_back
    return seen or "nothing found"


@cell("type", core=True)
def looks_for_secrets_around_it(where):
    import os
    import sys

    seen = [f"ESCAPED: {name}" for name in os.environ if "CANARY" in name]
    seen += [f"ESCAPED: {name}" for name in sys.modules if name.split(".")[0] == "exercises"]
    seen += [
        f"ESCAPED: {name}" for name in sys.modules if name in ("lrcourse.grading.marking", "lrcourse.grading.journal")
    ]
    seen += [f"ESCAPED: {text[:20]}" for text in sys.argv if where["course"] in text]
    for fd in range(64):
        try:
            about = os.fstat(fd)
        except OSError:
            continue
        if about.st_mode & 0o170000 == 0o140000:
            seen.append(f"ESCAPED: socket {fd}")
        if about.st_mode & 0o170000 == 0o100000:
            seen.append(f"ESCAPED: file {fd}")
    return seen or "nothing found"


@cell("type")
def leaves_things_behind(where):
    import os

    def share():
        from multiprocessing import shared_memory

        shared_memory.SharedMemory(name=mark, create=True, size=100)

    mark = where["mark"]
    return escaped(
        shared=share,
        fifo=lambda: os.mkfifo(f"/tmp/{mark}-fifo"),
        device=lambda: os.mknod(f"/tmp/{mark}-device", 0o20666, os.makedev(1, 3)),
        home=lambda: open(os.path.expanduser(f"~/../{mark}"), "w"),
        var=lambda: open(f"/var/tmp/{mark}", "w"),
        shm=lambda: open(f"/dev/shm/{mark}", "w"),
        beside=lambda: open(where["neighbour"] + mark, "w"),
    )


text("writes_into_its_own_scratch", "open('/tmp/' + where['mark'], 'w').write('x')\nanswer_8_8_2 = 'x'", "type|call")
text("changes_its_folder", "import os\nanswer_8_8_2 = escaped(cd=lambda: (os.chdir('/'), open('etc/passwd')))", "type")
text("asks_for_input", "answer_8_8_2 = input('Password: ')", "call")
text("debugs", "breakpoint()\nanswer_8_8_2 = 'x'", "call|type|timeout")
