"""What a process does for its sockets by itself: presence, reading marks, the poll, rights."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError

from samepath.accounts import actions as accounts
from samepath.accounts import queries as people
from samepath.conversations import access, queries
from samepath.conversations import actions as talk
from samepath.kit.registry import live_kinds
from samepath.realtime import limits
from samepath.realtime.sockets import Socket, drop_dead, is_dead

if TYPE_CHECKING:
    from samepath.realtime.hub import Channel, Hub

log = logging.getLogger("samepath.live")
AT_ONCE = 500  # ids in one question


def jobs(hub: Hub) -> list[Coroutine[Any, Any, None]]:
    """One coroutine for each duty; they end when cancelled."""
    return [
        _every(limits.SEEN_EVERY, partial(mark_seen, hub)),
        _every(limits.READS_EVERY, partial(write_reads, hub)),
        _every(limits.POLL_EVERY, partial(poll, hub)),
        _every(limits.ALERTS_EVERY, partial(nudge_alerts, hub)),
        _every(limits.RIGHTS_EVERY, partial(check_all, hub)),
    ]


async def _every(seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except (DatabaseError, InterfaceError, OSError):
            log.exception("upkeep put off")
        except Exception:
            log.exception("upkeep failed")


def _by_site(sockets: Iterable[Socket]) -> dict[int, list[Socket]]:
    found: dict[int, list[Socket]] = defaultdict(list)
    for socket in sockets:
        found[socket.site].append(socket)
    return found


async def mark_seen(hub: Hub) -> None:
    """Everybody who listens to a conversation is there; what the server gave up is dropped."""
    for socket in [one for one in hub.sockets if is_dead(one)]:
        drop_dead(socket)
    for site, sockets in _by_site(hub.sockets).items():
        pairs = [
            (channel.conversation, socket.member_id)
            for socket in sockets
            for channel in socket.channels.values()
            if channel.conversation is not None
        ]
        for start in range(0, len(pairs), AT_ONCE):
            await hub.reading(site, partial(talk.mark_seen, pairs[start : start + AT_ONCE]))


async def write_reads(hub: Hub) -> None:
    """Reading marks of the last seconds, in one write."""
    marks, hub.reads = hub.reads, {}
    for site, read in marks.items():
        items = list(read.items())
        for start in range(0, len(items), AT_ONCE):
            await hub.reading(site, partial(talk.mark_reads, dict(items[start : start + AT_ONCE])))


async def poll(hub: Hub) -> None:
    """The newest line of every conversation somebody listens to: a lost ring costs seconds."""
    by_site: dict[int, dict[UUID, Channel]] = defaultdict(dict)
    for channel in hub.channels.values():
        if channel.conversation is not None:
            by_site[channel.site][channel.conversation] = channel
    for site, channels in by_site.items():
        wanted = list(channels)
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            newest = await hub.reading(site, partial(queries.last_seqs, part))
            for public_id, last in newest.items():
                if last > channels[public_id].sent >= 0:
                    hub.load(channels[public_id])


async def nudge_alerts(hub: Hub) -> None:
    """Whoever watches alerts looks every five seconds, rung or not."""
    for channel in list(hub.channels.values()):
        if channel.name.startswith("alerts:"):
            hub.ring_channel(channel)


async def check_all(hub: Hub) -> None:
    """Sign-ins and rights of everybody who is connected; active ones stay signed in."""
    for site, sockets in _by_site(hub.sockets).items():
        wanted = sorted({socket.sign_in_id for socket in sockets})
        active = sorted({socket.sign_in_id for socket in sockets if socket.active})
        living: set[int] = set()
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            living |= await hub.reading(site, partial(people.living, part))
        for socket in sockets:
            socket.active = False
            if socket.sign_in_id not in living:
                socket.close(limits.SIGNED_OUT)
        touched = [one for one in active if one in living]
        if touched:
            await hub.reading(site, partial(accounts.touch_sign_ins, touched))
    await check_rights(hub, list(hub.channels.values()))


async def check_rights(hub: Hub, channels: list[Channel]) -> None:
    """Whether everybody who listens to these still may; who may not is disconnected."""
    by_site: dict[int, list[Channel]] = defaultdict(list)
    for channel in channels:
        by_site[channel.site].append(channel)
    for site, held in by_site.items():
        talks = {one.conversation: one for one in held if one.conversation is not None}
        wanted = list(talks)
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            may: dict[UUID, set[int]] = {public_id: set() for public_id in part}
            for public_id, member in await hub.reading(site, partial(queries.listeners, part)):
                may[public_id].add(member)
            for public_id in part:
                access.forget_one(public_id)
                _drop(talks[public_id], may[public_id])
        for channel in [one for one in held if one.conversation is None]:
            kind, _, name = channel.name.partition(":")
            rule = live_kinds.get(kind)
            still: set[int] = set()
            for member in {socket.member_id for socket in channel.live}:
                if rule is None:
                    break
                if await hub.reading(site, partial(rule.may_subscribe, member, name)):
                    still.add(member)
            _drop(channel, still)


def _drop(channel: Channel, may: set[int]) -> None:
    for socket in [*channel.live, *channel.joining]:
        if socket.member_id not in may:
            socket.close(limits.NO_RIGHT)
