"""Which failures are the server's state and not a mistake: a disk that is full, a database away."""

import errno

from django.db import DatabaseError, InterfaceError, OperationalError

FULL, AWAY = "full", "away"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
DISK_FULL = "53100"  # PostgreSQL's code
# Connection lost or refused, shutting down, starting up, recovering, too many clients.
GONE = ("08", "57P0", "53300")


def trouble_of(error: BaseException | None) -> str:
    """ "full" or "away", or "" for anything else. What was being written was taken back."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return FULL
        if isinstance(error, DatabaseError | InterfaceError):
            state = getattr(error.__cause__, "sqlstate", None)
            if state == DISK_FULL:
                return FULL
            lost = isinstance(error, OperationalError | InterfaceError) and state is None
            if lost or (state or "").startswith(GONE):
                return AWAY
        error = error.__cause__ or error.__context__
    return ""
