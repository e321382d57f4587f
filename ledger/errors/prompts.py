"""What models are asked, and the lexicon that it offers."""

from __future__ import annotations

from ledger.errors.root import LedgerError


class PromptError(LedgerError):
    """A prompt version that cannot be had, or cannot be what somebody wants it to be."""


class PromptNotFound(PromptError):
    sentence = "The prompt {version!r} is not at hand: {why}"


class PromptNameTaken(PromptError):
    sentence = "There is a prompt {name!r} already, and versions never change. Choose another name."


class PromptUsed(PromptError):
    sentence = "The prompt {version!r} was read with or put away, so it never changes. Make a new draft from it."


class PromptActive(PromptError):
    sentence = "The prompt {version!r} is active for {families}. Promote another one or take it back first."


class PromptInvalid(PromptError):
    sentence = "This prompt cannot be kept: {why}"


class NothingAccepted(PromptError):
    sentence = "No proposal is accepted, so there is nothing to make a draft of. Accept at least one."


class NoDraft(PromptError):
    """`usage` is what was paid all the same."""

    sentence = "No draft was made. {why}"

    def __init__(self, *, usage: object = None, **fields: object) -> None:
        super().__init__(**fields)
        self.usage = usage


class SamePrompt(PromptError):
    sentence = "{version} is what the models are asked with already. Choose a draft."


class NotBlind(PromptError):
    sentence = (
        "{version} was made from receipts that the test split of {dataset} may hold, so it cannot be judged by them."
        " Choose a dataset version that was there before the draft was made, or make the draft anew."
    )


class PromotionRefused(PromptError):
    sentence = "Nothing was promoted: {why}"


class LexiconRefused(LedgerError):
    sentence = "The lexicon was left as it is: {why}"
