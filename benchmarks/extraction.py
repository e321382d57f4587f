"""Everything that is measured of reading receipts, in one run: python benchmarks/extraction.py [DATA]

DATA is a folder that holds sroie/, receipts of ICDAR 2019 SROIE with their truth beside them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.parts import offline, pictures, places, tokens
from benchmarks.parts.figures import report


def main() -> int:
    """Measure all parts, then print every figure. The exit status says whether each reaches its bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?")
    data: Path | None = parser.parse_args().data
    if data and not (data / offline.SROIE).is_dir():
        parser.error(f"{data} holds no folder {offline.SROIE}")
    measured = [*pictures.figures(), *tokens.figures(), *places.figures(), *offline.figures(data)]
    status = report(measured)
    if not data:
        print(f"Not measured without DATA: {offline.NEEDS_DATA}.")
    return status


if __name__ == "__main__":
    sys.exit(main())
