"""Disks, fonts, certificate, backups."""

import shutil
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from fontTools.ttLib import TTFont

from apps.workflows.doctor.finding import Finding, bad, ok, warn
from apps.workflows.doctor.servers import ask
from bhavya import backup

GIB = 1024**3
SIGNS = "कभक्षत्रऽ१2½"
FONTS = ("bhavya-print-400.ttf", "bhavya-print-700.ttf")


def disk_of_papers() -> Finding:
    return _disk(Path(settings.MEDIA_ROOT))


def disk_of_backups() -> Finding:
    folder = settings.BACKUP_DIR
    return _disk(Path(folder)) if folder else ok("BACKUP_DIR is not set")


def _disk(folder: Path) -> Finding:
    here = folder
    while not here.exists():
        here = here.parent
    usage = shutil.disk_usage(here)
    share = usage.free / usage.total
    says = f"{usage.free / GIB:.1f} GB free of {usage.total / GIB:.0f} at {here}"
    if share < 0.05 or usage.free < 2 * GIB:
        return bad(says, "Make room or a larger disk today: a full disk stops every hospital.")
    return warn(says, "Order a larger disk.") if share < 0.15 else ok(says)


def database_size() -> Finding:
    size, schemas = ask(
        "SELECT pg_database_size(current_database()),"
        " (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'f\\_%')"
    )
    return ok(f"{size / GIB:.2f} GB in {schemas} hospitals' schemas; its disk is its server's")


def fonts() -> Finding:
    """The fonts of papers hold Devanagari, its joining rules, and digits."""
    folder = Path(settings.BASE_DIR) / "bhavya" / "static" / "build" / "fonts"
    mend = "Run python3 -m bhavya.local install."
    for name in FONTS:
        if not (folder / name).exists():
            return bad(f"{name} is missing", mend)
        with TTFont(folder / name, lazy=True) as font:
            absent = [sign for sign in SIGNS if ord(sign) not in font.getBestCmap()]
            scripts = {record.ScriptTag for record in font["GSUB"].table.ScriptList.ScriptRecord}
        if absent or not scripts & {"deva", "dev2"}:
            return bad(f"{name} cannot write Devanagari", mend)
    return ok("Devanagari, its joined letters and digits are in both weights")


def certificate() -> Finding:
    if settings.PUBLIC_SCHEME != "https":
        return ok("no https here") if settings.DEMO else warn("no https", "Set PUBLIC_SCHEME.")
    host, port = settings.PARENT_DOMAIN, settings.PUBLIC_PORT
    mend = f"Renew the certificate of {host} and *.{host}, then reload the proxy."
    with socket.create_connection((host, port), timeout=4) as plain:
        try:
            sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            return bad(error.verify_message, mend)
        with sock:
            told = sock.getpeercert() or {}
    end = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), tz=UTC)
    left = end - timezone.now()
    says = f"good for {left.days} days"
    if left < timedelta(days=7):
        return bad(says, mend)
    return warn(says, mend) if left < timedelta(days=21) else ok(says)


def newest_backup() -> Finding:
    mend = "See docs/production.md, 8: python3 -m bhavya.backup base."
    if not settings.BACKUP_DIR:
        told = "BACKUP_DIR is not set: backups are not seen from here"
        return ok(told) if settings.DEMO else warn(told, "Set it to the folder of the backups.")
    newest = backup.newest(Path(settings.BACKUP_DIR))
    if newest is None:
        return bad("there is none", mend)
    age = timezone.now() - newest.at
    says = f"{newest.name}, {age.total_seconds() / 3600:.0f} h old"
    if age > timedelta(days=8):
        return bad(says, mend)
    return warn(says, mend) if age > timedelta(hours=26) else ok(says)


def newest_log() -> Finding:
    """How much a restore would lose now: the age of the archive's last byte."""
    if not settings.BACKUP_DIR:
        return ok("BACKUP_DIR is not set")
    written = backup.last_log(Path(settings.BACKUP_DIR))
    mend = "Start bhavya-wal.service (python3 -m bhavya.backup stream)."
    if written is None:
        return bad("no log is archived", mend)
    age = (timezone.now() - written).total_seconds()
    says = f"last written {age:.0f} s ago"
    if age > 900:
        return bad(f"{says}: the recovery point of 15 minutes is not kept", mend)
    return warn(says, mend) if age > 300 else ok(says)
