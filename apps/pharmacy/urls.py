"""The medicine counter, the store, indents and registers; on a facility's host."""

from django.urls import path

from apps.pharmacy.views import counter, moving, papers, shelf

app_name = "pharmacy"
urlpatterns = [
    path("rx/", counter.counter, name="counter"),
    path("rx/next", counter.call_next, name="call_next"),
    path("rx/store", counter.choose_store, name="choose_store"),
    path("rx/told", counter.told, name="told"),
    path("rx/<uuid:prescription_id>/dispense", counter.dispense, name="dispense"),
    path("rx/<uuid:prescription_id>/labels", counter.labels, name="labels"),
    path("rx/<uuid:prescription_id>/slip", counter.slip, name="slip"),
    path("patients/<uuid:patient_id>/medicines", counter.given, name="given"),
    path("stock/", shelf.shelf, name="shelf"),
    path("stock/receive", moving.receive, name="receive"),
    path("stock/receive/file", moving.receive_file, name="receive_file"),
    path("stock/transfer", moving.transfer, name="transfer"),
    path("stock/count", moving.count_start, name="count_start"),
    path("stock/count/<uuid:count_id>/", moving.count, name="count"),
    path("stock/returns", moving.returns, name="returns"),
    path("stock/changes", moving.changes, name="changes"),
    path("stock/changes/<uuid:asked_id>", moving.answer_change, name="answer_change"),
    path("stock/batch/<uuid:batch_id>/change", moving.ask_change, name="ask_change"),
    path("stock/batch/<uuid:batch_id>/stop", shelf.stop, name="stop"),
    path("stock/expiry", shelf.expiry, name="expiry"),
    path("stock/drugs", shelf.drugs, name="drugs"),
    path("stock/not-given", shelf.not_given, name="not_given"),
    path("stock/indent", papers.indent_list, name="indent_list"),
    path("stock/indent/new", papers.indent_new, name="indent_new"),
    path("stock/indent/<uuid:indent_id>/", papers.indent, name="indent"),
    path("stock/indent/<uuid:indent_id>/answer", papers.indent_answer, name="indent_answer"),
    path("stock/registers", papers.register_list, name="register_list"),
    path("stock/registers/<slug:kind>/", papers.register_show, name="register_show"),
    path("stock/registers/<uuid:register_id>.pdf", papers.register_file, name="register_file"),
    path("stock/<str:code>/", shelf.item, name="item"),
    path("stock/<str:code>/empty", shelf.bin_empty, name="bin_empty"),
]
