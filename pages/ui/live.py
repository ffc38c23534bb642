"""Live stages: one browser component that holds the controls *and* the drawing, and moves while it is dragged.

How to build one (see ``bench/apps/live_page.py`` for a whole one in forty lines)::

    STAGE = live.Stage("pooling", scripts=("pooling/stage",), styles=("pooling/stage",))   # once, at import

    @st.fragment
    def show_stage() -> None:
        chosen = state.load(PoolingState)
        STAGE.show(
            PoolingState,
            key="_pooling.stage",
            controls=(live.slider(PoolingState, "kernel_size", most=5), live.choice(PoolingState, "mode")),
            picture={"out": ...},          # JSON-able, whatever your JavaScript draws; None keeps the last picture
        )

- **Every change** reaches the page's state through its own pydantic constructor before ``show_stage`` runs again. What
  does not fit is answered with one sentence at its control, and nothing changes. Bounds given to a control (``most=5``)
  hold for what the browser sends, too.
- **Dragging streams**: newer values replace those that have no answer yet, nothing queues, the last one arrives. Link
  and undo history follow only when a value is settled (release, Enter, a pause of the keys).
- **Your JavaScript** defines ``const STAGE = { mount(root, tools) {}, draw(root, picture, tools) {} }`` and may use
  ``element``, ``make`` and everything in ``components/live/``: ``numberText``, ``drawMatrix``, ``drawPlot``,
  ``drawBars``, ``drawTable``, ``player``. Computing happens here, in Python.
- **The controls** stand beside the picture, on a narrow screen in a tray at its lower edge, so that what is dragged and
  what moves are on one screen (``live/tray.css``). Where they are all there is to see, ``STAGE`` says ``isForm: true``.
- A stage may take ``tools.parts.controls`` and ``tools.parts.bar`` (undo, redo, reset) to a place in its own drawing.
- ``tools.send({field: value}, {final})`` changes the page's state, ``tools.act(name, details)`` calls ``on_action``.
  Clicks are all delivered, in order; ``tools.act(name, details, {latest: true})`` is for what streams.
- **Sending ahead**: where ``show_stage`` draws nothing but its stage, decorate it with ``@STAGE.fragment`` instead of
  ``@st.fragment``. Then the browser has the pictures of a control's next positions before the hand gets there; see
  ``live_ahead``.
- **Several at once**: a picture that costs less together with others, as trainings do, is kept in a
  ``together.Together`` whose ``prepare`` goes to ``show(..., together=...)``: positions are computed a few at a time.
- ``tools.house(group, node)`` puts a group of controls into the drawing, beside what it changes.
- What is not a page's state is shown through a ``Subject`` of its own (``live_subject``; the network on Build).
- A second stage on the page that shows the same state: give ``show(..., spreads=True)`` to the one that is dragged, and
  the whole page follows when a value is settled.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial, wraps
from typing import Any, ParamSpec

import streamlit as st

from pages.ui import live_ahead, palette, state
from pages.ui.components.assets import script, style
from pages.ui.live_change import Action, desk, keep_desk, receive, take_values
from pages.ui.live_controls import Control, Model, choice, number, plain, slider, switch
from pages.ui.live_json import encoded, with_part
from pages.ui.live_subject import Also, PageSubject, Subject

P = ParamSpec("P")

__all__ = ["Control", "Stage", "choice", "number", "plain", "slider", "switch"]

_SHARED = (
    "element",
    "svg",
    "bytes",
    "ink",
    "live/number",
    "live/wire",
    "live/controls",
    "live/arrange",
    "live/matrix",
    "live/plot",
    "live/bars",
    "live/table",
    "live/player",
    "live/ahead",
)


class Stage:
    """A live component; made once per module, at import.

    Args:
        name: unique among all stages, letters, digits and underscores.
        scripts: the stage's JavaScript in ``components/``, without ``.js``; together they define ``STAGE``.
        styles: the stage's CSS in ``components/``, without ``.css``.
        constants: what its JavaScript knows from the beginning, by name.
    """

    def __init__(
        self,
        name: str,
        *,
        scripts: Sequence[str],
        styles: Sequence[str] = (),
        constants: Mapping[str, Any] | None = None,
    ) -> None:
        sheet = style("live/live", "live/drawings", *styles, "live/tray")
        known = (_constant(word, value) for word, value in (constants or {}).items())
        parts = (_constant("SHEET", sheet), _colours(), *known, script(*_SHARED, *scripts, "live/main"))
        self._code = "\n".join(parts).encode()
        # Streamlit sends a component's own script along with every answer, so that is only a loader, and the code goes
        # to each browser once.
        version = f"{name}@{hashlib.sha256(self._code).hexdigest()[:12]}"
        loader = "\n".join((_constant("VERSION", version), script("live/loader")))
        self._component = st.components.v2.component(f"lab_live_{name}", js=loader)

    def fragment(self, function: Callable[P, None]) -> Callable[P, None]:
        """Like ``st.fragment``, and ready to send ahead: for a function that draws this stage and nothing else.

        The picture may depend on the page's state, on the arguments, and on what only a run of the whole page or an
        action of this stage changes.
        """

        @wraps(function)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
            with live_ahead.repeatable(self, partial(function, *args, **kwargs)):
                function(*args, **kwargs)

        return st.fragment(drawn)

    def show(
        self,
        about: Model | Subject,
        *,
        key: str,
        controls: Sequence[Control] = (),
        picture: Mapping[str, Any] | None,
        on_action: Action | None = None,
        also: Also | None = None,
        message: str = "",
        spreads: bool = False,
        expects: Sequence[str] = (),
        together: Callable[[Sequence[Any]], None] | None = None,
    ) -> None:
        """Draw the stage; call it inside a fragment.

        Args:
            about: the page's state, whose fields the controls change, or another :class:`Subject`.
            key: the component's key, ``"_<page>.<stage>"``.
            controls: in the order in which they stand.
            picture: what the stage's JavaScript draws; ``None`` keeps the picture that it shows.
            on_action: called with name and details of each ``tools.act``, before the fragment runs; both come from a
                browser and are to be checked.
            also: called with the changed values of a page's state; what it returns changes with them (a usual rate with
                its optimizer).
            message: one sentence above the drawing.
            spreads: run the whole page when a value was settled, because other parts of it show the same state.
            expects: what the stage's own JavaScript sends and may ask ahead for with ``tools.expect(field, values)``.
            together: called with several of the page's states before their pictures are sent ahead: for what costs
                less when it is computed for all of them at once (``together.Together.prepare``).
        """
        subject: Subject = PageSubject(about, also) if isinstance(about, type) else about
        shown = {
            "controls": [row.payload() for row in controls],
            "picture": picture,
            "message": message,
            "values": subject.values(),
        }
        live_ahead.stop_at(self, shown)
        kept = live_ahead.new_epoch(key)
        named = {control.field: control for control in controls}
        take = partial(take_values, subject, named)
        prepare = None
        if together is not None and isinstance(about, type):
            prepare = partial(live_ahead.prepare, together, take, partial(state.load, about))
        told, pictures = live_ahead.sent_ahead(self, key, take, shown, prepare)
        payload = {
            **shown,
            "seq": kept.seq,
            "message": message or kept.message,
            "errors": kept.errors,
            "history": subject.steps(),
            **told,
        }
        text = encoded(payload) if pictures is None else with_part(encoded(payload), "ahead", pictures)
        work = partial(receive, subject, key, named, on_action, expects)
        # As bytes, which Streamlit passes on without looking through them.
        data = b"\n".join((text.encode(), b"" if kept.has_code else self._code))
        self._component(key=key, data=data, height="content", on_change_change=work)
        if spreads and kept.is_settled:
            keep_desk(key, replace(desk(key), is_settled=False))
            st.rerun()
        state.pay_page()


def _colours() -> str:
    """The diverging map for JavaScript, light and dark, as base64 of 256 times red, green, blue."""
    tables = {scheme: b64encode(palette.diverging_table(scheme)).decode() for scheme in ("light", "dark")}
    return _constant("DIVERGING", tables)


def _constant(name: str, value: Any) -> str:
    return f"const {name} = {json.dumps(value)};"
