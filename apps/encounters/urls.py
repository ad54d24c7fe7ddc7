"""The registration desk, the nursing desk, the chart and their API; on a facility's host."""

from django.urls import path

from apps.encounters import api
from apps.encounters.views import chart, queue, registration, slip, tv, vitals

app_name = "encounters"
urlpatterns = [
    path("reg/", registration.registration, name="registration"),
    path("reg/match/", registration.match, name="match"),
    path("reg/other-name/", registration.other_name, name="other_name"),
    path("reg/blocks/", registration.blocks, name="blocks"),
    path("reg/find", registration.find, name="find"),
    path("reg/again/<uuid:patient_id>/", registration.revisit, name="revisit"),
    path("reg/slips", registration.slips, name="slips"),
    path("reg/slip/<str:number>/print", slip.slip_print, name="slip_print"),
    path("reg/slip/<uuid:encounter_id>/cancel", registration.cancel, name="cancel"),
    path("vitals/", vitals.vitals_queue, name="vitals_queue"),
    path("vitals/next", vitals.vitals_next, name="vitals_next"),
    path("vitals/token/<uuid:token_id>/skip", vitals.token_skip, name="token_skip"),
    path("vitals/token/<uuid:token_id>/back", vitals.token_back, name="token_back"),
    path("vitals/<str:number>/", vitals.vitals, name="vitals"),
    path("vitals/<str:number>/skip", vitals.skip_vitals, name="skip_vitals"),
    path("queue/", queue.rooms, name="rooms"),
    path("queue/room/<str:room>/", queue.line, name="line"),
    path("queue/room/<str:room>/share", queue.share, name="share"),
    path("queue/token/<uuid:token_id>", queue.token, name="token"),
    path("tv/<slug:code>", tv.board, name="tv"),
    path("tv/<slug:code>/now", tv.board_now, name="tv_now"),
    path("admin/tv", tv.screens, name="tvs"),
    path("admin/tv/<uuid:device_id>", tv.screen_change, name="tv_change"),
    path("patients/<uuid:patient_id>/", chart.chart, name="chart"),
    path("patients/<uuid:patient_id>/visits", chart.chart_visits, name="chart_visits"),
    path("api/visits/<uuid:encounter_id>", api.VisitApi.as_view(), name="api_visit"),
    path("api/queues/<slug:station>", api.QueueApi.as_view(), name="api_queue"),
]
