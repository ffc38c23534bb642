"""What this visitor has chosen: the only module that touches ``st.session_state`` and the address.

Three kinds of things are kept for a session:

- one frozen :class:`PageState` per page (``load``, ``save``, ``update``), of which the ``linked`` fields travel in
  the link;
- the ``Workbench``: the learner's one network with undo and redo, shared by all pages (``workbench``,
  ``set_network``);
- objects too large for a link, such as a photo's bytes (``remember``, ``recall``, ``forget``).

Widgets are bound to a value with ``bind`` and read with ``widget_value`` (see ``controls``).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit, urlunsplit

import streamlit as st
from pydantic import BaseModel, ConfigDict, ValidationError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lab.errors import LabError
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui import link
from pages.ui.delivery import DELIVERY_S
from pages.ui.workbench import Workbench

FIRST_NETWORK = "student_cnn"


class PageState(BaseModel):
    """What a page's visitor has chosen; a subclass per page gives every field a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: ClassVar[str] = ""
    linked: ClassVar[frozenset[str]] = frozenset()


S = TypeVar("S", bound=PageState)


_trial: ContextVar[dict[str, Any] | None] = ContextVar("trial", default=None)
_leaving: ContextVar[bool] = ContextVar("leaving", default=False)


def _session() -> Any:
    """The session; on trial, a copy of what the lab keeps in it."""
    return st.session_state if _trial.get() is None else _trial.get()


@contextmanager
def on_trial() -> Iterator[None]:
    """Try something out: whatever is kept inside this is forgotten at its end, and the address stays as it is."""
    kept = {name: _session()[name] for name in list(_session()) if str(name).startswith("lab:")}
    token = _trial.set({name: dict(value) if isinstance(value, dict) else value for name, value in kept.items()})
    try:
        yield
    finally:
        _trial.reset(token)


# --- one frozen value per page ----------------------------------------------------------------------------------------


def load(model: type[S]) -> S:
    """This session's value of a page's state; at the first request the link's, where there is one."""
    kept = _session().get(_page_key(model))
    if isinstance(kept, model):
        return kept
    value = _from_link(model)
    _session()[_page_key(model)] = value
    return value


def save(value: PageState) -> None:
    """Keep a page's state and bring the address up to date."""
    with uninterrupted():
        _session()[_page_key(type(value))] = value
        publish_link()


def keep(value: PageState) -> None:
    """Keep a page's state, but not yet in the address: for values on their way while something is dragged."""
    _session()[_page_key(type(value))] = value


def update(model: type[S], **changes: Any) -> S:
    """Change some fields, with the checks of the constructor, and keep the result.

    Raises:
        pydantic.ValidationError: a value is out of the field's bounds (a mistake of the page, not of the visitor).
    """
    value = model.model_validate({**dict(load(model)), **changes})
    save(value)
    return value


def _page_key(model: type[PageState]) -> str:
    return f"lab:page:{model.page}"


def _from_link(model: type[S]) -> S:
    """Take the linked fields one by one, so that one bad value costs only itself."""
    value = model()
    for name, raw in _link_pages().pop(model.page, {}).items():
        if name not in model.linked:
            continue  # a field of a later version, or one that does not travel
        try:
            value = model.model_validate({**dict(value), name: raw})
        except ValidationError:
            notify(f"The link's value for {name.replace('_', ' ')} cannot be used, so the usual one is shown.")
    return value


# --- the network ------------------------------------------------------------------------------------------------------


def workbench() -> Workbench:
    """The learner's network, shared by all pages."""
    kept = _session().get("lab:workbench")
    if isinstance(kept, Workbench):
        return kept
    return _keep_workbench(Workbench(preset(FIRST_NETWORK)))


def set_network(spec: NetworkSpec) -> None:
    """Make this the learner's network; the one before can be had back with ``undo``."""
    _change_workbench(lambda bench: bench.changed(spec))


def move_network(spec: NetworkSpec) -> None:
    """Make this the network, but not yet a step nor in the address: on its way while something is dragged."""
    _keep_workbench(workbench().moved(spec))


def settle_network() -> None:
    """Make one step of all that moved since the last."""
    _change_workbench(Workbench.settled)


def undo() -> None:
    """Go back to the network before the last change; does nothing at the start of the history."""
    _change_workbench(Workbench.undone)


def redo() -> None:
    """Take back the last ``undo``; does nothing at the end of the history."""
    _change_workbench(Workbench.redone)


def _change_workbench(change: Callable[[Workbench], Workbench]) -> None:
    with uninterrupted():
        _keep_workbench(change(workbench()))
        publish_link()


def _keep_workbench(bench: Workbench) -> Workbench:
    _session()["lab:workbench"] = bench
    return bench


# --- the link ---------------------------------------------------------------------------------------------------------


def open_link() -> None:
    """Read the address once per session; later the session knows better than an address that lags behind it."""
    if "lab:link_pages" in _session():
        return
    _session()["lab:link_pages"] = {}
    text = st.query_params.get("s", "")
    if not text:
        return
    try:
        content = link.decode_link(text)
    except LabError as error:
        notify(error.sentence)
        return
    _session()["lab:link_pages"] = content.pages
    if content.network is not None:
        _keep_workbench(Workbench(content.network))


def link_text() -> str:
    """All that was settled on, as the value of ``?s=``; empty when everything is as a new visitor finds it."""
    pages = dict(_link_pages())
    for key in list(_session()):
        value = _session()[key] if str(key).startswith("lab:page:") else None
        if isinstance(value, PageState) and (changed := _changed_fields(value)):
            pages[value.page] = changed
    network = workbench().base
    if not pages and network == preset(FIRST_NETWORK):
        return ""
    return link.encode_link(pages, network)


