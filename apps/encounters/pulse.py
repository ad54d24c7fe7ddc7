"""A mark that changes whenever a queue of the hospital changes, so that a poll costs no query.

Only a mark: the queue itself stands in the rows. When the cache is lost or down the mark is
unknown, and whoever asks reads the rows again.
"""

import logging
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import quote_etag
from redis.exceptions import RedisError

from apps.core.ids import short_code
from apps.core.tenancy import current_facility_id

log = logging.getLogger(__name__)
LIVES_S = 3600


def _key(facility_id: Any) -> str:
    return f"pulse:{facility_id}"


def beat() -> None:
    """Say after commit that a queue of this hospital changed."""
    facility_id = current_facility_id()
    transaction.on_commit(lambda: _set(facility_id, short_code(8)))


def _set(facility_id: Any, mark: str) -> None:
    try:
        cache.set(_key(facility_id), mark, LIVES_S)
    except RedisError:
        log.warning("queue mark not written: cache is down")


def mark(facility_id: Any) -> str:
    """The mark of this minute; "" when the cache cannot tell. One look into the cache.

    The minute is part of it: waits grow and held patients come back without anybody's press.
    """
    try:
        found = cache.get(_key(facility_id))
        if found is None:  # the first question of the hour
            found = cache.get_or_set(_key(facility_id), short_code(8), LIVES_S)
    except RedisError:
        return ""
    return f"{found}{timezone.now():%H%M}"


def etag(*parts: object) -> str:
    return quote_etag("-".join(map(str, parts)))


def not_modified(request: HttpRequest, tag: str, *, page: bool = False) -> HttpResponse | None:
    """304 when the browser holds the state of `tag`; None when it has to be told anew.

    Headers of a 304 replace those of the kept answer, so only a `page` repeats the long policy of
    what may run; of a fragment no policy is asked, and a short one says it in few bytes.
    """
    if request.headers.get("If-None-Match", "").removeprefix("W/") != tag:
        return None
    same = HttpResponse(status=304, headers={"ETag": tag})
    del same["Content-Type"]
    if not page:
        same["Content-Security-Policy"] = "default-src 'none'"
    return same
