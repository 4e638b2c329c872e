"""Worlds: a prepared data folder once a run, a copy of it for whoever wants one of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from realtime.world import ROOT, Databases, Server, World, copy_of


def _environment(data: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SAMEPATH_")}
    return {
        **kept,
        "PYTHONPATH": f"{ROOT / 'src'}",
        "DJANGO_SETTINGS_MODULE": "samepath.settings",
        "SAMEPATH_DATA": str(data),
        "SAMEPATH_HASHED_STATIC": "1",  # as `samepath start` prepares and serves
    }


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The databases of the worlds, where they have one."""
    made = Databases()
    yield made
    made.drop_all()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> tuple[Path, str]:
    """A data folder with an open site and nobody in it, and the name of its database."""
    name = f"live_{uuid.uuid4().hex[:8]}"
    data = tmp_path_factory.mktemp("live") / "data"
    environment = {**_environment(data), **databases.new(name)}
    subprocess.run([sys.executable, "-m", "samepath.cli", "prepare"], env=environment, check=True)
    world = World(data, environment)
    world.do(
        """
        from samepath.kit import clock
        from samepath.kit.models import Site
        from django.db import connection
        Site.objects.update(open_since=clock.now())
        connection.close()
        """
    )
    world.end()
    return data, name


@pytest.fixture(scope="session")
def new_world(
    template: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory, databases: Databases
) -> Iterator[Callable[[], World]]:
    """Makes a world of one's own; all are ended with the run."""
    with ExitStack() as stack:

        def make() -> World:
            data = tmp_path_factory.mktemp("world") / "data"
            copy_of(template[0], data)
            name = f"live_{uuid.uuid4().hex[:8]}"
            world = World(data, {**_environment(data), **databases.new(name, template[1])})
            stack.callback(world.end)
            return world

        yield make


@pytest.fixture(scope="module")
def world(new_world: Callable[[], World]) -> World:
    """One world for the tests of a file that leave it standing."""
    return new_world()


@pytest.fixture(scope="module")
def server(world: World) -> Server:
    """Its server."""
    return world.serve()
