"""A fresh install answers nothing but set-up, numbers and exit (safety.md 3.13)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from samepath.kit import clock, sites
from samepath.kit.http import Answer, is_standing, see_other
from samepath.kit.models import Site
from samepath.organisations.models import Organisation

ALLOWED = ("/set-up", "/static/", "/language")
REMEMBERED = 60.0  # seconds
_open: set[int] = set()
_zones: dict[int, tuple[str, float]] = {}


class SetUpMiddleware:
    """Leads everybody to `/set-up` until the place is open. Remembered once it is."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_standing(request.path):
            return self.get_response(request)
        site = sites.current_one()
        if site not in _open:
            if Site.objects.filter(pk=site, open_since__isnull=False).exists():
                _open.add(site)
            elif not request.path.startswith(ALLOWED):
                return see_other(request, "/set-up")
        return self.get_response(request)


class ZoneMiddleware:
    """Times are shown on the organisation's own clock."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_standing(request.path):
            return self.get_response(request)
        site = sites.current_one()
        zone, since = _zones.get(site, ("", 0.0))
        if not zone or clock.steady() - since > REMEMBERED:
            row = Organisation.objects.order_by("pk").first()
            zone = row.zone if row else "UTC"
            _zones[site] = (zone, clock.steady())
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)


def forget() -> None:
    """Ask the database again (tests, and after the organisation changed)."""
    _open.clear()
    _zones.clear()
