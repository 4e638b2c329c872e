"""Ground tables: the site, its settings, the audit log, the lease of the clock."""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.db import models

from samepath.kit import sites
from samepath.kit.ids import new_id

M = TypeVar("M", bound=models.Model)


class Site(models.Model):
    """The hard wall: one host name, own members, keys and settings."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    host = models.CharField(max_length=253, unique=True)
    name = models.CharField(max_length=80)
    demo = models.BooleanField(default=False)
    open_since = models.DateTimeField(null=True)  # null: still in set-up mode


class SiteManager(models.Manager[M]):
    """Rows of the sites in force and no others; refuses to answer where no site is in force."""

    def get_queryset(self) -> models.QuerySet[M]:
        ids = sites.current()
        queryset = super().get_queryset()
        if len(ids) == 1:
            return queryset.filter(site_id=next(iter(ids)))
        return queryset.filter(site_id__in=ids)


class SiteKey(models.ForeignKey[Site, Site]):
    """The site a row belongs to: where none is named, the one in force."""

    def get_default(self) -> int:
        """The site in force; raises NoSite where there is none."""
        return sites.current_one()


class SiteModel(models.Model):
    """Base of every table that may hold more than one site's rows."""

    site = SiteKey(Site, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[SiteManager[Self]] = SiteManager()

    class Meta:
        abstract = True


class SettingValue(SiteModel):
    """A typed choice of a site that differs from its default (kit.choices)."""

    key = models.CharField(max_length=60)
    value = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="setting_once")]


class AuditEntry(SiteModel):
    """Who did what to which thing, and why. Ids only; never a word people wrote."""

    at = models.DateTimeField()
    actor = models.UUIDField(null=True)  # member public id; null: the service itself
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["site", "subject_kind", "subject"])]


class Lease(models.Model):
    """Which clock process may tick; a second one waits until the first stops renewing."""

    name = models.CharField(max_length=40, unique=True)
    holder = models.UUIDField()
    until = models.DateTimeField()
