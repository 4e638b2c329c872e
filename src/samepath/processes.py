"""What the processes do: prepare, serve, tick in the background, check."""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samepath.settings")

log = logging.getLogger("samepath.processes")
LEASE = timedelta(seconds=15)
WARM_AFTER = 2.0  # seconds from the start: the first pages go before


def prepare(*, demo: bool = False) -> int:
    """Migrations, the site row, hashed files; the demo community where asked. Safe to repeat."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    _collect(settings.PACKAGE, settings.STATIC_ROOT)
    from samepath.kit.models import Site

    host = "localhost" if settings.ORIGIN_HOST in settings.LOOPBACK else settings.ORIGIN_HOST
    site = Site.objects.order_by("pk").first()
    if site is None:
        site = Site.objects.create(host=host, name="Samepath", demo=demo)
    if demo:
        if not site.demo:
            print("This data folder belongs to a real community. Choose another: SAMEPATH_DATA=…")
            return 1
        from samepath.demo.seed import seed

        seed(site)
    elif site.demo and not settings.DEMO:
        print(
            "This data folder holds the demo, whose sign-ins are open to everybody. "
            "Choose another folder for the real service: SAMEPATH_DATA=/srv/samepath"
        )
        return 1
    elif site.host != host:
        Site.objects.filter(pk=site.pk).update(host=host)
    return 0


def _collect(package: Path, target: Path) -> None:
    """Name the files by content, once for each version of them."""
    from django.core.management import call_command

    digest = hashlib.sha256()
    for path in sorted((package / "kit" / "ui").rglob("*")):
        if path.is_file():
            stat = path.stat()
            digest.update(f"{path}|{stat.st_size}|{stat.st_mtime_ns}".encode())
    stamp = target / ".stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    # css/parts are sources: tools/styles.py makes the served files from them.
    call_command(
        "collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=["parts"]
    )
    from servestatic.compress import Compressor

    compressor = Compressor(quiet=True, use_brotli=False)
    for path in target.rglob("*"):
        if path.is_file() and compressor.should_compress(path.name):
            compressor.compress(str(path))
    stamp.write_text(digest.hexdigest())


def serve() -> int:
    """Sockets, pages and files on one port, until a signal ends it."""
    django.setup()
    import uvicorn
    from django.conf import settings

    if not _port_is_free(settings.HOST, settings.PORT):
        print(
            f"Something else listens on port {settings.PORT}. Stop it, or choose another port: "
            f"SAMEPATH_PORT={settings.PORT + 1}",
            file=sys.stderr,
        )
        return 1
    _say_where(settings.ORIGIN)
    config = uvicorn.Config(
        "samepath.asgi:application",
        host=settings.HOST,
        port=settings.PORT,
        ws="websockets-sansio",
        ws_max_size=65536,
        ws_per_message_deflate=False,
        # Our own ping: the gateway sends one every 20 s and closes after 20 s of silence.
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        log_config=None,
        timeout_graceful_shutdown=10,
        backlog=4096,
    )

    class Server(uvicorn.Server):
        """Queued words are written and acknowledged before the sockets are told to go (1012)."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            from samepath.realtime import gateway

            await gateway.stop()
            await super().shutdown(sockets)

    warm = threading.Timer(WARM_AFTER, _warm)
    warm.daemon = True
    warm.start()
    Server(config).run()
    warm.cancel()
    return 0


def _warm() -> None:
    """Load the words of routing and screening, for which the first person who writes would wait.

    About 30 MB and 1.3 s of processor time: an idle place stays far within its memory
    (bench/results/memory.md).
    """
    from samepath.profiles.words import read_words
    from samepath.safety.screen import SUPPORTED, screen

    try:
        read_words("good evening")
        for language in SUPPORTED:
            screen("good evening", language=language)
    except Exception:
        # Whoever needs them first tries again; the pages do not depend on it.
        log.exception("words not loaded")


def _port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError:
            return False
    return True


