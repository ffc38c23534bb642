"""The colours fit together: every group has one, and the diverging map is even around zero."""

from __future__ import annotations

import numpy as np
import pytest

from lab.network.catalogue import groups
from pages.ui.palette import DIVERGING, GROUP_COLOURS, STATUS, Scheme, css_variables, diverging_table

SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def _lightness(colour: str) -> float:
    """Relative luminance, WCAG 2.2, 0..1."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_group_of_the_catalogue_has_a_colour(scheme: Scheme) -> None:
    assert set(GROUP_COLOURS[scheme]) == {"Input", *groups()}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_diverging_map_gets_steadily_stronger_away_from_zero(scheme: Scheme) -> None:
    table = np.frombuffer(diverging_table(scheme), dtype=np.uint8).reshape(256, 3)
    light = np.array([_lightness("#" + bytes(row).hex()) for row in table])
    sign = 1 if scheme == "dark" else -1
    assert (np.diff(sign * light[128:]) > -0.002).all()
    assert (np.diff(sign * light[1:129]) < 0.002).all()
    assert abs(light[1] - light[255]) < 0.15


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_stops_go_from_zero_to_one_with_zero_in_the_middle(scheme: Scheme) -> None:
    places = [place for place, _ in DIVERGING[scheme]]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] == 1
    assert 0.5 in places


def test_the_css_names_every_colour_for_both_schemes() -> None:
    css = css_variables()
    for name, colour in GROUP_COLOURS["light"].items():
        assert f"--group-{name.lower()}: light-dark({colour}, {GROUP_COLOURS['dark'][name]});" in css
    assert all(f"--status-{name}:" in css for name in STATUS["light"])
