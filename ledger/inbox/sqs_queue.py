"""A queue of Amazon SQS, or of a server that speaks its protocol, into which a bucket tells of new photos."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import boto3
import botocore.exceptions as aws
from botocore.config import Config

from ledger.errors import ArrivalsUnavailable, ConfigurationError

AT_ONCE: Final = 10
"""Messages of one answer, and of one deletion: as many as SQS takes."""
_WAIT_SECONDS: Final = 20
"""How long a question waits for a message: the longest that SQS allows, and so the fewest questions."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message while it is ours."""

    id: str
    handle: str
    body: str


class SqsQueue:
    """Messages, each there again after a while unless it was deleted."""

    def __init__(self, url: str, endpoint: str | None = None, region: str | None = None) -> None:
        self.url = url
        in_url = re.match(r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com", url)
        config = Config(connect_timeout=5, read_timeout=_WAIT_SECONDS + 10, retries={"mode": "standard"})
        try:
            self._client: Any = boto3.Session().client(
                "sqs", endpoint_url=endpoint, region_name=in_url[1] if in_url else region, config=config
            )
        except (aws.BotoCoreError, ValueError) as exc:
            raise ConfigurationError(setting="LEDGER_ARRIVALS_QUEUE_URL", why=str(exc)) from exc

    def receive(self, wait_seconds: int = _WAIT_SECONDS) -> list[Message]:
        """Up to ten messages, waited for. Raises ArrivalsUnavailable."""
        with self._errors():
            answer = self._client.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=AT_ONCE, WaitTimeSeconds=wait_seconds
            )
        return [Message(m["MessageId"], m["ReceiptHandle"], m["Body"]) for m in answer.get("Messages", [])]

    def delete(self, messages: list[Message]) -> None:
        """Have these never come again. Raises ArrivalsUnavailable; what it could not delete comes again."""
        for start in range(0, len(messages), AT_ONCE):
            some = enumerate(messages[start : start + AT_ONCE])
            entries = [{"Id": str(n), "ReceiptHandle": message.handle} for n, message in some]
            with self._errors():
                self._client.delete_message_batch(QueueUrl=self.url, Entries=entries)

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (aws.ClientError, aws.BotoCoreError) as exc:
            raise ArrivalsUnavailable(queue=self.url, why=str(exc)) from exc
