"""Image sets on disk: ``$LAB_HOME/data/<name>/`` with the images as safetensors and one JSON of what they are.

A set appears whole or not at all: it is written into a new folder beside its place, flushed, and renamed. The JSON
carries the images' SHA-256, checked at every load, because safetensors does not notice a flipped bit.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import tempfile
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

from lab.data.catalogue import DATA_SETS, DataSetRow
from lab.data.placement import has_room
from lab.errors import Code, DataError
from lab.files import disk_errors_in_words, lab_home, sync_folder, write_new

if TYPE_CHECKING:
    from torch import Tensor

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
IMAGES = "images.safetensors"
DESCRIPTION = "set.json"
MAX_DESCRIPTION_BYTES = 1 << 20  # 1,000 class names of 200 characters fit many times over
TENSORS = ("train_images", "train_labels", "test_images", "test_labels")


def set_folder(name: str, home: Path | None = None) -> Path:
    """Find where a set is, or would be, stored.

    Raises:
        DataError: DATA-UNKNOWN, the name is not one that a set can have.
    """
    if not NAME.fullmatch(name):
        raise DataError(Code.DATA_UNKNOWN, f"{name[:60]!r} is not the name of a data set")
    return lab_home(home) / "data" / name


def is_stored(name: str, home: Path | None = None) -> bool:
    """Tell whether a set is on this machine's disk already."""
    return (set_folder(name, home) / DESCRIPTION).is_file()


def stored_at_ns(name: str, home: Path | None = None) -> int:
    """When a set was stored, nanoseconds since 1970; 0 if it is not: a set stored anew under a name is another one."""
    try:
        return (set_folder(name, home) / DESCRIPTION).stat().st_mtime_ns
    except OSError:
        return 0


def store_set(row: DataSetRow, tensors: dict[str, Tensor], home: Path | None = None) -> None:
    """Write a set so that it is there whole or not at all.

    Args:
        row: what it is; ``row.name`` decides the place.
        tensors: the four of :data:`TENSORS`, images uint8 (N, C, H, W), labels int64 (N,).

    Raises:
        LabError: DISK-FULL or DISK-REFUSED; a set of this name stored before is still there.
    """
    from safetensors.torch import save

    place = set_folder(row.name, home)
    images = save({name: tensors[name].contiguous() for name in TENSORS})
    description = json.dumps(asdict(row) | {"sha256": hashlib.sha256(images).hexdigest()}, indent=1)
    with disk_errors_in_words(row.name):
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
        try:
            write_new(draft / IMAGES, images)
            write_new(draft / DESCRIPTION, description.encode())
            sync_folder(draft)
            _take_place(draft, place)
            sync_folder(place.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _take_place(draft: Path, place: Path) -> None:
    """Put the draft where the old set is, which goes aside first and comes back where that fails."""
    aside = _put_aside(place)
    try:
        draft.replace(place)
    except OSError:
        with suppress(FileNotFoundError):
            aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _put_aside(place: Path) -> Path:
    """Rename a set, if there is one, so that it can be deleted without ever being half there."""
    aside = place.with_name(f".deleted-{place.name}-{secrets.token_hex(4)}")
    with suppress(FileNotFoundError):
        place.rename(aside)
    return aside


def read_set(name: str, home: Path | None = None) -> tuple[DataSetRow, dict[str, Tensor], str]:
    """Read a stored set: into memory if it has room for the images, else each image from the file when it is used.

    The file is replaced as a whole and never written to, so what was checked stays what is there.

    Returns:
        Its row, its four tensors by name, and the SHA-256 of its images file.

    Raises:
        DataError: DATA-DAMAGED, a file is missing, unreadable or not the one that was written.
    """
    from safetensors import SafetensorError

    folder = set_folder(name, home)
    try:
        row, expected = _read_description(folder)
        tensors = _read_tensors(folder / IMAGES, expected)
        _check_tensors(row, tensors)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, SafetensorError):
        raise DataError(
            Code.DATA_DAMAGED,
            "the stored files are damaged or incomplete",
            where=name,
            now="delete the set and fetch or import it again",
        ) from None
    return row, tensors, expected


def _read_tensors(path: Path, expected_sha256: str) -> dict[str, Tensor]:
    from safetensors import safe_open

    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != expected_sha256:
            raise ValueError("checksum")
    in_memory = has_room(path.stat().st_size)
    with safe_open(path, framework="pt") as file:  # maps the file: a tensor's pages are read when they are touched
        tensors = {name: file.get_tensor(name) for name in TENSORS}
    return {name: t.clone() if in_memory or name.endswith("labels") else t for name, t in tensors.items()}


def own_sets(home: Path | None = None) -> dict[str, DataSetRow]:
    """List the sets that users imported, by name; one that cannot be read is left out."""
    found = {}
    for folder in sorted((lab_home(home) / "data").glob("*")):
        if NAME.fullmatch(folder.name) and folder.name not in DATA_SETS:
            try:
                found[folder.name] = _read_description(folder)[0]
            except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
                continue  # half a set is no set; loading it by name says so
    return found


def delete_set(name: str, home: Path | None = None) -> None:
    """Delete a stored set; the bundled and generated ones are not stored and stay.

    Raises:
        LabError: DISK-REFUSED, this program may not delete it.
    """
    place = set_folder(name, home)
    with disk_errors_in_words(name):
        aside = _put_aside(place)
    shutil.rmtree(aside, ignore_errors=True)


def _read_description(folder: Path) -> tuple[DataSetRow, str]:
    path = folder / DESCRIPTION
    if path.stat().st_size > MAX_DESCRIPTION_BYTES:
        raise ValueError("too large")
    values = json.loads(path.read_bytes())
    sha256 = values.pop("sha256")
    values = {field.name: values[field.name] for field in fields(DataSetRow)}
    values |= {"classes": tuple(map(str, values["classes"])), "shape": tuple(map(int, values["shape"]))}
    if values["name"] != folder.name or len(values["shape"]) != 3:
        raise ValueError("not this set")
    return DataSetRow(**values), str(sha256)


def _check_tensors(row: DataSetRow, tensors: dict[str, Tensor]) -> None:
    for part, n_images in (("train", row.n_train), ("test", row.n_test)):
        if tuple(tensors[f"{part}_images"].shape) != (n_images, *row.shape):
            raise ValueError("images do not fit the description")
        if tuple(tensors[f"{part}_labels"].shape) != (n_images,):
            raise ValueError("labels do not fit the description")
