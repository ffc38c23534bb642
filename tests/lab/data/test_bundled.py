"""The bundled set as arrays: the same images as everywhere, and no torch."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from lab.data.bundled import read_bundled
from lab.data.image_set import load_image_set


def test_the_arrays_are_the_image_set() -> None:
    arrays, image_set = read_bundled(), load_image_set("fashion-mnist")
    for name, array in arrays.items():
        assert np.array_equal(array, getattr(image_set, name).numpy())


def test_reading_them_imports_no_torch() -> None:
    code = "import sys; from lab.data.bundled import read_bundled; read_bundled(); print('torch' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
