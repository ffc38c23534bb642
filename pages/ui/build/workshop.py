"""The Build page: the toolbar, and below it one live stage; in the view of code, the code under it."""

from __future__ import annotations

from pages.ui import state
from pages.ui.build.code_view import show_code
from pages.ui.build.stage import show_stage
from pages.ui.build.state import BuildState
from pages.ui.build.toolbar import show_toolbar


def show_workshop() -> None:
    """Draw them."""
    show_toolbar()
    show_stage()
    if state.load(BuildState).view == "Code":
        show_code()
