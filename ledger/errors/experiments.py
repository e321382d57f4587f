"""What is compared, and on what."""

from __future__ import annotations

from ledger.errors.root import LedgerError


class ExperimentError(LedgerError):
    """An experiment, or what it is made of, that cannot be."""


class DatasetInvalid(ExperimentError):
    sentence = "{source} cannot be used as a dataset: {why} Nothing was imported."


class DatasetNotFound(ExperimentError):
    sentence = "There is no dataset version {name!r}. Freeze or import one first."


class NameTaken(ExperimentError):
    sentence = "There is a dataset version {name!r} already, and versions never change. Choose another name."


class NameMissing(ExperimentError):
    sentence = "A dataset version needs a name of at most {limit} characters. Give it one."


class PictureReplaced(ExperimentError):
    sentence = (
        "The picture {key!r} is not the one that this dataset version holds: another one lies in its place. Put the old"
        " one back, or freeze a new version."
    )


class ExportFailed(ExperimentError):
    sentence = "The dataset cannot be written to {path}: {why}. Choose another place."


class NoReceiptsToFreeze(ExperimentError):
    sentence = "There is nothing to freeze. {why} Widen the filter, or confirm some receipts first."


class ExperimentNotFound(ExperimentError):
    sentence = "There is no experiment {experiment_id}. Choose one of the list."


class ArmNotFound(ExperimentError):
    sentence = "Experiment {experiment_id} has no arm {arm!r}. Choose one of its arms."


class ExperimentInvalid(ExperimentError):
    sentence = "This cannot be compared: {why}"


class ExperimentBusy(ExperimentError):
    sentence = "Experiment {experiment_id} is being run by another process. Pause it there, or wait."


class ExperimentClosed(ExperimentError):
    sentence = "Experiment {experiment_id} is {status}, so nothing more is run. Make a new one."
