"""The bare pair that live stages are measured against: a range input that sends at every event, and a picture of it.

Nothing can be less: one fragment, two components, one number there and back.
"""

import streamlit as st

RANGE = """
export default function ({ parentElement, setStateValue }) {
  const range = parentElement.querySelector("input");
  range.oninput = () => setStateValue("v", { v: range.valueAsNumber, at: performance.now() });
}
"""
PICTURE = """
export default function ({ parentElement, data }) {
  const bar = parentElement.querySelector(".bar");
  bar.style.width = `${data.v}px`;
  bar.dataset.at = data.at;
  bar.dataset.drawn = Number(bar.dataset.drawn || 0) + 1;
}
"""

control = st.components.v2.component(
    "bare_range", html='<input type="range" min="0" max="500" aria-label="Bare">\n', js=RANGE
)
picture = st.components.v2.component(
    "bare_picture", html='<div class="bar" style="height:20px;background:teal"></div>\n', js=PICTURE
)


@st.fragment
def pair() -> None:
    """The control, then what it is set to."""
    value = control(key="range", on_v_change=lambda: None).v or {"v": 250, "at": 0}
    picture(key="picture", data=value)


pair()
