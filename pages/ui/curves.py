"""Curves of training as Vega-Lite: rows and a specification, both plain data.

Every curve carries its name and last value at its end, and its own dash pattern, so that colour is never the only sign.
The specification of a chart stays the same while a run grows, from each curve's first point on; only the rows change,
so the browser keeps the chart and moves its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pages.ui import units

MAX_POINTS = 200  # per curve: about one point for every three pixels of a chart, and quick to send every second
LABEL_GAP = 0.09  # of the chart's height: the least distance of two labels, one line of text
# "90 %" as everywhere else in the lab; Vega's own format has no space.
PERCENT_TICKS = {"labelExpr": "format(100 * datum.value, '.3~f') + ' %'"}
LABEL_ROOM = 1.36  # the x axis goes on behind the last epoch, so that labels fit inside the chart

Row = dict[str, Any]


@dataclass(frozen=True)
class Curve:
    """One line: its points ``(x, y)``, how it looks, and the text at its end.

    ``dash`` is a Vega pattern in pixels, ``()`` for a solid line; ``faint`` draws it thin behind the others, without a
    label; ``marked`` draws a dot at each point; ``end`` is the value that the label tells where the last point does not
    stand at it.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    colour: str
    dash: tuple[int, ...] = ()
    faint: bool = False
    marked: bool = False
    label: str = ""
    end: float | None = None


def thin_out(points: Sequence[tuple[float, float]], limit: int = MAX_POINTS) -> tuple[tuple[float, float], ...]:
    """Keep at most ``limit`` points at equal distances, the first and the last among them.

    Examples:
        >>> thin_out([(x, 0) for x in range(9)], limit=3)
        ((0, 0), (4, 0), (8, 0))
    """
    if len(points) <= limit:
        return tuple(points)
    last = len(points) - 1
    return tuple(points[round(i * last / (limit - 1))] for i in range(limit))


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Move values apart until neighbours differ by ``gap``, keeping their order; for labels that would overlap.

    Examples:
        >>> spread([1.0, 1.0, 5.0], gap=1.0)
        [0.5, 1.5, 5.0]
    """
    order = sorted(range(len(values)), key=lambda i: values[i])
    groups: list[list[int]] = []
    centres: list[float] = []
    for i in order:
        groups.append([i])
        centres.append(values[i])
        while len(groups) > 1 and _overlap(centres[-2], len(groups[-2]), centres[-1], len(groups[-1]), gap):
            size, before = len(groups[-1]), len(groups[-2])
            centres[-2] = (centres[-2] * before + centres[-1] * size) / (before + size)
            merged = groups.pop()
            groups[-1].extend(merged)
            centres.pop()
    placed = [0.0] * len(values)
    for group, centre in zip(groups, centres, strict=True):
        for place, i in enumerate(group):
            placed[i] = centre + (place - (len(group) - 1) / 2) * gap
    return placed


def _overlap(low: float, n_low: int, high: float, n_high: int, gap: float) -> bool:
    """Whether two stacks of labels around their centres come nearer than ``gap`` (rounding aside)."""
    return high - low < gap * (n_low + n_high) / 2 - 1e-12


def chart_rows(curves: Sequence[Curve], *, percent: bool = False) -> list[Row]:
    """Give the rows of a chart: every point, and one label at the end of each curve that is not faint."""
    rows: list[Row] = [
        {"curve": curve.name, "x": x, "y": y, "text": None}
        for curve in curves
        for x, y in (curve.points if curve.marked else thin_out(curve.points))
    ]
    return rows + _label_rows(curves, percent)


def _label_rows(curves: Sequence[Curve], percent: bool) -> list[Row]:
    """One label a curve, all in a column behind the longest: nearer, a short curve's would lie in a longer one."""
    named = [curve for curve in curves if curve.points and not curve.faint]
    x_last = max((curve.points[-1][0] for curve in curves if curve.points), default=0.0)
    ys = [y for curve in curves for _, y in curve.points]
    gap = LABEL_GAP * ((max(ys) - min(ys)) or abs(max(ys)) or 1.0) if ys else 0.0
    places = spread([curve.points[-1][1] for curve in named], gap)
    return [
        {"curve": curve.name, "x": x_last, "y": y, "text": _label(curve, percent)}
        for curve, y in zip(named, places, strict=True)
    ]


