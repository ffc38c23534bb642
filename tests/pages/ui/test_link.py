"""What a link carries comes back, and what is no link costs one sentence."""

from __future__ import annotations

import base64
import json
import zlib

import pytest

from lab.errors import LinkError
from lab.network.presets import PRESETS, preset
from pages.ui.link import MAX_JSON_BYTES, MAX_LINK_CHARS, decode_link, encode_link


def _pack(payload: object) -> str:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_travels_by_its_name(name: str) -> None:
    text = encode_link({}, preset(name))
    assert decode_link(text).network == preset(name)
    assert len(text) < 120


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_under_another_name_travels_whole_and_fits(name: str) -> None:
    mine = preset(name).model_copy(update={"name": "Mine, ünïcode × 2"})
    text = encode_link({"train": {"lr": 0.1}}, mine)
    content = decode_link(text)
    assert (content.network, content.pages) == (mine, {"train": {"lr": 0.1}})
    assert len(text) < MAX_LINK_CHARS


def test_the_same_state_is_the_same_text_in_whatever_order_it_is_kept() -> None:
    pages = {"train": {"lr": 0.1, "seed": 2}, "loss": {"z1": 1.5}}
    turned = {name: dict(reversed(fields.items())) for name, fields in reversed(pages.items())}
    assert list(turned) != list(pages)
    assert encode_link(turned, preset("lenet5")) == encode_link(pages, preset("lenet5"))


def _valid() -> str:
    return encode_link({"train": {"lr": 0.1}}, preset("lenet5").model_copy(update={"name": "x"}))


def test_the_longest_link_is_far_below_what_a_server_reads() -> None:
    server_reads = 64 * 1024  # bytes of an unfinished request in uvicorn; what is longer never reaches the lab
    assert server_reads > 4 * MAX_LINK_CHARS


HOSTILE = {
    "cut in half": _valid()[: len(_valid()) // 2],
    "one letter changed": _valid()[:40] + ("A" if _valid()[40] != "A" else "B") + _valid()[41:],
    "not base64": "%%%not a link%%%",
    "not ascii": "é" * 20,
    "not zlib": base64.urlsafe_b64encode(b"hello world").decode(),
    "not JSON": _pack("{"),
    "JSON nested a hundred thousand deep": _pack("[" * 100_000),
    "a list": _pack([1, 2]),
    "null": _pack("null"),
    "a number of a million digits": _pack('{"v":1,"pages":{"a":{"b":' + "9" * 500_000 + "}}}"),
    "a NaN": _pack('{"v":1,"pages":{"train":{"lr":NaN}}}'),
    "a number beyond all floats": _pack('{"v":1,"pages":{"train":{"lr":1e999}}}'),
    "no version": _pack({"pages": {}}),
    "a later version": _pack({"v": 2}),
    "a bomb": base64.urlsafe_b64encode(zlib.compress(b" " * 30_000_000, 9)).decode()[:MAX_LINK_CHARS],
    "a small bomb": _pack(" " * (MAX_JSON_BYTES + 1)),
    "a megabyte of letters": "A" * 1_000_000,
    "an unknown preset": _pack({"v": 1, "network": "../../etc/passwd"}),
    "a network that is a number": _pack({"v": 1, "network": 7}),
    "a network with an unknown field": _pack({"v": 1, "network": {"name": "x", "input": [1, 8, 8], "evil": 1}}),
    "a network with an unknown kind": _pack(
        {"v": 1, "network": {"name": "x", "input": [1, 8, 8], "layers": [{"id": "a", "kind": "os.system"}]}}
    ),
    "a network of impossible size": _pack({"v": 1, "network": {"name": "x", "input": [10**9, 8, 8]}}),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_link_is_told_in_one_sentence(text: str) -> None:
    with pytest.raises(LinkError) as caught:
        decode_link(text)
    sentence = caught.value.sentence
    assert sentence.startswith("the link cannot be read: ")
    assert sentence.endswith("(LINK-DAMAGED)")
    assert len(sentence) < 400
    assert "\n" not in sentence


def test_pages_of_wrong_types_are_left_out() -> None:
    content = decode_link(_pack({"v": 1, "pages": {"train": [1], "build": {"selected": 3}}, "new_field": {}}))
    assert content.pages == {"build": {"selected": 3}}
    assert content.network is None
