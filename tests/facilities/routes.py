"""Who may open what of facilities."""

from apps.accounts.permissions import ROLES
from apps.core.actor import WRITES
from apps.core.permission import Permission
from apps.facilities.models import OnboardingList, RegisterEntry
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


def a_list(cast):
    """Neha's list: another's is not there for whoever holds the right elsewhere."""
    return OnboardingList.objects.create(user_id=cast.neha.user.pk).pk


ROUTES = [
    Route("state", "GET", "facilities:bring_many", {}, allowed=holders(ONBOARD)),
    Route("state", "POST", "facilities:bring_many", {}, allowed=holders(ONBOARD)),
    Route("state", "GET", "facilities:list_template", {}, allowed=holders(ONBOARD)),
    Route("state", "GET", "facilities:list_made", {"list_id": a_list}, allowed=holders(ONBOARD)),
    Route("state", "GET", "facilities:list_report", {"list_id": a_list}, allowed=holders(ONBOARD)),
    Route("state", "GET", "facilities:releases", {}, allowed=holders(ONBOARD)),
    Route("state", "POST", "facilities:upgrade_all", {}, allowed=holders(ONBOARD)),
    Route("state", "POST", "facilities:upgrade", CODE, allowed=holders(ONBOARD)),
    Route("facility", "GET", "facilities:settings", {}, allowed=holders(CONFIG)),
    Route("facility", "POST", "facilities:settings", {}, allowed=holders(CONFIG)),
    Route("facility", "GET", "facilities:training", {}, allowed=holders(Permission.TICKET)),
    Route("facility", "POST", "facilities:training", {}, allowed=holders(CONFIG)),
    Route("state", "GET", "facilities:training_of", CODE, allowed=holders(CONFIG)),
    Route("state", "POST", "facilities:training_of", CODE, allowed=holders(CONFIG)),
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
