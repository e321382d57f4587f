"""A batch at the model's service: its file handed in, how it stands, its answers fetched, its files deleted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.errors import RequestRefused, WrongService
from ledger.extraction.batches.lines import ENDPOINT
from ledger.extraction.openai_extractor import OpenAIExtractor

if TYPE_CHECKING:
    from openai.types import Batch  # noqa: TID251 -- a name for the type checker; asked is through the extractor

_UPLOAD_SECONDS: Final = 600.0
"""For one step of sending or fetching a file of up to 200 MB."""
_KEPT_SECONDS: Final = 7 * 24 * 3600
"""After a week the service deletes the files by itself, should nobody have lived to tell it to."""
_LOOKED_THROUGH: Final = 200
"""The account's newest batches among which one is looked for whose id was lost."""
_LONGEST_ERROR: Final = 16_000
ENDED: Final = frozenset(("completed", "expired", "cancelled", "failed"))


@dataclass(frozen=True, slots=True)
class Told:
    """How a batch stands, as the service tells."""

    service_id: str
    status: str
    input_file_id: str | None
    output_file_id: str | None
    error_file_id: str | None
    completed: int
    failed: int
    error: str | None

    @property
    def ended(self) -> bool:
        return self.status in ENDED


class BatchService:
    """Batches of one account. Every failure is an ExtractionError, as for readings."""

    def __init__(self, extractor: OpenAIExtractor) -> None:
        self._extractor = extractor

    def upload(self, requests: Path) -> str:
        """Hand the file over; its id."""
        with self._extractor.asking() as client, requests.open("rb") as file:
            files = client.with_options(timeout=_UPLOAD_SECONDS).files
            uploaded = files.create(
                file=("receipts.jsonl", file),
                purpose="batch",
                expires_after={"anchor": "created_at", "seconds": _KEPT_SECONDS},
            )
            return uploaded.id

    def begin(self, file_id: str, token: str) -> Told:
        """Have the requests in a file answered within a day."""
        with self._extractor.asking() as client:
            # Sent twice, it would be paid twice: who is not sure asks for it by its token.
            batches = client.with_options(max_retries=0).batches
            return _told(
                batches.create(
                    input_file_id=file_id,
                    endpoint=ENDPOINT,
                    completion_window="24h",
                    metadata={"ledger": token},
                    output_expires_after={"anchor": "created_at", "seconds": _KEPT_SECONDS},
                )
            )

    def find(self, token: str) -> Told | None:
        """The batch with this token, if it was ever begun."""
        with self._extractor.asking() as client:
            for count, batch in enumerate(client.batches.list(limit=100)):
                if (batch.metadata or {}).get("ledger") == token:
                    return _told(batch)
                if count >= _LOOKED_THROUGH:
                    break
        return None

    def look(self, service_id: str) -> Told:
        """How it stands."""
        with self._extractor.asking() as client:
            return _told(client.batches.retrieve(service_id))

    def cancel(self, service_id: str) -> Told:
        """Have nothing more of it asked. What was answered is still there, and paid."""
        with self._extractor.asking() as client:
            return _told(client.batches.cancel(service_id))

    def lines(self, file_id: str) -> Iterator[str]:
        """The lines of a file of answers. It is fetched whole first: answers are heard slowly."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "answers.jsonl"
            with self._extractor.asking() as client:
                files = client.with_options(timeout=_UPLOAD_SECONDS).files
                with files.with_streaming_response.content(file_id) as response:
                    response.stream_to_file(path)
            with path.open(encoding="utf-8") as file:
                yield from (line for line in file if line.strip())

    def delete(self, file_ids: Iterable[str | None]) -> None:
        """Delete files. One that is not there is deleted already."""
        for file_id in filter(None, file_ids):
            with suppress(RequestRefused, WrongService), self._extractor.asking() as client:
                client.files.delete(file_id)


def _told(batch: Batch) -> Told:
    counts = batch.request_counts
    return Told(
        batch.id,
        batch.status,
        batch.input_file_id,
        batch.output_file_id,
        batch.error_file_id,
        counts.completed if counts else 0,
        counts.failed if counts else 0,
        _sentence(batch),
    )


def _sentence(batch: Batch) -> str | None:
    said = [
        f"line {error.line}: {error.message}" if error.line is not None else str(error.message)
        for error in (batch.errors.data if batch.errors else None) or ()
    ]
    return " ".join(said)[:_LONGEST_ERROR] or None
