"""Papers; on a facility's host."""

from django.urls import path

from apps.documents import views

app_name = "documents"
urlpatterns = [
    path("documents/<uuid:document_id>/", views.document, name="document"),
    path("documents/<uuid:document_id>/files", views.files, name="files"),
    path("documents/<uuid:document_id>/ask", views.ask, name="ask"),
    path("documents/<uuid:document_id>/print", views.print_page, name="print"),
    path("documents/<uuid:document_id>.pdf", views.pdf, name="pdf"),
    path("v/<slug:code>", views.check, name="check"),
]
