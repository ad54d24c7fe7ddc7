"""Loading master data inside a test."""

from apps.core.actor import Actor, Permission
from apps.facilities import actions, lists
from apps.facilities.models import RegisterEntry

LOADER = Actor.of_system("loader", Permission.MASTER_EDIT)
ADMIN = Actor.of_system("test", *Permission)


def load_places():
    return [actions.load_list(one, actor=LOADER) for one in lists.PLACES]


def entry(code="T1", **fields):
    """A hospital of Green's district in the register."""
    return RegisterEntry.objects.create(
        **{
            "code": code,
            "facility_type": "PHC",
            "name_en": f"PHC {code}",
            "name_hi": f"पीएचसी {code}",
            "district_code": "203",
            "source": "test",
            "search_key": f"pc {code.lower()}",
            **fields,
        }
    )
