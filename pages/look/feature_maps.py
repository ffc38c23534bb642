"""Feature maps: the whole network in one picture, and any map of it taken apart."""

import streamlit as st

from pages.ui.feature_maps.drawing import show_drawing
from pages.ui.feature_maps.subject import choose_source, data_of
from pages.ui.photo import photo_input, suit_photo

left, right = st.columns([2, 3], gap="medium", vertical_alignment="top")
with left:
    st.title("Feature maps", anchor=False)
    source = choose_source()
with right:
    suit_photo(data_of(source))
    photo = photo_input(empty="Choose a picture, and every layer's maps of it appear below.")
if photo is not None:
    show_drawing(source, photo)
