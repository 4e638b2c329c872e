"""Every address of the house; each room names its own."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

ROOMS = ("web", "accounts", "organisations", "safety", "profiles", "conversations", "matching")

urlpatterns = [
    path("", include(f"samepath.{room}.urls"))
    for room in ROOMS
    if find_spec(f"samepath.{room}.urls")
]

if settings.DEMO:
    urlpatterns.append(path("", include("samepath.demo.urls")))

handler400 = "samepath.kit.http.bad_request"
handler404 = "samepath.kit.http.not_found"
handler500 = "samepath.kit.http.fault"
