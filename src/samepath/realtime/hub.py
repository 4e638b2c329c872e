"""Who listens to what in this process, and how a line reaches them in order, once, without a gap.

Everything here runs in the loop's thread; what needs the database goes to the reading threads. A
channel is "kind:id". A conversation's channel carries lines; any other is a doorbell: something has
changed, ask the page.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection

from samepath.conversations import access, queries
from samepath.conversations import actions as talk
from samepath.kit import bus, ids, sites
from samepath.kit.registry import live_kinds
from samepath.realtime import frames, limits, upkeep
from samepath.realtime.sockets import Socket, all_closed
from samepath.realtime.writer import Post, Writer

log = logging.getLogger("samepath.live")
T = TypeVar("T")
READERS = 3


class Channel:
    """Who listens to one thing.

    `sent` is the newest line that went to everybody in `live`, -1 until the first look into the
    log; `ahead` the newest line heard of before that look. `live` holds for each socket the line up
    to which it was replayed; `joining` what came while a socket is being brought level.
    """

    __slots__ = (
        "again",
        "ahead",
        "conversation",
        "joining",
        "live",
        "loading",
        "name",
        "sent",
        "site",
    )

    def __init__(self, name: str, site: int) -> None:
        self.name = name
        self.site = site
        kind, _, public_id = name.partition(":")
        self.conversation = ids.parse_id(public_id) if kind == "conversation" else None
        self.live: dict[Socket, int] = {}
        self.joining: dict[Socket, list[tuple[int, frames.Event]]] = {}
        self.sent = -1
        self.ahead = 0
        self.loading = False
        self.again = False


class Hub:
    """The sockets of this process."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.readers = ThreadPoolExecutor(READERS, "live-reader")
        self.writer = Writer(loop, self.committed)
        self.sockets: dict[Socket, None] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[tuple[str, object], dict[Socket, None]] = {}
        self.reads: dict[int, dict[tuple[UUID, int], int]] = {}  # by site
        self.taken: OrderedDict[str, float] = OrderedDict()
        self.tasks: set[asyncio.Task[Any]] = set()
        self.stopping = False

    def start(self) -> None:
        """Begin to write, to hear the bus, and to look after what is open."""
        self.writer.start()
        bus.listen(self.heard)
        bus.open_door()
        for job in upkeep.jobs(self):
            self.spawn(job)

    async def stop(self) -> None:
        """Write what is queued, answer it, and tell everybody that we shall be back."""
        if self.stopping:
            return
        self.stopping = True
        bus.unlisten(self.heard)
        for task in list(self.tasks):
            task.cancel()
        await self.loop.run_in_executor(None, self.writer.finish)
        await upkeep.write_reads(self)
        for socket in list(self.sockets):
            socket.close(limits.GOING_AWAY)
        await all_closed(2.0)
        self.readers.shutdown(wait=False, cancel_futures=True)

    def spawn(self, work: Any) -> None:
        """Run a coroutine beside; kept alive until it ends."""
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def reading(self, site: int, look: Callable[[], T]) -> T:
        """The answer of `look`, from a reading thread, for this site. Raises what it raises."""
        return await self.loop.run_in_executor(self.readers, _in_site, site, look)

    # Coming and going

    def enter(self, socket: Socket) -> None:
        """Take a socket in; where there are too many of its kind, the oldest yields."""
        self.sockets[socket] = None
        for key, most in _groups(socket):
            held = self.groups.setdefault(key, {})
            held[socket] = None
            while len(held) > most:
                next(iter(held)).close(limits.YIELDED)

    def leave(self, socket: Socket) -> None:
        """Forget a socket; safe to repeat."""
        if socket not in self.sockets:
            return
        del self.sockets[socket]
        for key, _most in _groups(socket):
            held = self.groups.get(key, {})
            held.pop(socket, None)
            if not held:
                self.groups.pop(key, None)
        for channel in list(socket.channels.values()):
            self.unsubscribe(socket, channel)

    def unsubscribe(self, socket: Socket, channel: Channel) -> None:
        """Stop sending a channel to a socket."""
        channel.live.pop(socket, None)
        channel.joining.pop(socket, None)
        socket.channels.pop(channel.name, None)
        if not channel.live and not channel.joining:
            self.channels.pop(channel.name, None)

    # Lines

    async def subscribe(self, socket: Socket, name: str, after: int | None) -> None:
        """Listen first, keep what comes meanwhile, send what was missed, then go live."""
        kind, _, public_id = name.partition(":")
        may = live_kinds.get(kind)
        try:
            if may is None or not await self.reading(
                socket.site, partial(_may, may.may_subscribe, socket.member_id, public_id)
            ):
                socket.push(frames.error("not_found", channel=name))
                return
            await self._join(socket, name, after)
        except (DatabaseError, InterfaceError, OSError):
            socket.push(frames.error("unavailable", channel=name, retry_after=5))

    async def _join(self, socket: Socket, name: str, after: int | None) -> None:
        channel = self.channels.get(name)
        if channel is None:
            channel = self.channels[name] = Channel(name, socket.site)
        if socket.closed or socket in channel.joining:
            return
        socket.channels[name] = channel
        if channel.conversation is None:
            channel.live[socket] = 0
            socket.push(frames.event({"subscribed": name}))
            return
        channel.live.pop(socket, None)
        channel.joining[socket] = []
        try:
            seen = await self._replay(socket, channel, channel.conversation, after)
        except BaseException:
            self.unsubscribe(socket, channel)
            raise
        # From here to the end nothing waits: what came meanwhile follows what was replayed. Every
        # line that was sent before we listened was in the log when we looked, so there is no gap.
        for seq, event in channel.joining.pop(socket, ()):
            if seq > seen:
                socket.push(event)
                seen = seq
        if name in socket.channels:
            channel.live[socket] = seen

    async def _replay(
        self, socket: Socket, channel: Channel, conversation: UUID, after: int | None
    ) -> int:
        """Send what a socket missed; up to which line it has now."""
        last = await self.reading(channel.site, partial(queries.last_seq, conversation)) or 0
        if channel.sent < 0:
            channel.sent = last
            if channel.ahead > last:
                self.load(channel)
        seen = last if after is None else max(0, min(after, last))
        far = last - seen > limits.REPLAY
        if far:
            seen = max(0, last - limits.HISTORY)
        while seen < last:
            lines = await self.reading(channel.site, partial(_lines, conversation, after=seen))
            if not lines:
                break
            socket.push(frames.many(conversation, lines, far=far))
            far, seen = False, lines[-1].seq
        last = max(last, seen)
        socket.push(frames.event({"subscribed": channel.name, "last": last}))
        return last

    def deliver(
        self, channel: Channel, seq: int, event: frames.Event, *, but: Socket | None = None
    ) -> None:
        """Send a line to everybody who listens, if it is the next one; a hole is loaded first."""
        if channel.sent < 0:
            channel.ahead = max(channel.ahead, seq)
            return
        if seq != channel.sent + 1:
            if seq > channel.sent:
                self.load(channel)
            return
        channel.sent = seq
        for waiting in channel.joining.values():
            waiting.append((seq, event))
        for socket, floor in list(channel.live.items()):
            if seq > floor and socket is not but:
                socket.push(event)

    def load(self, channel: Channel) -> None:
        """Read what this process has not sent yet, once for all who listen here."""
        if channel.conversation is None or channel.sent < 0:
            return
        if channel.loading:
            channel.again = True
            return
        channel.loading = True
        self.spawn(self._load(channel, channel.conversation))

    async def _load(self, channel: Channel, conversation: UUID) -> None:
        try:
            while True:
                channel.again = False
                lines = await self.reading(
                    channel.site, partial(_lines, conversation, after=channel.sent)
                )
                for one in lines:
                    if one.seq > channel.sent:
                        channel.sent = one.seq - 1
                        self.deliver(channel, one.seq, frames.said_event(conversation, one))
                if not lines and not channel.again:
                    return
        except (DatabaseError, InterfaceError, OSError):
            # The next ring or the poll asks again.
            log.info("lines not loaded")
        finally:
            channel.loading = False

    # What is told to us

    def committed(self, answered: list[tuple[Post, talk.Result]]) -> None:
        """Called after a commit: acknowledge, and send on what is new."""
        for post, result in answered:
            origin: Socket = post.origin
            origin.under_way -= 1
            conversation = post.draft.conversation
            if isinstance(result, talk.Refused):
                origin.push(
                    frames.error(
                        result.code,
                        client_id=str(post.draft.client_id),
                        conversation=str(conversation),
                        sentence=result.sentence,
                        retry_after=result.retry_after,
                    )
                )
                if result.code != "not_found":
                    self.show_card(post.draft.sender_id, conversation)
                continue
            origin.push(frames.ack(result))
            if not result.again:
                channel = self.channels.get(f"conversation:{conversation}")
                if channel is not None:
                    event = frames.line_event(conversation, result)
                    self.deliver(channel, result.seq, event, but=origin)
            if result.level >= 2:
                self.show_card(post.draft.sender_id, conversation)

    def show_card(self, member_id: int, conversation: UUID) -> None:
        """The author's own pages ask for their care card; nobody else is told."""
        event = frames.event({"card": str(conversation)})
        name = f"conversation:{conversation}"
        for socket in list(self.groups.get(("member", member_id), ())):
            if name in socket.channels:
                socket.push(event)

    async def typing(self, channel: Channel, member_id: int) -> None:
        """Tell the others in this process that somebody writes."""
        if channel.conversation is None:
            return
        look = partial(access.snapshot, channel.conversation)
        held = await self.reading(channel.site, look)
        place = held.places.get(member_id) if held else None
        if place is None:
            return
        event = frames.event({"typing": str(channel.conversation), "member": str(place.member)})
        for socket in list(channel.live):
            if socket.member_id != member_id:
                socket.push(event)

    def heard(self, kind: str, public_id: str, numbers: dict[str, int]) -> None:
        """A ring of the bus; comes from any thread."""
        if kind == "conversation" and "last" in numbers and self.writer.is_current():
            return  # our own commit: its lines come with the answers
        try:
            self.loop.call_soon_threadsafe(self.rung, kind, public_id, numbers)
        except RuntimeError:
            log.info("the loop has ended")

    def rung(self, kind: str, public_id: str, numbers: dict[str, int]) -> None:
        """A ring, in the loop's thread."""
        if kind == "sign_in":
            sign_in = ids.parse_id(public_id)
            for socket in list(self.groups.get(("sign_in", sign_in), ())):
                socket.close(limits.SIGNED_OUT)
            return
        if kind == "typing":
            typed = self.channels.get(f"conversation:{public_id}")
            if typed is not None:
                self.spawn(self.typing(typed, numbers.get("member", 0)))
            return
        channel = self.channels.get(f"{kind}:{public_id}")
        if channel is None:
            return
        if channel.conversation is None:
            self.ring_channel(channel)
            return
        last = numbers.get("last", 0)
        if channel.sent < 0:
            channel.ahead = max(channel.ahead, last)
        elif last > channel.sent:
            self.load(channel)
        if "changed" in numbers:
            self.spawn(upkeep.check_rights(self, [channel]))
            self.ring_channel(channel)

    def ring_channel(self, channel: Channel) -> None:
        """Tell those who listen that something has changed."""
        event = frames.event({"changed": channel.name})
        for socket in list(channel.live):
            socket.push(event)


