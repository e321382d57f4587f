"""Files and batches: what the Batch API takes, how a batch goes on, the files that come out of it.

A batch stands still until a test moves it: `work` has requests answered, `finish` and `expire` end it. It is checked
when it is worked on first, as the API checks in the background; what a client sees then is `validating` until then.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.openai_standin.errors import ApiError
from tests.openai_standin.server import Reply, json_reply

MOST_LINES: Final = 50_000
MOST_BYTES: Final = 200_000_000
_CHAT: Final = "/v1/chat/completions"
_ENDED: Final = ("completed", "expired", "cancelled", "failed")
_EXPIRED: Final = "This request could not be executed before the completion window expired."
_CANCELLED: Final = "This request could not be executed before the batch was cancelled."


@dataclass
class StoredFile:
    """A file as it lies at the service."""

    id: str
    data: bytes
    purpose: str
    expires_at: int | None = None

    def as_json(self) -> dict[str, Any]:
        common = {"object": "file", "created_at": int(time.time()), "filename": "file.jsonl", "status": "processed"}
        return {
            "id": self.id,
            "bytes": len(self.data),
            "purpose": self.purpose,
            "expires_at": self.expires_at,
            **common,
        }


@dataclass
class Batch:
    """A batch, its requests, and what came of them by their custom_id."""

    id: str
    input_file_id: str
    metadata: dict[str, str]
    status: str = "validating"
    requests: list[dict[str, Any]] = field(default_factory=list)
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, dict[str, Any]] = field(default_factory=dict)
    output_file_id: str | None = None
    error_file_id: str | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)
    created_at: float = field(default_factory=time.time)

    @property
    def left(self) -> list[dict[str, Any]]:
        return [one for one in self.requests if one["custom_id"] not in self.answered | self.refused]

    def as_json(self) -> dict[str, Any]:
        counts = {"total": len(self.requests), "completed": len(self.answered), "failed": len(self.refused)}
        return {
            "id": self.id,
            "object": "batch",
            "endpoint": _CHAT,
            "errors": {"object": "list", "data": self.errors} if self.errors else None,
            "input_file_id": self.input_file_id,
            "completion_window": "24h",
            "status": self.status,
            "output_file_id": self.output_file_id,
            "error_file_id": self.error_file_id,
            "created_at": int(self.created_at),
            "request_counts": counts,
            "metadata": self.metadata,
        }


class Batches:
    """All files and batches. `answer` is the response to the body of one request."""

    def __init__(self, answer: Callable[[dict[str, Any]], Reply], seconds: float | None) -> None:
        self.files: dict[str, StoredFile] = {}
        self.all: dict[str, Batch] = {}
        self._answer = answer
        self._seconds = seconds
        self._lock = threading.RLock()

    @property
    def newest(self) -> Batch:
        """The batch that was begun last."""
        return list(self.all.values())[-1]

    def work(self, most: int | None = None) -> Batch:
        """Check the newest batch unless that is done, and have so many of its requests answered, the last one first."""
        batch = self.newest
        with self._lock:
            if batch.status == "validating":
                self._check(batch)
            if batch.status == "in_progress":
                for request in list(reversed(batch.left))[:most]:
                    self._ask(batch, request)
        return batch

    def finish(self) -> Batch:
        """Have all of the newest batch answered, and its files written."""
        batch = self.work()
        return self._end(batch, "completed") if batch.status == "in_progress" else batch

    def expire(self) -> Batch:
        """Have the day of the newest batch be over."""
        batch = self.work(0)
        self._leave(batch, "batch_expired", _EXPIRED)
        return self._end(batch, "expired")

    def reply(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The reply to a request about files or batches."""
        address = urlsplit(path)
        parts = address.path.removeprefix("/v1/").split("/")
        with self._lock:
            match (method, *parts):
                case "POST", "files":
                    return self._take_file(headers, body)
                case "GET", "files", file_id, "content":
                    return Reply(200, self._file(file_id).data, "application/octet-stream")
                case "GET", "files", file_id:
                    return json_reply(200, self._file(file_id).as_json())
                case "DELETE", "files", file_id:
                    del self.files[self._file(file_id).id]
                    return json_reply(200, {"id": file_id, "object": "file", "deleted": True})
                case "POST", "batches":
                    return self._begin(json.loads(body))
                case "GET", "batches":
                    return self._listed(parse_qs(address.query))
                case "GET", "batches", batch_id:
                    return json_reply(200, self._went_on(self._batch(batch_id)).as_json())
                case "POST", "batches", batch_id, "cancel":
                    return json_reply(200, self._cancelled(self._batch(batch_id)).as_json())
        raise ApiError(f"Invalid URL ({method} {path})", status=404)

    def _take_file(self, headers: Mapping[str, str], body: bytes) -> Reply:
        fields = dict(_form(headers, body))
        purpose = fields.get("purpose", b"").decode()
        if purpose != "batch":
            raise ApiError(
                f"'{purpose}' is not one of ['fine-tune', 'assistants', 'batch', ...] - 'purpose'", "purpose"
            )
        if len(fields["file"]) > MOST_BYTES:
            raise ApiError("The batch input file is larger than the 200 MB maximum.", "file", status=413)
        seconds = fields.get("expires_after[seconds]")
        expires = int(time.time()) + int(seconds) if seconds else None
        return json_reply(200, self._put(fields["file"], "batch", expires).as_json())

    def _put(self, data: bytes, purpose: str, expires_at: int | None = None) -> StoredFile:
        file = StoredFile(f"file-{uuid.uuid4().hex[:24]}", data, purpose, expires_at)
        self.files[file.id] = file
        return file

    def _file(self, file_id: str) -> StoredFile:
        if file_id not in self.files:
            raise ApiError(f"No such File object: {file_id}", "id", status=404)
        return self.files[file_id]

    def _batch(self, batch_id: str) -> Batch:
        if batch_id not in self.all:
            raise ApiError(f"No batch found with id '{batch_id}'.", status=404)
        return self.all[batch_id]

    def _begin(self, asked: dict[str, Any]) -> Reply:
        if unknown := sorted(
            asked.keys() - {"input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after"}
        ):
            raise ApiError(f"Unknown parameter: '{unknown[0]}'.", unknown[0], "unknown_parameter")
        if asked.get("completion_window") != "24h":
            raise ApiError("Invalid value: 'completion_window'. Supported values are: '24h'.", "completion_window")
        if asked.get("endpoint") != _CHAT:
            raise ApiError("Invalid value: 'endpoint'.", "endpoint", "invalid_value")
        if self._file(asked["input_file_id"]).purpose != "batch":
            raise ApiError("Invalid file purpose. Expected 'batch'.", "input_file_id")
        batch = Batch(f"batch_{uuid.uuid4().hex}", asked["input_file_id"], asked.get("metadata") or {})
        self.all[batch.id] = batch
        return json_reply(200, batch.as_json())

    def _listed(self, query: Mapping[str, list[str]]) -> Reply:
        newest = list(reversed(self.all.values()))
        if after := query.get("after"):
            names = [batch.id for batch in newest]
            newest = newest[names.index(after[0]) + 1 :]
        some = newest[: int(query.get("limit", ["20"])[0])]
        return json_reply(
            200, {"object": "list", "data": [b.as_json() for b in some], "has_more": len(some) < len(newest)}
        )

    def _cancelled(self, batch: Batch) -> Batch:
        if batch.status in _ENDED:
            raise ApiError(f"Cannot cancel a batch with status '{batch.status}'.", status=409)
        batch.status = "cancelling"
        return batch

    def _went_on(self, batch: Batch) -> Batch:
        """The batch as time goes by: a cancelled one ends, and by hand all are answered after a while."""
        if batch.status == "cancelling":
            self._leave(batch, "batch_cancelled", _CANCELLED)
            return self._end(batch, "cancelled")
        if self._seconds is not None and time.time() - batch.created_at >= self._seconds:
            return self.finish() if batch is self.newest and batch.status not in _ENDED else batch
        return batch

    def _check(self, batch: Batch) -> None:
        lines = self._file(batch.input_file_id).data.decode().splitlines()
        batch.errors = list(_faults(lines))
        if batch.errors:
            batch.status = "failed"
            return
        batch.requests, batch.status = [json.loads(line) for line in lines], "in_progress"

    def _ask(self, batch: Batch, request: dict[str, Any]) -> None:
        reply = self._answer(request["body"])
        response = {"status_code": reply.status, "request_id": uuid.uuid4().hex, "body": json.loads(reply.body)}
        told = batch.answered if reply.status == 200 else batch.refused
        told[request["custom_id"]] = _line(request, response, None)

    def _leave(self, batch: Batch, code: str, message: str) -> None:
        for request in batch.left:
            batch.refused[request["custom_id"]] = _line(request, None, {"code": code, "message": message})

    def _end(self, batch: Batch, status: str) -> Batch:
        for kind, told in (("output", batch.answered), ("error", batch.refused)):
            if told:
                data = "".join(json.dumps(line) + "\n" for line in told.values()).encode()
                setattr(batch, f"{kind}_file_id", self._put(data, "batch_output").id)
        batch.status = status
        return batch


