"""python -m ledger: demo, serve, api, worker, doctor, migrate, reindex, ingest, extract, dataset, read."""

from __future__ import annotations

import signal
import sys

if __name__ == "__main__":
    # Loading everything takes a second or two; Ctrl-C in that time ends the process without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    from ledger.commands import main

    sys.exit(main())
