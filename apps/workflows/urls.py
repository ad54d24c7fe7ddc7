"""The doctor's room, on a facility's host."""

from django.urls import path

from apps.workflows.views import room, sets

app_name = "workflows"
urlpatterns = [
    path("opd/", room.opd, name="opd"),
    path("opd/queue", room.rail, name="rail"),
    path("opd/next", room.call_next, name="call_next"),
    path("opd/sets/", sets.listed, name="sets"),
    path("opd/sets/new", sets.edit, name="set_new"),
    path("opd/sets/<str:level>/<str:code>/", sets.edit, name="set_edit"),
    path("opd/sets/<str:level>/<str:code>/switch", sets.switch, name="set_switch"),
    path("opd/<str:number>/", room.consult, name="consult"),
    path("opd/<str:number>/side", room.side, name="side"),
    path("opd/<str:number>/call", room.call, name="call"),
    path("opd/<str:number>/skip", room.skip, name="skip"),
    path("opd/<str:number>/draft", room.draft, name="draft"),
    path("opd/<str:number>/find/<str:part>", room.find, name="find"),
    path("opd/<str:number>/preview", room.preview, name="preview"),
    path("opd/<str:number>/sign", room.sign, name="sign"),
]
