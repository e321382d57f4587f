"""From the address of a photo, as the app's server writes it, to the key under which our own store has it. Pure.

Nothing is ever asked of an address. Its server joins bucket, region and key as they are, without encoding anything: a
name keeps its `#`, `?`, `%20` and spaces, and Hangul arrives as the bytes of UTF-8 taken for Latin-1. So the key is the
very text after the host, and whatever reads URLs would cut or decode it.
"""

from __future__ import annotations

import re
from typing import Final

from ledger.errors import AddressRefused
from ledger.notes import Note

NO_BUCKET: Final = "the photos of this desk lie in a folder, which has no addresses. Set LEDGER_STORE_URL to a bucket."
OTHER_PLACE: Final = "only photos of {store} are read, at https://{bucket}.s3.<region>.amazonaws.com/{prefix}<name>."
SENTENCES: Final = (NO_BUCKET, OTHER_PLACE)

_AMAZON: Final = r"https://{bucket}\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com/(.+)"
"""Host of a bucket as Amazon names it, with the region or, for the oldest one, without."""
_SHOWN: Final = 200


def key_at(address: str, store: str) -> str:
    """The key of the photo at `address`, where `store` is the name of our store. Raises AddressRefused.

    Whether the key stays inside the store, the store itself says when it is asked for it.
    """
    scheme, _, rest = store.partition("://")
    if scheme != "s3":
        raise AddressRefused(address=address[:_SHOWN], why=Note(NO_BUCKET))
    bucket, _, prefix = rest.partition("/")
    found = re.fullmatch(_AMAZON.format(bucket=re.escape(bucket)), address, re.DOTALL)
    # What ends in a slash is what consoles make where somebody "creates a folder".
    if found is None or not found[1].startswith(prefix) or found[1].endswith("/"):
        fields = {"store": store, "bucket": bucket, "prefix": prefix}
        raise AddressRefused(address=address[:_SHOWN], why=Note(OTHER_PLACE, fields))
    return found[1]
