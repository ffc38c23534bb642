"""The place where an answer goes: one text box, options to choose from, or one box per cell of a matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.ui.components.assets import script, style

_component = st.components.v2.component(
    "lab_reply_box",
    html='<div class="reply-box"></div>',
    css=style("reply_box"),
    js=script("element", "reply_box"),
)


def reply_box(
    data: Mapping[str, Any], *, key: str, on_reply: Callable[[], None], on_act: Callable[[], None]
) -> Mapping[str, Any]:
    """Mount the box.

    Args:
        data: what is asked, as ``pages.ui.questions.reply`` puts it together.
        key: the widget's key.
        on_reply: called when something else stands in the box.
        on_act: called when Enter or a button was pressed.

    Returns:
        ``{"reply": …, "act": …}`` as they come from the browser: untrusted, ``None`` where there is nothing.
    """
    made = _component(key=key, data=dict(data), height="content", on_reply_change=on_reply, on_act_change=on_act)
    return {"reply": made.reply, "act": made.act}
