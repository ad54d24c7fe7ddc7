"""The registration desk, the nursing desk, the chart and their API; on a facility's host."""

from django.urls import path

from apps.encounters import api
from apps.encounters.views import (
    arrivals,
    chart,
    finding,
    paper_kit,
    registration,
    scan,
    slip,
    vitals,
)

app_name = "encounters"
urlpatterns = [
    path("reg/", registration.registration, name="registration"),
    path("reg/match/", registration.match, name="match"),
    path("reg/other-name/", registration.other_name, name="other_name"),
    path("reg/blocks/", registration.blocks, name="blocks"),
    path("reg/villages/", registration.villages, name="villages"),
    path("reg/unknown", registration.unknown, name="unknown"),
    path("reg/arrivals", arrivals.arrivals, name="arrivals"),
    path("reg/arrivals/<uuid:arrival_id>/token", arrivals.receive, name="receive"),
    path("reg/arrivals/<uuid:arrival_id>/gone", arrivals.dismiss, name="dismiss"),
    path("reg/poster", arrivals.poster, name="poster"),
    path("here/", arrivals.here, name="here"),
    path("here/done", arrivals.done, name="here_done"),
    path("reg/find", registration.find, name="find"),
    path("reg/again/<uuid:patient_id>/", registration.revisit, name="revisit"),
    path("reg/slips", registration.slips, name="slips"),
    path("reg/slip/<str:number>/print", slip.slip_print, name="slip_print"),
    path("reg/slip/<uuid:encounter_id>/cancel", registration.cancel, name="cancel"),
    path("reg/paper", paper_kit.kit, name="paper_kit"),
    path("reg/paper/type", paper_kit.type_in, name="paper_type"),
    path("reg/paper/<slug:key>/print", paper_kit.print_kit, name="paper_print"),
    path("scan", scan.scan, name="scan"),
    path("vitals/", vitals.vitals_queue, name="vitals_queue"),
    path("vitals/next", vitals.vitals_next, name="vitals_next"),
    path("vitals/token/<uuid:token_id>/skip", vitals.token_skip, name="token_skip"),
    path("vitals/token/<uuid:token_id>/back", vitals.token_back, name="token_back"),
    path("vitals/<str:number>/", vitals.vitals, name="vitals"),
    path("vitals/<str:number>/skip", vitals.skip_vitals, name="skip_vitals"),
    path("patients/<uuid:patient_id>/", chart.chart, name="chart"),
    path("patients/found", finding.found, name="found"),
    path("patients/<uuid:patient_id>/today", finding.today, name="today"),
    path("patients/<uuid:patient_id>/visits", chart.chart_visits, name="chart_visits"),
    path("api/visits/<uuid:encounter_id>", api.VisitApi.as_view(), name="api_visit"),
    path("api/queues/<slug:station>", api.QueueApi.as_view(), name="api_queue"),
]
