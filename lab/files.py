"""The lab's folder, and writing into it so that a kill, a power cut or a full disk never leaves half a file behind."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from lab.errors import Code, LabError

_TEMPORARY_PREFIX = ".new-"
# EFBIG is what a process with a limit on file sizes (RLIMIT_FSIZE) gets, EDQUOT a user over quota.
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def lab_home(home: Path | None = None) -> Path:
    """Find the lab's folder: the one given, else ``$LAB_HOME``, else ``.lab`` in the working directory."""
    return home or Path(os.environ.get("LAB_HOME") or ".lab")


@contextlib.contextmanager
def disk_errors_in_words(file_name: str) -> Iterator[None]:
    """Turn "no space left" and "not allowed" into the lab's sentences; every other error passes unchanged.

    Args:
        file_name: what was being written, as the learner may see it: a name, never a path of the server.

    Raises:
        LabError: DISK-FULL, when the block ran out of disk space, quota or allowed file size; DISK-REFUSED, when the
            system does not let this program write there.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _REFUSED:
            what = "this cannot be written: the system does not allow it"
            now = "let the lab write to its folder, or set LAB_HOME to another one"
            raise LabError(Code.DISK_REFUSED, what, where=file_name, now=now) from error
        if error.errno not in _FULL:
            raise
        raise LabError(
            Code.DISK_FULL,
            "there is no space left on the disk to write this file; everything saved before is intact",
            where=file_name,
            now="delete runs that are no longer needed or free space otherwise, then resume",
        ) from error


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace ``path`` by ``data`` in one step: whoever reads sees the old file or the new one, never a part.

    The bytes go to a new file beside it, are forced to the disk, and the new file is renamed over the old name; then
    the folder itself is forced to the disk, because a rename is only a change of the folder.

    Args:
        path: the final name; its folder must exist.
        data: the whole content.
        durable: ``False`` leaves out both waits for the disk. Enough for what may be lost in a power cut, such as a
            heartbeat; a killed process loses nothing either way.

    Raises:
        LabError: DISK-FULL or DISK-REFUSED; the old file is still there.
        OSError: any other failure of the system.
    """
    temporary = path.parent / f"{_TEMPORARY_PREFIX}{path.name}-{secrets.token_hex(4)}"
    with disk_errors_in_words(path.name):
        try:
            write_new(temporary, data, durable=durable)
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if durable:
            sync_folder(path.parent)


def write_new(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a file that must not exist yet, and force it to the disk unless told otherwise.

    For files inside a folder that is renamed as a whole; a single file goes through :func:`write_atomically`.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        view = memoryview(data)
        while view:  # os.write may take only a part: at most 2 GiB at once on Linux
            view = view[os.write(descriptor, view) :]
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, value: object, *, durable: bool = True) -> None:
    """Write ``value`` as one JSON document with :func:`write_atomically`."""
    write_atomically(path, (json.dumps(value, allow_nan=False) + "\n").encode(), durable=durable)


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk; does nothing where a folder cannot be opened (Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(folder: Path) -> None:
    """Delete the unfinished new files that a killed writer left in ``folder``."""
    for leftover in folder.glob(f"{_TEMPORARY_PREFIX}*"):
        leftover.unlink(missing_ok=True)


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 hexadecimal digits.

    Examples:
        >>> sha256_hex(b"")[:16]
        'e3b0c44298fc1c14'
    """
    return hashlib.sha256(data).hexdigest()


@contextlib.contextmanager
def hold_alone(path: Path, *, patience_s: float = 0.0) -> Iterator[bool]:
    """Try to hold the lock file ``path``; the system lets go of it when the process ends, however it ends.

    Args:
        path: the file; made if missing, never removed.
        patience_s: how long to try.

    Yields:
        Whether it is held; ``False`` when somebody else has it.
    """
    with path.open("ab") as file:
        deadline = time.monotonic() + patience_s
        while not (is_held := _try_lock(file.fileno())) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield is_held


def _try_lock(descriptor: int) -> bool:
    try:
        _lock(descriptor)
    except OSError:
        return False
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
