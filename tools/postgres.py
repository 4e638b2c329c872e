"""A throw-away PostgreSQL for one command: `python tools/postgres.py pytest -q`.

Makes a cluster in a temporary folder, listening on loopback and a Unix socket with a password made
for this run, sets SAMEPATH_DATABASE_URL for the command, and removes everything afterwards, however
the command ends. Durability stays on (fsync, synchronous commit): the tests are to meet the server
that people run. PostgreSQL refuses to run as root, so for root the server runs as an unprivileged
user of the machine.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.machine import install, program, say

START_SECONDS = 60
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1


class Unavailable(Exception):
    """No PostgreSQL server can be had on this machine; the text says why."""


def _folders() -> list[Path]:
    """Where distributions keep the server programs, newest version first."""
    packaged = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True
    )
    return [*packaged, Path("/usr/local/pgsql/bin"), Path("/usr/local/bin"), Path("/usr/pgsql/bin")]


def find_programs() -> tuple[Path, Path]:
    """`initdb` and `postgres` of one and the same version, installed if the machine allows it.

    Raises Unavailable where there is none and none could be installed.
    """
    for attempt in ("look", "install"):
        if attempt == "install" and not install("postgresql"):
            break
        found = program("postgres", folders=_folders())
        if found:
            # Through links to the real folder: initdb and postgres must be of one version.
            folder = found.resolve().parent
            if os.access(folder / "initdb", os.X_OK):
                return folder / "initdb", folder / "postgres"
    raise Unavailable("no PostgreSQL server here, and none could be installed")


def _unprivileged() -> pwd.struct_passwd | None:
    """The user a server started by root runs as; None where we are nobody special ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("root may not run PostgreSQL, and there is no user postgres or nobody")


def _die_with_parent() -> None:
    """In the child on Linux: if this script is killed outright, the server stops too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while True:
        if server.poll() is not None:
            raise Unavailable(f"PostgreSQL stopped while starting: {log.read_text()[-800:]}")
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                text = f"PostgreSQL did not answer within {START_SECONDS} s: {error}"
                raise Unavailable(text) from error
            time.sleep(0.05)
        else:
            return


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; if that takes too long, at once. The data is thrown away in any case."""
    for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(order)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def cluster() -> Iterator[str]:
    """Run a server and yield its address (`postgresql://…`); stopped and removed at the end.

    Raises Unavailable where no server can be started.
    """
    initdb, postgres = find_programs()
    user = _unprivileged()
    # Under the system's temporary folder whatever TMPDIR says: a socket's path has 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="samepath-pg-", dir="/tmp"))
    server: subprocess.Popen[bytes] | None = None
    try:
        password = secrets.token_urlsafe(18)
        (home / "password").write_text(password)
        if user:
            for path in (home, home / "password"):
                os.chown(path, user.pw_uid, user.pw_gid)
        identity: dict[str, object] = (
            {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        )
        environment = {"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}
        made = subprocess.run(
            [
                initdb,
                *("--pgdata", home / "data", "--username", "samepath", "--encoding", "UTF8"),
                *("--locale", "C", "--auth", "scram-sha-256", "--pwfile", home / "password"),
            ],
            capture_output=True,
            text=True,
            cwd=home,
            env=environment,
            check=False,
            **identity,  # type: ignore[call-overload]
        )
        if made.returncode:
            raise Unavailable(f"initdb failed: {made.stderr.strip()[-800:]}")
        port = _free_port()
        log = home / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [
                    postgres,
                    *("-D", home / "data", "-k", home, "-p", str(port)),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "max_connections=600"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=home,
                env=environment,
                preexec_fn=_die_with_parent,
                # Of its own session: Ctrl-C reaches us alone, and we stop it in order.
                start_new_session=True,
                **identity,  # type: ignore[call-overload]
            )
        address = f"postgresql://samepath:{password}@127.0.0.1:{port}/postgres"
        _wait_until_it_answers(server, address, log)
        yield address
    finally:
        if server:
            _stop(server)
        shutil.rmtree(home, ignore_errors=True)


def _ask_to_stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def stop_in_order_when_told() -> None:
    """Turn the signals that end a script into an ordinary exit, so that clean-up runs."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ask_to_stop)


def main(command: list[str]) -> int:
    """Run `command` beside a server; its exit code, or 69 where no server is to be had."""
    if not command:
        print(__doc__)
        return 64
    stop_in_order_when_told()
    try:
        with cluster() as address:
            return subprocess.run(
                command, env=os.environ | {"SAMEPATH_DATABASE_URL": address}, check=False
            ).returncode
    except Unavailable as error:
        say(f"PostgreSQL not available: {error}")
        return 69


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
