"""The stand-in finds its photos again in what the extractor shows of them, whole, cropped or in parts."""

import pytest

from ledger.inbox.images import open_photo
from ledger.receipt import to_contract
from tests.extraction.asking import read
from tests.openai_standin_tests.asking import PHOTOS, sample

NAMES = sorted(path.stem for path in PHOTOS.glob("*.jpg"))


@pytest.mark.parametrize("name", ["mart_long_strip", "우리 동네 공원", "vet_haneulbit"])
def test_the_extractor_shows_enough_of_a_photo_to_be_known_again(make_extractor, standin, name):
    for each in NAMES:
        standin.knows(*sample(each))
    photo, receipt = sample(name)
    result = read(make_extractor(timeout_s=30), open_photo(photo, f"ledger/{name}.jpg"))
    assert to_contract(result.receipt) == receipt
