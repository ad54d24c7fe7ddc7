"""The doctor's room, on a facility's host."""

from django.urls import path

from apps.workflows import views

app_name = "workflows"
urlpatterns = [
    path("opd/", views.opd, name="opd"),
    path("opd/queue", views.rail, name="rail"),
    path("opd/next", views.call_next, name="call_next"),
    path("opd/<str:number>/", views.consult, name="consult"),
    path("opd/<str:number>/call", views.call, name="call"),
    path("opd/<str:number>/skip", views.skip, name="skip"),
    path("opd/<str:number>/report-seen", views.report_seen, name="report_seen"),
    path("opd/<str:number>/draft", views.draft, name="draft"),
    path("opd/<str:number>/find/<str:part>", views.find, name="find"),
    path("opd/<str:number>/preview", views.preview, name="preview"),
    path("opd/<str:number>/sign", views.sign, name="sign"),
]
