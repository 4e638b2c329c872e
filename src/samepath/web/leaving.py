"""Leaving at once: /exit and the harmless page it leads to. Both answer with the database down."""

from __future__ import annotations

import calendar
import logging
import threading

from django.conf import settings
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from samepath.accounts import actions
from samepath.accounts.middleware import drop_cookie
from samepath.kit import choices, clock, sites
from samepath.kit.http import site_of_host
from samepath.web.numbers import host_of

HARMLESS = "/calendar"
# A person who leaves does not wait for a database; what takes longer is finished behind them.
LONGEST_WAIT = 1.5
log = logging.getLogger("samepath.leaving")


def exit_page(request: HttpRequest) -> HttpResponse:
    """End the sign-in, forget everything on the device, lead to the harmless page.

    Works as a link and as a form, signed in or not; ending a sign-in that is not there is fine.
    """
    cookie = request.COOKIES.get(settings.SIGN_IN_COOKIE, "")
    host = host_of(request)
    where = _where(host, cookie)
    if request.method == "POST" and not where.startswith("/"):
        where = HARMLESS  # form-action 'self' would stop the browser on its way
    response = HttpResponseRedirect(where)
    response.status_code = 303
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    drop_cookie(response)
    response.delete_cookie(settings.CSRF_COOKIE_NAME, path="/", samesite="Lax")
    response.standing = True  # type: ignore[attr-defined]
    return response


def _where(host: str, cookie: str) -> str:
    """End the sign-in and find out where to lead; at most LONGEST_WAIT seconds, never an error."""
    found = [HARMLESS]

    def work() -> None:
        try:
            site = site_of_host(host)
            if site is None:
                return
            with sites.scope(site):
                address = str(choices.get("exit_address"))
                if address.startswith("https://") or (
                    address.startswith("/") and not address.startswith("//")
                ):
                    found[0] = address
                actions.end_sign_in(cookie)
        except Exception:
            log.exception("sign-in not ended")

    if connection.in_atomic_block:
        work()  # inside somebody's transaction another thread would see nothing of it
        return found[0]

    def work_apart() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=work_apart, name="leaving", daemon=True)
    thread.start()
    thread.join(LONGEST_WAIT)
    return found[0]


def calendar_page(request: HttpRequest) -> HttpResponse:
    """This month, as any calendar shows it: nothing of ours, nothing personal."""
    today = clock.today()
    weeks = calendar.Calendar().monthdatescalendar(today.year, today.month)
    response = render(request, "web/calendar.html", {"weeks": weeks, "today": today})
    response.standing = True  # type: ignore[attr-defined]
    return response
