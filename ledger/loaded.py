"""What a process that serves has loaded: it stays as long as the process lives."""

from __future__ import annotations

import gc
from typing import Final

_NEW_OBJECTS: Final = 10_000
"""After how many the newest are searched for what nobody needs: one answer of the model is a few thousand."""


def keep_what_is_loaded() -> None:
    """Search what there is by now no more for what nobody needs: all stop for it, a quarter of a second each time.

    Those are some 300,000 objects. Streamlit searches after each run of a page, which takes several times as long then.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
