"""Forms, registers, the incentive: a hospital's own on its host, an office's on the State's."""

from django.urls import path, register_converter

from apps.reporting.views import dhis, papers, runs


class Ext:
    """csv or xlsx."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Ext, "ext")

app_name = "reporting"
FORM = "reports/<slug:kind>/<slug:first>/"
OF = f"{FORM}<uuid:facility_id>/"
AT_FACILITY = [
    path("reports/", runs.home, name="home"),
    path("reports/registers/", papers.registers, name="registers"),
    path("reports/registers/<slug:kind>/", papers.register, name="register"),
    path(
        "reports/registers/<slug:kind>/table.<ext:ext>", papers.register_table,
        name="register_table",
    ),
    path("reports/pdf/", papers.ask, name="ask_paper"),
    path("reports/pdf/<uuid:paper_id>/", papers.paper, name="paper"),
    path("reports/pdf/<uuid:paper_id>.pdf", papers.paper_file, name="paper_file"),
    path("reports/message", runs.message, name="message"),
    path(FORM, runs.form, name="form"),
    path(f"{FORM}make", runs.make, name="make"),
    path(f"{FORM}enter", runs.enter, name="enter"),
    path(f"{FORM}submit", runs.submit, name="submit"),
    path(f"{FORM}revise", runs.revise, name="revise"),
    path(f"{FORM}table.<ext:ext>", runs.table, name="table"),
    path(f"{FORM}rows/<str:code>", runs.trace, name="trace"),
    path("incentive/", dhis.own, name="dhis"),
    path("incentive/records", dhis.records, name="dhis_records"),
    path("incentive/records.<ext:ext>", dhis.records_table, name="dhis_records_table"),
]  # fmt: skip
AT_STATE = [
    path("reports/", runs.office, name="office_home"),
    path("reports/message", runs.message, name="message"),
    path(FORM, runs.office, name="office"),
    path(f"{FORM}table.<ext:ext>", runs.office_table, name="office_table"),
    path(OF, runs.form, name="form_of"),
    path(f"{OF}make", runs.make, name="make_of"),
    path(f"{OF}enter", runs.enter, name="enter_of"),
    path(f"{OF}submit", runs.submit, name="submit_of"),
    path(f"{OF}revise", runs.revise, name="revise_of"),
    path(f"{OF}table.<ext:ext>", runs.table, name="table_of"),
    path("incentive/", dhis.office, name="dhis_office"),
    path("incentive/table.<ext:ext>", dhis.office_table, name="dhis_table"),
    path("incentive/nha", dhis.nha_file, name="dhis_nha_file"),
    path("incentive/<uuid:facility_id>/", dhis.of_hospital, name="dhis_of"),
    path("incentive/<uuid:facility_id>/records", dhis.records, name="dhis_records_of"),
    path(
        "incentive/<uuid:facility_id>/records.<ext:ext>", dhis.records_table,
        name="dhis_records_table_of",
    ),
    path("incentive/<uuid:facility_id>/<slug:what>", dhis.change, name="dhis_change"),
]  # fmt: skip
