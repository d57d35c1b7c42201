"""Shared fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of real input beside the checkout; a user's checkout has none."""
    if not SHARED.is_dir():
        pytest.skip("没有 ../shared（真实样本不随代码发布）")
    return SHARED
