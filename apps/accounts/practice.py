"""What a posting is good for in the hospital's training place: the work at the patient."""

from apps.core.actor import Level, Permission

# Staff, settings, reports, indents and ABDM belong to the hospital itself, not to its practice.
NOT_PRACTISED = frozenset(
    {
        Permission.ABHA_LINK,
        Permission.ABDM_OPS,
        Permission.AUDIT_VIEW,
        Permission.DASH_BLOCK,
        Permission.DASH_DISTRICT,
        Permission.DASH_FACILITY,
        Permission.DASH_STATE,
        Permission.DHIS_LEDGER,
        Permission.EXPORT_COUNTS,
        Permission.EXPORT_IDENTITY,
        Permission.FACILITY_CONFIG,
        Permission.FACILITY_ONBOARD,
        Permission.INDENT_APPROVE,
        Permission.INDENT_RAISE,
        Permission.MASTER_EDIT,
        Permission.REGISTER_PRINT,
        Permission.REPORT_HMIS,
        Permission.REPORT_IDSP,
        Permission.ROLE_ASSIGN,
        Permission.ROSTER_EDIT,
        Permission.RULE_EDIT,
        Permission.SUPPORT_DIAGNOSE,
        Permission.SUPPORT_IMPERSONATE,
        Permission.TRUTH_FLAGS,
        Permission.USER_CREATE,
        Permission.USER_DEPLOY,
    }
)


def to_practise(grants: dict[Permission, Level]) -> dict[Permission, Level]:
    """The rights of a posting that are practised."""
    return {right: level for right, level in grants.items() if right not in NOT_PRACTISED}
