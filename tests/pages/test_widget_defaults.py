"""A browser that never got a widget's value draws its default and reports that: so the default is the value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from pages.ui import link
from pages.ui.places import PLACES

ROOT = Path(__file__).parents[2]
EXAM = {"topics": ["macs", "memory"], "levels": [1], "n": 3, "seed": 12, "limit_min": 7}
CHOSEN = {
    "exam": EXAM,
    "sheet": {"seed": 12, "n": 3, "title": "Friday", "room": 2, "levels": [3]},
    "practise": {"topic": "macs", "level": 2},
}
# What a widget begins with, and what it says now.
BEGINS: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "number_input": lambda widget: (widget.proto.default, widget.value),
    "slider": lambda widget: (list(widget.proto.default), [widget.value]),
    "select_slider": lambda widget: (widget.proto.options[int(widget.proto.default[0])], str(widget.value)),
    "selectbox": lambda widget: (widget.proto.options[widget.proto.default], widget.proto.raw_value),
    "text_input": lambda widget: (widget.proto.default, widget.value),
    "text_area": lambda widget: (widget.proto.default, widget.value),
    "toggle": lambda widget: (widget.proto.default, widget.value),
    "multiselect": lambda widget: (
        [widget.proto.options[i] for i in widget.proto.default],
        [widget.format_func(value) for value in widget.value],
    ),
}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.url_path or "start")
def test_the_default_of_every_bound_widget_is_its_value(place: Any) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["s"] = link.encode_link(CHOSEN, preset("lenet5"))
    app.run().switch_page(str(ROOT / place.file)).run()
    assert not app.exception
    for kind, begins in BEGINS.items():
        for widget in getattr(app, kind):
            if str(widget.key).startswith("_"):
                default, value = begins(widget)
                assert default == value, widget.key
