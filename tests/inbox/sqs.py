"""A queue that speaks the protocol of Amazon SQS over HTTP: what is received and not deleted can be given again."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import threading
import uuid
from collections.abc import Iterator
from typing import Any


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

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            action = self.headers["X-Amz-Target"].removeprefix("AmazonSQS.")
            told = {"__type": "AccessDenied"} if queue.failing else queue.answer(action, asked)
            body = json.dumps(told).encode()
            self.send_response(403 if queue.failing else 200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        queue.url = f"http://127.0.0.1:{server.server_port}/000000000000/arrivals"
        yield queue
        server.shutdown()
        thread.join()
