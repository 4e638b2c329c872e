"""What the tests themselves stand on."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


def test_no_test_can_reach_a_real_data_folder():
    here = Path(__file__).resolve().parents[2]
    assert str(settings.DATA) == os.environ["SAMEPATH_DATA"]
    assert not settings.DATA.is_relative_to(here)
    assert settings.STATIC_ROOT.is_relative_to(settings.DATA)
