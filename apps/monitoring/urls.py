"""Boards of places on the State host, the own hospital's on its host."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from apps.monitoring import api
from apps.monitoring.views import alarms, board, insight, public, truth

app_name = "monitoring"
BY_KEY = [
    path("api/v1/aggregates", api.AggregatesApi.as_view(), name="api"),
    path(
        "api/v1/aggregates/<slug:kind>/<slug:code>", api.AggregatesApi.as_view(), name="api_place"
    ),
]
SCHEMA = {"TITLE": "Bhavya: counts", "VERSION": "1"}
AT_STATE = [
    *BY_KEY,
    path(
        "api/v1/aggregates/openapi",
        SpectacularAPIView.as_view(
            patterns=BY_KEY,
            custom_settings=SCHEMA,
            authentication_classes=[],
            permission_classes=[],
        ),
        name="openapi",
    ),
    path("h/", public.home, name="open"),
    path("h/in/<slug:code>/", public.district, name="open_district"),
    path("h/<slug:slug>/", public.hospital, name="open_hospital"),
    path("board/", board.board, name="board"),
    path("board/csv", board.table, name="csv"),
    path("board/alarms/", alarms.alarms, name="alarms"),
    path("board/alarms/<uuid:alarm_id>/ack", alarms.acknowledge, name="acknowledge"),
    path("board/truth/", truth.flags, name="flags"),
    path("board/truth/<uuid:flag_id>/note", truth.note, name="note_flag"),
    path("board/fair/", insight.fair, name="fair"),
    path("board/doctors/", insight.doctors, name="doctors"),
    path("board/uptime/", insight.uptime, name="uptime"),
    path("board/<slug:kind>/<slug:code>/fair", insight.fair, name="place_fair"),
    path("board/<slug:kind>/<slug:code>/doctors", insight.doctors, name="place_doctors"),
    path("board/<slug:kind>/<slug:code>/uptime", insight.uptime, name="place_uptime"),
    path("board/<slug:kind>/<slug:code>/", board.board, name="place"),
    path("board/<slug:kind>/<slug:code>/csv", board.table, name="place_csv"),
    path("board/<slug:kind>/<slug:code>/alarms", alarms.alarms, name="place_alarms"),
    path("board/<slug:kind>/<slug:code>/truth", truth.flags, name="place_flags"),
]
AT_FACILITY = [
    path("board/", board.live, name="live"),
    path("board/days", board.hospital_days, name="days"),
    path("board/alarms", alarms.alarms, name="alarms"),
    path("board/alarms/<uuid:alarm_id>/ack", alarms.acknowledge, name="acknowledge"),
    path("board/fair", insight.fair, name="fair"),
    path("board/doctors", insight.doctors, name="doctors"),
    path("board/uptime", insight.uptime, name="uptime"),
    path("board/truth", truth.flags, name="flags"),
    path("board/truth/<uuid:flag_id>/answer", truth.answer, name="answer_flag"),
]
