"""A zip of class folders from a user: read with suspicion, member by member, never extracted to disk.

Python's ``zipfile`` accepts overlapping entries (a few kilobytes that unfold to terabytes) and its ``extractall``
renames ``../`` in silence. So the list of entries is checked first, and what a member really holds is counted while
reading, whatever its header says.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from lab.data.decoder import MAX_BYTES
from lab.data.image_set import ImageSet
from lab.data.own_set import OwnPicture, Part, store_own_set
from lab.errors import Code, DataError

MAX_ARCHIVE_BYTES = 500_000_000
MAX_DIRECTORY_BYTES = 8_000_000  # the list of entries; about 200 bytes each for 40,000
MAX_ENTRIES = 20_000
MAX_CONTENT_BYTES = 2_000_000_000
# Files that operating systems and people leave beside pictures; they are passed over.
CLUTTER_NAMES = {"thumbs.db", "desktop.ini"}
CLUTTER_SUFFIXES = {".txt", ".md", ".csv", ".json", ".xml", ".html", ".pdf", ".py", ".yaml", ".yml"}
PARTS: dict[str, Part] = {"train": "train", "test": "test", "val": "test", "valid": "test", "validation": "test"}
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
TAIL_BYTES = END_OF_DIRECTORY.size + 65_535 + 20  # where it must start: before the longest comment, after zip64's mark


@dataclass(frozen=True)
class Member:
    """A file of the zip that should be a picture: where it lies, and what its folders say about it."""

    info: zipfile.ZipInfo
    name: str
    label: str
    part: Part | None


def import_archive(
    source: bytes | Path,
    name: str,
    home: Path | None = None,
    *,
    size_px: int = 64,
    seed: int = 2026,
    on_progress: Callable[[int, int], None] | None = None,
) -> ImageSet:
    """Take in a zip with one folder of pictures a class, and keep it as an image set.

    Folders ``train`` and ``test`` (or ``val``) above the class folders decide the split; without them a fifth of each
    class becomes the test part. One folder around everything is allowed.

    Args:
        source: the zip, as bytes or a file.
        name: what the user calls the set; its name in the catalogue is made from it.
        home: the lab's folder; ``None`` takes ``$LAB_HOME``.
        size_px: side of the squares the pictures become, 16 to 224 px.
        seed: decides the split.
        on_progress: called with the number of pictures done and their total.

    Returns:
        The new set, already stored.

    Raises:
        DataError: ZIP-REFUSED, with the entry's name and the reason; DISK-FULL.
    """
    with _open_zip(source) as archive:
        members = find_pictures(archive)
        pictures = _read_pictures(archive, members)
        return store_own_set(pictures, len(members), name, home, size_px=size_px, seed=seed, on_progress=on_progress)


def refused(what: str, *, where: str = "", now: str = "") -> DataError:
    """Make the error for a zip, or an entry of it, that is not taken; names are cut to a readable length."""
    shown = "".join(c if c.isprintable() else "?" for c in where)
    return DataError(Code.ARCHIVE_REFUSED, what, where=shown if len(shown) <= 80 else f"…{shown[-79:]}", now=now)


def find_pictures(archive: zipfile.ZipFile) -> list[Member]:
    """Check every entry and tell which files are pictures of which class.

    Raises:
        DataError: ZIP-REFUSED.
    """
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise refused(f"the zip has {len(entries):,} entries, more than {MAX_ENTRIES:,}", now="take fewer pictures")
    for info in entries:
        _check_entry(info)
    _check_overlaps(entries, archive.start_dir)
    files = [(info, _path_of(info)) for info in entries if not info.is_dir()]
    files = [(info, path) for info, path in files if not _is_clutter(path)]
    name, n_times = Counter(path.as_posix() for _, path in files).most_common(1)[0] if files else ("", 0)
    if n_times > 1:
        raise refused("two entries have this name", where=name)
    return _read_folders(files)


def _open_zip(source: bytes | Path) -> zipfile.ZipFile:
    """Open the zip after looking at its last bytes, which say how long its list of entries is."""
    try:
        n_bytes = len(source) if isinstance(source, bytes) else source.stat().st_size
        if n_bytes > MAX_ARCHIVE_BYTES:
            raise refused(f"the zip has {n_bytes / 1e6:,.0f} MB, more than {MAX_ARCHIVE_BYTES / 1e6:.0f}")
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            file.seek(max(n_bytes - TAIL_BYTES, 0))
            _check_end(file.read())
        return zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    except (OSError, zipfile.BadZipFile, struct.error, ValueError, NotImplementedError):
        raise refused("this is not a complete zip file", now="pack the folders again and retry") from None


def _check_end(tail: bytes) -> None:
    place = tail.rfind(b"PK\x05\x06")
    if place < 0:
        raise zipfile.BadZipFile
    _, _, _, _, n_entries, directory_bytes, _, _ = END_OF_DIRECTORY.unpack_from(tail, place)
    if b"PK\x06\x07" in tail[max(place - 20, 0) : place]:
        raise refused("it is in the zip64 format, which a zip of this size does not need", now="pack it in parts")
    if directory_bytes > MAX_DIRECTORY_BYTES or n_entries > MAX_ENTRIES:
        raise refused(f"the zip has more than {MAX_ENTRIES:,} entries", now="take fewer pictures")


def _check_entry(info: zipfile.ZipInfo) -> None:
    """Refuse what an honest zip of pictures does not contain."""
    path, kind = _path_of(info), stat.S_IFMT(info.external_attr >> 16)
    # A colon elsewhere is a name ("photo 12:30.png"), and nothing is ever extracted under it.
    has_drive = bool(PureWindowsPath(path).drive)
    if path.is_absolute() or has_drive or ".." in path.parts or "\0" in info.orig_filename:
        raise refused("this entry's path leads out of the zip", where=info.orig_filename)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refused("this entry is a link or device, not a file", where=info.orig_filename)
    if info.flag_bits & 1:
        raise refused("this entry is encrypted", where=info.orig_filename, now="pack the folders without a password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused("this entry uses an unusual compression", where=info.orig_filename, now="pack it as a plain zip")


def _path_of(info: zipfile.ZipInfo) -> PurePosixPath:
    """Read the entry's path; some Windows programs write backslashes."""
    return PurePosixPath(info.orig_filename.replace("\\", "/") or "?")


