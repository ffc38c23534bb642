"""The Feature maps page in a real Chromium: what is drawn is what the network computes, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from lab.inspection.channel import ChannelDetail, channel_detail
from lab.inspection.maps import FeatureMaps, feature_maps
from lab.network.build import build_network
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.training.recipe import TrainSpec
from lab.training.run_folder import create_run
from pages.ui import link
from pages.ui.feature_maps.subject import load_subject
from pages.ui.photo import sample

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
TINY = {
    "name": "tiny",
    "input": (1, 12, 12),
    "layers": [
        {"id": "conv1", "kind": "Conv2d", "out_channels": 3},
        {"id": "relu1", "kind": "ReLU"},
        {"id": "pool1", "kind": "MaxPool2d"},
        {"id": "flatten", "kind": "Flatten"},
        {"id": "fc1", "kind": "Linear", "out_features": 10},
    ],
}


def written(value: float) -> str:
    """A number below 10 as the drawing writes it."""
    decimals = 3 if abs(value) < 0.01 else 2
    return "0" if value == 0 else f"{value:.{decimals}f}".replace("-", "−")


def tiny_vgg_maps() -> tuple[torch.nn.Module, FeatureMaps]:
    subject = load_subject("preset:tiny_vgg", -1)
    return subject.network, feature_maps(subject.network, subject.preprocessing.tensor(sample("cat").pixels))


def open_maps(page: Page, url: str, *, network: NetworkSpec | None = None, **chosen: object) -> Page:
    state = link.encode_link({"maps": chosen}, network or preset("student_cnn"))
    page.goto(f"{url}/feature-maps?s={state}")
    page.locator(".host[data-shown]").wait_for()
    return page


@pytest.fixture
def tiny_vgg(new_page: NewPage, lab_server) -> Page:
    return open_maps(new_page(reduced_motion="reduce"), lab_server.url, source="preset:tiny_vgg")


def tile(page: Page, layer: str, channel: int):
    return page.locator(f'.tile[data-layer="{layer}"][data-channel="{channel}"]')


def test_the_whole_network_is_on_screen_with_the_networks_own_numbers(tiny_vgg: Page) -> None:
    _, maps = tiny_vgg_maps()
    for layer in maps.layers:
        column = tiny_vgg.get_by_role("group", name=f"{layer.layer_id}, {layer.kind}")
        expect(column.locator(".head")).to_be_visible()
        expect(column.locator(".tile")).to_have_count(1 if layer.layer_id == "flatten" else layer.n_channels)
    for channel in (0, 7):
        statistics = maps.layer("conv_1_2").channel_statistics(channel)
        low, high = written(statistics.minimum), written(statistics.maximum)
        expect(tile(tiny_vgg, "conv_1_2", channel)).to_have_attribute(
            "aria-label", f"conv_1_2 map {channel}, from {low} to {high}"
        )
    expect(tiny_vgg.locator(".class")).to_have_count(10)


def test_the_maps_are_painted_in_the_colours_of_their_values(tiny_vgg: Page) -> None:
    """The map with the smallest mean is red on the whole, the one with the largest blue."""
    _, maps = tiny_vgg_maps()
    means = maps.layer("conv_1_2").activation.mean(dim=(1, 2))
    painted = tiny_vgg.evaluate(
        """() => {
      const root = [...document.querySelectorAll('*')].map((e) => e.shadowRoot).find((r) => r?.labStage);
      const node = root.labStage.layout.byId.get('conv_1_2');
      const context = node.canvas.getContext('2d');
      return node.buttons.map((button, row) => {
        const step = node.canvas.height / node.height * node.pitch;
        const pixels = context.getImageData(0, Math.round(row * step), node.canvas.width, Math.round(step)).data;
        let sum = 0;
        for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] === 255) sum += pixels[i + 2] - pixels[i];
        return sum;
      });
    }"""
    )
    strongest, weakest = int(means.argmax()), int(means.argmin())
    assert painted[strongest] > 0 > painted[weakest]


def test_hovering_a_map_draws_a_line_to_each_map_it_is_made_of_in_the_sign_of_its_weight(tiny_vgg: Page) -> None:
    network, _ = tiny_vgg_maps()
    sums = network.get_submodule("conv_2_1").weight.detach()[4].sum(dim=(1, 2))
    tile(tiny_vgg, "conv_2_1", 4).hover()
    expect(tiny_vgg.locator(".made")).to_have_count(10)
    assert tiny_vgg.locator(".made.adds").count() == int((sums >= 0).sum())
    assert tiny_vgg.locator(".made.subtracts").count() == int((sums < 0).sum())
    expect(tiny_vgg.locator(".tip")).to_contain_text("conv_2_1 · map 4 of 10")
    tile(tiny_vgg, "max_pool_1", 2).hover()
    expect(tiny_vgg.locator(".made.plain")).to_have_count(1)


def opened(page: Page, layer: str, channel: int) -> ChannelDetail:
    network, maps = tiny_vgg_maps()
    tile(page, layer, channel).click()
    expect(page.locator(".overlay")).to_be_visible()
    expect(page.locator(".title strong")).to_have_text(f"{layer} · map {channel}")
    return channel_detail(network, maps, layer, channel)


def test_a_click_takes_a_map_apart_into_inputs_kernels_intermediate_results_sum_and_bias(tiny_vgg: Page) -> None:
    detail = opened(tiny_vgg, "conv_2_2", 3)
    expect(tiny_vgg.locator(".rows .map")).to_have_count(30)
    tiny_vgg.locator(".large.pointable").focus()
    y, x = (side // 2 for side in detail.output.shape)
    tiny_vgg.keyboard.press("ArrowRight")
    total = tiny_vgg.locator(".sumline .total")
    decimals = 3 if float(detail.output.abs().max()) >= 0.1 else 4
    expect(total).to_have_text(f"{float(detail.output[y, x + 1]):.{decimals}f}".replace("-", "−"))
    expect(tiny_vgg.locator(".sumline .chip")).to_have_count(12)
    expect(tiny_vgg.locator(".pair")).to_have_count(9)


def test_every_click_on_the_next_map_counts_and_the_keyboard_stays_there(tiny_vgg: Page) -> None:
    opened(tiny_vgg, "conv_2_2", 3)
    step, title = tiny_vgg.get_by_role("button", name="Next map"), tiny_vgg.locator(".title strong")
    step.evaluate("button => { button.click(); button.click(); }")
    expect(title).to_have_text("conv_2_2 · map 5")
    step.press("Enter")
    expect(title).to_have_text("conv_2_2 · map 6")
    expect(step).to_be_focused()
    tiny_vgg.keyboard.press("Enter")
    expect(title).to_have_text("conv_2_2 · map 7")


def test_max_pooling_shows_its_window_and_marks_the_winner(tiny_vgg: Page) -> None:
    detail = opened(tiny_vgg, "max_pool_2", 3)
    expect(tiny_vgg.locator(".equation .cell")).to_have_count(5)
    winner = tiny_vgg.locator(".equation .winner")
    expect(winner).to_have_count(1)
    assert winner.text_content() == tiny_vgg.locator(".equation .total").text_content()
    assert detail.winners is not None


def test_a_scale_of_colours_stands_only_under_maps_that_have_them(new_page: NewPage, lab_server) -> None:
    pooled = NetworkSpec.model_validate(
        {
            "name": "pooled",
            "input": (1, 12, 12),
            "layers": [
                {"id": "pool1", "kind": "MaxPool2d"},
                {"id": "pool2", "kind": "MaxPool2d"},
                {"id": "conv1", "kind": "Conv2d", "out_channels": 2, "bias": False},
            ],
        }
    )
    page = open_maps(new_page(reduced_motion="reduce"), lab_server.url, network=pooled, source="workbench")
    words = page.locator(".overlay .legend .caption")
    for layer, said in (("input", []), ("pool1", ["pool1 · map 0"]), ("pool2", ["both maps"])):
        tile(page, layer, 0).click()
        expect(page.locator(".title strong")).to_have_text(re.compile(f"^{layer} · map 0"))
        expect(words).to_have_text(said)
        page.keyboard.press("Escape")
        expect(page.locator(".overlay")).to_be_hidden()
    tile(page, "conv1", 0).click()
    expect(page.locator(".arithmetic .step").last).to_have_text("There is no bias to add:")


def test_softmax_is_worked_out_at_the_end(tiny_vgg: Page) -> None:
    _, maps = tiny_vgg_maps()
    tiny_vgg.locator(".class").first.click()
    rows = tiny_vgg.locator(".softmaxtable tbody tr")
    expect(rows).to_have_count(10)
    expect(rows.first.locator("td").nth(2)).to_have_text(f"{100 * float(maps.probabilities[0]):.1f} %")


def test_the_keyboard_alone_walks_opens_and_closes(tiny_vgg: Page) -> None:
    tiny_vgg.locator(".option[data-scale='global']").focus()
    tiny_vgg.keyboard.press("Tab")
    for _ in range(12):
        if tiny_vgg.locator(".tile:focus").count():
            break
        tiny_vgg.keyboard.press("Tab")
    expect(tiny_vgg.locator(".tile:focus")).to_have_count(1)
    tiny_vgg.keyboard.press("Home")
    tiny_vgg.keyboard.press("ArrowRight")
    tiny_vgg.keyboard.press("ArrowDown")
    expect(tiny_vgg.locator(".tile:focus")).to_have_attribute("data-layer", "conv_1_1")
    channel = tiny_vgg.locator(".tile:focus").get_attribute("data-channel")
    tiny_vgg.keyboard.press("Enter")
    expect(tiny_vgg.locator(".title strong")).to_have_text(f"conv_1_1 · map {channel}")
    tiny_vgg.keyboard.press("Escape")
    expect(tiny_vgg.locator(".overlay")).to_be_hidden()
    expect(tiny_vgg.locator(".tile:focus")).to_have_attribute("data-channel", str(channel))


def test_one_scale_for_the_network_is_wider_than_a_layers_own(tiny_vgg: Page) -> None:
    tiny_vgg.locator(".option[data-scale='layer']").click()
    many = tiny_vgg.locator(".scale").count()
    tiny_vgg.locator(".option[data-scale='global']").click()
    expect(tiny_vgg.locator(".scale")).to_have_count(2)
    assert many > 10


def test_another_picture_changes_every_layer(tiny_vgg: Page) -> None:
    before = tile(tiny_vgg, "conv_2_2", 0).get_attribute("aria-label")
    tiny_vgg.locator('.thumbnail[data-name="coffee"]').click()
    expect(tile(tiny_vgg, "conv_2_2", 0)).not_to_have_attribute("aria-label", str(before))


@pytest.fixture(scope="module")
def run_id(lab_server) -> str:
    from lab.training.loop import train

    recipe = {"network": TINY, "epochs": 2, "n_train": 500, "batch_size": 50, "lr": 0.05, "device": "cpu"}
    run = create_run(TrainSpec.model_validate(recipe), Path(lab_server.home))
    list(train(run.spec(), run=run))
    return run.id


def test_the_checkpoint_slider_moves_everything_through_training(new_page: NewPage, lab_server, run_id: str) -> None:
    page = open_maps(new_page(), lab_server.url, source=f"run:{run_id}", epoch=2)
    label = tile(page, "conv1", 1).get_attribute("aria-label")
    page.locator(".epochs input").focus()
    page.keyboard.press("Home")
    expect(page.locator(".epochs output")).to_have_text("before training")
    expect(tile(page, "conv1", 1)).not_to_have_attribute("aria-label", str(label))
    network = build_network(NetworkSpec.model_validate(TINY))
    assert network.get_submodule("conv1").out_channels == page.locator('.tile[data-layer="conv1"]').count()
    page.keyboard.press("End")
    expect(tile(page, "conv1", 1)).to_have_attribute("aria-label", str(label))


def test_a_deep_network_folds_and_unfolds_and_draws_its_skips(new_page: NewPage, lab_server) -> None:
    page = open_maps(new_page(), lab_server.url, source="preset:resnet_small")
    folded = page.locator(".column").count()
    expect(page.locator("path.skip").first).to_be_attached()
    expect(page.locator(".minimap")).to_be_visible()
    page.get_by_role("button", name="Show every layer").click()
    expect(page.locator(".column")).to_have_count(1 + len(preset("resnet_small").layers))
    assert folded < len(preset("resnet_small").layers) / 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_drawing_without_a_page_wider_than_its_screen(
    new_page: NewPage, lab_server, scheme: str
) -> None:
    page = open_maps(new_page(width=375, height=720, color_scheme=scheme), lab_server.url, source="preset:tiny_vgg")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    tile(page, "conv_1_1", 0).click()
    expect(page.locator(".overlay")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


# Which buttons are missed by a finger 15 px beside their middle, so that less than 32 px of them can be hit.
MISSED = """(host) => [...host.querySelectorAll("button, input, select")].filter((node) => {
  if (node.closest("[inert]") || !node.getClientRects().length) return false;
  node.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const { left, top, width, height } = node.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  const hits = (dx, dy) => node.contains(host.getRootNode().elementFromPoint(x + dx, y + dy));
  return ![[-15, 0], [15, 0], [0, -15], [0, 15]].every(([dx, dy]) => hits(dx, dy));
}).map((node) => node.getAttribute("aria-label") || node.className)"""


@pytest.mark.parametrize("source", ["run", "workbench", "preset:tiny_vgg"])
def test_a_finger_hits_every_button_of_the_drawing(new_page: NewPage, lab_server, run_id: str, source: str) -> None:
    page = new_page(width=375, height=740, has_touch=True, is_mobile=True, reduced_motion="reduce")
    open_maps(page, lab_server.url, source=f"run:{run_id}" if source == "run" else source)
    assert page.locator({"run": ".epochs input", "workbench": ".more"}.get(source, ".bracket")).count()
    host = page.locator(".host")
    assert host.evaluate(MISSED) == []
    page.locator('.tile[data-layer="conv1"], .tile[data-layer="conv_1_1"]').first.tap()
    expect(page.locator(".detailhead")).to_be_in_viewport(ratio=1)
    assert host.evaluate(MISSED) == []


def test_a_link_opens_the_very_map_that_was_open(new_page: NewPage, lab_server) -> None:
    page = open_maps(new_page(), lab_server.url, source="preset:tiny_vgg", layer="relu_1_1", channel=2)
    expect(page.locator(".title strong")).to_have_text("relu_1_1 · map 2")
    page.get_by_role("button", name="Back to the whole network").click()
    expect(page.locator(".overlay")).to_be_hidden()


def test_an_uploaded_picture_is_shown_to_the_network(new_page: NewPage, lab_server, tmp_path: Path) -> None:
    page = open_maps(new_page(), lab_server.url, source="preset:tiny_vgg")
    before = tile(page, "conv_1_1", 0).get_attribute("aria-label")
    page.get_by_text("Upload", exact=True).click()
    expect(page.get_by_text("Choose a picture, and every layer's maps of it appear below.")).to_be_visible()
    Image.new("RGB", (90, 60), "red").save(tmp_path / "red.png")
    page.locator("input[type=file]").set_input_files(tmp_path / "red.png")
    expect(tile(page, "conv_1_1", 0)).not_to_have_attribute("aria-label", str(before))
    red = load_subject("preset:tiny_vgg", -1).preprocessing.tensor(np.full((60, 90, 3), (255, 0, 0), np.uint8))
    low, high = (written(float(value)) for value in (red[0, 1].min(), red[0, 1].max()))
    expect(tile(page, "input", 1)).to_have_attribute("aria-label", f"input green, from {low} to {high}")


def test_a_grey_picture_is_called_grey_and_a_unit_at_the_end_by_its_class(
    new_page: NewPage, lab_server, run_id: str
) -> None:
    page = open_maps(
        new_page(reduced_motion="reduce"), lab_server.url, source=f"run:{run_id}", layer="conv1", channel=0
    )
    expect(page.locator(".termlabel")).to_have_text("grey")
    expect(page.locator(".told")).to_have_text("receptive field: 3×3 px of 12×12")
    expect(page.locator(".scroller")).to_be_hidden()  # nothing of the network shines through
    page.get_by_role("button", name="Back to the whole network").click()
    expect(page.locator(".whatitis")).to_contain_text("of 2, the best on the test images.")
    tile(page, "fc1", 3).click()
    expect(page.locator(".title strong")).to_have_text("fc1 · unit 3 · Dress")


def test_a_field_at_the_border_says_that_the_edge_cuts_it(new_page: NewPage, lab_server) -> None:
    page = open_maps(
        new_page(reduced_motion="reduce"), lab_server.url, source="preset:student_cnn", layer="conv1", channel=0
    )
    page.locator(".large.pointable").focus()
    for _ in range(28):
        page.keyboard.press("ArrowUp")
    expect(page.locator(".told")).to_contain_text("of 28×28 (cut by the edge)")


def test_softmax_marks_the_likeliest_class_as_the_overview_does(tiny_vgg: Page) -> None:
    colour = "e => getComputedStyle(e).backgroundColor"
    overview = tiny_vgg.locator(".class.likeliest .track i").evaluate(colour)
    tiny_vgg.locator(".class").first.click()
    expect(tiny_vgg.locator(".softmaxtable tr.likeliest")).to_have_count(1)
    assert tiny_vgg.locator(".softmaxtable .likeliest .track i").evaluate(colour) == overview


@pytest.mark.parametrize("source", ["preset:resnet18", "imagenet"])
def test_a_single_map_of_a_deep_network_opens(new_page: NewPage, lab_server, source: str) -> None:
    page = open_maps(new_page(reduced_motion="reduce"), lab_server.url, source=source)
    first = page.locator('.column.maps:not([aria-label^="input"]) .tile').first
    layer, channel = (first.get_attribute(f"data-{name}") for name in ("layer", "channel"))
    first.click()
    expect(page.locator(".title strong")).to_have_text(f"{layer} · map {channel}")
    page.keyboard.press("Escape")
    expect(page.locator(".overlay")).to_be_hidden()


def test_no_size_under_a_column_is_too_small_to_read_or_wider_than_its_place(tiny_vgg: Page) -> None:
    """At least 10 px, and the sizes of neighbours do not run into each other."""
    measured = tiny_vgg.locator(".column .head > span").evaluate_all(
        """all => all.map((head) => {
      const { left, right } = head.getBoundingClientRect();
      return [parseFloat(getComputedStyle(head).fontSize), left, right];
    })"""
    )
    assert min(size for size, _, _ in measured) >= 10
    assert all(left[2] <= right[1] for left, right in pairwise(sorted(measured, key=lambda one: one[1])))
