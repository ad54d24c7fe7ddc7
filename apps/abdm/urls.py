"""ABDM for the people of one hospital, on its host."""

from django.urls import path

from apps.abdm import views

app_name = "abdm"
urlpatterns = [
    path("abdm/posters/", views.posters, name="posters"),
    path("abdm/posters.pdf", views.posters_pdf, name="posters_pdf"),
]