def _check_overlaps(entries: list[zipfile.ZipInfo], start_of_directory: int) -> None:
    """Refuse entries that share bytes: the trick of bombs that unfold a few kilobytes to terabytes.

    Source:
        D. Fifield, "A better zip bomb", WOOT 2019.
    """
    in_order = sorted(entries, key=lambda info: info.header_offset)
    ends = [info.header_offset for info in in_order[1:]] + [start_of_directory]
    for info, end in zip(in_order, ends, strict=True):
        shortest_header = 30 + len(info.orig_filename)
        if info.header_offset + shortest_header + info.compress_size > end:
            raise refused("this entry overlaps another one, as in a zip bomb", where=info.orig_filename)


def _is_clutter(path: PurePosixPath) -> bool:
    return (
        any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
        or path.name.lower() in CLUTTER_NAMES
        or path.suffix.lower() in CLUTTER_SUFFIXES
    )


def _read_folders(files: list[tuple[zipfile.ZipInfo, PurePosixPath]]) -> list[Member]:
    """Read class and part from the folders, after taking off folders that are around everything."""
    parts = [path.parts for _, path in files]
    while parts and all(len(p) > 2 for p in parts) and len({p[0] for p in parts}) == 1:
        parts = [p[1:] for p in parts]
    tops = {p[0].lower() for p in parts if len(p) > 2}
    is_split = {"train"} < tops <= set(PARTS) and all(len(p) > 2 for p in parts)
    members = []
    for (info, path), folders in zip(files, parts, strict=True):
        if len(folders) < 2:
            raise refused(
                "this picture is in no folder",
                where=path.name,
                now="put each picture in a folder named after its class",
            )
        part = PARTS[folders[0].lower()] if is_split else None
        members.append(Member(info, path.as_posix(), folders[1] if is_split else folders[0], part))
    return members


def _read_pictures(archive: zipfile.ZipFile, members: list[Member]) -> Iterator[OwnPicture]:
    """Read one picture after another, counting what really comes out."""
    total = 0
    for member in members:
        try:
            with archive.open(member.info) as file:
                data = file.read(MAX_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
            raise refused("this entry is damaged", where=member.name, now="pack the folders again") from None
        total += len(data)
        if total > MAX_CONTENT_BYTES:
            raise refused(f"the pictures have more than {MAX_CONTENT_BYTES / 1e9:.0f} GB in all", where=member.name)
        yield OwnPicture(member.name, member.label, data, member.part)
