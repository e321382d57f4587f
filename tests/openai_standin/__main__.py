"""Serve by hand, for a desk that is to be tried without an account."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.openai_standin.compatible import Compatible
from tests.openai_standin.limits import Limits
from tests.openai_standin.reader import Reader
from tests.openai_standin.standin import StandIn


def main() -> None:
    """Serve until interrupted."""
    options = _options()
    answer = json.loads(options.answer.read_text(encoding="utf-8")) if options.answer else None
    standin = StandIn(
        answer,
        port=options.port,
        reader=None if options.misread is None else Reader(torn_syllables=options.misread, seed=options.seed),
        limits=Limits(options.requests_per_minute, options.tokens_per_minute),
        compatible=Compatible() if options.compatible else None,
        seconds=options.seconds,
        batch_seconds=options.batch_seconds,
    )
    known = _introduce(standin, options.photos) if options.photos else 0
    print(f"OPENAI_BASE_URL={standin.url} OPENAI_API_KEY={standin.key} KNOWN_PHOTOS={known}", flush=True)
    standin.serve()


def _introduce(standin: StandIn, folder: Path) -> int:
    """Make known each photo that has its receipt beside it; how many there are."""
    pairs = [(path, path.with_suffix(".jpg")) for path in sorted(folder.glob("*.json"))]
    there = [(path, photo) for path, photo in pairs if photo.exists()]
    for path, photo in there:
        standin.knows(photo.read_bytes(), json.loads(path.read_text(encoding="utf-8")))
    return len(there)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A local stand-in for the OpenAI API. It sees no writing.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--answer", type=Path, help="JSON file of the receipt to answer")
    parser.add_argument("--photos", type=Path, help="folder of photos with their receipts, as in samples/photos")
    parser.add_argument("--misread", type=float, help="share of the syllables that look like another, 0 to 1")
    parser.add_argument("--seed", type=int, default=0, help="another seed misreads other syllables")
    parser.add_argument("--seconds", type=float, default=0, help="how long an answer takes")
    parser.add_argument("--batch-seconds", type=float, default=60, help="how long a batch takes")
    parser.add_argument("--requests-per-minute", type=int, default=10_000)
    parser.add_argument("--tokens-per-minute", type=int, default=30_000_000)
    parser.add_argument("--compatible", action="store_true", help="refuse what servers of one's own refuse")
    return parser.parse_args()


if __name__ == "__main__":
    main()
