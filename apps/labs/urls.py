"""The laboratory and the imaging room, on a facility's host."""

from django.urls import path

from apps.labs.views import collect, doctor, house, imaging, results

app_name = "labs"
urlpatterns = [
    path("lab/", collect.collect_list, name="collect_list"),
    path("lab/collect/<str:number>/", collect.collect, name="collect"),
    path("lab/labels", collect.labels, name="labels"),
    path("lab/order/<uuid:request_id>/cancel", collect.cancel, name="cancel"),
    path("lab/sample/<str:accession>/reject", collect.reject, name="reject"),
    path("lab/worklist", results.worklist, name="worklist"),
    path("lab/verify", results.verify_list, name="verify_list"),
    path("lab/turnaround", house.turnaround, name="turnaround"),
    path("lab/critical", house.critical_list, name="critical"),
    path("lab/outside", house.outside, name="outside"),
    path("lab/outside/list.csv", house.outside_list, name="outside_list"),
    # A body may be larger under an address that ends so.
    path("lab/outside/scan", house.outside_paper, name="outside_paper"),
    path("lab/outside/back", house.bring_back, name="bring_back"),
    path("lab/machines", house.machines, name="machines"),
    path("lab/machines/<uuid:analyser_id>/remove", house.remove_machine, name="remove_machine"),
    path("lab/messages/<uuid:message_id>", house.message, name="message"),
    path("lab/tests", house.tests, name="tests"),
    path("lab/tests/<str:code>", house.test, name="test"),
    path("lab/desk/<str:number>/", imaging.at_desk, name="at_desk"),
    path("lab/imaging", imaging.imaging, name="imaging"),
    path("lab/imaging/<uuid:request_id>", imaging.study, name="study"),
    path("lab/alerts", doctor.alerts, name="alerts"),
    path("lab/patient/<uuid:patient_id>/panel", doctor.patient_panel, name="patient_panel"),
    path("lab/report/<uuid:report_id>/seen", doctor.acknowledge, name="acknowledge"),
    path("lab/<str:accession>/result", results.result, name="result"),
    path("lab/<str:accession>/told", results.told, name="told"),
    path("lab/<str:accession>/verify", results.verify, name="verify"),
    path("lab/<str:accession>/return", results.give_back, name="give_back"),
    path("lab/<str:accession>/amend", results.amend, name="amend"),
    path("opd/results/", doctor.inbox, name="inbox"),
    path("opd/<str:number>/results/on", doctor.send_on, name="send_on"),
]
