"""What can be said of an experiment before it is paid for: what it will take, and what it can tell. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Final

from ledger.experiments.plan import Estimate, Plan
from ledger.experiments.statistics import ALPHA, MOST_RECEIPTS, power, receipts_to_tell
from ledger.notes import Note

FIXES, BREAKS = 0.04, 0.01
"""What a setting worth having would do: fix 4 of 100 receipts, break 1. What is promised is about such a one."""
UNLIKELY: Final = 0.2
"""With less than this chance of noticing such a setting, an experiment is not worth its money."""

ONE_ARM: Final = "One arm alone has nothing to be compared with. Add another to get a verdict."
BUDGET_SHORT: Final = "The budget is enough for about {runs} of {planned} runs; then the experiment pauses."
CANNOT_TELL: Final = (
    "This will most likely end with “cannot tell yet”: {receipts} receipts are far fewer than the {needed} that it"
    " takes to notice a setting that fixes 4 of 100 receipts and breaks 1."
)
SENTENCES: Final = (ONE_ARM, BUDGET_SHORT, CANNOT_TELL)


def foreseen(plan: Plan, receipts: int, estimate: Estimate) -> Iterator[Note]:
    """What somebody should know before the start."""
    if len(plan.arms) == 1:
        yield Note(ONE_ARM)
    elif chance(plan, receipts) < UNLIKELY:
        yield Note(CANNOT_TELL, {"receipts": f"{receipts:,}", "needed": f"{needed(plan):,}"})
    if plan.budget_microusd is not None and (estimate.cost_microusd or 0) > plan.budget_microusd:
        runs = estimate.runs * plan.budget_microusd // (estimate.cost_microusd or 1)
        yield Note(BUDGET_SHORT, {"runs": f"{runs:,}", "planned": f"{estimate.runs:,}"})


def chance(plan: Plan, receipts: int) -> float:
    """How often so many receipts would tell a setting worth having, 0 to 1."""
    return power(FIXES, BREAKS, receipts, ALPHA / (len(plan.arms) - 1))


def needed(plan: Plan) -> int:
    """Receipts that tell it four times of five."""
    return _needed(len(plan.arms) - 1)


@functools.cache
def _needed(comparisons: int) -> int:
    return receipts_to_tell(FIXES, BREAKS, comparisons) or MOST_RECEIPTS
