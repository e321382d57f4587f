"""The root of the tree, and what keeps anybody from working at all."""

from __future__ import annotations

from typing import ClassVar


class LedgerError(Exception):
    """Root of the tree; `fields` fill the blanks of `sentence`.

    What fills a blank with words of ours is a `ledger.notes.Note`, so that the screens translate it too.
    """

    sentence: ClassVar[str] = "Something went wrong: {why}"
    transient: ClassVar[bool] = False
    """Whether the same photo may well be read once a service, a key or an account is in order again."""

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.sentence.format(**fields))


class ConfigurationError(LedgerError):
    sentence = "The setting {setting} cannot be used: {why}"


class BrokerUnavailable(LedgerError):
    transient = True
    sentence = "The queue to the workers does not answer: {why}. Nothing was lost; ask again once Redis is back."


class NotSignedIn(LedgerError):
    sentence = "Nobody is signed in: no {header} came with this page. Open the desk through its sign-in."
