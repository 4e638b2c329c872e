"""The one thread that writes what comes over the sockets of this process.

Everything that is queued goes into one transaction: the commit in progress is the timer. Answers go
back to the loop after the commit, never before.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from samepath.accounts import actions as accounts
from samepath.conversations import actions as talk
from samepath.kit import sites
from samepath.realtime import limits
from samepath.safety import actions as safety
from samepath.safety.screen import SUPPORTED

log = logging.getLogger("samepath.live")
MOST_AT_ONCE = 1000
BUSY_MS = 5000  # a locked database is told to the sender after this, and the page keeps trying


@dataclass(slots=True)
class Post:
    """A draft and where it came from (a socket; the writer does not look inside)."""

    site: int
    draft: talk.Draft
    origin: Any


@dataclass(slots=True)
class Use:
    """A ticket to be taken. `answer` is called in the loop with whether it was the first time."""

    site: int
    sign_in_id: int
    issued_at: datetime
    answer: Callable[[bool], None]


class Writer(threading.Thread):
    """`post` and `use` may be called from the loop; `committed` is called in the loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        committed: Callable[[list[tuple[Post, talk.Result]]], None],
    ) -> None:
        super().__init__(name="live-writer", daemon=True)
        self._loop = loop
        self._committed = committed
        self._queue: queue.SimpleQueue[Post | Use | None] = queue.SimpleQueue()
        self._tuned: object = None

    def post(self, post: Post) -> bool:
        """Queue a draft; False when there is no room for more."""
        if self._queue.qsize() >= limits.POSTS_QUEUED:
            return False
        self._queue.put(post)
        return True

    def use(self, use: Use) -> None:
        """Queue a ticket."""
        self._queue.put(use)

    def is_current(self) -> bool:
        """Whether the caller is this thread."""
        return threading.current_thread() is self

    def finish(self) -> None:
        """Write what is queued and end. Waits; call it from another thread than the loop's."""
        self._queue.put(None)
        self.join(timeout=10)

    def run(self) -> None:
        """Take what is there, write it, answer; until `finish`."""
        # The first message of a process must not wait for what screening reads once.
        for language in SUPPORTED:
            safety.look("hello there", previous=(), language=language)
        going = True
        while going:
            batch = [self._queue.get()]
            try:
                while len(batch) < MOST_AT_ONCE:
                    batch.append(self._queue.get_nowait())
            except queue.Empty:
                pass
            going = None not in batch
            by_site: dict[int, list[Post | Use]] = defaultdict(list)
            for one in batch:
                if one is not None:
                    by_site[one.site].append(one)
            for site, jobs in by_site.items():
                with sites.scope(site):
                    self._tune()
                    self._take([one for one in jobs if isinstance(one, Use)])
                    self._write([one for one in jobs if isinstance(one, Post)])
        connection.close()

    def _tune(self) -> None:
        if connection.connection is not None and connection.connection is self._tuned:
            return
        try:
            connection.ensure_connection()
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            self._tuned = connection.connection
        except (DatabaseError, InterfaceError):
            log.exception("the database does not answer")

    def _take(self, uses: list[Use]) -> None:
        if not uses:
            return
        try:
            taken = accounts.take_tickets([(one.sign_in_id, one.issued_at) for one in uses])
        except (DatabaseError, InterfaceError, OSError):
            # Reading still works, so somebody may still listen; this process knows its own tickets.
            log.exception("tickets not written")
            taken = [True] * len(uses)
            _mend()
        for one, fresh in zip(uses, taken, strict=True):
            self._tell(partial(one.answer, fresh))

    def _write(self, posts: list[Post]) -> None:
        if not posts:
            return
        try:
            results = talk.post_messages([one.draft for one in posts])
        except Exception:
            log.exception("posts failed")
            results = [talk.Refused(one.draft, "unavailable", "", 503, 5) for one in posts]
            _mend()
        if any(isinstance(one, talk.Refused) and one.status == 503 for one in results):
            _mend()
        answered = list(zip(posts, results, strict=True))
        self._tell(lambda: self._committed(answered))

    def _tell(self, call: Callable[[], object]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            # The loop has ended: what is committed is in the log, and pages will find it there.
            log.info("nobody left to answer")


def _mend() -> None:
    """Give up a connection that broke, so that the next batch opens a new one."""
    try:
        connection.close_if_unusable_or_obsolete()
    except (DatabaseError, InterfaceError):
        log.exception("connection not closed")
