"""What readers say about their own limits. Pure."""

from __future__ import annotations

from typing import Final

NO_HANGUL: Final = "No Hangul data is installed: names and places were not read."
NO_TEMPERATURE: Final = "The offline engine has no temperature; {temperature} was not applied."
DISCOUNTS: Final = "Discounts of {amount} stand between the items; they are not items."
ASSUMED_CURRENCY: Final = "No currency is printed; {currency} was assumed."
NOT_SURE: Final = "The model {model} does not tell how sure it was of its words."
OTHER_MODEL: Final = "The model {model} was asked, and {answered} answered."
SENTENCES: Final = (NO_HANGUL, NO_TEMPERATURE, DISCOUNTS, ASSUMED_CURRENCY, NOT_SURE, OTHER_MODEL)
