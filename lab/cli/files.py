"""Files that a command reads and writes; whatever the system refuses is told in one sentence."""

from __future__ import annotations

from pathlib import Path

from lab.errors import Code, LabError


def is_file(name: str) -> bool:
    """Whether there is a file of that name; a name that the system cannot take is none."""
    try:
        return Path(name).is_file()
    except OSError:
        return False


def read_text(path: Path, *, max_bytes: int) -> str:
    """Read a file as UTF-8 text.

    Raises:
        LabError: INPUT, it is longer than ``max_bytes``, not text, or not to be read.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise LabError(Code.INPUT, f"the file is longer than {max_bytes:,} bytes", where=str(path))
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(Code.INPUT, "the file cannot be read as UTF-8 text", where=str(path)) from error


def write_file(path: Path, data: bytes) -> None:
    """Write a command's result; an older file of that name is replaced in one step.

    Raises:
        LabError: INPUT, there is no such folder or it cannot be written to, or the name belongs to something that is
            no file (a folder, ``/dev/null``) and must not be replaced; DISK-FULL.
    """
    from lab.files import write_atomically

    now = "choose another place with --out"
    try:
        if path.exists() and not path.is_file():
            raise LabError(Code.INPUT, "this is a folder or a device, not a file", where=str(path), now=now)
        write_atomically(path, data)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        reason = "its folder does not exist" if missing else (error.strerror or "it is refused").lower()
        raise LabError(Code.INPUT, f"the file cannot be written: {reason}", where=str(path), now=now) from error