def _say_where(origin: str) -> None:
    from django.conf import settings

    from samepath.kit import sites
    from samepath.kit.models import Site

    print(f"\n  Samepath is at {origin}", flush=True)
    site = Site.objects.order_by("pk").first()
    if settings.DEMO:
        print(f"  Be one of the demo's people: {origin}/demo\n", flush=True)
    elif site is not None and site.open_since is None:
        from samepath.organisations import setup

        with sites.scope(site.pk):
            print(
                f"  Set it up at {origin}/set-up with the code {setup.current_code()}\n", flush=True
            )


def background() -> int:
    """The clock: match ticks, expiries, life cycles. One process ticks, under a lease."""
    django.setup()
    from django.db import DatabaseError, connection

    from samepath.kit import sites
    from samepath.kit.registry import ticks

    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _n, _f: over.set())
    me, due = uuid4(), {tick.kind: 0.0 for tick in ticks.all()}
    renew = 0.0
    while not over.wait(0.25):
        try:
            if time.monotonic() >= renew:
                if not _hold_lease(me):
                    over.wait(2)
                    continue
                renew = time.monotonic() + LEASE.total_seconds() / 3
            for tick in ticks.all():
                if time.monotonic() < due[tick.kind] or over.is_set():
                    continue
                due[tick.kind] = time.monotonic() + tick.every
                for site_id in _site_ids():
                    with sites.scope(site_id):
                        _run(tick.kind, tick.run)
        except DatabaseError:
            log.exception("the database does not answer")
            connection.close()
            over.wait(2)
    _drop_lease(me)
    return 0


def _run(kind: str, run: Callable[..., object]) -> None:
    from django.db import DatabaseError

    from samepath.kit import clock

    try:
        run(clock.now())
    except DatabaseError:
        raise
    except Exception:
        log.exception("tick failed", extra={"job": kind})


def _site_ids() -> list[int]:
    from samepath.kit.models import Site

    return list(Site.objects.values_list("pk", flat=True))


def _hold_lease(me: UUID) -> bool:
    """Whether this process is the one that ticks, for the next 15 s."""
    from django.db import IntegrityError
    from django.db.models import Q

    from samepath.kit import clock, db
    from samepath.kit.models import Lease

    now = clock.now()
    try:
        with db.write():
            held = Lease.objects.filter(name="clock").filter(Q(holder=me) | Q(until__lte=now))
            if held.update(holder=me, until=now + LEASE):
                return True
            if Lease.objects.filter(name="clock").exists():
                return False
            Lease.objects.create(name="clock", holder=me, until=now + LEASE)
            return True
    except IntegrityError:
        return False


def _drop_lease(me: UUID) -> None:
    from samepath.kit import db
    from samepath.kit.models import Lease

    with db.write():
        Lease.objects.filter(name="clock", holder=me).delete()


def check() -> int:
    """Say in plain words what is unsound here; 0 when nothing is."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    call_command("check")
    faults = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            if cursor.fetchone()[0] < 2:
                faults.append(
                    "The database may lose what it acknowledged: synchronous is not FULL."
                )
        else:
            for name in ("fsync", "full_page_writes", "synchronous_commit"):
                cursor.execute(f"SHOW {name}")
                if cursor.fetchone()[0] == "off":
                    faults.append(f"PostgreSQL may lose what it acknowledged: switch {name} on.")
    if not settings.SECURE and settings.ORIGIN_HOST not in settings.LOOPBACK:
        faults.append("People would come without encryption: set SAMEPATH_ORIGIN=https://your.name")
    if settings.DATA.stat().st_mode & 0o007:
        faults.append(f"Others on this machine can read the data: chmod 700 {settings.DATA}")
    kek = settings.DATA / "keys" / "kek"
    if kek.exists() and kek.stat().st_mode & 0o077:
        faults.append(f"Others on this machine can read the keys: chmod 600 {kek}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print("Sound." if not faults else f"{len(faults)} to mend.")
    return 1 if faults else 0
