"""Messages, on the State host of the demo."""

from django.urls import path

from apps.notices import views

app_name = "notices"
urlpatterns = [path("messages/", views.messages, name="messages")]
