"""The state of the lab as text: what a shared link carries, and how it is read back without trusting it.

A link is ``?s=<base64url(zlib(JSON))>``. The JSON is ``{"v": 1, "pages": {page: {field: value}}, "network": ...}``,
where the network is a preset's name or a whole :class:`lab.network.spec.NetworkSpec`. No Streamlit here: text in,
plain data out.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lab.errors import Code, LabError, LinkError
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec

VERSION = 1
# Chromium takes 2 MB of address, but the server refuses a long request before any code of ours runs: 100,000 characters
# were answered, 130,000 were not. What the lab offers stays far below; mail programs break longer lines anyway.
MAX_LINK_CHARS = 16_000
# The largest preset is 18 KB of JSON; a link that unpacks to more than this is a bomb.
MAX_JSON_BYTES = 1_000_000


@dataclass(frozen=True)
class LinkContent:
    """What a link said: raw fields per page (checked when the page is loaded) and the network, checked."""

    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    network: NetworkSpec | None = None


def encode_link(pages: dict[str, dict[str, Any]], network: NetworkSpec) -> str:
    """Write the state as the value of ``?s=``.

    Returns:
        Text of letters, digits, ``-`` and ``_``; may be longer than :data:`MAX_LINK_CHARS`, which the caller checks.

    Examples:
        >>> decode_link(encode_link({"train": {"lr": 0.1}}, preset("lenet5"))).pages
        {'train': {'lr': 0.1}}
    """
    payload = {"v": VERSION, "pages": pages, "network": _network_value(network)}
    # In one order, whatever the session's: the same state in another text would be another step for the browser's Back.
    text = json.dumps(payload, separators=(",", ":"), allow_nan=False, sort_keys=True)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def decode_link(text: str) -> LinkContent:
    """Read the value of ``?s=``.

    Raises:
        LinkError: the text is cut, altered, too long or unpacks to too much; the message is one sentence.
    """
    payload = _json_object(_unpack(text))
    if payload.get("v") != VERSION:
        raise _damaged(f"it has version {str(payload.get('v'))[:12]!r} and this lab reads version {VERSION}")
    pages = payload.get("pages")
    if not isinstance(pages, dict):
        pages = {}
    kept = {str(name): values for name, values in pages.items() if isinstance(values, dict)}
    return LinkContent(kept, _read_network(payload.get("network")))


def _damaged(why: str) -> LinkError:
    return LinkError(
        Code.LINK_DAMAGED, f"the link cannot be read: {why}", now="ask for the link again; the lab starts as new"
    )


def _unpack(text: str) -> bytes:
    if len(text) > MAX_LINK_CHARS:
        raise _damaged(f"it has {len(text):,} characters and {MAX_LINK_CHARS:,} are allowed")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        reader = zlib.decompressobj()
        plain = reader.decompress(packed, MAX_JSON_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        raise _damaged("it was cut or altered on the way") from None
    if reader.unconsumed_tail:
        raise _damaged(f"it unpacks to more than {MAX_JSON_BYTES:,} bytes")
    if not reader.eof:
        raise _damaged("it was cut or altered on the way")
    return plain


def _json_object(plain: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(plain)
        # Python also reads NaN and 1e999; what a link carries goes into the next one, which can carry neither.
        json.dumps(payload, allow_nan=False)
    except (ValueError, RecursionError):
        raise _damaged("it was cut or altered on the way") from None
    if not isinstance(payload, dict):
        raise _damaged("it holds no settings")
    return payload


@lru_cache(maxsize=64)
def _network_value(network: NetworkSpec) -> Any:
    """A preset's name when the network is that preset, so that common links stay short; else its JSON."""
    for name in PRESETS:
        if network.name == preset(name).name and network == preset(name):
            return name
    return json.loads(network.to_json())


def _read_network(value: Any) -> NetworkSpec | None:
    if value is None:
        return None
    if isinstance(value, str):
        if value not in PRESETS:
            raise _damaged(f"there is no preset named {value[:40]!r}")
        return preset(value)
    try:
        return NetworkSpec.from_json(json.dumps(value))
    except LabError as error:
        # What follows the semicolon is advice for whoever writes a spec by hand.
        raise _damaged(error.what.split(";")[0]) from None
