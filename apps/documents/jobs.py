"""Drawing papers, and the sweep for what was forgotten."""

from apps.core.queue import job
from apps.documents import actions


@job("documents.render", soft_time_limit=60, time_limit=90)
def render(document_id: str, rendition: str) -> None:
    actions.render_document(document_id, rendition)


@job("documents.sweep", public=True, expires=25)
def sweep() -> None:
    actions.sweep()
