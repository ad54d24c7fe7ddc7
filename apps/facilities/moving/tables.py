"""Which public rows belong to one hospital, and what becomes of them when it moves.

A house test finds a public table with a hospital's id that is named in neither list.
"""

from dataclasses import dataclass

STAFF = (
    "id IN (SELECT user_id FROM public.accounts_practitionerrole WHERE facility_id = %(id)s)"
    " OR base_facility_id = %(id)s"
)


@dataclass(frozen=True, slots=True)
class Carried:
    """`where` picks the hospital's rows; `blank`: columns that stay behind and what stands there
    instead; `merge`: what is done with a row that is there already (nothing, if empty)."""

    where: str = "facility_id = %(id)s"
    blank: tuple[tuple[str, str], ...] = ()
    merge: str = ""


# Parents first. Log-ins do not travel: a person sets a new password and PIN at the new place.
CARRIED: dict[str, Carried] = {
    "facilities_facility": Carried("id = %(id)s"),
    "facilities_numberseries": Carried(
        merge="(facility_id, series, period) DO UPDATE"
        " SET last = GREATEST(facilities_numberseries.last, EXCLUDED.last)"
    ),
    "facilities_device": Carried(),
    "accounts_user": Carried(
        STAFF,
        blank=(
            ("password", "'!'"),
            ("pin_hash", "''"),
            ("must_change_password", "true"),
            ("last_login", "NULL"),
        ),
    ),
    "accounts_practitionerrole": Carried(),
    "accounts_rosterentry": Carried(),
    "accounts_leave": Carried(),
    "accounts_leaveoverride": Carried(
        "leave_id IN (SELECT id FROM public.accounts_leave WHERE facility_id = %(id)s)"
    ),
    "persons_person": Carried(
        "id IN (SELECT person_id FROM public.persons_personlink WHERE facility_id = %(id)s)"
    ),
    "persons_personlink": Carried(),
    "persons_arrival": Carried(),
    "gateway_service": Carried(),
    "gateway_linktoken": Carried(),
    "supply_indent": Carried(),
    "supply_stocklevel": Carried(),
    "terminology_definition": Carried(),
    # Counted where it came from: the counters come along, and a foreign transaction id would be
    # counted once more, or never. Id 0 is older than every mark.
    "audit_event": Carried(blank=(("xid", "'0'::xid8"),)),
    "monitoring_facilityday": Carried(),
    "reporting_incentivestatement": Carried(),
    "reporting_incentivepayment": Carried(),
    "reporting_linkedrecord": Carried(),
    "reporting_reportrun": Carried(),
    "monitoring_alarm": Carried(),
    "monitoring_doctorday": Carried(),
    "monitoring_flag": Carried(),
}
LEFT: dict[str, str] = {
    "reporting_formwish": "who wants a message about forms asks for it at the new place",
    "monitoring_hospitalnow": "made anew within a minute at the new place",
    "facilities_domain": "made anew: the address hangs on the new place's domain",
    "accounts_login": "sessions end with the move",
    "accounts_apikey": "a key opens this State's addresses; the new place gives its own",
    "accounts_workstation": "a shared computer is enrolled again: its cookie is of the old host",
    "facilities_ticket": "the desk that was asked answers; a moved hospital asks anew",
    "gateway_inboundmessage": "mail under way is finished where it arrived",
    "gateway_outboundmessage": "sent from both places it would be sent twice",
    "notices_notice": "sent from both places it would be sent twice",
}
