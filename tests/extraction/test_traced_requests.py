"""What a reading's trace tells of its look at the photo, and of each request to the model's service."""

from __future__ import annotations

import pytest

from ledger.errors import ModelServerError
from ledger.extraction.look import Look
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.runner import looked
from ledger.inbox.images import Photo
from ledger.receipt import Receipt
from tests.extraction.asking import failure, read
from tests.openai_standin import StandIn, Status
from tests.traced import collected, told


def test_a_request_tells_its_model(extractor: OpenAIExtractor, photo: Photo) -> None:
    with collected() as sent:
        read(extractor, photo)
        spans = sent.all()

    assert told(spans["request"]) == {"gen_ai.request.model": "gpt-4o"}


def test_a_request_that_fails_tells_the_name_of_it_alone(
    extractor: OpenAIExtractor, standin: StandIn, photo: Photo
) -> None:
    standin.then(Status(500, "sk-secret"))
    with collected() as sent:
        assert type(failure(extractor, photo)) is ModelServerError
        spans = sent.all()

    assert told(spans["request"]) == {"gen_ai.request.model": "gpt-4o", "error.type": "ModelServerError"}
    assert "secret" not in spans["request"].to_json()


@pytest.mark.parametrize("fails", [False, True])
def test_a_look_at_the_photo_is_a_step_whatever_comes_of_it(photo: Photo, fails: bool) -> None:
    class Looker:
        def look(self, photo: Photo) -> Look:
            if fails:
                raise ZeroDivisionError(photo.name)
            return Look((), Receipt(), 80, 40)

    with collected() as sent:
        looked(Looker(), photo)
        spans = sent.all()

    assert told(spans["look"]) == ({"error.type": "ZeroDivisionError"} if fails else {})
