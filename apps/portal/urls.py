"""Patients' pages. AT_FACILITY: the slip's link on a hospital's host; the rest: the State host."""

from django.urls import path

from apps.portal import views

app_name = "portal"
AT_FACILITY = [
    path("s/<slug:code>", views.slip, name="slip"),
    path("s/<slug:code>/place", views.place, name="place"),
    path("s/<slug:code>/paper.pdf", views.slip_pdf, name="slip_pdf"),
]
urlpatterns = [
    path("p/", views.home, name="home"),
    path("p/enter", views.enter, name="enter"),
    path("p/code", views.code, name="code"),
    path("p/leave", views.leave, name="leave"),
    path("p/seen", views.seen, name="seen"),
    path("p/help", views.help_page, name="help"),
    path("p/rx/<uuid:facility_id>/<uuid:document_id>/", views.paper, name="paper"),
    path("p/rx/<uuid:facility_id>/<uuid:document_id>.pdf", views.paper_pdf, name="paper_pdf"),
]
