"""Boards of places on the State host, the own hospital's on its host."""

from django.urls import path

from apps.monitoring import views

app_name = "monitoring"
AT_STATE = [
    path("board/", views.board, name="board"),
    path("board/csv", views.table, name="csv"),
    path("board/<slug:kind>/<slug:code>/", views.board, name="place"),
    path("board/<slug:kind>/<slug:code>/csv", views.table, name="place_csv"),
]
AT_FACILITY = [
    path("board/", views.live, name="live"),
    path("board/days", views.hospital_days, name="days"),
]
