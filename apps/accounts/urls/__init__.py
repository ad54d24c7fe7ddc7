"""People's own pages and the staff of a place; on every host."""

from django.urls import path

from apps.accounts import views
from apps.accounts.views import help as help_views
from apps.accounts.views import roster, trail

app_name = "accounts"
urlpatterns = [
    path("language", views.language, name="language"),
    path("duty", views.duty, name="duty"),
    path("me", views.me, name="me"),
    path("me/looks", views.preferences, name="preferences"),
    path("me/pin", views.pin, name="pin"),
    path("me/sessions/<uuid:log_in_id>/end", views.end_one, name="end_session"),
    path("me/sessions/end", views.end_all, name="end_sessions"),
    path("me/badge/off", views.badge_off, name="own_badge_off"),
    path("lock", views.lock, name="lock"),
    path("unlock", views.unlock, name="unlock"),
    path("switch", views.switch, name="switch"),
    path("switch/password", views.make_room, name="make_room"),
    path("awake", views.awake, name="awake"),
    path("admin/audit", trail.trail, name="trail"),
    path("help", help_views.ask, name="help"),
    path("sync", views.sync, name="sync"),
    path("online", views.online, name="online"),
    path("offline", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("devices/", views.devices, name="devices"),
    path("devices/enrol", views.enrol, name="enrol"),
    path("devices/<uuid:workstation_id>/revoke", views.revoke_device, name="revoke_device"),
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
    path("staff/<uuid:user_id>/badge", views.badge, name="badge"),
    path("staff/<uuid:user_id>/badge/off", views.badge_off_of, name="badge_off"),
    path("staff/<uuid:user_id>/sessions/end", views.end_all_of, name="end_sessions_of"),
    path(
        "staff/<uuid:user_id>/sessions/<uuid:log_in_id>/end",
        views.end_one_of,
        name="end_session_of",
    ),
    path("staff/<uuid:user_id>/pin", views.reset_pin, name="reset_pin"),
    path("staff/<uuid:user_id>/<uuid:posting_id>/end", views.end, name="end"),
    path("staff/<uuid:user_id>/<uuid:posting_id>/transfer", views.transfer, name="transfer"),
]
AT_FACILITY = [
    *urlpatterns,
    path("admin/roster", roster.week, name="roster"),
    path("admin/roster/turn", roster.turn, name="roster_turn"),
    path("admin/roster/copy", roster.copy, name="roster_copy"),
    path("admin/roster/leave", roster.leave, name="leave"),
    path("admin/roster/leave/<uuid:leave_id>/end", roster.leave_end, name="leave_end"),
    path("settings/history", trail.history, name="history"),
    path("me/leave", roster.must_sign, name="must_sign"),
]
AT_STATE = [
    *urlpatterns,
    path("tickets/", help_views.ticket_list, name="tickets"),
    path("tickets/<uuid:ticket_id>", help_views.ticket, name="ticket"),
]
