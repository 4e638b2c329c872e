"""The key store: made before the row, destroyed for good, readable by us alone."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from samepath.kit import clock, keys
from samepath.kit.errors import Unavailable
from samepath.kit.keys import EmbeddedKeys, NoKey

SOURCE = Path(__file__).resolve().parents[3] / "src"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedKeys]:
    made = EmbeddedKeys(tmp_path / "keys")
    yield made
    made.close()


def another(store: EmbeddedKeys) -> EmbeddedKeys:
    """The same store as another process sees it: nothing opened yet."""
    return EmbeddedKeys(store._folder)


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_key_stays_the_same_until_it_is_shredded(store):
    store.new(["conversation:a", "conversation:b"])
    first = store.unwrap("conversation:a")
    store.new(["conversation:a", "conversation:c"])
    assert store.unwrap("conversation:a") == first
    assert len(first) == 32
    assert len({store.unwrap(f"conversation:{name}") for name in "abc"}) == 3
    fresh = another(store)
    assert fresh.unwrap("conversation:a") == first
    assert store.shred(["conversation:a", "conversation:never"]) == 1
    assert store.shred(["conversation:a"]) == 0
    for seen in (store, another(store)):
        with pytest.raises(NoKey):
            seen.unwrap("conversation:a")
        seen.unwrap("conversation:b")
    fresh.close()


def test_names_are_found_by_how_they_begin(store):
    store.new(["conversation:a", "conversation:b", "report:a", "conversations:x"])
    assert store.names("conversation:") == ["conversation:a", "conversation:b"]
    assert store.names("report:") == ["report:a"]
    assert store.names("message:") == []
    assert len(store.names("")) == 4


def test_only_we_can_read_the_files(store):
    before = os.umask(0)
    try:
        store.new(["conversation:a"])
    finally:
        os.umask(before)
    folder = store._folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} >= {"kek", "keys.sqlite3"}
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_nothing_on_disk_is_a_key_and_a_shredded_one_leaves_no_trace(store):
    store.new(["conversation:a", "conversation:b"])
    plain = store.unwrap("conversation:a")
    reader = sqlite3.connect(store._folder / "keys.sqlite3")
    wrapped = dict(reader.execute("SELECT name, wrapped FROM keys"))
    reader.close()
    assert plain not in on_disk(store._folder)
    assert wrapped["conversation:a"] in on_disk(store._folder)
    store.shred(["conversation:a"])
    # Neither in the file's free pages nor in its journal.
    assert wrapped["conversation:a"] not in on_disk(store._folder)
    assert b"conversation:a" not in on_disk(store._folder)
    assert wrapped["conversation:b"] in on_disk(store._folder)


def test_a_swapped_or_bent_row_does_not_open(store):
    store.new(["conversation:a", "conversation:b"])
    writer = sqlite3.connect(store._folder / "keys.sqlite3")
    writer.execute(
        "UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE name = 'conversation:b')"
        " WHERE name = 'conversation:a'"
    )
    writer.commit()
    writer.close()
    fresh = another(store)
    with pytest.raises(Unavailable):
        fresh.unwrap("conversation:a")
    fresh.unwrap("conversation:b")
    fresh.close()


def test_another_wrapping_key_opens_nothing_and_says_so(store):
    store.new(["conversation:a"])
    (store._folder / "kek").write_bytes(os.urandom(32))
    fresh = another(store)
    with pytest.raises(Unavailable):
        fresh.unwrap("conversation:a")
    fresh.close()
    (store._folder / "kek").write_bytes(b"short")
    with pytest.raises(Unavailable):
        another(store).unwrap("conversation:a")


def test_a_store_whose_wrapping_key_is_lost_makes_no_new_one(store):
    store.new(["conversation:a"])
    (store._folder / "kek").unlink()
    # A new one would look sound and leave everything said before unreadable for ever.
    fresh = another(store)
    for act in (lambda: fresh.unwrap("conversation:a"), lambda: fresh.new(["conversation:b"])):
        with pytest.raises(Unavailable):
            act()
    assert not (store._folder / "kek").exists()


def test_a_store_that_cannot_be_reached_is_said_to_be_unavailable(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    store = EmbeddedKeys(blocked / "keys")
    for act in (
        lambda: store.new(["conversation:a"]),
        lambda: store.unwrap("conversation:a"),
        lambda: store.shred(["conversation:a"]),
        lambda: store.names("conversation:"),
        lambda: store.secret("pepper"),
    ):
        with pytest.raises(Unavailable):
            act()


def test_a_broken_file_is_unavailable_and_heals_without_a_restart(store):
    store.new(["conversation:a"])
    good = on_disk_copy(store)
    store.forget()
    store.close()
    (store._folder / "keys.sqlite3").write_bytes(b"this is no database" * 500)
    for act in (
        lambda: store.unwrap("conversation:a"),
        lambda: store.new(["conversation:b"]),
        lambda: store.shred(["conversation:a"]),
        lambda: store.names(""),
    ):
        with pytest.raises(Unavailable):
            act()
    (store._folder / "keys.sqlite3").write_bytes(good)
    assert len(store.unwrap("conversation:a")) == 32
    store.new(["conversation:b"])
    assert store.names("") == ["conversation:a", "conversation:b"]


def on_disk_copy(store: EmbeddedKeys) -> bytes:
    reader = sqlite3.connect(store._folder / "keys.sqlite3")
    reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    reader.close()
    return (store._folder / "keys.sqlite3").read_bytes()


def test_a_write_that_fails_leaves_the_store_usable(store, monkeypatch):
    monkeypatch.setattr(keys, "BUSY_SECONDS", 0.05)
    store.new(["conversation:a"])
    store.close()
    writer = sqlite3.connect(store._folder / "keys.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        store.new(["conversation:b"])
    with pytest.raises(Unavailable):
        store.shred(["conversation:a"])
    store.unwrap("conversation:a")  # reading goes on
    writer.execute("ROLLBACK")
    writer.close()
    store.new(["conversation:b"])
    assert store.shred(["conversation:a"]) == 1


def test_a_key_shredded_elsewhere_is_forgotten_here_in_time(store, monkeypatch):
    store.new(["conversation:a"])
    store.unwrap("conversation:a")
    elsewhere = another(store)
    elsewhere.shred(["conversation:a"])
    elsewhere.close()
    later = clock.steady() + keys.CACHED_SECONDS + 1
    monkeypatch.setattr(clock, "steady", lambda: later)
    with pytest.raises(NoKey):
        store.unwrap("conversation:a")


def test_memory_holds_a_bounded_number_of_keys(store, monkeypatch):
    monkeypatch.setattr(keys, "CACHED", 5)
    names = [f"conversation:{number}" for number in range(20)]
    store.new(names)
    for name in names:
        store.unwrap(name)
    assert list(store._cache) == names[-5:]
    store.forget(names[-1:])
    assert names[-1] not in store._cache
    store.forget()
    assert not store._cache


def test_a_secret_is_made_once_however_many_ask_at_once(store):
    stores = [store] + [another(store) for _n in range(7)]
    line, found = threading.Barrier(len(stores)), []

    def ask(one: EmbeddedKeys) -> None:
        line.wait()
        found.append(one.secret("phrase-id"))
        one.close()

    threads = [threading.Thread(target=ask, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 8
    assert len(set(found)) == 1
    assert store.secret("phrase-key") != found[0]


def test_two_processes_that_start_at_once_agree_on_the_wrapping_key(tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from samepath.kit.keys import EmbeddedKeys\n"
        "store = EmbeddedKeys(Path(sys.argv[1]) / 'keys')\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "store.new(['conversation:' + sys.argv[2]])\n"
        "print(store.secret('pepper').hex()); store.close()\n"
    )
    environment = {
        **os.environ,
        "SAMEPATH_DATA": str(tmp_path),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "samepath.settings",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), name],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in "abc"
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    told = {process.communicate(timeout=30)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(told) == 1
    store = EmbeddedKeys(tmp_path / "keys")
    assert store.secret("pepper").hex() + "\n" in told
    for name in "abc":
        assert len(store.unwrap(f"conversation:{name}")) == 32
    # No draft of a wrapping key is left lying about.
    assert {path.name.split("-")[0] for path in (tmp_path / "keys").iterdir()} == {
        "kek",
        "keys.sqlite3",
    }
    store.close()
