"""One origin, one port: sockets on the loop, pages in a pool of threads, files beside."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samepath.settings")

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStaticASGI

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Pages share the process with the socket loop: few threads, each with its own database connection.
PAGE_THREADS = 6

_django = get_wsgi_application()

# Only now: its modules need the settings that get_wsgi_application() has loaded.
from samepath.realtime import gateway  # noqa: E402

# Typed loosely: two libraries name the same protocol differently.
_pages: Any = WSGIMiddleware(cast("Any", _django), workers=PAGE_THREADS)


def _never_changes(path: str, url: str) -> bool:
    """Whether a file's name holds a digest of its content."""
    parts = url.rsplit("/", 1)[-1].split(".")
    return settings.HASHED and len(parts) >= 3 and len(parts[-2]) == 12


def _files() -> Any:
    served = ServeStaticASGI(_pages, immutable_file_test=_never_changes, max_age=0)
    served.add_files(str(settings.STATIC_ROOT), prefix="static/")
    return served


_static = _files()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of `samepath start`."""
    if scope["type"] in ("lifespan", "websocket") or scope["path"] == "/live/ticket":
        await gateway.application(scope, receive, send)
    elif scope["path"].startswith("/static/"):
        await _static(scope, receive, _with_static_headers(send))
    else:
        await _pages(scope, receive, send)


def _with_static_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                *message["headers"],
                (b"x-content-type-options", b"nosniff"),
                (b"cross-origin-resource-policy", b"same-origin"),
                (b"referrer-policy", b"same-origin"),
                (b"x-robots-tag", b"noindex, nofollow, noarchive"),
            ]
        await send(message)

    return sending
