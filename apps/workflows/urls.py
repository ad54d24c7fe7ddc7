"""The doctor's room, on a facility's host; AT_STATE: a specialist's tele queues everywhere."""

from django.urls import path

from apps.workflows.views import afterwards, merging, recall, record, room, sets, tele

app_name = "workflows"
AT_STATE = [path("tele/", tele.everywhere, name="tele")]
urlpatterns = [
    path("patients/merge", merging.merge, name="merge"),
    path("patients/<uuid:patient_id>/unmerge", merging.unmerge, name="unmerge"),
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
    path("opd/<str:number>/take-over", afterwards.take_over, name="take_over"),
    path("opd/<str:number>/addendum", afterwards.addendum, name="addendum"),
    path("opd/<str:number>/seen", afterwards.seen, name="seen"),
    path("opd/<str:number>/take-back", afterwards.take_back, name="take_back"),
    path("opd/<str:number>/certificate", afterwards.certificate, name="certificate"),
    path("opd/<str:number>/history", record.history, name="history"),
    path("opd/<str:number>/elsewhere", record.elsewhere, name="elsewhere"),
    path(
        "opd/<str:number>/elsewhere/<uuid:facility_id>/<uuid:patient_id>",
        record.look,
        name="look",
    ),
    path("patients/<uuid:patient_id>/timeline", record.timeline, name="timeline"),
    path("due/", recall.due, name="due"),
    path("due/<uuid:encounter_id>", recall.note, name="due_note"),
]