def _groups(socket: Socket) -> tuple[tuple[tuple[str, object], int], ...]:
    """What a socket is counted under, and how many there may be."""
    return (
        (("sign_in", socket.sign_in), limits.SOCKETS_A_SIGN_IN),
        (("member", socket.member_id), limits.SOCKETS_A_MEMBER),
        (("address", socket.address), limits.SOCKETS_AN_ADDRESS),
    )


def _in_site(site: int, look: Callable[[], T]) -> T:
    try:
        with sites.scope(site):
            return look()
    except (DatabaseError, InterfaceError):
        connection.close_if_unusable_or_obsolete()
        raise


def _may(may_subscribe: Callable[[int, str], bool], member_id: int, public_id: str) -> bool:
    # One shape of id for every kind, so that no room has to defend itself against odd ones.
    return ids.parse_id(public_id) is not None and may_subscribe(member_id, public_id)


def _lines(
    conversation: UUID,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = limits.HISTORY,
) -> list[queries.LogLine]:
    held = access.snapshot(conversation)
    return [] if held is None else queries.said(held, after=after, before=before, limit=limit)


def lines_for(
    member_id: int, conversation: UUID, *, after: int | None, before: int | None, limit: int
) -> list[queries.LogLine] | None:
    """Lines for a member who takes part, else None; for the reading threads."""
    if not access.may_listen(member_id, str(conversation)):
        return None
    return _lines(conversation, after=after, before=before, limit=limit)
