"""The catalogue and the photo intake come without torch, so that the first page does not wait for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from lab.data.catalogue import DATA_SETS
from lab.data.storage import NAME

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("module", ["catalogue", "storage", "photo", "augment", "assets"])
def test_importing_it_does_not_import_torch(module):
    code = f"import sys, lab.data.{module}; lab.data.{module}; print('torch' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize("row", DATA_SETS.values(), ids=lambda row: row.name)
def test_every_row_says_all_that_a_page_shows(row):
    assert NAME.fullmatch(row.name)
    assert row.title
    assert row.sentence.endswith(".")
    assert row.licence
    assert row.source
    assert len(row.classes) == len(set(row.classes)) >= 2
    assert row.shape[0] in (1, 3)
    assert row.bundled == (row.download_bytes == 0)
