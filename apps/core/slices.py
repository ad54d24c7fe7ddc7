"""A page out of a long list, by time and id: no page is counted, none is skipped or seen twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet


@dataclass(frozen=True, slots=True)
class Slice:
    """Newest first: from `first` on and before `last`, below the row `after`, at most `limit`."""

    limit: int
    first: datetime | None = None
    last: datetime | None = None
    after: tuple[datetime, UUID] | None = None

    def of(self, rows: QuerySet[Any], at: str) -> list[Any]:
        """The rows of this page and one more, which says that there is a next one. 1 query."""
        wanted = Q()
        if self.first:
            wanted &= Q(**{f"{at}__gte": self.first})
        if self.last:
            wanted &= Q(**{f"{at}__lt": self.last})
        if self.after:
            moment, id = self.after
            wanted &= Q(**{f"{at}__lt": moment}) | Q(**{at: moment, "pk__lt": id})
        return list(rows.filter(wanted).order_by(f"-{at}", "-pk")[: self.limit + 1])
