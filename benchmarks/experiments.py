"""Everything that is measured of experiments, in one run: python benchmarks/experiments.py"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.parts import experiment_pace, resume, scoring, verdicts
from benchmarks.parts.figures import report


def main() -> int:
    """Measure all parts, then print every figure. The exit status says whether each reaches its bar."""
    return report([*verdicts.measured(), *scoring.measured(), *resume.measured(), *experiment_pace.measured()])


if __name__ == "__main__":
    sys.exit(main())
