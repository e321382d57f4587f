"""/v1/receipts: photos put in by other services, and what became of them."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Annotated, Any, Final, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, File, Form, Path, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from ledger.api.callers import Callers
from ledger.api.keys import Scope
from ledger.api.problems import PROBLEMS
from ledger.clock import utc_now
from ledger.columns import LARGEST_ID
from ledger.database import Database
from ledger.errors import BrokerUnavailable
from ledger.inbox.object_store import MAX_BYTES, photo_name
from ledger.inbox.putting import put_photo, take_in_uploaded
from ledger.receipt import ReceiptStatus
from ledger.review.readings import receipt_with_readings
from ledger.services import Services
from ledger.tables import ExtractionRow, ReceiptRow

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Photo = Annotated[UploadFile | None, File(description="The photo itself")]
Key = Annotated[str | None, Form(min_length=1, max_length=1024, description="Of a photo that was uploaded")]
UPLOAD_SECONDS: Final = 900
"""How long an address for an upload holds."""
Member = Annotated[str | None, Form(min_length=1, max_length=64, description="Whose purchase it is")]


class Taken(BaseModel):
    """A photo that was taken in; unless it was read before, it is read in the background."""

    id: int
    status: ReceiptStatus


class UploadWanted(BaseModel):
    """A photo that is to be put into the store by whoever holds it."""

    filename: str = Field(min_length=1, max_length=255)
    content_type: Literal["image/jpeg", "image/png", "image/webp", "image/heif", "image/heic"]
    size: int = Field(ge=1, le=MAX_BYTES, description="Bytes; the address takes exactly so many")
    member: str | None = Field(default=None, min_length=1, max_length=64, description="Whose purchase it is")


class Upload(BaseModel):
    """Where the photo may be put: one PUT with these headers and its bytes."""

    url: str
    headers: dict[str, str]
    key: str
    """Its name in the store, to be named to POST /v1/receipts afterwards by who does not want to wait."""
    expires_at: dt.datetime


class Failure(BaseModel):
    """Why a reading ended without a receipt."""

    type: str
    """`urn:ledger:<name of the error>`, as in problems."""
    detail: str | None


class Reading(BaseModel):
    """One run of a model or engine over the photo, good or failed."""

    id: int
    engine: str
    model: str
    settings: dict[str, Any]
    """As applied."""
    prompt_version: str | None
    risk: float | None
    """0 to 1 that a field is wrong; null if nobody judged it."""
    receipt: dict[str, Any] | None
    """As read: amounts in the currency's smallest unit, unreadable is null."""
    error: Failure | None
    cost_microusd: int | None
    """Millionths of a US dollar; null where no price is known."""
    latency_ms: int
    created_at: dt.datetime


class ReceiptWithReadings(BaseModel):
    """A receipt, where it stands, and everything that was read of it, the newest first."""

    id: int
    status: ReceiptStatus
    photo: str
    """The photo's file name."""
    member: str | None
    arrived_at: dt.datetime
    ledger_id: int | None
    """Its entry in the ledger, once it is confirmed."""
    readings: list[Reading]


def receipt_routes(services: Services, callers: Callers) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1/receipts", tags=["receipts"], responses=PROBLEMS)

    @router.post("", status_code=201, dependencies=[Depends(callers.having(Scope.WRITE))])
    def put_receipt(response: Response, photo: Photo = None, key: Key = None, member: Member = None) -> Taken:
        """Put a photo in, or name one that was uploaded. It is read in the background.

        A photo that comes with the request is looked at first, and what is no good photo is refused at once.
        """
        if (photo is None) == (key is None):
            raise RequestValidationError([{"loc": ["body"], "msg": "a photo, or the key of an uploaded one"}])
        if photo is not None:
            # One byte more than is taken, so that a larger one is known without being held in memory.
            data, name = photo.file.read(MAX_BYTES + 1), photo.filename or ""
            receipt_id, _ = put_photo(services.database, services.store, name, data, utc_now(), member)
        else:
            receipt_id = take_in_uploaded(services.database, services.store, str(key), utc_now(), member)
        status = _status(services.database, receipt_id)
        with suppress(BrokerUnavailable):  # it is due, and handed out at the next look
            services.tasks.submit(services.reader.read_in_turn, receipt_id)
        response.headers["Location"] = f"/v1/receipts/{receipt_id}"
        return Taken(id=receipt_id, status=status)

    @router.post("/uploads", status_code=201, dependencies=[Depends(callers.having(Scope.WRITE))])
    def begin_upload(wanted: UploadWanted) -> Upload:
        """An address at which a photo may be put into the store, past this interface."""
        store, expires_at = services.store, utc_now() + dt.timedelta(seconds=UPLOAD_SECONDS)
        key = store.new_key(wanted.filename)
        given = store.upload_address(key, wanted.content_type, wanted.size, UPLOAD_SECONDS, wanted.member)
        return Upload(url=given.url, headers=given.headers, key=given.key, expires_at=expires_at)

    @router.get("/{receipt_id}", dependencies=[Depends(callers.having(Scope.READ))])
    def get_receipt(receipt_id: Id) -> ReceiptWithReadings:
        """A receipt with its readings."""
        return _told(*receipt_with_readings(services.database, receipt_id))

    return router


def _status(database: Database, receipt_id: int) -> ReceiptStatus:
    """Where it stands: pending, unless this photo was found before."""
    with database.read() as session:
        return session.scalars(sa.select(ReceiptRow.status).where(ReceiptRow.id == receipt_id)).one()


def _told(receipt: ReceiptRow, readings: list[ExtractionRow]) -> ReceiptWithReadings:
    return ReceiptWithReadings(
        id=receipt.id,
        status=receipt.status,
        photo=photo_name(receipt.object_key),
        member=receipt.member_id,
        arrived_at=receipt.arrived_at,
        ledger_id=receipt.ledger_id,
        readings=[_reading(row) for row in readings],
    )


def _reading(row: ExtractionRow) -> Reading:
    failed = row.error_class and Failure(type=f"urn:ledger:{row.error_class}", detail=row.error_message)
    return Reading(
        id=row.id,
        engine=row.engine,
        model=row.model,
        settings=row.settings,
        prompt_version=row.prompt_version,
        risk=row.risk,
        receipt=row.document,
        error=failed or None,
        cost_microusd=row.cost_microusd,
        latency_ms=row.latency_ms,
        created_at=row.created_at,
    )
