"""Build: put a network together and read what each layer costs."""

from __future__ import annotations

import streamlit as st

from pages.ui.build.workshop import show_workshop

st.title("Build", anchor=False)
show_workshop()
