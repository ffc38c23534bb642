"""Files that come with the lab: ``assets/``, each listed in ``assets/SOURCES.md`` with origin, licence and SHA-256.

That table is the one place for these facts: people read it, and so does this module, which hands out no file whose
checksum is not the one in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lab.errors import Code, DataError

ASSETS = Path(__file__).resolve().parents[2] / "assets"


@dataclass(frozen=True)
class Asset:
    """One row of SOURCES.md: the path below ``assets/``, what it shows, licence, origin and checksum."""

    file: str
    title: str
    licence: str
    source: str
    sha256: str


@cache
def assets() -> dict[str, Asset]:
    """Read the table of SOURCES.md: assets by path below ``assets/``, in its order."""
    found = {}
    for line in (ASSETS / "SOURCES.md").read_text("utf-8").splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 5:
            found[cells[0]] = Asset(*cells)
    return found


def read_asset(file: str) -> bytes:
    """Read a bundled file and check that it is the one that was published.

    Raises:
        DataError: DATA-DAMAGED, it is missing or differs from its checksum.
    """
    try:
        data = (ASSETS / file).read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != assets()[file].sha256:
        raise DataError(
            Code.DATA_DAMAGED,
            "the file that came with the lab is missing or damaged",
            where=f"assets/{file}",
            now="restore it from the repository",
        )
    return data
