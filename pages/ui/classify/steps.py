"""The way from the photo to the numbers that the network takes, one picture a step."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.photo import small_uri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.prediction.preprocessing import Step

SHOWN_PX = 336  # twice the largest width on the page, for sharp screens
SHARP_BELOW_PX = 100  # smaller pictures are enlarged, and then their pixels should be seen

_STYLE = """
<style>
.lab-steps { display: grid; grid-template-columns: repeat(auto-fill, minmax(125px, 1fr)); gap: 1.1rem 1.1rem;
  margin: 0; }
.lab-steps .step { margin: 0; min-width: 0; }
.lab-steps .frame { height: 130px; display: flex; align-items: center; justify-content: flex-start; }
.lab-steps img { max-width: 100%; max-height: 130px; border-radius: 5px; display: block; }
.lab-steps img.sharp { image-rendering: pixelated; width: 130px; height: 130px; object-fit: contain;
  object-position: left; }
.lab-steps b { display: block; margin: 0.45rem 0 0.1rem; font-weight: 620; font-size: 0.95rem; }
.lab-steps p { margin: 0; font-size: 0.85rem; line-height: 1.4; opacity: 0.85; overflow-wrap: anywhere; }
@media (max-width: 640px) { .lab-steps { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 0.8rem; } }
</style>
"""


def show_steps(steps: Sequence[Step]) -> None:
    """Show every step of the preprocessing, numbered, with what it did."""
    st.html(steps_html(steps))


def steps_html(steps: Sequence[Step]) -> str:
    """Write the steps as a list; every text is escaped."""
    items = "".join(_item(number, step) for number, step in enumerate(steps, start=1))
    return f'{_STYLE}<div class="lab-steps" role="list">{items}</div>'


def _item(number: int, step: Step) -> str:
    is_sharp = max(step.picture.shape[:2]) < SHARP_BELOW_PX
    height, width = step.picture.shape[:2]
    picture = (
        f'<img{" class=sharp" if is_sharp else ""} src="{small_uri(step.picture, SHOWN_PX)}" '
        f'alt="{escape(f"After step {number}, {step.title}: {width} by {height} pixels")}">'
    )
    text = f"<b>{number}. {escape(step.title)}</b><p>{escape(step.sentence)}</p>"
    return f'<div class="step" role="listitem"><div class="frame">{picture}</div>{text}</div>'
