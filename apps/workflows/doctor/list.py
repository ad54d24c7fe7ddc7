"""The checks in the order in which they are printed."""

from apps.workflows.doctor import files, hospitals, servers
from apps.workflows.doctor.finding import Check

CHECKS: dict[str, Check] = {
    "database": servers.database,
    "database's disk": servers.writes,
    "connections": servers.connections,
    "locks": servers.locks,
    "clocks": servers.clock,
    "migrations": servers.migrations,
    "broker": servers.broker,
    "cache": servers.cache_,
    "worker": servers.worker,
    "beat": servers.beat,
    "queue": servers.queue,
    "queues' workers": servers.listeners,
    "parked jobs": servers.parked_jobs,
    "schema versions": hospitals.versions,
    "parked hospitals": hospitals.parked,
    "gateway mail": hospitals.outbox,
    "audit partitions": servers.partitions,
    "data": files.database_size,
    "disk of papers": files.disk_of_papers,
    "disk of backups": files.disk_of_backups,
    "newest backup": files.newest_backup,
    "log archive": files.newest_log,
    "fonts": files.fonts,
    "certificate": files.certificate,
}
