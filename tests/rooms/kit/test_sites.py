"""The hard wall: closed until somebody says which site is meant (safety.md 3.7, T18)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models

from samepath.kit import clock, sites
from samepath.kit.models import Site, SiteKey, SiteModel
from samepath.kit.sites import NoSite

TABLES = sorted(
    (model for model in apps.get_models() if issubclass(model, SiteModel)),
    key=lambda model: model._meta.label,
)


def test_nothing_is_answered_where_nobody_entered(db):
    for ask in (sites.current, sites.current_one):
        with pytest.raises(NoSite):
            ask()
    with pytest.raises(NoSite), sites.scope(1, 2):
        sites.current_one()
    with sites.scope(1, 2):
        assert sites.current() == {1, 2}
        with sites.scope(3):
            assert sites.current_one() == 3
        assert sites.current() == {1, 2}
    with pytest.raises(NoSite):
        sites.current()


@pytest.fixture
def two_sites(db: None) -> list[int]:
    return [Site.objects.create(host=host, name=host).pk for host in ("one.test", "two.test")]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_no_table_shows_one_site_the_rows_of_another(two_sites, model):
    """A row is made for each site in every table there is, by column type alone."""
    # The wall is asked, not the foreign keys: rows point at nobody.
    with connection.constraint_checks_disabled() if connection.vendor == "sqlite" else _unbound():
        made = [_row(model, site, place) for place, site in enumerate(two_sites)]
        one, two = two_sites
        for mine, theirs, row, other in ((one, two, *made), (two, one, made[1], made[0])):
            with sites.scope(mine):
                assert list(model.objects.values_list("pk", flat=True)) == [row]
                assert not model.objects.filter(pk=other).exists()
                assert model.objects.filter(pk=other).update(site_id=theirs) == 0
                assert model.objects.filter(site_id=theirs).delete()[0] == 0
        with sites.scope(one, two):
            assert set(model.objects.values_list("pk", flat=True)) == set(made)
        with pytest.raises(NoSite):
            model.objects.count()
        with pytest.raises(NoSite):
            model()
        with sites.scope(two):
            assert model().site_id == two
        if connection.vendor == "sqlite":
            model._base_manager.all()._raw_delete(connection.alias)


class _unbound:  # noqa: N801
    """On PostgreSQL: no triggers of foreign keys for this transaction."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")

    def __exit__(self, *_error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")


def _row(model: type[models.Model], site: int, place: int) -> Any:
    """A row of `model` with something in every column that asks for it."""
    with sites.scope(site):
        values: dict[str, Any] = {"site_id": site}
        for field in model._meta.concrete_fields:
            if field.primary_key or isinstance(field, SiteKey):
                continue
            if field.has_default() or field.null:
                continue
            values[field.attname] = _something(field, place)
        if model._meta.model_name == "duty":
            values["ends_at"] = datetime(2030, 1, 1, tzinfo=UTC)
        try:
            return model._base_manager.bulk_create([model(**values)])[0].pk
        except IntegrityError as error:
            raise AssertionError(f"{model._meta.label}: {values}") from error


_next = iter(range(10_000, 99_999))


def _something(field: models.Field[Any, Any], place: int) -> Any:
    number = next(_next)
    kinds: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.ForeignKey, number),
        (models.UUIDField, uuid4()),
        (models.DateTimeField, clock.now()),
        (models.DateField, date(2026, 1, 1)),
        (models.BooleanField, False),
        (models.FloatField, 1.0),
        (models.IntegerField, number % 5),
        (models.JSONField, {}),
        (models.BinaryField, b""),
        (models.CharField, str(number)[: field.max_length or 5]),
    ]
    return next(value for kind, value in kinds if isinstance(field, kind))


def test_every_table_of_ours_is_behind_the_wall_or_hangs_on_one_that_is():
    """A table without `site` must belong to a row that has one; the rest is the ground itself."""
    ground = {"kit.Site", "kit.Lease"}
    for model in apps.get_models():
        if not model.__module__.startswith("samepath") or issubclass(model, SiteModel):
            continue
        held = [
            field.related_model
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and not field.null
        ]
        behind = any(issubclass(one, SiteModel) for one in held)
        assert behind or model._meta.label in ground, model._meta.label
