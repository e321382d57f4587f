"""Our app, which kills itself (SIGKILL) right before the first statement that begins with the given words.

python -m tests.browser.dying_desk "INSERT INTO review" serve --port 8501
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import Engine, event

from ledger.commands import main


@event.listens_for(Engine, "before_cursor_execute")
def die(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    if statement.startswith(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
