"""Addresses of what a member tells of themselves. None of them names a topic or a family: an
address stays in the list of pages of a device."""

from __future__ import annotations

from django.urls import path

from samepath.profiles import views

app_name = "profiles"

urlpatterns = [
    path("profile", views.profile, name="profile"),
    path("profile/topics/new", views.families, name="families"),
    path("profile/topics/new/<slug:part>/<int:place>", views.add, name="add"),
    path("profile/topics/<int:topic>", views.change, name="change"),
    path("profile/topics/<int:topic>/out", views.take_out, name="take-out"),
    path("profile/talk", views.talk, name="talk"),
    path("profile/about", views.about, name="about"),
    path("profile/wish", views.wish, name="wish"),
]
