"""Sheet: a seeded set of questions to print, with its answer key apart, and other numbers for every student."""

import streamlit as st

from pages.ui.questions.sheet import show_sheet

st.title("Sheet", anchor=False)
st.write(
    "Questions on paper for a class. The same seed always gives the same sheet, and every student can get other "
    "numbers of the same difficulty."
)
show_sheet()
