"""What the catalogues show by themselves, on the State host."""

from django.urls import path

from apps.terminology import views

app_name = "terminology"
urlpatterns = [path("lists/", views.lists_of_level, name="level")]
