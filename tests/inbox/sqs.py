"""A queue that speaks the protocol of Amazon SQS over HTTP: what is received and not deleted can be given again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import uuid
from collections.abc import Iterator
from typing import Any

from tests import web


class SqsServer:
    """One queue. A message that was received is hidden until `give_back`."""

    def __init__(self) -> None:
        self.url = ""
        self.failing = False
        self.messages: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.waits: list[int] = []
        """How long each question was ready to wait."""

    def send(self, told: object) -> None:
        self.messages[str(uuid.uuid4())] = told if isinstance(told, str) else json.dumps(told)

    def give_back(self) -> None:
        """As when the visibility timeout is over."""
        self.hidden.clear()

    def answer(self, action: str, asked: dict[str, Any]) -> dict[str, Any]:
        if action == "DeleteMessageBatch":
            assert 1 <= len(asked["Entries"]) <= 10
            for entry in asked["Entries"]:
                self.messages.pop(entry["ReceiptHandle"].partition("/")[2], None)
            return {"Successful": [{"Id": entry["Id"]} for entry in asked["Entries"]], "Failed": []}
        assert action == "ReceiveMessage"
        self.waits.append(asked["WaitTimeSeconds"])
        given = [each for each in self.messages if each not in self.hidden][: asked["MaxNumberOfMessages"]]
        self.hidden |= set(given)
        return {"Messages": [self._message(each) for each in given]} if given else {}

    def _message(self, id_: str) -> dict[str, str]:
        body = self.messages[id_]
        md5 = hashlib.md5(body.encode()).hexdigest()
        return {"MessageId": id_, "ReceiptHandle": f"handle/{id_}", "Body": body, "MD5OfBody": md5}


@contextlib.contextmanager
def sqs_server() -> Iterator[SqsServer]:
    queue = SqsServer()

    def asked(request: web.Request) -> None:
        action = request.headers["X-Amz-Target"].removeprefix("AmazonSQS.")
        question = json.loads(request.body())
        told = {"__type": "AccessDenied"} if queue.failing else queue.answer(action, question)
        kind = {"Content-Type": "application/x-amz-json-1.0"}
        request.answer(403 if queue.failing else 200, json.dumps(told).encode(), kind)

    with web.serving(asked) as url:
        queue.url = f"{url}/000000000000/arrivals"
        yield queue
