"""What facilities refuse, in words."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "facility.unknown": _("This hospital is not in the register."),
    "facility.exists": _("This hospital is on Bhavya already."),
    "facility.slug_taken": _("Another hospital has this address. Choose another one."),
    "facility.prefix_taken": _("Another hospital has this number prefix. Choose another one."),
    "facility.slug_bad": _(
        "%(slug)s is no web address. Use small Latin letters, digits and dashes, like phc-amour."
    ),
    "facility.prefix_bad": _(
        "%(prefix)s is no number prefix. Use 3 to 5 capital Latin letters or digits, like AMR."
    ),
    "list.twice": _("%(hospital)s stands twice in the list. The first line counts."),
    "list.outside": _("It lies outside of your office."),
    "facility.level_needed": _("Choose the level of this hospital."),
    "facility.reason_needed": _("Choose a reason."),
    "training.none": _("This hospital has no training place yet."),
    "training.sure": _("Tick that everything practised may go, then press again."),
    "facility.not_open": _("This hospital is not open on Bhavya now."),
    "cluster.plain": _(
        "This database is plain PostgreSQL, not a Citus cluster: nothing was changed. One hospital "
        "moves between plain servers with export_facility and import_facility."
    ),
    "cluster.node": _("%(node)s is no server. Write it as host:port, like db2.example:5432."),
    "ticket.empty": _("Write what does not work."),
    "ticket.long": _("At most %(most)s letters. Say it shorter, or call."),
    "ticket.number": _(
        "Leave out mobile, slip and ABHA numbers: the help desk must not see who the patient is."
    ),
    "facility.hfr_bad": _("An HFR id is IN and 10 more signs, as in IN1010009991. Check it."),
    "facility.hfr_taken": _("Another hospital has this HFR id. Check which of the two is right."),
    "screen.name": _("Give the screen a name, like “Hall, ground floor”."),
    "screen.bound": _("This address belongs to another screen. Ask the manager for a new one."),
    "screen.unknown": _("There is no such screen in this hospital."),
    "config.changed": _("Somebody else changed these settings meanwhile. See both, then save."),
    "config.incomplete": _("Some settings do not fit together. Look at the marked fields."),
    "analyser.name": _("Give the machine a name."),
    "analyser.taken": _("A machine with this name is there already. Choose another name."),
    "analyser.protocol": _("Choose ASTM or HL7, as the machine's manual says."),
    "analyser.address": _("%(address)s is not a network address. Write it like 192.168.1.20."),
}
