"""Build: put a network together and read what each layer costs."""

from __future__ import annotations

from pages.ui.build.workshop import show_workshop

show_workshop()