def _label(curve: Curve, percent: bool) -> str:
    end = curve.points[-1][1] if curve.end is None else curve.end
    return f"{curve.label or curve.name} {shown(end, percent)}"


def shown(value: float, percent: bool) -> str:
    """Write a value as it stands at the end of its curve.

    Examples:
        >>> shown(0.9043, True), shown(0.2871, False)
        ('90.4 %', '0.287')
    """
    return units.percent(value) if percent else f"{value:.3g}"


def chart_spec(curves: Sequence[Curve], *, x_max: float, y_title: str, percent: bool = False, height: int = 260) -> Row:
    """Give the Vega-Lite specification of a chart of these curves over epochs.

    Args:
        curves: what will be drawn; their names, looks, and whether they have a point yet.
        x_max: last epoch that the run will reach.
        y_title: what the y axis shows, with its unit.
        percent: whether values are shares, shown as per cent.
        height: pixels.
    """
    names = [curve.name for curve in curves]
    colour: Row = {"field": "curve", "type": "nominal", "legend": None}
    colour |= {"scale": {"domain": names, "range": [curve.colour for curve in curves]}}
    dash: Row = {"field": "curve", "type": "nominal", "legend": None}
    dash |= {"scale": {"domain": names, "range": [list(curve.dash) or [1, 0] for curve in curves]}}
    y: Row = {"field": "y", "type": "quantitative", "title": y_title, "scale": {"zero": False}}
    y |= {"axis": {**(PERCENT_TICKS if percent else {"format": ",.4~f"}), "tickCount": 5}}
    shared = {"x": _epoch_axis(x_max), "y": y, "color": colour}
    return {"height": height, "layer": _layers(curves, dash, percent), "encoding": shared}


def _layers(curves: Sequence[Curve], dash: Row, percent: bool) -> list[Row]:
    """Lines, dots and labels, each where there is something to draw: a layer without a row has no bounds."""
    begun = [curve for curve in curves if curve.points]
    faint = [curve.name for curve in begun if curve.faint]
    others = [curve.name for curve in begun if not curve.faint]
    marked = [curve.name for curve in begun if curve.marked]
    thin = [_line(faint, 1, 0.45, dash)] if faint else []
    thick = [_line(others, 2.25, 1.0, dash)] if others else []
    dots = [_dots(marked, percent)] if marked else []
    return [*thin, *thick, *dots, *([_end_labels()] if others else [])]


def _epoch_axis(x_max: float) -> Row:
    """Lay out the x axis: whole epochs, and room behind the last one for labels."""
    step = max(1, round(x_max / 10))
    ticks = list(range(0, int(x_max) + 1, step))
    scale = {"domain": [0, x_max * LABEL_ROOM], "nice": False}
    axis = {"values": ticks, "format": "d", "grid": False}
    return {"field": "x", "type": "quantitative", "title": "epoch", "scale": scale, "axis": axis}


def _among(names: Sequence[str]) -> Row:
    """Filter: a point, not a label, of one of these curves."""
    return {"and": ["!isValid(datum.text)", {"field": "curve", "oneOf": list(names)}]}


def _line(names: Sequence[str], width: float, opacity: float, dash: Row) -> Row:
    """Draw curves as lines."""
    mark = {"type": "line", "strokeWidth": width, "opacity": opacity, "clip": True}
    return {"transform": [{"filter": _among(names)}], "mark": mark, "encoding": {"strokeDash": dash}}


def _dots(names: Sequence[str], percent: bool) -> Row:
    """Draw a dot at each point of a marked curve; the dot tells its numbers."""
    value = {"calculate": "format(100 * datum.y, '.2f') + ' %'" if percent else "format(datum.y, '.4~g')", "as": "told"}
    told = [
        {"field": "curve", "title": "curve"},
        {"field": "x", "type": "quantitative", "title": "epoch", "format": ".3~g"},
        {"field": "told", "type": "nominal", "title": "value"},
    ]
    mark = {"type": "point", "filled": True, "size": 45, "opacity": 1}
    return {"transform": [{"filter": _among(names)}, value], "mark": mark, "encoding": {"tooltip": told}}


def _end_labels() -> Row:
    """Write each curve's name and last value behind its end."""
    mark = {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "fontWeight": 600, "clip": False}
    return {"transform": [{"filter": "isValid(datum.text)"}], "mark": mark, "encoding": {"text": {"field": "text"}}}
