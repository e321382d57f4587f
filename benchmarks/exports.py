"""Corrections as files, in one run: python benchmarks/exports.py"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.parts import exporting
from benchmarks.parts.figures import report


def main() -> int:
    """Export them in each form, then print every figure. The exit status says whether each reaches its bar."""
    return report(exporting.measured())


if __name__ == "__main__":
    sys.exit(main())
