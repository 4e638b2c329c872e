"""Pages name their files by content, so that they may be kept for a year."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStorage(ManifestStaticFilesStorage):
    """Hashed names in CSS and in the relative imports of ES modules."""

    support_js_module_import_aggregation = True
    manifest_strict = True
