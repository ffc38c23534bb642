"""What the list and the drawing say is what the analysis says."""

from __future__ import annotations

import pytest

from lab.network.edit import remove_layer
from lab.network.presets import PRESETS, preset
from lab.network.summary import summarize
from pages.ui.build.rows import list_rows, settings, totals


@pytest.mark.parametrize("name", PRESETS)
def test_the_list_shows_the_summary(name: str) -> None:
    summary = summarize(preset(name))
    rows = list_rows(preset(name))
    assert [row.id for row in rows] == ["input", *(line.id for line in summary.rows)]
    shown = [int(row.n_params.replace(",", "") or 0) for row in rows]
    assert sum(shown) == summary.n_params
    assert totals(preset(name)).n_params == f"{summary.n_params:,}"
    assert totals(preset(name)).n_macs == f"{summary.n_macs:,}"


def test_a_broken_layer_carries_its_error_and_fixes_and_the_rest_waits() -> None:
    broken = remove_layer(preset("student_cnn"), "flatten")
    rows = {row.id: row for row in list_rows(broken)}
    assert "Linear takes a vector but pool2 gives maps of 64×7×7" in rows["fc1"].error
    assert (rows["fc1"].code, "(NET-SHAPE)" in rows["fc1"].error) == ("NET-SHAPE", False)
    assert "Insert Flatten before fc1" in rows["fc1"].fixes
    assert (rows["fc2"].output, rows["fc2"].error) == ("?", "")
    assert rows["conv2"].output == "64×14×14"


def test_the_last_line_adds_up_what_fits_and_says_what_comes_out_only_of_a_whole_network() -> None:
    broken = remove_layer(preset("student_cnn"), "flatten")
    rows = [row for row in list_rows(broken) if row.n_params.replace(",", "").isdecimal()]
    assert totals(broken).n_params == f"{sum(int(row.n_params.replace(',', '')) for row in rows):,}"
    assert (totals(broken).output, totals(broken).receptive_field) == ("", "")
    whole = totals(preset("student_cnn"))
    assert (whole.output, whole.receptive_field, whole.beyond) == ("10", "34×34", "with padding")


def test_settings_say_what_differs_from_the_usual() -> None:
    network = preset("mobilenet_v2")
    depthwise = next(layer for layer in network.layers if getattr(layer, "groups", 1) > 1)
    assert f"groups {depthwise.groups}" in settings(depthwise)
    assert "no bias" in settings(depthwise)
    assert "dilation" not in settings(depthwise)
    assert settings(preset("student_cnn").layer("relu1")) == ""


def test_a_merge_names_what_it_reads() -> None:
    network = preset("resnet_small")
    merge = next(layer for layer in network.layers if layer.kind == "Add")
    row = next(row for row in list_rows(network) if row.id == merge.id)
    assert row.inputs == f"reads {', '.join(merge.inputs)}"
