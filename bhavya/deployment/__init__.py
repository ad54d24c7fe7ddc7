"""What systemd and nginx are told on a server: `files/` with the words between @ filled in.

Standard library only. `manage.py deployment_files` writes them; docs/production.md says where to.
"""

import re
from dataclasses import dataclass, fields
from pathlib import Path

FILES = Path(__file__).with_name("files")
WORD = re.compile(r"@([A-Z_]+)@")
PLAIN = re.compile(r"^[A-Za-z0-9._/:-]+$")


@dataclass(frozen=True, slots=True)
class Plan:
    """Where things are on the servers. Every field fills the word of its name."""

    domain: str
    root: str = "/srv/bhavya"
    env: str = "/etc/bhavya/env"
    user: str = "bhavya"
    backups: str = "/var/backups/bhavya"
    certificate: str = "/etc/ssl/bhavya/fullchain.pem"
    key: str = "/etc/ssl/bhavya/key.pem"
    port: int = 8000
    web_workers: int = 2  # of each of two instances
    web_threads: int = 8
    job_workers: int = 4

    def __post_init__(self) -> None:
        for field in fields(self):
            value = str(getattr(self, field.name))
            if not PLAIN.match(value):
                raise ValueError(f"{field.name}: {value!r} holds a sign that is not written here")
        for name in ("root", "env", "backups", "certificate", "key"):
            if not str(getattr(self, name)).startswith("/"):
                raise ValueError(f"{name} must be a whole path, beginning with /")


def render(plan: Plan) -> dict[str, str]:
    """The text of each file by its name."""
    words = {field.name.upper(): str(getattr(plan, field.name)) for field in fields(plan)}
    return {
        path.name: WORD.sub(lambda found: words[found[1]], path.read_text("utf-8"))
        for path in sorted(FILES.iterdir())
    }
