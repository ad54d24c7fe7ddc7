"""Backups of the whole cluster with PostgreSQL's own tools: base copies, the log as it is written,
the papers, and the way back to any moment.

One folder holds it all: `base/<moment>` (pg_basebackup), `wal/` (pg_receivewal), `media/<moment>`
(papers; what did not change is a hard link). Standard library only: it runs on a backup host that
has no Django. Where pgBackRest can be had, take that for the first two: see docs/production.md.
"""

from bhavya.backup.archive import Base, bases, last_log, newest

__all__ = ["Base", "bases", "last_log", "newest"]
