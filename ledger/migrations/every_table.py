"""Brings all tables into the metadata, whichever stage they belong to."""

import ledger.api.tables
import ledger.auto_confirm.tables
import ledger.experiments.tables
import ledger.extraction.batches.tables
import ledger.extraction.tables
import ledger.migrations.tables
import ledger.prompts.tables
import ledger.review.tables
import ledger.tables
import ledger.tuning.tables  # noqa: F401 -- all of them are here for what importing them does
