"""The first page tells a newcomer what this is and where to begin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from pages.ui.home.cards import cards
from pages.ui.places import PLACES

ROOT = Path(__file__).parents[3]


def test_it_says_what_the_lab_is_and_what_the_machine_has() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert app.title[0].value == "See how a network sees"
    assert (
        "Build a convolutional network" in app.markdown[0].value
        or "Build a convolutional network" in app.main.markdown[0].value
    )
    captions = [caption.value for caption in app.main.caption]
    assert any("core" in caption and "memory" in caption for caption in captions)
    assert any(caption.startswith("None yet.") for caption in captions)


def test_the_cards_lead_through_the_whole_lab_in_the_order_of_a_first_visit() -> None:
    leads = [card.go for card in cards(preset("student_cnn"), [])]
    assert leads == ["convolution", "build", "train", "feature-maps", "classify", "practise"]
    assert set(leads) <= {row.url_path for row in PLACES}


def test_the_first_page_of_a_server_waits_for_neither_torch_nor_pandas(tmp_path: Path) -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"app = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout=60).run(); "
        "print(app.title[0].value, *({'torch', 'pandas'} & set(sys.modules)), sep=';')"
    )
    environment = os.environ | {"LAB_WARMUP": "0", "LAB_HOME": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert told.stdout.decode().strip() == "See how a network sees"
