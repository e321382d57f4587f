"""A prompt of somebody's own, from the shelf to the model and into the run: its words, and what it offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.database import Database
from ledger.errors import SettingRefused
from ledger.extraction.look import Look
from ledger.extraction.pipeline import Reader
from ledger.extraction.production import Production
from ledger.inbox.images import Photo
from ledger.prompts.shelf import Prompts
from ledger.prompts.versions import load
from ledger.prompts.words import PromptStatus
from ledger.receipt import Receipt
from tests.extraction.asking import failure, read
from tests.extraction.confidence.looks import look_with
from tests.extraction.conftest import MakeExtractor
from tests.extraction.runs import run
from tests.factories import NOW, MemoryStore, take_in
from tests.openai_standin import StandIn

TEXT = "영수증을 읽습니다.\n\n{{names}}\n\n{{examples}}\n"
LEXICON = {"shops": {"멍이네": {"name": "멍이네", "aliases": [], "names": [["감자 간식", 3]]}}}
EXAMPLES = [{"shop": "멍이네", "read": "검자 간식", "right": "감자 간식"}]
OFFERED = {"shop": "멍이네", "names": ["감자 간식"], "examples": [{"read": "검자 간식", "right": "감자 간식"}]}
LOOK = look_with(Receipt(), "멍이네", "감자 간식 4,500")


class Looker:
    """Sees the same on every photo."""

    def look(self, photo: Photo) -> Look:
        return LOOK


@pytest.fixture
def prompts(database: Database) -> Prompts:
    return Prompts(database, lambda: NOW)


@pytest.fixture
def version(prompts: Prompts) -> str:
    return prompts.draft("receipt-v2", TEXT, lexicon=LEXICON, examples=EXAMPLES, operator="지수").version


def words(standin: StandIn) -> str:
    return str(standin.requests[-1].body["messages"][0]["content"])


def test_the_model_is_told_what_is_known_of_the_shop_that_was_recognised(
    make_extractor: MakeExtractor, standin: StandIn, prompts: Prompts, version: str, photo: Photo
) -> None:
    extractor = make_extractor(prompts=prompts.used)
    settings = replace(extractor.default_settings, prompt_version=version)
    result = extractor.extract(photo, settings, LOOK)

    assert "`감자 간식`" in words(standin)
    assert "{{" not in words(standin)
    assert standin.requests[-1].body["prompt_cache_key"] == version
    assert (result.settings.prompt_version, result.offered) == (version, OFFERED)
    repeated = extractor.extract_repeatedly(photo, settings, 2, LOOK)
    assert [getattr(each, "offered", None) for each in repeated] == [OFFERED] * 2


def test_without_a_look_the_paragraphs_that_have_nothing_to_say_are_left_out(
    make_extractor: MakeExtractor, standin: StandIn, prompts: Prompts, version: str, photo: Photo
) -> None:
    result = read(make_extractor(prompts=prompts.used), photo, prompt_version=version)

    assert words(standin) == "영수증을 읽습니다.\n"
    assert result.offered == {"shop": None, "names": [], "examples": []}


def test_a_version_that_was_read_with_is_used(
    make_extractor: MakeExtractor, prompts: Prompts, version: str, photo: Photo
) -> None:
    read(make_extractor(prompts=prompts.used), photo, prompt_version=version)

    assert prompts.stored(version).status == PromptStatus.USED


def test_a_version_that_is_not_on_the_shelf_is_never_replaced_by_another(
    make_extractor: MakeExtractor, standin: StandIn, prompts: Prompts, version: str, photo: Photo
) -> None:
    prompts.edit(version, text="다르게 읽습니다.")
    error = failure(make_extractor(prompts=prompts.used), photo, prompt_version=version)

    assert isinstance(error, SettingRefused)
    assert version in str(error)
    assert standin.requests == []


def test_a_reading_keeps_which_prompt_was_active_and_what_it_offered(
    make_extractor: MakeExtractor, database: Database, store: MemoryStore, prompts: Prompts, version: str
) -> None:
    extractor = make_extractor(prompts=prompts.used)
    production = Production(database, extractor.engine, extractor.default_settings, prompts=prompts)
    reader = Reader(database, store, extractor, lambda: NOW, looker=Looker(), production=production)
    receipt_id = take_in(database, store)

    before = run(database, reader.read(receipt_id))
    active_id = prompts.promote("gpt-4o", version, {}, "지수")
    after = run(database, reader.read(receipt_id))
    prompts.take_back(active_id, "지수")
    again = run(database, reader.read(receipt_id))

    assert (before.prompt_version, before.offered) == (load().version, None)
    assert (after.prompt_version, after.offered) == (version, OFFERED)
    assert (again.prompt_version, again.offered) == (load().version, None)
