"""Which picture is shown to the network."""

from __future__ import annotations

import numpy as np

from lab.data.photo import open_photo, sample_photos


def choose_picture() -> np.ndarray | None:
    """Ask for a picture; ``None`` as long as there is none."""
    return open_photo(next(p for p in sample_photos() if p.name == "coffee").path)
