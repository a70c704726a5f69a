"""Failures that reach a person: each message is one plain sentence."""


class PlainError(Exception):
    """Something a person can act on; the message is shown as it is, without a traceback."""


class CaptionError(PlainError):
    """A description that cannot be painted: empty, or without a single known word."""


class WeightsError(PlainError):
    """A weight set that is missing, incomplete, damaged or of another shape than it says."""


class DataError(PlainError):
    """A data set that is missing or not laid out as expected."""
