"""Who may open what of facilities."""

from apps.accounts.permissions import ROLES
from apps.core.actor import WRITES
from apps.core.permission import Permission
from apps.facilities.models import RegisterEntry
from tests.house.routes import Route


def holders(*permissions):
    return {
        role.value
        for role, rule in ROLES.items()
        if any(rule.grants.get(permission) in WRITES for permission in permissions)
    }


ONBOARD, CONFIG = Permission.FACILITY_ONBOARD, Permission.FACILITY_CONFIG


def green(cast):
    """Green PHC stands in the register too."""
    entry, _ = RegisterEntry.objects.get_or_create(
        code=cast.green.register_code,
        defaults={
            "facility_type": "PHC",
            "name_en": "Green PHC",
            "name_hi": "हरित पीएचसी",
            "district_code": cast.green.district_code,
            "source": "test",
        },
    )
    return entry.code


CODE = {"code": green}
ROUTES = [
    Route("facility", "GET", "facilities:settings", {}, allowed=holders(CONFIG)),
    Route("facility", "POST", "facilities:settings", {}, allowed=holders(CONFIG)),
    Route("state", "GET", "facilities:register", {}, allowed=holders(ONBOARD, CONFIG)),
    Route("state", "GET", "facilities:hospital", CODE, allowed=holders(ONBOARD, CONFIG)),
    Route("state", "GET", "facilities:onboard", CODE, allowed=holders(ONBOARD)),
    Route("state", "POST", "facilities:onboard", CODE, allowed=holders(ONBOARD)),
    Route("state", "GET", "facilities:progress", CODE, allowed=holders(ONBOARD)),
    Route("state", "POST", "facilities:retry", CODE, allowed=holders(ONBOARD)),
    Route("state", "GET", "facilities:retire", CODE, allowed=holders(ONBOARD)),
    Route("state", "POST", "facilities:retire", CODE, allowed=holders(ONBOARD)),
    Route("state", "GET", "facilities:settings_of", CODE, allowed=holders(CONFIG)),
    Route("state", "POST", "facilities:settings_of", CODE, allowed=holders(CONFIG)),
]
