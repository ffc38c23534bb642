"""Exam: some questions in one sitting, nothing told before the end, then a result with explanations."""

import streamlit as st

from pages.ui.questions.exam import show_exam

st.title("Exam", anchor=False)
show_exam()
