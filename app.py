"""The lab in the browser: page settings, navigation, and what every page has around it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui import ended_runs, heartbeat, messages, state, warmup
from pages.ui.components.address import follow_address
from pages.ui.places import PLACES
from pages.ui.questions.way_back import show_way_back
from pages.ui.sidebar import show_sidebar

ICON = Path(__file__).parent / "pages/ui/icon.svg"
SIDEBAR_PX = 232

# The icon at once, although Streamlit imports NumPy for it: until it is known, the browser would fetch the icon of the
# page in the navigation, from another host.
st.set_page_config(page_title="Visual CNN Lab", page_icon=str(ICON), layout="wide", initial_sidebar_state=SIDEBAR_PX)

# Off in .streamlit/config.toml: the older kind of navigation, which the first page of a server would show before this
# line and in another width.
if not st.get_option("client.showSidebarNavigation"):
    st.set_option("client.showSidebarNavigation", True)
sections: dict[str, list[st.Page]] = {}
for row in PLACES:
    page = st.Page(row.file, title=row.title, icon=row.icon, url_path=row.url_path, default=row.url_path == "")
    sections.setdefault(row.section, []).append(page)
current = st.navigation(sections, expanded=True)

ended_runs.keep()
state.begin_page()
state.open_link()
notice_place = st.container()
with notice_place:
    show_way_back(current.url_path)
show_sidebar(current.url_path)
with messages.surviving():
    current.run()
with notice_place:
    messages.show_notices()
state.publish_link()
state.settle()
follow_address()
heartbeat.beat()
warmup.start()
