"""What a stage says after it had to change an impossible setting, for as long as that setting stays."""

from __future__ import annotations

from pages.ui import state
from pages.ui.state import PageState


def keep_mended(changed: PageState, sentence: str) -> None:
    """Keep a setting that was brought to the nearest possible one, and the sentence that says so."""
    state.keep(changed)
    state.remember(f"mended.{changed.page}", (changed, sentence))


def mended_sentence(chosen: PageState) -> str:
    """What to say about a setting: nothing, unless it is the mended one and nobody has changed it since."""
    changed, sentence = state.recall(f"mended.{chosen.page}", (None, ""))
    return str(sentence) if chosen == changed else ""
