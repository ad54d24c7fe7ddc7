"""Choosing TCP ports."""

import socket

from bhavya.local.problem import Problem

# Below Linux's range for outgoing connections (32768), so a remembered port is rarely taken by
# chance.
PRIVATE = range(21000, 29000)
WEB = 8000
WEB_TRIES = 100
STAND_IN = 8790


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """True when this process could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
            # Binding alone succeeds beside a listener on another address of this machine.
            sock.listen(1)
        except OSError:
            return False
    return True


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """True when something accepts a connection there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def private(seed: str, avoid: frozenset[int] = frozenset()) -> int:
    """A free port for a private server; the search starts at a place of the checkout's own."""
    start = sum(seed.encode()) * 37 % len(PRIVATE)
    for step in range(len(PRIVATE)):
        port = PRIVATE[(start + step) % len(PRIVATE)]
        if port not in avoid and is_free(port):
            return port
    raise Problem(
        f"No free port between {PRIVATE.start} and {PRIVATE.stop - 1} for the private servers."
    )


def web(asked: str | None, host: str = "127.0.0.1") -> int:
    """The web port: the one asked for or nothing; else 8000 or the next free one."""
    if asked:
        if not asked.isdigit() or not 0 < int(asked) < 65536:
            raise Problem(f"WEB_PORT={asked} is not a port number.")
        if not is_free(int(asked), host):
            raise Problem(
                f"Port {asked} is in use by another program; stop that program, "
                "or choose another port: make run WEB_PORT=8010"
            )
        return int(asked)
    if found := near(WEB, host):
        return found
    raise Problem(
        f"All ports from {WEB} to {WEB + WEB_TRIES - 1} are in use; "
        "choose another: make run WEB_PORT=9100"
    )


def stand_in() -> int:
    """The port of ABDM's stand-in: its usual one or the next free one."""
    if found := near(STAND_IN):
        return found
    raise Problem(f"All ports from {STAND_IN} to {STAND_IN + WEB_TRIES - 1} are in use.")


def near(port: int, host: str = "127.0.0.1") -> int:
    """The first free port from `port` on; 0 when there is none."""
    return next((one for one in range(port, port + WEB_TRIES) if is_free(one, host)), 0)
