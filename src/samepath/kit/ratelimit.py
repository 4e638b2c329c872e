"""Token buckets in memory. A refused try costs nothing; no address is kept (safety.md 3.5)."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import threading
from dataclasses import dataclass

from samepath.kit import clock
from samepath.kit.errors import TooMany


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` tries at once, refilled at `per_second`."""

    name: str
    burst: float
    per_second: float


class Buckets:
    """A bounded table of buckets; the oldest untouched ones are dropped."""

    def __init__(self, most: int = 50_000) -> None:
        self._most = most
        self._rows: dict[tuple[str, object], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(
        self, rate: Rate, key: object, *, cost: float = 1.0, now: float | None = None
    ) -> float:
        """Take `cost` from the bucket; 0.0 when granted, else seconds until it would be."""
        at = clock.steady() if now is None else now
        with self._lock:
            held = self._rows.pop((rate.name, key), (rate.burst, at))
            left = min(rate.burst, held[0] + (at - held[1]) * rate.per_second)
            if left < cost:
                # Untouched but last in the row again: whoever keeps trying is not the one dropped.
                self._rows[(rate.name, key)] = held
                return (cost - left) / rate.per_second
            self._rows[(rate.name, key)] = (left - cost, at)
            if len(self._rows) > self._most:
                for old in list(self._rows)[: max(1, self._most // 10)]:
                    del self._rows[old]
            return 0.0

    def take(self, rate: Rate, key: object, sentence: str) -> None:
        """Like `wait`, for pages: raises TooMany with `sentence` when there is nothing left."""
        seconds = self.wait(rate, key)
        if seconds:
            raise TooMany(sentence, retry_after=int(seconds) + 1)

    def forget(self) -> None:
        """Empty the table (tests, and a new day's key)."""
        with self._lock:
            self._rows.clear()


buckets = Buckets()
_daily: dict[str, bytes] = {}


def address_key(address: str) -> bytes:
    """A keyed hash of an IPv4 /32 or IPv6 /64; the key lives in memory and dies with the day."""
    day = clock.today().isoformat()
    key = _daily.get(day)
    if key is None:
        _daily.clear()
        key = _daily[day] = os.urandom(32)
    try:
        parsed: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address)
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
            # A socket that speaks both writes IPv4 this way; all of it would share one /64.
            parsed = parsed.ipv4_mapped
        if parsed.version == 6:
            packed = ipaddress.ip_network((parsed, 64), strict=False).network_address.packed
        else:
            packed = parsed.packed
    except ValueError:
        packed = b"unknown"
    return hmac.new(key, packed, hashlib.sha256).digest()
