"""Progress: what a learner knows by topic, what to practise next, and the answers to take along or erase."""

import streamlit as st

from pages.ui.questions.progress import show_progress

st.title("Progress", anchor=False)
show_progress()
