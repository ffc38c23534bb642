"""The smallest whole live stage: builders copy it, tests and the benchmark drive it."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.apps.live_stage import LiveExample, show_stage
from pages.ui import state

st.set_page_config(page_title="A live stage", layout="wide")
state.open_link()
st.title("A live stage", anchor=False)
show_stage()
st.text(f"Settled: {state.load(LiveExample).height:g}")
state.publish_link()
state.settle()
