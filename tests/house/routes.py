"""What one row of the permission table says."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Route:
    """`allowed`: role codes that get in; everybody else gets 403 (or log-in when a stranger).

    `public`: no log-in at all. `logged_in`: any member of staff, posted here or not. `by_key`:
    programs with an API key alone; staff and strangers are told 401.
    """

    host: str  # "facility" or "state"
    method: str
    name: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    allowed: frozenset[str] | set[str] = frozenset()
    public: bool = False
    logged_in: bool = False
    by_key: bool = False
