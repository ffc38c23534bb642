"""What a stage says after it had to change an impossible setting, for as long as that setting stays."""

from __future__ import annotations

from pages.ui import state
from pages.ui.state import PageState


def keep_mended(changed: PageState, sentence: str) -> None:
    """Keep a setting that was brought to the nearest possible one, and the sentence that says so."""
    state.keep(changed)
    state.remember(_name(type(changed)), (changed, sentence))


def mended_sentence(chosen: PageState) -> str:
    """What to say about a setting: nothing, unless it is the mended one and nobody has changed it since."""
    changed, sentence = state.recall(_name(type(chosen)), (None, ""))
    if chosen == changed:
        return str(sentence)
    forget_mended(type(chosen))  # who comes back to it later has chosen it
    return ""


def forget_mended(model: type[PageState]) -> None:
    """Say nothing more about what was mended: an experiment or an exercise sets the stage anew."""
    state.forget(_name(model))


def _name(model: type[PageState]) -> str:
    return f"mended.{model.page}"
