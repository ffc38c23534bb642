"""Practise: endless questions by topic and level, each answer explained."""

import streamlit as st

from pages.ui.questions.practise import show_practise

st.title("Practise", anchor=False)
show_practise()
