"""Feature maps: the whole network in one picture, and any map of it taken apart."""

import streamlit as st

from pages.ui.feature_maps.drawing import show_drawing
from pages.ui.feature_maps.photo import choose_picture
from pages.ui.feature_maps.subject import choose_source

st.title("Feature maps", anchor=False)
left, right = st.columns([1, 1], gap="medium", vertical_alignment="bottom")
with left:
    source = choose_source()
with right:
    pixels = choose_picture()
if pixels is not None:
    show_drawing(source, pixels)
