"""Packed runs that wait for their download: where they lie, and for how long."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from lab.files import lab_home

# Packed runs wait here, in the lab's folder, for their download. The heartbeat sees to it that none waits longer.
PACKED = ".packed"
PACKED_KEPT_S = 3600.0


def forget_old(home: Path | None = None) -> None:
    """Delete the packed runs that have waited long enough; cheap where there is none."""
    for path in (lab_home(home) / PACKED).glob("*.zip"):
        with suppress(OSError):  # somebody else clears up as well
            if time.time() - path.stat().st_mtime > PACKED_KEPT_S:
                path.unlink()
