"""Sample pictures of a data set are on screen before torch is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]


def test_the_strips_of_the_bundled_set_need_no_torch() -> None:
    code = (
        "import sys; from pages.ui.train.samples import class_strips; strips = class_strips('fashion-mnist', 0); "
        "print(len(strips), strips[0].n_images, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["10", "1200", "False"]
