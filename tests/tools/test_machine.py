"""The scripts behind make: what they find, what they count, what they clean up."""

from __future__ import annotations

import doctest
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import machine, postgres, suite

ROOT = Path(__file__).resolve().parents[2]


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_a_stand_in_that_does_not_answer_is_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "first", "#!/bin/sh\nexit 127\n")
    second = script(tmp_path / "second", "#!/bin/sh\necho 1.0\n")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert machine.program("first") is None
    assert machine.program("first", "second") == second
    monkeypatch.setenv("PATH", os.defpath)
    assert machine.program("second", folders=[tmp_path]) == second


def test_nothing_is_installed_by_somebody_who_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not machine.may_install()
    assert not machine.install("postgresql")


def test_totals_add_up_over_reports(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="9" errors="1" failures="2" skipped="3"/></testsuites>'
    )
    totals = suite.Totals()
    totals.add(report)
    totals.add(report)
    totals.add(tmp_path / "missing.xml")
    assert (totals.passed, totals.failed, totals.skipped) == (6, 6, 6)


def test_counting_collected_tests() -> None:
    tried = doctest.testmod(suite)
    assert tried.attempted > 0
    assert tried.failed == 0


@pytest.mark.parametrize(("ci", "code"), [(True, 1), (False, 0)])
def test_what_is_left_out_is_said_and_fails_in_ci(
    ci: bool, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none_here() -> tuple[Path, Path]:
        raise postgres.Unavailable("no server on this machine")

    monkeypatch.setattr(postgres, "find_programs", none_here)
    monkeypatch.setattr(suite, "_count", lambda leg, environment: 12)
    monkeypatch.setattr(suite, "CI", ci)
    monkeypatch.setitem(suite.SUITES, "full", (suite.POSTGRESQL,))
    monkeypatch.setattr(postgres, "stop_in_order_when_told", lambda: None)
    assert suite.main(["full"]) == code
    said = capsys.readouterr().out
    assert "LEFT OUT  PostgreSQL, 12 tests: no server on this machine" in said
    assert ("with CI=true nothing may be left out" in said) is ci


def _server_here() -> bool:
    return machine.program("postgres", folders=postgres._folders()) is not None


@pytest.mark.skipif(not _server_here(), reason="no PostgreSQL server on this machine")
@pytest.mark.parametrize("how", ["ends", "is told to stop"])
def test_a_throw_away_server_leaves_nothing_behind(how: str, tmp_path: Path) -> None:
    note = tmp_path / "address"
    wait = "import time; time.sleep(60)" if how == "is told to stop" else "raise SystemExit(7)"
    command = (
        "import os, pathlib, psycopg;"
        "address = os.environ['SAMEPATH_DATABASE_URL'];"
        "ask = psycopg.connect(address).execute;"
        "fsync, = ask('show fsync').fetchone();"
        "folder, = ask('show unix_socket_directories').fetchone();"
        f"pathlib.Path({str(note)!r}).write_text(fsync + ' ' + folder);{wait}"
    )
    runner = subprocess.Popen(
        [sys.executable, ROOT / "tools" / "postgres.py", sys.executable, "-c", command],
        stderr=subprocess.DEVNULL,
    )
    try:
        if how == "is told to stop":
            deadline = time.monotonic() + 60
            while (
                not (note.exists() and note.read_text())
                and time.monotonic() < deadline
                and runner.poll() is None
            ):
                time.sleep(0.05)
            runner.send_signal(signal.SIGTERM)
        code = runner.wait(90)
    finally:
        runner.kill()
    fsync, folder = note.read_text().split()
    assert fsync == "on"
    assert code == (7 if how == "ends" else 128 + signal.SIGTERM)
    assert not Path(folder).exists()


def test_the_set_up_script_is_plain_sh() -> None:
    for shell in ("sh", "dash", "bash"):
        found = shutil.which(shell)
        if found:
            subprocess.run([found, "-n", ROOT / "run"], check=True)
    told = subprocess.run(["sh", ROOT / "run"], capture_output=True, text=True, check=True)
    assert "run setup [base|dev]" in told.stdout
