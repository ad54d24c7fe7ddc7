"""What a person may do: the 76 capabilities of the programme's role specification, section 3."""

from enum import StrEnum


class Permission(StrEnum):
    PATIENT_SEARCH = "patient.search"  # Find a patient (2+ identifiers, logged)
    PATIENT_REGISTER = "patient.register"  # Create a patient
    PATIENT_EDIT_IDENTITY = (
        "patient.edit_identity"  # Change name, age, sex, phone, address (reason kept)
    )
    PATIENT_PHONE_FULL = "patient.phone_full"  # See full phone number
    PATIENT_MERGE = "patient.merge"  # Merge / unmerge records
    ABHA_LINK = "abha.link"  # Create, verify, link ABHA
    TOKEN_ISSUE = "token.issue"  # Give token, print slip
    TOKEN_CALL = "token.call"  # Call, skip, hold, finish in own room
    TOKEN_MOVE = "token.move"  # Move queue between rooms, change priority (reason kept)
    VITALS_WRITE = "vitals.write"  # Enter vitals
    HISTORY_VIEW = "history.view"  # See clinical history of a patient in my queue/ward/list
    HISTORY_VIEW_OTHER = "history.view_other"  # See history of a patient not assigned to me
    CONSULT_DRAFT = (
        "consult.draft"  # Type a draft for the doctor (operator only when posted as scribe t
    )
    CONSULT_SIGN = "consult.sign"  # Sign consultation
    RX_PRESCRIBE = "rx.prescribe"  # Prescribe (CHO/ANM: allowed list only)
    CERT_ISSUE = "cert.issue"  # Medical certificate
    ORDER_TEST = "order.test"  # Order lab / imaging
    LAB_COLLECT = "lab.collect"  # Collect sample, print label
    LAB_ENTER = "lab.enter"  # Enter result
    LAB_VERIFY = "lab.verify"  # Verify and release
    RESULT_VIEW = "result.view"  # See results
    IMAGING_DO = "imaging.do"  # Mark study done
    IMAGING_REPORT = "imaging.report"  # Sign imaging report; PCPNDT form
    RX_DISPENSE = "rx.dispense"  # Issue medicines
    RX_SUBSTITUTE = "rx.substitute"  # Substitute within rule, doctor informed
    STOCK_VIEW = "stock.view"  # See stock here
    STOCK_MOVE = "stock.move"  # Receive, issue to sub-store, return
    STOCK_ADJUST = "stock.adjust"  # Count, write off (two people)
    INDENT_RAISE = "indent.raise"  # Raise indent
    INDENT_APPROVE = "indent.approve"  # Approve indent
    ADMIT_REQUEST = "admit.request"  # Advise admission
    BED_ASSIGN = "bed.assign"  # Give or change bed
    WARD_CHART = "ward.chart"  # Nursing notes, intake-output, medicine given
    OT_SCHEDULE = "ot.schedule"  # Operation list and checklist
    DIET_ORDER = "diet.order"  # Diet order / plate count
    DISCHARGE_SIGN = "discharge.sign"  # Discharge, LAMA, death summary
    ER_QUICK = "er.quick"  # Emergency quick registration
    MLC_WRITE = "mlc.write"  # Injury / MLC report
    MLC_VIEW = "mlc.view"  # See MLC
    DEATH_CERTIFY = "death.certify"  # MCCD
    ANC_WRITE = "anc.write"  # ANC, delivery, PNC
    IMMUNISE_WRITE = "immunise.write"  # Vaccination incl. ARV
    REFER_CREATE = "refer.create"  # Refer out
    REFER_ACCEPT = "refer.accept"  # Accept referral, confirm arrival
    DUE_LIST = "due.list"  # Due and missed lists (ANC, ARV, child, NCD)
    FEE_COLLECT = "fee.collect"  # Collect user fee, receipt
    FEE_CLOSE = "fee.close"  # Close and hand over cash
    DOC_PRINT = "doc.print"  # Print / send patient papers
    DOC_UPLOAD = "doc.upload"  # Scan old papers
    SENSITIVE_VIEW = "sensitive.view"  # HIV, rape survivor, POCSO, MTP, mental health
    BREAKGLASS_USE = "breakglass.use"  # Open outside my list with reason, 30 min
    BREAKGLASS_REVIEW = "breakglass.review"  # Review break-glass within 7 days
    REGISTER_PRINT = "register.print"  # Print statutory registers
    REPORT_HMIS = "report.hmis"  # Prepare / approve HMIS
    REPORT_IDSP = "report.idsp"  # Check / submit P, L forms
    DASH_FACILITY = "dash.facility"  # Live board of own hospital
    DASH_BLOCK = "dash.block"  # Block view (counts)
    DASH_DISTRICT = "dash.district"  # District view (counts)
    DASH_STATE = "dash.state"  # State view (counts)
    TRUTH_FLAGS = "truth.flags"  # See false-entry signals
    ROSTER_EDIT = "roster.edit"  # Duty roster, room seating
    USER_CREATE = "user.create"  # Create user, reset PIN
    USER_DEPLOY = "user.deploy"  # Posting, deputation, transfer with dates
    ROLE_ASSIGN = "role.assign"  # Give role (never above own level)
    FACILITY_ONBOARD = "facility.onboard"  # Add a hospital in own district
    FACILITY_CONFIG = "facility.config"  # Rooms, counters, printers, fee, sessions
    MASTER_EDIT = "master.edit"  # State lists: drugs, tests, templates, words
    RULE_EDIT = "rule.edit"  # Clinical rules (committee of two doctors)
    ABDM_OPS = "abdm.ops"  # Retry queue, HFR/HPR mapping
    DHIS_LEDGER = "dhis.ledger"  # Incentive ledger
    AUDIT_VIEW = "audit.view"  # Search audit trail
    EXPORT_COUNTS = "export.counts"  # Export tables without identity
    EXPORT_IDENTITY = (
        "export.identity"  # Export line list with identity (two-person, purpose, expiry)
    )
    SUPPORT_DIAGNOSE = "support.diagnose"  # Device health, logs without patient data
    SUPPORT_IMPERSONATE = "support.impersonate"  # Act as another user
    TICKET = "ticket"  # Raise / solve help ticket
