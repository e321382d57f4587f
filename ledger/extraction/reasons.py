"""Why a reading failed or a value was left out, where it is us who say so: what fills the {why} of errors. Pure.

What a service or a library says fills it in its own words, which nobody here can translate.
"""

from __future__ import annotations

from typing import Final

# ---- Whoever answers

NO_CONNECTION: Final = "it does not accept a connection"
UNSENDABLE_KEY: Final = "OPENAI_API_KEY holds characters that no key has and no request can carry"
WEB_PAGE: Final = "it sends a web page"
NO_COMPLETION: Final = "it sends no completion ({problem})"
NO_MODEL_LIST: Final = "it sends no list of models ({problem})"
NOTHING_THERE: Final = "it answers HTTP {status} at {path}"
NOT_LISTED: Final = "it is not among those that the service lists."
NO_REASON: Final = "no reason was given."

# ---- An answer of another shape

NO_OBJECT: Final = "it is no JSON object"
NO_FIELD: Final = "the field {field} is missing"
OTHER_KIND: Final = "the field {field} is of another kind"

# ---- Settings and what is installed

NONE_OF: Final = "'{value}' is none of {known}."
NO_RAPIDOCR: Final = "the package rapidocr, which carries the OCR models, is not installed"
NO_OCR_MODEL: Final = "the OCR model {name} is not in {folder}"
PACKAGE_BROKEN: Final = "a package of the engine cannot be loaded ({problem})"
NO_FILE: Final = "no file is set"
NOT_EDSR: Final = "OpenCV cannot run it as an EDSR network"
NOT_DOUBLED: Final = "it does not give a picture back at twice its size"

# ---- Values that their fields cannot hold

NOT_TEXT: Final = "This is not a text."
BLANK_TEXT: Final = "The text is blank."
LONG_TEXT: Final = "The text is longer than {limit} characters."
NOT_WHOLE: Final = "This is not a whole number."
LARGE_NUMBER: Final = "The number is too large to be stored."
NOT_DATE: Final = "This is not a date of the form YYYY-MM-DD."
NO_SUCH_DATE: Final = "The calendar has no such date."
NO_CATEGORY: Final = "This is none of the categories."
NO_CURRENCY: Final = "This is no currency of ISO 4217; the amounts were taken as KRW."

SENTENCES: Final = (
    NO_CONNECTION,
    UNSENDABLE_KEY,
    WEB_PAGE,
    NO_COMPLETION,
    NO_MODEL_LIST,
    NOTHING_THERE,
    NOT_LISTED,
    NO_REASON,
    NO_OBJECT,
    NO_FIELD,
    OTHER_KIND,
    NONE_OF,
    NO_RAPIDOCR,
    NO_OCR_MODEL,
    PACKAGE_BROKEN,
    NO_FILE,
    NOT_EDSR,
    NOT_DOUBLED,
    NOT_TEXT,
    BLANK_TEXT,
    LONG_TEXT,
    NOT_WHOLE,
    LARGE_NUMBER,
    NOT_DATE,
    NO_SUCH_DATE,
    NO_CATEGORY,
    NO_CURRENCY,
)
