"""Papers on a facility's host; AT_STATE: the words on papers, for every hospital."""

from django.urls import path

from apps.documents.views import papers, scans, wording

app_name = "documents"
AT_STATE = [
    path("papers/wording", wording.state, name="wording"),
    path("papers/wording/preview", wording.preview_state, name="wording_preview"),
]
urlpatterns = [
    path("documents/<uuid:document_id>/", papers.document, name="document"),
    path("documents/<uuid:document_id>/files", papers.files, name="files"),
    path("documents/<uuid:document_id>/ask", papers.ask, name="ask"),
    path("documents/<uuid:document_id>/print", papers.print_page, name="print"),
    path("documents/<uuid:document_id>/withdraw", papers.withdraw, name="withdraw"),
    path("documents/<uuid:document_id>.pdf", papers.pdf, name="pdf"),
    path("visits/<uuid:encounter_id>/scan", scans.add, name="add_scan"),
    path("papers/wording", wording.here, name="wording"),
    path("papers/wording/preview", wording.preview_here, name="wording_preview"),
    path("v/<slug:code>", papers.check, name="check"),
]
