"""The main menu: what a person may open here, in the order of a patient's way through the house."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actor import Level
from apps.core.http import Request
from apps.core.permission import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """`route` is a URL name; shown to whoever holds `permission`."""

    route: str
    title: str | Promise
    permission: Permission


HOSPITAL = (
    Entry("encounters:registration", _("Registration"), Permission.TOKEN_ISSUE),
    Entry("encounters:slips", _("Today's slips"), Permission.TOKEN_ISSUE),
    Entry("encounters:vitals_queue", _("Vitals"), Permission.VITALS_WRITE),
    Entry("workflows:opd", _("My queue"), Permission.CONSULT_SIGN),
    Entry("labs:inbox", _("Test results"), Permission.CONSULT_SIGN),
    Entry("labs:collect_list", _("Samples"), Permission.LAB_COLLECT),
    Entry("labs:worklist", _("Results"), Permission.LAB_ENTER),
    Entry("labs:verify_list", _("Verify"), Permission.LAB_VERIFY),
    Entry("labs:imaging", _("Imaging"), Permission.IMAGING_DO),
    Entry("labs:machines", _("Machines"), Permission.LAB_ENTER),
    Entry("pharmacy:counter", _("Give medicine"), Permission.RX_DISPENSE),
    Entry("pharmacy:shelf", _("Stock"), Permission.STOCK_VIEW),
    Entry("pharmacy:indent_list", _("Indents"), Permission.INDENT_RAISE),
    Entry("pharmacy:indent_list", _("Indents"), Permission.INDENT_APPROVE),
    Entry("pharmacy:returns", _("Returns"), Permission.RX_DISPENSE),
    Entry("workflows:due", _("To come again"), Permission.DUE_LIST),
    Entry("encounters:rooms", _("All queues"), Permission.TOKEN_MOVE),
    Entry("monitoring:live", _("Live board"), Permission.DASH_FACILITY),
    Entry("patients:list", _("Patients"), Permission.PATIENT_SEARCH),
    Entry("prompts:overdue", _("Overdue"), Permission.DUE_LIST),
    Entry("reporting:home", pgettext_lazy("menu", "Reports"), Permission.REPORT_HMIS),
    Entry("reporting:home", pgettext_lazy("menu", "Reports"), Permission.REPORT_IDSP),
    Entry("reporting:home", pgettext_lazy("menu", "Reports"), Permission.REGISTER_PRINT),
    Entry("reporting:dhis", pgettext_lazy("menu", "Incentive"), Permission.DHIS_LEDGER),
    Entry("accounts:people", _("Staff"), Permission.USER_CREATE),
    Entry("accounts:roster", _("Roster and leave"), Permission.ROSTER_EDIT),
    Entry("documents:wording", _("Papers"), Permission.FACILITY_CONFIG),
    Entry("accounts:devices", _("Computers"), Permission.FACILITY_CONFIG),
    Entry("facilities:settings", _("Settings"), Permission.FACILITY_CONFIG),
    Entry("abdm:posters", _("Scan & Share"), Permission.FACILITY_CONFIG),
    Entry("gateway:link", _("ABDM link"), Permission.ABDM_OPS),
    Entry("gateway:care", _("Ids"), Permission.ABDM_OPS),
    Entry("gateway:messages", _("ABDM messages"), Permission.ABDM_OPS),
    Entry("encounters:tvs", _("Screens"), Permission.FACILITY_CONFIG),
)
BESIDE = {"labs:verify_list"}  # for whoever does it beside other work, a link on another page
OWN_WORK = (  # in a hospital, this counts before the menu's order
    ("workflows:opd", Permission.CONSULT_SIGN, (Level.APPROVE,)),
    ("labs:verify_list", Permission.LAB_VERIFY, (Level.APPROVE,)),
    ("encounters:vitals_queue", Permission.TOKEN_CALL, (Level.OWN,)),
    ("accounts:people", Permission.USER_CREATE, (Level.DO, Level.APPROVE)),
    ("pharmacy:counter", Permission.RX_DISPENSE, (Level.DO,)),
)
STATE = (
    Entry("monitoring:board", pgettext_lazy("menu", "Today"), Permission.DASH_BLOCK),
    Entry("monitoring:board", pgettext_lazy("menu", "Today"), Permission.DASH_DISTRICT),
    Entry("monitoring:board", pgettext_lazy("menu", "Today"), Permission.DASH_STATE),
    Entry("reporting:office_home", pgettext_lazy("menu", "Reports"), Permission.REPORT_HMIS),
    Entry("reporting:office_home", pgettext_lazy("menu", "Reports"), Permission.REPORT_IDSP),
    Entry("reporting:dhis_office", pgettext_lazy("menu", "Incentive"), Permission.DHIS_LEDGER),
    Entry("facilities:register", _("Hospitals"), Permission.FACILITY_ONBOARD),
    Entry("accounts:people", _("Staff"), Permission.USER_CREATE),
    Entry("accounts:tickets", _("Help tickets"), Permission.SUPPORT_DIAGNOSE),
    Entry("accounts:tickets", _("Help tickets"), Permission.FACILITY_ONBOARD),
    Entry("supply:indents", _("Medicine indents"), Permission.STOCK_VIEW),
    Entry("documents:wording", _("Papers"), Permission.MASTER_EDIT),
    Entry("gateway:links", _("ABDM links"), Permission.ABDM_OPS),
    Entry("gateway:care", _("Ids"), Permission.ABDM_OPS),
    Entry("gateway:messages", _("ABDM messages"), Permission.ABDM_OPS),
    Entry("accounts:trail", _("Who did what"), Permission.AUDIT_VIEW),
    Entry("rules:list", _("Clinical rules"), Permission.RULE_EDIT),
    Entry("keys:list", _("API keys"), Permission.ROLE_ASSIGN),
)


def entries_for(request: Request) -> list[Entry]:
    """What this person may open on this host, in order."""
    entries = HOSPITAL if request.facility else STATE
    # A page that two rights open stands in the list twice, and in a menu once.
    actor = request.actor
    seen = {
        entry.route: entry
        for entry in entries
        if actor.sees(entry.permission)
        and not (entry.route in BESIDE and actor.level(entry.permission) is Level.OWN)
    }
    return list(seen.values())


def own_work(request: Request) -> list[tuple[str, Permission]]:
    """What this person came to do; counts before the menu's order. Only in a hospital."""
    return [
        (route, permission)
        for route, permission, levels in OWN_WORK
        if request.facility and request.actor.level(permission) in levels
    ]


def menu(request: Request) -> list[Entry]:
    """The entries as the top bar shows them: own work leads, for only the first few stand open."""
    own = own_work(request)
    route, permission = own[0] if own else ("", None)

    def rank(entry: Entry) -> int:
        return 0 if entry.route == route else 1 if entry.permission == permission else 2

    return sorted(entries_for(request), key=rank)


def address(route: str) -> str:
    """The address of a menu entry; "" when its app is not served on this host."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def first_page(request: Request) -> str:
    """Where today's work starts: the first entry of the menu, "" without any.

    Doctors, nurses and managers may register patients too, but have work of their own to go to.
    """
    routes = [entry.route for entry in entries_for(request)]
    routes = [*(route for route, _permission in own_work(request) if route in routes), *routes]
    return next((found for route in routes if (found := address(route))), "")
