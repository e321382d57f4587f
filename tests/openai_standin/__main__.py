"""Serve by hand."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.openai_standin.standin import StandIn


def main() -> None:
    """Serve until interrupted, for a desk that is to be tried without an account."""
    parser = argparse.ArgumentParser(description="A local stand-in for the OpenAI API. It reads no pictures.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--answer", type=Path, help="JSON file of the receipt to answer")
    options = parser.parse_args()
    answer = json.loads(options.answer.read_text(encoding="utf-8")) if options.answer else None
    standin = StandIn(answer, port=options.port)
    print(f"OPENAI_BASE_URL={standin.url} OPENAI_API_KEY={standin.key}", flush=True)
    standin.serve()


if __name__ == "__main__":
    main()
