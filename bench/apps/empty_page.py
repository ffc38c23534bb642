"""The empty page: one slider, one button, one line that says what both sent. Nothing can be less work."""

import streamlit as st

st.title("Empty")
value = st.slider("Value", 0, 1000, 500, key="value")
if st.button("Add one", key="add"):
    # The bare session: what is measured here is Streamlit without anything of ours.
    st.session_state["count"] = st.session_state.get("count", 0) + 1
st.text(f"value {value}, count {st.session_state.get('count', 0)}")
