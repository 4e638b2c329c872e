"""`samepath`: one command each, self-explaining. The supervisor stays small: Django is loaded only
in the processes that need it."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from types import FrameType

PROCESSES = ("serve", "background")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    parser = argparse.ArgumentParser(prog="samepath", description="Peer support, self-hosted.")
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("start", help="run the service (production)")
    start.add_argument("--only", choices=PROCESSES, help="one process, under your own supervisor")
    commands.add_parser("demo", help="run a demo community on this computer")
    commands.add_parser("prepare", help="bring database and files up to date, then stop")
    commands.add_parser("seed", help="load the demo community, then stop")
    commands.add_parser("check", help="say whether this installation is sound")
    for name, what in (
        ("screen", "words of danger"),
        ("route", "own words to topics"),
        ("match", "the matching engine"),
    ):
        door = commands.add_parser(name, help=f"{what}, one JSON object a line on stdin")
        door.add_argument("--jsonl", action="store_true", required=True)
    manage = commands.add_parser("manage", help="a Django command")
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samepath.settings")
    try:
        return int(_COMMANDS[chosen.command](chosen) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def _start(chosen: argparse.Namespace) -> int:
    os.environ["SAMEPATH_HASHED_STATIC"] = "1"
    if chosen.only == "serve":
        from samepath.processes import serve

        return serve()
    if chosen.only == "background":
        from samepath.processes import background

        return background()
    code = _own("prepare")
    return code or _supervise()


def _demo(_chosen: argparse.Namespace) -> int:
    os.environ["SAMEPATH_HASHED_STATIC"] = "1"
    os.environ["SAMEPATH_DEMO"] = "1"
    code = _own("seed")
    return code or _supervise()


def _own(*words: str) -> int:
    """Run one of our commands in a process of its own, so that its memory is given back."""
    return subprocess.call([sys.executable, "-m", "samepath.cli", *words])


def _prepare(_chosen: argparse.Namespace) -> int:
    os.environ["SAMEPATH_HASHED_STATIC"] = "1"
    from samepath.processes import prepare

    return prepare()


def _seed(_chosen: argparse.Namespace) -> int:
    os.environ["SAMEPATH_DEMO"] = os.environ["SAMEPATH_HASHED_STATIC"] = "1"
    from samepath.processes import prepare

    return prepare(demo=True)


def _check(_chosen: argparse.Namespace) -> int:
    from samepath.processes import check

    return check()


def _supervise() -> int:
    """Keep both processes running; stop both, gently, when asked to."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    started: dict[str, float] = {}
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for child in children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

    def launch(name: str) -> None:
        started[name] = time.monotonic()
        children[name] = subprocess.Popen(
            [sys.executable, "-m", "samepath.cli", "start", "--only", name],
            # A Ctrl-C in the terminal reaches us alone; we pass it on, once.
            start_new_session=True,
        )

    for name in PROCESSES:
        launch(name)
    status = 0
    while not stopping:
        time.sleep(0.2)
        for name in PROCESSES:
            code = children[name].poll()
            if code is None or stopping:
                continue
            if time.monotonic() - started[name] < 2:
                print(f"samepath: {name} cannot start (status {code}); stopping", file=sys.stderr)
                status = code or 1
                stop(0, None)
                break
            print(f"samepath: {name} ended with {code}; starting it again", file=sys.stderr)
            launch(name)
    deadline = time.monotonic() + 20
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
    return status


def _screen(_chosen: argparse.Namespace) -> int:
    from samepath.safety.screen import screen_jsonl

    for line in screen_jsonl(sys.stdin):
        print(line, flush=True)
    return 0


def _route(_chosen: argparse.Namespace) -> int:
    from samepath.engine.routing import route_jsonl
    from samepath.profiles.words import router
    from samepath.safety.screen import crisis

    for line in route_jsonl(sys.stdin, router(), crisis):
        print(line, flush=True)
    return 0


def _match(_chosen: argparse.Namespace) -> int:
    from samepath.engine.jsonl import match_jsonl

    for line in match_jsonl(sys.stdin):
        print(line, flush=True)
    return 0


def _manage(chosen: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["samepath manage", *chosen.rest])
    return 0


_COMMANDS = {
    "start": _start,
    "demo": _demo,
    "prepare": _prepare,
    "seed": _seed,
    "check": _check,
    "screen": _screen,
    "route": _route,
    "match": _match,
    "manage": _manage,
}

if __name__ == "__main__":
    sys.exit(main())
