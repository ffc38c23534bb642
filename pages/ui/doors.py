"""Why there is a file of four lines beside the sections of ``pages/`` for every page of the lab.

Until ``st.navigation`` has been called once in a server's life, Streamlit takes every ``pages/*.py`` for a page of
its older kind and knows no other. So a link to ``/build`` that is the very first request after a start would be
answered with "Page not found" over the page. A file ``pages/build.py`` makes the address known; all it does is to run
``app.py``, which calls ``st.navigation`` and shows the real page, ``pages/network/build.py``. A test keeps the doors
complete.
"""

from __future__ import annotations

import runpy
from pathlib import Path

APP = Path(__file__).parents[2] / "app.py"


def open_app() -> None:
    """Run the app, which finds the page by its address."""
    runpy.run_path(str(APP))
