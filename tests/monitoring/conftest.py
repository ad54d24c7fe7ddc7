"""Two districts on the map, and nothing remembered from another test."""

import pytest

from apps.facilities import places
from apps.facilities.models import Region
from apps.monitoring.queries import holidays


@pytest.fixture
def districts(cast):
    """Green's district and Blue's."""
    for code in ("203", "212"):
        Region.objects.get_or_create(
            kind="district", code=code, defaults={"name_hi": f"ज़िला {code}", "name_en": code}
        )
    places.forget()
    yield
    places.forget()


@pytest.fixture(autouse=True)
def _no_holiday_is_remembered():
    holidays.forget()
    yield
    holidays.forget()
