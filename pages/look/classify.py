"""Classify a photo: show a network a picture, read what it makes of it, and see what it really got to see."""

import streamlit as st

from pages.ui.classify.screen import show_answer_panel, show_photo_panel, show_steps_panel

st.title("Classify a photo", anchor=False)
left, right = st.columns(2, gap="large")
with left:
    photo = show_photo_panel()
with right:
    outcome = show_answer_panel(photo)
if outcome is not None:
    show_steps_panel(outcome)