def _line(request: Mapping[str, Any], response: dict[str, Any] | None, error: dict[str, Any] | None) -> dict[str, Any]:
    known = {"id": f"batch_req_{uuid.uuid4().hex}", "custom_id": request["custom_id"]}
    return known | {"response": response, "error": error}


def _faults(lines: list[str]) -> Iterator[dict[str, Any]]:
    if not lines:
        yield _fault(
            "empty_file", "The input file is empty. Please ensure that the batch contains at least one request."
        )
    if len(lines) > MOST_LINES:
        yield _fault("too_many_tasks", f"The batch input file contains more than the {MOST_LINES} requests maximum.")
    seen: set[str] = set()
    models: set[str] = set()
    for number, line in enumerate(lines, 1):
        code = _fault_of(line, seen, models)
        if code is not None:
            yield _fault(code, _SAID[code], number)


_SAID: Final = {
    "invalid_json_line": "This line is not parseable as valid JSON.",
    "missing_required_parameter": "Missing required parameter: one of 'custom_id', 'method', 'url', 'body'.",
    "invalid_method": "Invalid method: only POST is supported.",
    "invalid_url": "The URL provided for this request does not match the batch endpoint.",
    "duplicate_custom_id": "The custom_id for this request is a duplicate of another request.",
    "mismatched_model": "The model for this request does not match the rest of the batch.",
}


def _fault_of(line: str, seen: set[str], models: set[str]) -> str | None:
    """What is wrong with a line, given the ids and the models of those before it."""
    try:
        request = json.loads(line)
    except ValueError:
        return "invalid_json_line"
    if not isinstance(request, dict) or not {"custom_id", "method", "url", "body"} <= request.keys():
        return "missing_required_parameter"
    if request["method"] != "POST":
        return "invalid_method"
    if request["url"] != _CHAT:
        return "invalid_url"
    if request["custom_id"] in seen:
        return "duplicate_custom_id"
    seen.add(request["custom_id"])
    models.add(request["body"].get("model"))
    return "mismatched_model" if len(models) > 1 else None


def _fault(code: str, message: str, line: int | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "param": None, "line": line}


def _form(headers: Mapping[str, str], body: bytes) -> Iterator[tuple[str, bytes]]:
    """The fields of a form with a file in it."""
    whole = message_from_bytes(b"content-type: " + headers["content-type"].encode() + b"\r\n\r\n" + body)
    parts = whole.get_payload()
    assert isinstance(parts, list), "the API takes files as multipart/form-data"
    for part in parts:
        assert isinstance(part, Message)
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        yield str(part.get_param("name", header="content-disposition")), data
