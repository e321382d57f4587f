"""Everything that is measured of the desk, in one run: python benchmarks/desk.py"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.parts import next_receipt, operations, queue
from benchmarks.parts.figures import report


def main() -> int:
    """Measure all parts, then print every figure. The exit status says whether each reaches its bar."""
    return report([*next_receipt.figures(), *queue.figures(), *operations.measured()])


if __name__ == "__main__":
    sys.exit(main())
