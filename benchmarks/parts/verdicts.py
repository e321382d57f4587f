"""Whether verdicts keep their promises, on scores of real runs against the local stand-in, where the truth is known."""

from __future__ import annotations

import gc
import io
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.parts.figures import Figure
from ledger.database import Database
from ledger.experiments.figures import Verdict
from ledger.experiments.lab import Lab
from ledger.experiments.report import report_of
from ledger.experiments.scored_runs import each_run
from ledger.experiments.scores import Score
from ledger.experiments.stored import experiment
from ledger.experiments.verdicts import ALL_RIGHT, compare
from ledger.experiments.words import Arm
from ledger.extraction.fitting import default_settings
from ledger.extraction.models import load_models
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.prompts.versions import load
from ledger.receipt import to_contract
from tests.experiments.making import arm, dataset, stored
from tests.factories import MISREAD, RIGHT, MemoryStore
from tests.openai_standin import StandIn
from tests.openai_standin.answers import as_answered
from tests.openai_standin.pictures import decode_picture, picture_urls
from tests.openai_standin.reader import Reader
from tests.schema import migrated

RECEIPTS: Final = 100
DRAWS: Final = 1_000
_FIXED: Final = range(30, 34)
_BROKEN: Final = range(90, 91)
_WRONG: Final = range(34)
"""Receipts that temperature 0 misreads; 0.1 reads those of `_FIXED` right and those of `_BROKEN` wrong."""
_UNSURE: Final = Reader(torn_receipts=0.7, lean=(0.2, 0.8), seed=3)
"""At temperature 1 some two of three receipts come out differently from one time to the next."""


def measured() -> Iterator[Figure]:
    """Shares of the draws in which a difference is told."""
    gc.freeze()  # statsmodels collects garbage with each Holm, and would look at all that is loaded two thousand times
    with tempfile.TemporaryDirectory() as folder, StandIn(_answer, reader=_UNSURE) as standin:
        database = migrated(f"sqlite:///{Path(folder) / 'ledger.db'}")
        lab, version = _lab(database, standin)
        fixing = stored(database, version, _arm(0, 0.0), _arm(1, 0.1), in_flight=4)
        lab.run(fixing)
        named = report_of(database, experiment(database, fixing)).comparisons[0].receipts_needed or 0
        right = _right(database, fixing)
        told = _told(right[0], right[1], named, swapped=False)
        what = f"an arm that fixes 4 % and breaks 1 % is called better at the {named} receipts named, share of draws"
        yield Figure(what, told[Verdict.BETTER], 0.8)
        # One after the other, because what the stand-in draws depends on the order: the same draws each time.
        again = stored(database, version, _arm(0, 1.0), repetitions=2, in_flight=1)
        lab.run(again)
        right = _right(database, again)
        told = _told(right[0], right[1], named, swapped=True)
        changed = int((right[0] != right[1]).sum())
        what = f"two equal arms, {changed} of {RECEIPTS} receipts unlike, are called different, share of draws"
        yield Figure(what, round(told[Verdict.BETTER] + told[Verdict.WORSE], 3), 0.05, at_least=False)
        database.close()


def _answer(body: dict[str, Any]) -> Mapping[str, Any] | str:
    """The receipt, misread where it is known to be; at temperature 1 as the stand-in's reader reads it."""
    number = _number(body)
    if body["temperature"] == 1:
        return to_contract(RIGHT)
    is_wrong = number in _WRONG
    if body["temperature"] > 0 and (number in _FIXED or number in _BROKEN):
        is_wrong = not is_wrong
    return as_answered(to_contract(MISREAD if is_wrong else RIGHT))


def _number(body: dict[str, Any]) -> int:
    """The picture's number, which is how light it is."""
    with Image.open(io.BytesIO(decode_picture(next(picture_urls(body)).url))) as picture:
        return round(float(np.asarray(picture.convert("L")).mean()))


def _arm(number: int, temperature: float) -> Arm:
    return arm(number, model="gpt-4o", prompt_version=None, temperature=temperature)


def _lab(database: Database, standin: StandIn) -> tuple[Lab, int]:
    store, models = MemoryStore(), load_models()
    version = dataset(database, store, RECEIPTS)
    settings, prompt = default_settings("gpt-4o", models.facts("gpt-4o")), load()
    reader = OpenAIExtractor(settings=settings, prompt=prompt, api_key=standin.key, base_url=standin.url)
    return Lab(database, lambda case: store.fetch(case.object_key).data, {"openai": reader}, None, models), version


def _right(database: Database, experiment_id: int) -> NDArray[np.bool_]:
    """Whether each receipt (column) was all right, for each arm or repetition (row)."""
    found: dict[tuple[int, int], dict[int, bool]] = {}
    with database.read() as session:
        for run in each_run(session, experiment(database, experiment_id)):
            score = Score.from_json(run.score)
            assert score is not None
            found.setdefault((run.arm_id, run.repetition), {})[run.case_id] = score.all_right
    return np.array([[found[row][case] for case in sorted(found[row])] for row in sorted(found)])


def _told(one: NDArray[np.bool_], other: NDArray[np.bool_], receipts: int, *, swapped: bool) -> dict[Verdict, float]:
    """Share of the draws with each verdict. `swapped`: which of the two is the baseline is chance at each receipt."""
    rng = np.random.default_rng(20_261_123)
    arms = arm(), arm(1)
    told = Counter[Verdict]()
    for seed in range(DRAWS):
        chosen = rng.integers(len(one), size=receipts)
        swap = rng.random(receipts) < 0.5 if swapped else np.zeros(receipts, dtype=np.bool_)
        right = np.array([np.where(swap, other[chosen], one[chosen]), np.where(swap, one[chosen], other[chosen])])
        (found,) = compare(arms, ALL_RIGHT, right.astype(float), right, seed)
        told[found.verdict] += 1
    return {verdict: told[verdict] / DRAWS for verdict in Verdict}
