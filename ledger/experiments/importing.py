"""Files become a dataset version: all is checked first, then pictures are stored, then the version is written."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from ledger.database import Database
from ledger.errors import DatasetInvalid, PhotoError
from ledger.experiments.dataset_files import CASES, FORMAT, FORMAT_VERSION, MANIFEST, SUFFIXES
from ledger.experiments.dataset_sources import Source, opened_source
from ledger.experiments.datasets import NewCase, add_version, content_hash, free_name
from ledger.experiments.truths import NOT_JSON, UNFIT, BadTruth, contract_truth, json_object, need_fields, own_truth
from ledger.experiments.words import DATASETS, DatasetVersion, Split
from ledger.inbox.images import Photo, open_photo
from ledger.inbox.object_store import ObjectStore
from ledger.notes import Note
from ledger.receipt import Receipt

EMPTY: Final = "It has no receipt."
NO_TRUTH: Final = "There is no {file} with the truth of this picture."
NO_PICTURE: Final = "There is no picture of {file}."
NOT_CALLED: Final = "Nothing says what {file} is for: it is neither a picture nor the truth of one."
TWO_PICTURES: Final = "{file} may be the truth of {one} or of {other}."
SAME_PICTURE: Final = "{one} and {other} are the same picture."
OTHER_PICTURE: Final = "{file} is not the picture that {line} was written for: it was changed since."
NO_FORM: Final = "{file} is of another form than this version reads."
SOME_SPLIT: Final = "Some lines say which split they are of and some do not."
CHANGED_NOW: Final = "{file} was changed while it was imported."
CHANGED: Final = (
    "What is in it is not what {file} was written for: something was changed since. Where that is meant, take"
    " “sha256” out of it."
)
IGNORED: Final = "Hidden files, and those that file managers leave behind, were passed over: {count}."
SENTENCES: Final = (
    EMPTY,
    NO_TRUTH,
    NO_PICTURE,
    NOT_CALLED,
    TWO_PICTURES,
    SAME_PICTURE,
    OTHER_PICTURE,
    NO_FORM,
    SOME_SPLIT,
    CHANGED_NOW,
    CHANGED,
    IGNORED,
)

TEST_SHARE: Final = 0.5
"""Of receipts that come without a split."""
_MIMES: Final = {suffix: mime for mime, suffix in SUFFIXES.items()}
_PICTURE_SUFFIXES: Final = ("jpg", "jpeg", "png", "webp", "heic", "heif")


@dataclass(frozen=True, slots=True)
class Imported:
    """A version that was made of files, and what there is to say of it."""

    version: DatasetVersion
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """One receipt as the files tell of it."""

    where: str
    picture: str
    truth: Receipt
    sha256: str | None = None
    split: Split | None = None


def import_dataset(
    database: Database,
    datasets: ObjectStore,
    source: Path | BinaryIO,
    *,
    label: str,
    operator: str,
    now: dt.datetime,
    name: str = "",
    seed: int = 0,
    test_share: float = TEST_SHARE,
) -> Imported:
    """A new version of what lies in a folder or a zip, called `label` by people, in either form of docs/experiments.md.

    The name is that of the version which was exported, or the label's, unless another is given. Seed and share are for
    receipts that come without a split. Raises DatasetInvalid, NameTaken, NameMissing, StoreErrors and DatabaseErrors;
    then there is no version. Pictures that were stored by then are in nobody's way: they lie under their hashes.
    """
    with opened_source(source, label) as files:
        try:
            manifest = _manifest(files)
            name = free_name(database, name.strip() or str(manifest.get("name") or "") or Path(label).stem)
            cases = _checked(files, manifest)
        except BadTruth as bad:
            raise DatasetInvalid(source=label, why=bad.why) from bad
        for file, case in cases.items():
            _store(files, file, case, datasets)
        origin = {"made": "imported", "file": label, "origin": manifest.get("origin")}
        version = add_version(
            database,
            name,
            origin,
            list(cases.values()),
            seed=seed,
            test_share=test_share,
            operator=operator,
            now=now,
        )
    return Imported(version, tuple([Note(IGNORED, {"count": str(files.ignored)})] if files.ignored else []))


def _manifest(files: Source) -> dict[str, Any]:
    if MANIFEST not in files.files or CASES not in files.files:
        return {}
    manifest = json_object(files.read(MANIFEST), MANIFEST)
    if (manifest.get("format"), manifest.get("format_version")) != (FORMAT, FORMAT_VERSION):
        raise files.invalid(NO_FORM, file=MANIFEST)
    return manifest


def _checked(files: Source, manifest: dict[str, Any]) -> dict[str, NewCase]:
    """Every case by the file of its picture; nothing in the files is left over."""
    told = list(_exported(files) if CASES in files.files else _by_hand(files))
    called = {CASES, MANIFEST} if CASES in files.files else set[str]()
    if left := sorted(files.files.keys() - called - {one.picture for one in told} - {one.where for one in told}):
        raise files.invalid(NOT_CALLED, file=left[0])
    if not told:
        raise files.invalid(EMPTY)
    if len({one.split is None for one in told}) > 1:
        raise files.invalid(SOME_SPLIT)
    cases = _with_pictures(files, told)
    if told[0].split and "sha256" in manifest and manifest["sha256"] != _hash(cases):
        raise files.invalid(CHANGED, file=MANIFEST)
    return cases


def _exported(files: Source) -> Iterator[_Told]:
    for number, line in enumerate(files.lines(CASES), 1):
        where = f"{CASES}:{number}"
        if not line.strip():
            continue
        document = json_object(line, where)
        need_fields(document, where, ["picture", "truth"], ["image_sha256", "split"])
        picture, split = document["picture"], document.get("split")
        if not isinstance(picture, str) or (picture := unicodedata.normalize("NFC", picture)) not in files.files:
            raise files.invalid(NO_PICTURE, file=where)
        if split is not None and split not in [*Split]:
            raise BadTruth(UNFIT, file=where, field="split", value=str(split))
        if not isinstance(document["truth"], dict):
            raise BadTruth(NOT_JSON, file=where)
        truth = own_truth(document["truth"], where)
        yield _Told(where, picture, truth, document.get("image_sha256"), split and Split(split))


def _by_hand(files: Source) -> Iterator[_Told]:
    """Pictures, each beside a JSON file of the same name."""
    pictures: dict[str, str] = {}
    for name in files.files:
        stem, _, suffix = name.rpartition(".")
        if suffix.lower() not in _PICTURE_SUFFIXES:
            continue
        if (other := pictures.setdefault(stem, name)) != name:
            raise files.invalid(TWO_PICTURES, file=f"{stem}.json", one=other, other=name)
    truths = {name.rpartition(".")[0]: name for name in files.files if name.lower().endswith(".json")}
    if alone := sorted(pictures.keys() - truths.keys()):
        raise files.invalid(NO_TRUTH, file=f"{alone[0]}.json")
    if alone := sorted(truths.keys() - pictures.keys()):
        raise files.invalid(NO_PICTURE, file=truths[alone[0]])
    for stem, truth in sorted(truths.items()):
        yield _Told(truth, pictures[stem], contract_truth(json_object(files.read(truth), truth), truth))


def _with_pictures(files: Source, told: list[_Told]) -> dict[str, NewCase]:
    cases: dict[str, NewCase] = {}
    seen: dict[str, str] = {}
    for one in told:
        photo = _photo(files, one.picture)
        if one.sha256 not in (None, photo.sha256):
            raise files.invalid(OTHER_PICTURE, file=one.picture, line=one.where)
        if photo.sha256 in seen:
            raise files.invalid(SAME_PICTURE, one=seen[photo.sha256], other=one.picture)
        seen[photo.sha256] = one.picture
        key = f"{photo.sha256[:2]}/{photo.sha256}.{SUFFIXES[photo.mime]}"
        cases[one.picture] = NewCase.of(
            one.truth, image_sha256=photo.sha256, store=DATASETS, object_key=key, split=one.split
        )
    return cases


def _photo(files: Source, name: str) -> Photo:
    try:
        return open_photo(files.read(name), name)
    except PhotoError as error:
        fields = {blank: str(value) for blank, value in error.fields.items()}
        raise DatasetInvalid(source=files.label, why=Note(type(error).sentence, fields)) from error


def _store(files: Source, name: str, case: NewCase, datasets: ObjectStore) -> None:
    """Put a picture under its hash. Files of a folder may have changed since they were checked."""
    data = files.read(name)
    if hashlib.sha256(data).hexdigest() != case.image_sha256:
        raise files.invalid(CHANGED_NOW, file=name)
    # By its name, not by its key: the pictures may be moved to another folder or bucket.
    datasets.put(datasets.key_named(case.object_key), data, _MIMES[case.object_key.rpartition(".")[2]])


def _hash(cases: dict[str, NewCase]) -> str:
    return content_hash(sorted(cases.values(), key=lambda case: case.image_sha256))
