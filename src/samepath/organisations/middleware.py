"""A fresh install answers nothing but set-up, numbers and exit (safety.md 3.13)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from samepath.kit import sites
from samepath.kit.http import Answer, is_standing, see_other
from samepath.kit.models import Site

ALLOWED = ("/set-up", "/static/", "/language")
_open: set[int] = set()


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


def forget() -> None:
    """Ask the database again (tests)."""
    _open.clear()
