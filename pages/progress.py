"""A door: see ``pages/ui/doors.py``."""

from pages.ui.doors import open_app

open_app()
