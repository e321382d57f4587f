"""What tests of experiments share."""

from __future__ import annotations

import pytest

from tests.experiments.running import Stores


@pytest.fixture
def stores() -> Stores:
    return Stores()
