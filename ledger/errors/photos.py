"""The store of photos, and the bytes of one."""

from __future__ import annotations

from ledger.errors.root import LedgerError


class StoreError(LedgerError):
    """The store of photos did not do what was asked."""


class ObjectNotFound(StoreError):
    sentence = "The photo {key!r} is no longer in the store. Put it back and read again, or reject the receipt."


class ObjectTooLarge(StoreError):
    sentence = "The photo {key!r} has {megabytes} MB, more than the {limit} we fetch. Put a smaller one in its place."


class StoreAccessDenied(StoreError):
    transient = True
    sentence = "The store {store} refused our credentials. Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY."


class StoreUnavailable(StoreError):
    transient = True
    sentence = (
        "The store {store} does not answer: {why}. Check its address (LEDGER_STORE_URL, or LEDGER_DATASETS_URL for"
        " datasets) and LEDGER_S3_ENDPOINT, then try again."
    )


class ArrivalsUnavailable(StoreError):
    transient = True
    sentence = (
        "The queue {queue}, which tells of new photos, does not answer: {why}. Check LEDGER_ARRIVALS_QUEUE_URL and who"
        " may read it; new photos are found by looking meanwhile."
    )


class UploadsImpossible(StoreError):
    sentence = "The store {store} is a folder, which has no addresses for uploads. Send the photo itself."


class UnsafeKey(StoreError):
    sentence = "The name {key!r} points outside the store's folder, so it was not touched. Rename the photo."


class AddressRefused(StoreError):
    sentence = "The address {address!r} was not read: {why}"


class PhotoError(LedgerError):
    """The bytes of a photo cannot be used."""


class EmptyPhoto(PhotoError):
    sentence = "{name}: the file is empty. Upload the photo again."


class NotAPicture(PhotoError):
    sentence = "{name}: this is not a picture, whatever its name says. Upload a JPEG, PNG, WebP or HEIC photo."


class TruncatedPhoto(PhotoError):
    sentence = "{name}: the picture is cut off, its end is missing. Upload the photo again."


class PhotoTooLarge(PhotoError):
    sentence = (
        "{name}: {megapixels} megapixels are more than the {limit} we open. Take the photo again at a normal size."
    )


class UnsupportedPhoto(PhotoError):
    sentence = "{name}: {kind} pictures are not read. Save it as JPEG, PNG or WebP."


class PhotoReplaced(PhotoError):
    sentence = "The photo {name} was replaced after it was read, so what the model saw cannot be shown any more."
