from __future__ import annotations

import itertools

import pytest

from pages.ui.curves import LABEL_GAP, MAX_POINTS, Curve, chart_rows, chart_spec, spread, thin_out

LINE = Curve("train", tuple((float(x), 1.0 / (x + 1)) for x in range(1000)), "#123456")
DOTS = Curve("test", ((1.0, 0.5), (2.0, 0.25)), "#654321", dash=(4, 2), marked=True)


def test_a_long_curve_keeps_its_ends_and_at_most_so_many_points() -> None:
    points = thin_out(LINE.points)
    assert len(points) == MAX_POINTS
    assert (points[0], points[-1]) == (LINE.points[0], LINE.points[-1])
    assert list(points) == sorted(points)


def test_a_short_curve_keeps_every_point() -> None:
    assert thin_out(DOTS.points) == DOTS.points


@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [0.0, 0.05, 5.0], [3.0, 1.0, 2.0], [], [7.0]])
def test_labels_never_come_nearer_than_the_gap_and_keep_their_order(values: list[float]) -> None:
    placed = spread(values, gap=0.4)
    in_order = [placed[i] for i in sorted(range(len(values)), key=lambda i: values[i])]
    assert all(high - low >= 0.4 - 1e-9 for low, high in itertools.pairwise(in_order))
    assert sum(placed) == pytest.approx(sum(values)), "labels move apart around where they belong"


def test_labels_that_fit_stay_at_their_lines() -> None:
    assert spread([1.0, 2.0, 4.0], gap=0.5) == [1.0, 2.0, 4.0]


def test_every_line_that_is_not_faint_is_named_at_its_end_with_its_last_value() -> None:
    faint = Curve("batches", ((0.5, 2.0),), "#000000", faint=True)
    labels = [row["text"] for row in chart_rows([faint, DOTS]) if row["text"]]
    assert labels == ["test 0.25"]


def test_train_and_test_of_a_first_epoch_have_labels_one_above_the_other() -> None:
    """The mean of an epoch stands at its middle, half of the chart away from the test; their labels share a column."""
    train = Curve("train", ((0.5, 0.8),), "#123456", marked=True)
    test = Curve("test", ((0.0, 0.1), (1.0, 0.8)), "#654321", marked=True)
    first, second = (row for row in chart_rows([train, test], percent=True) if row["text"])
    assert first["x"] == second["x"] == 1.0
    assert abs(first["y"] - second["y"]) >= LABEL_GAP * 0.7 - 1e-9


def test_the_label_of_a_shorter_run_stands_behind_the_longer_one() -> None:
    short = Curve("A", ((0.0, 0.1), (2.0, 0.5)), "#123456")
    longer = Curve("B", ((0.0, 0.1), (10.0, 0.9)), "#654321")
    assert [row["x"] for row in chart_rows([short, longer]) if row["text"]] == [10.0, 10.0]


def test_equal_values_without_any_spread_still_have_labels_apart() -> None:
    first, second = (row["y"] for row in chart_rows([Curve(n, ((0.0, 0.1),), "#000000") for n in "AB"]) if row["text"])
    assert first != second


def test_per_cent_are_written_with_a_space_on_the_axis_too() -> None:
    axis = chart_spec([DOTS], x_max=5, y_title="accuracy", percent=True)["encoding"]["y"]["axis"]
    assert axis["labelExpr"].endswith("+ ' %'")


def test_a_curve_without_points_yet_has_no_label() -> None:
    assert chart_rows([Curve("test", (), "#000000")]) == []


def test_the_specification_stays_the_same_while_the_run_grows() -> None:
    longer = Curve("test", (*DOTS.points, (3.0, 0.1)), DOTS.colour, DOTS.dash, marked=True)
    assert chart_spec([DOTS], x_max=5, y_title="loss") == chart_spec([longer], x_max=5, y_title="loss")


def test_colour_is_not_the_only_sign_of_a_curve() -> None:
    spec = chart_spec([LINE, DOTS], x_max=5, y_title="loss")
    (lines,) = (layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    dashes = lines["encoding"]["strokeDash"]["scale"]["range"]
    assert dashes == [[1, 0], [4, 2]]


def test_the_x_axis_ends_with_whole_epochs_and_leaves_room_for_labels() -> None:
    x = chart_spec([DOTS], x_max=5, y_title="loss")["encoding"]["x"]
    assert x["axis"]["values"] == [0, 1, 2, 3, 4, 5]
    assert x["scale"]["domain"][1] > 5


def test_no_layer_is_without_a_row_to_draw_while_a_run_begins() -> None:
    faint = Curve("batches", ((0.1, 2.0),), "#000000", faint=True)
    train, test = Curve("train", (), "#123456", marked=True), Curve("test", (), "#654321", marked=True)
    begun = chart_spec([faint, train, test], x_max=5, y_title="loss")
    assert [layer["mark"]["type"] for layer in begun["layer"]] == ["line"]
    measured = chart_spec([faint, train, DOTS], x_max=5, y_title="loss")
    assert [layer["mark"]["type"] for layer in measured["layer"]] == ["line", "line", "point", "text"]
