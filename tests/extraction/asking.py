"""How the tests ask an extractor."""

from dataclasses import replace
from typing import Any

import pytest

from ledger.errors import ExtractionError
from ledger.extraction.extractor import ExtractionResult, Extractor
from ledger.inbox.images import Photo


def read(extractor: Extractor, photo: Photo, **changes: Any) -> ExtractionResult:
    """One reading with the default settings, some of them changed."""
    return extractor.extract(photo, replace(extractor.default_settings, **changes))


def failure(extractor: Extractor, photo: Photo, **changes: Any) -> ExtractionError:
    """The error of a reading that must fail."""
    with pytest.raises(ExtractionError) as caught:
        read(extractor, photo, **changes)
    return caught.value
