"""The service around the desk, in one run: python benchmarks/service.py"""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.parts import (
    serving_api,
    serving_arrivals,
    serving_limits,
    serving_members,
    serving_reading,
    serving_storm,
)
from benchmarks.parts.figures import report

PARTS = (serving_reading, serving_api, serving_limits, serving_members, serving_arrivals, serving_storm)


def main() -> int:
    """Measure each part, then print every figure. The exit status says whether each reaches its bar."""
    return report(chain.from_iterable(part.measured() for part in PARTS))


if __name__ == "__main__":
    sys.exit(main())
