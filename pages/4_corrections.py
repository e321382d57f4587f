"""Corrections: what people changed in readings: how often, what for what, and what names prompts may offer."""

from ledger.ui import corrections_page
from ledger.ui.shell import open_desk

desk = open_desk()
corrections_page.show(desk)
