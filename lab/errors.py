"""What the lab says when something cannot be done: a code, what, where, the numbers, and ways out.

A leaf module: everything in ``lab`` may import it, it imports nothing of ``lab``. A :class:`Fix` is plain data that
``lab.network.edit.apply_edits`` can apply to a network, so a page can offer it as one click.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """The closed list of things that can be wrong; a message shows its code, so that a learner can quote it."""

    GEOMETRY = "GEO-SIZE"  # a window that does not fit, a size below 1
    NETWORK_SPEC = "NET-SPEC"  # a spec that is not valid on its own: unknown kind, field, id, version
    NETWORK_SHAPE = "NET-SHAPE"  # a layer that cannot take what reaches it
    NETWORK_SIZE = "NET-SIZE"  # more parameters or activations than this lab agrees to allocate
    NETWORK_CODE = "NET-CODE"  # a network that the chosen export cannot express
    IMAGE_FORMAT = "IMG-FORMAT"  # not a picture, or not one of the formats taken
    IMAGE_TRUNCATED = "IMG-TRUNCATED"  # a picture that ends too early or is damaged
    IMAGE_TOO_LARGE = "IMG-TOO-LARGE"  # more bytes or pixels than the limit
    IMAGE_DECODER = "IMG-DECODER"  # the decoder crashed, ran out of memory or out of time
    DATA_UNKNOWN = "DATA-UNKNOWN"  # no data set of that name
    DATA_DOWNLOAD = "DATA-DOWNLOAD"  # a data set that could not be fetched
    DATA_DAMAGED = "DATA-DAMAGED"  # files that do not match their checksum
    ARCHIVE_REFUSED = "ZIP-REFUSED"  # a zip that is hostile, damaged or not class folders
    RECIPE = "TRAIN-RECIPE"  # a training recipe that does not fit its network or data
    TRAINING_DIVERGED = "TRAIN-DIVERGED"  # the loss became NaN or infinite
    TRAINING_DEVICE = "TRAIN-DEVICE"  # the device asked for is not there, or ran out of memory
    RUN_UNKNOWN = "RUN-UNKNOWN"  # no run of that id
    RUN_DAMAGED = "RUN-DAMAGED"  # a run folder with missing, half-written or altered files
    RUN_STATE = "RUN-STATE"  # an order that the run's status does not allow
    DISK_FULL = "DISK-FULL"  # nothing more can be written
    DISK_REFUSED = "DISK-REFUSED"  # a folder or file that this program may not write
    LINK_DAMAGED = "LINK-DAMAGED"  # a share link that does not decode
    WEIGHTS_MISSING = "WEIGHTS-MISSING"  # pretrained weights that are not on this machine
    INPUT = "INPUT"  # a command-line argument or form value that cannot be used


@dataclass(frozen=True)
class SetField:
    """Set one field of one layer (``layer_id="input"`` with ``field="shape"`` sets the network's input)."""

    layer_id: str
    field: str
    value: object


@dataclass(frozen=True)
class InsertLayer:
    """Insert a new layer before ``before`` (``None``: at the end); ``params`` are the kind's own fields."""

    kind: str
    before: str | None = None
    params: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class RemoveLayer:
    """Take one layer out; whoever read it reads what it read."""

    layer_id: str


Edit = SetField | InsertLayer | RemoveLayer


@dataclass(frozen=True)
class Fix:
    """A way out: the sentence on its button, and the edits that one click applies."""

    label: str
    edits: tuple[Edit, ...]


class LabError(Exception):
    """Something the lab cannot do, told so that the reader knows what to do now.

    Args:
        code: one of the closed list.
        what: one sentence with the numbers, without the place; ends without a full stop.
        where: the layer id, field, file or run it is about, as the user knows it; empty when there is no place.
        now: what to do about it, a sentence without a full stop; may be empty when the fixes say it.
        fixes: ways out that can be applied to the network.

    Examples:
        >>> str(LabError(Code.GEOMETRY, "9 px do not fit in 8 px", where="conv2", now="raise the padding to 1"))
        'conv2: 9 px do not fit in 8 px; raise the padding to 1 (GEO-SIZE)'
    """

    def __init__(self, code: Code, what: str, *, where: str = "", now: str = "", fixes: tuple[Fix, ...] = ()) -> None:
        self.code = code
        self.what = what
        self.where = where
        self.now = now
        self.fixes = fixes
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The whole message on one line: where, what, what now, code."""
        place = f"{self.where}: " if self.where else ""
        advice = f"; {self.now}" if self.now else ""
        return f"{place}{self.what}{advice} ({self.code.value})"

    @property
    def layer_id(self) -> str:
        """The layer it is about: the part of ``where`` before the first dot."""
        return self.where.split(".")[0]


class GeometryError(LabError):
    """A size that cannot be: a window wider than its padded input, an argument below its minimum."""

    def __init__(self, what: str, *, where: str = "", now: str = "", fixes: tuple[Fix, ...] = ()) -> None:
        super().__init__(Code.GEOMETRY, what, where=where, now=now, fixes=fixes)


class NetworkError(LabError):
    """A network spec that is not valid, or layers that do not fit together."""


class PhotoError(LabError):
    """A picture that was not taken in."""


class DataError(LabError):
    """A data set that cannot be had."""


class TrainingError(LabError):
    """A run that cannot start or go on."""


class RunError(LabError):
    """A run folder, or an order to a run, that cannot be followed."""


class LinkError(LabError):
    """A share link that does not decode."""
