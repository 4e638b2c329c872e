"""Addresses of the pages without data. None of them names a topic."""

from __future__ import annotations

from django.urls import path

from samepath.web import leaving, views

urlpatterns = [
    path("", views.home, name="home"),
    path("first-time", views.first_time, name="first-time"),
    path("promise", views.promise, name="promise"),
    path("promise/easy", views.promise_easy, name="promise-easy"),
    path("rules", views.plain("rules"), name="rules"),
    path("easy", views.plain("easy"), name="easy"),
    path("read", views.plain("read"), name="read"),
    path("peer-support", views.plain("peer_support"), name="peer-support"),
    path("leave-fast", views.leave_fast, name="leave-fast"),
    path("steady", views.steady, name="steady"),
    path("steady/easy", views.steady_easy, name="steady-easy"),
    path("help-now", views.help_now, name="help-now"),
    path("help-now/easy", views.help_now_easy, name="help-now-easy"),
    path("help-now/easy/<slug:code>", views.help_now_easy, name="help-now-easy-in"),
    path("help-now/<slug:code>", views.help_now, name="help-now-in"),
    path("calendar", leaving.calendar_page, name="calendar"),
    path("exit", leaving.exit_page, name="exit"),
    path("language", views.language, name="language"),
    path("styleguide", views.styleguide, name="styleguide"),
    path("styleguide/<slug:scene>", views.scene, name="styleguide-scene"),
]
