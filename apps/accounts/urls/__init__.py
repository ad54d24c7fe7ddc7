"""People's own pages and the staff of a place; on every host."""

from django.urls import path

from apps.accounts import views

app_name = "accounts"
urlpatterns = [
    path("language", views.language, name="language"),
    path("duty", views.duty, name="duty"),
    path("me", views.me, name="me"),
    path("me/looks", views.preferences, name="preferences"),
    path("me/pin", views.pin, name="pin"),
    path("staff/", views.people, name="people"),
    path("staff/new", views.add, name="add"),
    path("staff/list", views.import_list, name="import"),
    path("staff/list/template.csv", views.import_template, name="import_template"),
    path("staff/<uuid:user_id>/", views.person, name="person"),
    path("staff/<uuid:user_id>/profile", views.profile, name="profile"),
    path("staff/<uuid:user_id>/post", views.post, name="post"),
    path("staff/<uuid:user_id>/close", views.close, name="close"),
    path("staff/<uuid:user_id>/open", views.open_again, name="open"),
    path("staff/<uuid:user_id>/password", views.reset_password, name="reset_password"),
    path("staff/<uuid:user_id>/pin", views.reset_pin, name="reset_pin"),
    path("staff/<uuid:user_id>/<uuid:posting_id>/end", views.end, name="end"),
    path("staff/<uuid:user_id>/<uuid:posting_id>/transfer", views.transfer, name="transfer"),
]
