"""Named reads over who is known where."""

from apps.core.ids import keyed_hash
from apps.persons.models import PersonLink

MOBILE = "persons.mobile"  # purpose of the keyed hash: other hashes of a mobile never meet it


def mobile_hash(mobile: str) -> str:
    """64 hex letters that stand for a mobile (10 digits); empty for none."""
    return keyed_hash(MOBILE, mobile) if mobile else ""


def links_of_mobile(mobile: str) -> list[PersonLink]:
    """Every patient, in any facility, who gave this mobile (10 digits). 1 query."""
    links = PersonLink.objects.filter(
        mobile_hash=mobile_hash(mobile), status=PersonLink.Status.ACTIVE
    )
    return list(links.exclude(mobile_hash="").order_by("facility_id", "id"))
