"""A page with every question of a level and its worked solution, as Practise draws them; for measuring in a browser.

Served by a test: ``?level=2&seed=1``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from lab.questions.question import make_question
from lab.questions.topics import TOPICS
from pages.ui.questions.card import show_question, show_solution

level, seed = (int(st.query_params.get(name, "1")) for name in ("level", "seed"))
for topic in TOPICS:
    with st.container(border=True, key=f"card_{topic}"):
        question = make_question(topic, level, seed)
        show_question(question)
        for hint in question.hints:
            st.markdown(hint)
        show_solution(question)
st.caption("All questions.")
