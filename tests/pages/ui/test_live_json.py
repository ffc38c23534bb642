"""What a live stage sends is JSON, whatever numbers it holds, and parts that are text already go in as they are."""

from __future__ import annotations

import json
import math

from pages.ui.live_json import encoded, with_part


def test_a_number_that_json_has_not_travels_as_nothing() -> None:
    assert json.loads(encoded({"a": [1.5, math.nan, {"b": math.inf}]})) == {"a": [1.5, None, {"b": None}]}


def test_a_part_that_is_text_already_is_as_if_it_had_been_written_with_the_rest() -> None:
    whole = {"a": {"b": "}"}, "c": [1, "\n", None]}
    part = [["x", {"parts": {"1": {"value": 2.5}}}]]
    assert with_part(encoded(whole), "ahead", encoded(part)) == encoded({**whole, "ahead": part})
