"""Shared fixtures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time, so that a red run means a change of ours; explore with
# HYPOTHESIS_PROFILE=explore and turn what it finds into tests.
settings.register_profile("steady", derandomize=True)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of real input beside the checkout; a user's checkout has none."""
    if not SHARED.is_dir():
        pytest.skip("没有 ../shared（真实样本不随代码发布）")
    return SHARED