def publish_link() -> None:
    """Bring the address up to date, so that a reload or a copied address shows the same."""
    if _trial.get() is not None or _leaving.get():
        return
    text = link_params().get("s", "")
    if text == st.query_params.get("s", ""):
        return
    if text:
        st.query_params["s"] = text
    else:
        del st.query_params["s"]


def link_params() -> dict[str, str]:
    """The link for ``st.switch_page``, so that the other page opens at its final address."""
    text = link_text()
    # Too long for a link: the share panel says so, and the session itself keeps everything.
    return {"s": text} if 0 < len(text) <= link.MAX_LINK_CHARS else {}


@contextmanager
def leaving() -> Iterator[None]:
    """Change what is kept on the way to another page: every change of the address is a step for the browser's Back."""
    token = _leaving.set(True)
    try:
        yield
    finally:
        _leaving.reset(token)


def share_url() -> str | None:
    """The address of this page with the whole state; ``None`` when the network is too large for a link."""
    text = link_text()
    if len(text) > link.MAX_LINK_CHARS:
        return None
    place = urlsplit(st.context.url or "")
    return urlunsplit((place.scheme, place.netloc, place.path, f"s={text}" if text else "", ""))


def _link_pages() -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = _session().setdefault("lab:link_pages", {})
    return kept


def _changed_fields(value: PageState) -> dict[str, Any]:
    first = type(value)()
    dumped = value.model_dump(mode="json")
    return {name: dumped[name] for name in sorted(value.linked) if getattr(value, name) != getattr(first, name)}


# --- sentences for the visitor ----------------------------------------------------------------------------------------


def notify(sentence: str) -> None:
    """Have one sentence shown at the top of the page until it is dismissed."""
    kept = notices()
    if sentence not in kept:
        _session()["lab:notices"] = (*kept, sentence)


def notices() -> tuple[str, ...]:
    """The sentences waiting to be read."""
    kept: tuple[str, ...] = _session().get("lab:notices", ())
    return kept


def dismiss_notices() -> None:
    """Take the sentences away."""
    _session()["lab:notices"] = ()


# --- things too large for a link --------------------------------------------------------------------------------------


def remember(name: str, value: object) -> None:
    """Keep something for this session under a name of the page's own (``"classify.photo"``)."""
    _session()[f"lab:object:{name}"] = value


def recall(name: str, default: Any = None) -> Any:
    """What was remembered under this name."""
    return _session().get(f"lab:object:{name}", default)


def forget(name: str) -> None:
    """Let go of what was remembered."""
    _session().pop(f"lab:object:{name}", None)


# --- what a click owes ------------------------------------------------------------------------------------------------


def owe_page() -> None:
    """Say in a callback that the whole page must be drawn.

    When a fragment asks for a run in the moment of the click, Streamlit calls the click's callback in that fragment's
    run and draws nothing else.
    """
    remember("page.owed", True)


def begin_page() -> None:
    """The whole page is being drawn: called once at the top of the app, which a fragment's run does not reach."""
    forget("page.owed")


def pay_page() -> None:
    """Draw the whole page if a click is owed it; called where a fragment ends."""
    if recall("page.owed"):
        forget("page.owed")
        st.rerun()


# --- callbacks --------------------------------------------------------------------------------------------------------


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let a callback finish: whoever changes what is kept, in ``on_change`` or ``on_click``, does it inside this.

    Streamlit looks for newer requests at every access of ``st.session_state`` and gives up the run for them, in the
    middle of a callback too, which is never called again: a click would be lost, or half a change kept.
    """
    context = get_script_run_ctx(suppress_warning=True)
    kept = None if context is None else context.session_state
    if kept is None:
        yield
        return
    look = kept._yield_callback
    # There is no public switch; SafeSessionState refuses plain assignment.
    object.__setattr__(kept, "_yield_callback", lambda: None)
    try:
        yield
    finally:
        object.__setattr__(kept, "_yield_callback", look)


# --- widgets ----------------------------------------------------------------------------------------------------------


def bind(key: str, value: Any) -> str:
    """Have the widget of this key show ``value``: call before drawing it, and give it ``value`` as its default, too.

    A widget that is not drawn forgets its value, so the truth is kept elsewhere and written here. Once the browser has
    the value it is not written again, or what somebody is typing would be taken away by the next run. But a run that
    was interrupted, or overtaken by the next one, may never have reached the browser: so a value counts as delivered
    only some time after ``settle``. Where even that was too soon, the browser draws the widget at its default and
    reports it, as a change unless that is the value itself.
    """
    sent = _deliveries()
    is_delivered = time.monotonic() - sent.settled.get(key, math.inf) > DELIVERY_S
    if key not in _session() or _session()[key] != value or not is_delivered:
        _session()[key] = value
        sent.settled.pop(key, None)
        sent.waiting.add(key)
    return key


def settle() -> None:
    """Count what was bound as sent: called where a run, or a fragment with bound widgets, comes to its end."""
    sent = _deliveries()
    sent.settled.update(dict.fromkeys(sent.waiting, time.monotonic()))
    sent.waiting.clear()


@dataclass
class _Deliveries:
    """When each key's value was sent to the browser, and the keys on their way."""

    settled: dict[str, float] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


def _deliveries() -> _Deliveries:
    kept: _Deliveries = _session().setdefault("lab:deliveries", _Deliveries())
    return kept


def widget_value(key: str) -> Any:
    """What the widget of this key says now; for ``on_change`` callbacks."""
    return _session().get(key)
