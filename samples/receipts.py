"""All sample receipts. Shops, addresses and animals are invented; business numbers and telephones are zeros."""

from __future__ import annotations

from typing import Final

from samples.care_receipts import CARE
from samples.sale import Sample
from samples.shop_receipts import SHOPS

SAMPLES: Final[tuple[Sample, ...]] = (*SHOPS, *CARE)
