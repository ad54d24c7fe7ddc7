"""The 41 posts and what each may do, as data.

Source: the programme's role matrix (posts named in Bihar's hospitals and health-society papers).
Letters: W do · V see · A approve or sign · O only own patients, room or work · M masked or
counts · B only by break-glass. A capability that is not listed is denied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Level, Permission, Scope


class Role(StrEnum):
    REG = "REG"
    HLP = "HLP"
    NUR = "NUR"
    MO = "MO"
    SPC = "SPC"
    EMO = "EMO"
    CHO = "CHO"
    ANM = "ANM"
    ASH = "ASH"
    PHM = "PHM"
    STK = "STK"
    LAB = "LAB"
    PATH = "PATH"
    RADG = "RADG"
    RADL = "RADL"
    WNU = "WNU"
    OTN = "OTN"
    BLD = "BLD"
    VAC = "VAC"
    CNS = "CNS"
    KIT = "KIT"
    HM = "HM"
    DS = "DS"
    MRD = "MRD"
    CASH = "CASH"
    BHM = "BHM"
    BCM = "BCM"
    BME = "BME"
    CS = "CS"
    ACMO = "ACMO"
    DPM = "DPM"
    DME = "DME"
    DSO = "DSO"
    DSTK = "DSTK"
    DM = "DM"
    SHQ = "SHQ"
    SPO = "SPO"
    CCC = "CCC"
    AUD = "AUD"
    SUP = "SUP"
    SEC = "SEC"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """One post: its name, the widest place it acts in, and its grants by capability."""

    role: Role
    title: str | Promise
    scope: Scope
    grants: Mapping[Permission, Level]


def _rule(role: Role, title: str | Promise, scope: Scope, **by_level: str) -> RoleRule:
    grants = {
        Permission(name): Level(letter)
        for letter, names in by_level.items()
        for name in names.split()
    }
    return RoleRule(role, title, scope, MappingProxyType(grants))


ROLES: Mapping[Role, RoleRule] = MappingProxyType(
    {
        rule.role: rule
        for rule in (
            _rule(
                Role.REG,
                _("Registration clerk / data entry operator"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register patient.edit_identity "
                    "patient.phone_full abha.link token.issue er.quick refer.accept "
                    "fee.collect doc.upload ticket"
                ),
                O="token.move consult.draft doc.print register.print",
                M="dash.facility",
            ),
            _rule(
                Role.HLP,
                _("Help-desk / Scan & Share helper"),
                Scope.FACILITY,
                W="patient.register abha.link token.issue ticket",
                O="patient.search patient.phone_full",
            ),
            _rule(
                Role.NUR,
                _("OPD nurse (GNM) at nursing desk"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register abha.link token.issue vitals.write "
                    "consult.draft lab.collect bed.assign er.quick anc.write "
                    "immunise.write refer.accept doc.upload ticket"
                ),
                V="stock.view due.list",
                O=(
                    "patient.edit_identity token.call token.move history.view "
                    "result.view rx.dispense ward.chart doc.print"
                ),
                M="patient.phone_full dash.facility",
            ),
            _rule(
                Role.MO,
                _("Medical officer (also dental, AYUSH)"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register patient.edit_identity abha.link "
                    "vitals.write consult.draft order.test diet.order er.quick "
                    "anc.write refer.accept doc.upload breakglass.use ticket"
                ),
                V="stock.view due.list",
                A=(
                    "consult.sign rx.prescribe cert.issue rx.substitute admit.request "
                    "discharge.sign mlc.write death.certify refer.create"
                ),
                O=(
                    "token.call token.move history.view lab.verify result.view mlc.view "
                    "doc.print sensitive.view"
                ),
                M="patient.phone_full dash.facility",
                B="history.view_other",
            ),
            _rule(
                Role.SPC,
                _("Specialist"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register vitals.write consult.draft "
                    "order.test ot.schedule diet.order er.quick anc.write refer.accept "
                    "breakglass.use ticket"
                ),
                V="stock.view",
                A=(
                    "consult.sign rx.prescribe cert.issue rx.substitute admit.request "
                    "discharge.sign mlc.write death.certify refer.create"
                ),
                O=(
                    "token.call token.move history.view result.view imaging.report "
                    "mlc.view doc.print sensitive.view"
                ),
                B="history.view_other",
            ),
            _rule(
                Role.EMO,
                _("Emergency duty doctor"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register patient.edit_identity abha.link "
                    "token.issue token.move vitals.write consult.draft order.test "
                    "lab.collect bed.assign er.quick anc.write immunise.write "
                    "refer.accept doc.upload breakglass.use ticket"
                ),
                V="patient.phone_full stock.view",
                A=(
                    "consult.sign rx.prescribe cert.issue rx.substitute admit.request "
                    "discharge.sign mlc.write death.certify refer.create"
                ),
                O=(
                    "token.call history.view result.view rx.dispense mlc.view doc.print "
                    "sensitive.view"
                ),
                B="history.view_other",
            ),
            _rule(
                Role.CHO,
                _("Community health officer"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register patient.edit_identity abha.link "
                    "token.issue vitals.write consult.draft order.test lab.collect "
                    "lab.enter rx.dispense indent.raise er.quick anc.write "
                    "immunise.write due.list doc.upload breakglass.use ticket"
                ),
                V="patient.phone_full stock.view",
                A="consult.sign rx.prescribe refer.create",
                O="token.call history.view result.view doc.print",
                B="history.view_other",
            ),
            _rule(
                Role.ANM,
                _("ANM"),
                Scope.FACILITY,
                W=(
                    "patient.register abha.link token.issue vitals.write lab.collect "
                    "anc.write immunise.write due.list ticket"
                ),
                V="patient.phone_full",
                O=(
                    "patient.search patient.edit_identity history.view rx.prescribe "
                    "order.test lab.enter result.view rx.dispense refer.create "
                    "doc.print"
                ),
            ),
            _rule(
                Role.ASH,
                _("ASHA / facilitator"),
                Scope.FACILITY,
                W="ticket",
                O="patient.search patient.phone_full anc.write due.list",
            ),
            _rule(
                Role.PHM,
                _("Pharmacist at counter"),
                Scope.FACILITY,
                W="patient.search rx.dispense rx.substitute indent.raise ticket",
                V="stock.view",
                O="token.call stock.move stock.adjust doc.print register.print",
                M="history.view dash.facility",
            ),
            _rule(
                Role.STK,
                _("Store keeper"),
                Scope.FACILITY,
                W="stock.move stock.adjust indent.raise ticket",
                V="stock.view",
            ),
            _rule(
                Role.LAB,
                _("Lab technician"),
                Scope.FACILITY,
                W="patient.search lab.collect lab.enter report.idsp ticket",
                V="result.view",
                O=("token.call stock.view stock.move indent.raise doc.print register.print"),
                M="history.view",
            ),
            _rule(
                Role.PATH,
                _("Pathologist / lab in-charge"),
                Scope.FACILITY,
                W="patient.search lab.enter ticket",
                V="result.view",
                A="lab.verify",
                O="history.view doc.print sensitive.view",
                B="history.view_other",
            ),
            _rule(
                Role.RADG,
                _("Radiographer"),
                Scope.FACILITY,
                W="patient.search imaging.do ticket",
                O="token.call doc.print register.print",
                M="history.view",
            ),
            _rule(
                Role.RADL,
                _("Radiologist / sonologist"),
                Scope.FACILITY,
                W="patient.search imaging.do ticket",
                A="imaging.report",
                O="history.view result.view doc.print",
                B="history.view_other",
            ),
            _rule(
                Role.WNU,
                _("Ward nurse / ward in-charge"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register abha.link vitals.write lab.collect "
                    "bed.assign ward.chart diet.order er.quick anc.write immunise.write "
                    "doc.upload ticket"
                ),
                V="ot.schedule",
                O=(
                    "patient.edit_identity history.view order.test result.view "
                    "rx.dispense stock.view stock.move indent.raise doc.print "
                    "sensitive.view register.print"
                ),
            ),
            _rule(
                Role.OTN,
                _("OT nurse / assistant"),
                Scope.FACILITY,
                W="patient.search vitals.write ot.schedule ticket",
                O=("history.view order.test result.view stock.view stock.move ward.chart"),
            ),
            _rule(
                Role.BLD,
                _("Blood centre technician"),
                Scope.FACILITY,
                W="patient.search lab.collect ticket",
                O="lab.enter result.view stock.view stock.move",
                M="history.view",
            ),
            _rule(
                Role.VAC,
                _("Vaccinator / cold-chain handler / ARV room"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register token.issue vitals.write "
                    "immunise.write due.list ticket"
                ),
                V="patient.phone_full",
                O="token.call stock.view stock.move indent.raise",
            ),
            _rule(
                Role.CNS,
                _("Counsellor (FP, ICTC, nutrition)"),
                Scope.FACILITY,
                W="patient.search due.list ticket",
                V="patient.phone_full",
                O="token.call history.view anc.write sensitive.view",
            ),
            _rule(
                Role.KIT,
                _("Kitchen supervisor (Didi ki Rasoi)"),
                Scope.FACILITY,
                W="ticket",
                V="diet.order",
            ),
            _rule(
                Role.HM,
                _("Hospital / health manager"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register patient.edit_identity abha.link "
                    "token.issue token.call token.move bed.assign refer.accept "
                    "register.print report.hmis report.idsp roster.edit user.create "
                    "facility.config export.counts ticket"
                ),
                V=(
                    "patient.phone_full stock.view indent.approve diet.order due.list "
                    "dash.facility user.deploy abdm.ops dhis.ledger support.diagnose"
                ),
                A="patient.merge stock.adjust fee.close",
                O="doc.print",
                M="truth.flags",
            ),
            _rule(
                Role.DS,
                _("Superintendent, deputy superintendent or MOIC"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.register patient.edit_identity token.issue "
                    "token.call token.move bed.assign refer.accept breakglass.use "
                    "export.counts ticket"
                ),
                V=(
                    "patient.phone_full stock.view mlc.write mlc.view dash.facility "
                    "truth.flags user.deploy dhis.ledger"
                ),
                A=(
                    "patient.merge cert.issue stock.adjust indent.approve ot.schedule "
                    "discharge.sign death.certify fee.close breakglass.review "
                    "register.print report.hmis report.idsp roster.edit user.create "
                    "role.assign facility.config export.identity"
                ),
                O="history.view result.view",
                M="dash.block audit.view",
                B="history.view_other sensitive.view",
            ),
            _rule(
                Role.MRD,
                _("Medical record keeper"),
                Scope.FACILITY,
                W=(
                    "patient.search patient.edit_identity patient.merge abha.link "
                    "doc.print doc.upload register.print abdm.ops ticket"
                ),
                V="patient.phone_full mlc.view death.certify",
                O="history.view result.view export.identity",
            ),
            _rule(
                Role.CASH,
                _("Accountant / cashier"),
                Scope.FACILITY,
                W="patient.search fee.collect fee.close ticket",
            ),
            _rule(
                Role.BHM,
                _("Block health manager"),
                Scope.BLOCK,
                W=(
                    "token.move register.print report.hmis roster.edit user.create "
                    "facility.config export.counts ticket"
                ),
                V="stock.view indent.approve due.list dash.facility dash.block",
            ),
            _rule(
                Role.BCM,
                _("Block community mobiliser"),
                Scope.BLOCK,
                W="due.list ticket",
                V="dash.block",
                O="patient.phone_full export.identity",
                M="dash.facility",
            ),
            _rule(
                Role.BME,
                _("Block monitoring & evaluation assistant"),
                Scope.BLOCK,
                W="report.hmis report.idsp export.counts ticket",
                V="register.print dash.facility dash.block",
            ),
            _rule(
                Role.CS,
                _("Civil surgeon"),
                Scope.DISTRICT,
                W="export.counts ticket",
                V=(
                    "stock.view mlc.view dash.facility dash.block dash.district "
                    "truth.flags dhis.ledger"
                ),
                A=(
                    "indent.approve breakglass.review user.create user.deploy "
                    "role.assign facility.onboard"
                ),
                M="audit.view",
            ),
            _rule(
                Role.ACMO,
                _("Additional chief medical officer and programme officers"),
                Scope.DISTRICT,
                W="export.counts ticket",
                V="stock.view dash.facility dash.block dash.district",
                A="report.hmis",
            ),
            _rule(
                Role.DPM,
                _("District programme manager (district admin)"),
                Scope.DISTRICT,
                W=(
                    "user.create user.deploy role.assign facility.onboard "
                    "facility.config abdm.ops export.counts ticket"
                ),
                V=("stock.view dash.facility dash.block dash.district truth.flags dhis.ledger"),
            ),
            _rule(
                Role.DME,
                _("District M&E / data officer"),
                Scope.DISTRICT,
                W=(
                    "report.hmis facility.onboard facility.config abdm.ops dhis.ledger "
                    "export.counts ticket"
                ),
                V="dash.facility dash.block dash.district support.diagnose",
                A="patient.merge",
            ),
            _rule(
                Role.DSO,
                _("District surveillance officer / epidemiologist"),
                Scope.DISTRICT,
                W="export.counts ticket",
                V="due.list dash.facility dash.block dash.district",
                A="report.idsp export.identity",
            ),
            _rule(
                Role.DSTK,
                _("District drug store"),
                Scope.DISTRICT,
                W="stock.move stock.adjust ticket",
                V="stock.view dash.district",
                A="indent.approve",
            ),
            _rule(
                Role.DM,
                _("District magistrate"),
                Scope.DISTRICT,
                W="ticket",
                V="stock.view dash.facility dash.block dash.district",
            ),
            _rule(
                Role.SHQ,
                _("State admin (State Health Society)"),
                Scope.STATE,
                W=("user.create user.deploy facility.config abdm.ops export.counts ticket"),
                V=("stock.view dash.facility dash.block dash.district dash.state truth.flags"),
                A="role.assign facility.onboard master.edit rule.edit dhis.ledger",
            ),
            _rule(
                Role.SPO,
                _("State programme officer"),
                Scope.STATE,
                W="master.edit rule.edit export.counts ticket",
                V=(
                    "stock.view report.hmis report.idsp dash.facility dash.block "
                    "dash.district dash.state"
                ),
            ),
            _rule(
                Role.CCC,
                _("Command-centre operator"),
                Scope.STATE,
                W="ticket",
                V=("stock.view dash.facility dash.block dash.district dash.state support.diagnose"),
            ),
            _rule(
                Role.AUD,
                _("Auditor / privacy officer"),
                Scope.STATE,
                W="export.counts ticket",
                V="patient.search dash.state truth.flags audit.view",
                A="breakglass.review",
                B="history.view mlc.view sensitive.view",
            ),
            _rule(
                Role.SUP,
                _("Service provider support engineer"),
                Scope.STATE,
                W="abdm.ops support.diagnose ticket",
            ),
            _rule(
                Role.SEC,
                _("Security administrator"),
                Scope.STATE,
                W="user.create role.assign support.diagnose ticket",
                V="audit.view",
            ),
        )
    }
)


def grants_of(roles: set[Role]) -> dict[Permission, Level]:
    """The strongest level of each capability over several hats (a PHC nurse also registers)."""
    grants: dict[Permission, Level] = {}
    for role in roles:
        for permission, level in ROLES[role].grants.items():
            if permission not in grants or level.strength > grants[permission].strength:
                grants[permission] = level
    return grants
