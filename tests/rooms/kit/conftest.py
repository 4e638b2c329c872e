"""Fixtures of a database that threads and processes share."""

from real import real_database, real_site

__all__ = ["real_database", "real_site"]
