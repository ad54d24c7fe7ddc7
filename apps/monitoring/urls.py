"""Boards of places on the State host, the own hospital's on its host."""

from django.urls import path

from apps.monitoring.views import alarms, board, truth

app_name = "monitoring"
AT_STATE = [
    path("board/", board.board, name="board"),
    path("board/csv", board.table, name="csv"),
    path("board/alarms/", alarms.alarms, name="alarms"),
    path("board/alarms/<uuid:alarm_id>/ack", alarms.acknowledge, name="acknowledge"),
    path("board/truth/", truth.flags, name="flags"),
    path("board/truth/<uuid:flag_id>/note", truth.note, name="note_flag"),
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
    path("board/truth", truth.flags, name="flags"),
    path("board/truth/<uuid:flag_id>/answer", truth.answer, name="answer_flag"),
]
