"""One network on both pages that show it a photo: whichever was chosen last, by hand."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from lab.network.spec import NetworkSpec
from lab.training.run_folder import create_run, open_run
from pages.ui.feature_maps.state import PRETRAINED, RUN, WORKBENCH

OpenMaps = Callable[..., AppTest]
MAPS, CLASSIFY = "pages/look/feature_maps.py", "pages/look/classify.py"


def source_on(at: AppTest, page: str) -> str:
    at.switch_page(page).run()
    assert not at.exception
    return str(at.selectbox(key="_maps.source" if page == MAPS else "_classify.source").value)


def test_a_network_chosen_on_feature_maps_is_asked_on_classify_and_back(
    open_maps: OpenMaps, tiny_spec: NetworkSpec, trained: str
) -> None:
    at = open_maps(tiny_spec, source=WORKBENCH)
    at.selectbox(key="_maps.source").set_value(RUN + trained).run()
    assert source_on(at, CLASSIFY) == RUN + trained
    at.selectbox(key="_classify.source").set_value(PRETRAINED).run()
    assert source_on(at, MAPS) == PRETRAINED


def test_what_the_lab_shows_first_is_nobodys_choice(open_maps: OpenMaps, tiny_spec: NetworkSpec, trained: str) -> None:
    at = open_maps(tiny_spec)
    assert at.selectbox(key="_maps.source").value == RUN + trained
    assert source_on(at, CLASSIFY) == PRETRAINED


def test_classify_keeps_its_network_where_it_cannot_ask_the_chosen_one(
    open_maps: OpenMaps, tiny_spec: NetworkSpec, trained: str
) -> None:
    unlearned = create_run(open_run(trained).spec())
    at = open_maps(tiny_spec, source=WORKBENCH)
    at.selectbox(key="_maps.source").set_value(RUN + trained).run()
    for source in ("preset:lenet5", RUN + unlearned.id):
        at.selectbox(key="_maps.source").set_value(source).run()
        assert source_on(at, CLASSIFY) == RUN + trained
        assert source_on(at, MAPS) == source
