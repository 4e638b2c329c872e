"""Token buckets: a refused try costs nothing, and no address is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from samepath.kit import clock, ratelimit
from samepath.kit.errors import TooMany
from samepath.kit.ratelimit import Buckets, Rate

RATE = Rate("try", burst=3, per_second=0.5)


def test_a_refused_try_costs_nothing():
    table = Buckets()
    assert [table.wait(RATE, "a", now=0.0) for _n in range(3)] == [0.0, 0.0, 0.0]
    # Whoever keeps pressing waits no longer than whoever stops.
    assert [table.wait(RATE, "a", now=0.0) for _n in range(50)] == [2.0] * 50
    assert table.wait(RATE, "a", now=1.0) == pytest.approx(1.0)
    assert table.wait(RATE, "a", now=2.0) == 0.0
    assert table.wait(RATE, "a", now=2.0) == pytest.approx(2.0)


def test_a_bucket_refills_to_its_burst_and_no_further():
    table = Buckets()
    for _n in range(3):
        table.wait(RATE, "a", now=0.0)
    assert [table.wait(RATE, "a", now=10_000.0) for _n in range(3)] == [0.0, 0.0, 0.0]
    assert table.wait(RATE, "a", now=10_000.0) > 0


def test_buckets_do_not_share():
    table = Buckets()
    other = Rate("other", burst=1, per_second=1)
    for _n in range(3):
        table.wait(RATE, "a", now=0.0)
    assert table.wait(RATE, "b", now=0.0) == 0.0
    assert table.wait(other, "a", now=0.0) == 0.0
    assert table.wait(RATE, "a", now=0.0) > 0


def test_the_table_is_bounded_and_drops_the_longest_untouched_first():
    table = Buckets(most=100)
    for _n in range(3):
        table.wait(RATE, "kept busy", now=0.0)
    for number in range(1000):
        if number % 50 == 0:  # still pressing
            assert table.wait(RATE, "kept busy", now=0.0) > 0
        table.wait(RATE, number, now=0.0)
        assert len(table._rows) <= 100


def test_a_page_is_told_how_long_in_whole_seconds():
    table = Buckets()
    slow = Rate("slow", burst=1, per_second=1 / 90)
    table.take(slow, "a", "Please wait.")
    with pytest.raises(TooMany) as told:
        table.take(slow, "a", "Please wait.")
    assert told.value.sentence == "Please wait."
    assert 89 <= told.value.retry_after <= 91


def test_an_address_is_its_32_or_its_64():
    key = ratelimit.address_key
    assert key("192.0.2.1") != key("192.0.2.2")
    assert key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert key("2001:db8:1:2::1") != key("2001:db8:1:3::1")
    # The same person over a socket that speaks both.
    assert key("::ffff:192.0.2.1") == key("192.0.2.1")
    assert key("::ffff:192.0.2.1") != key("::ffff:192.0.2.2")
    # Nonsense is one bucket, never an error.
    assert key("") == key("testclient") == key("999.1.1.1")


def test_yesterdays_hashes_mean_nothing_today(monkeypatch):
    first = ratelimit.address_key("192.0.2.1")
    assert first == ratelimit.address_key("192.0.2.1")
    assert b"192.0.2.1" not in first
    tomorrow = datetime(2999, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert ratelimit.address_key("192.0.2.1") != first
    assert len(ratelimit._daily) == 1
