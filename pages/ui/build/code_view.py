"""The network as source: PyTorch, Keras, the spec; to copy, to download, and as ONNX."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lab.network.spec import NetworkSpec
from pages.ui import cached, controls, messages, state
from pages.ui.build.state import BuildState
from pages.ui.build.toolbar import file_stem
from pages.ui.source import show_source


@st.fragment
def show_code() -> None:
    """Draw the choice of language, the source and the downloads."""
    network = state.workbench().network
    with st.container(horizontal=True, vertical_alignment="center"):
        language = controls.segmented(BuildState, "language", label_visibility="collapsed", width="content")
        write, suffix, lexer = _LANGUAGES[language]
        downloads = st.container(horizontal=True, width="content")
    with messages.guarded():
        text = write(network)
        with downloads:
            st.download_button(
                f"Download {file_stem(network.name)}{suffix}",
                text,
                file_name=f"{file_stem(network.name)}{suffix}",
                key="_build.download",
                icon=":material/download:",
                on_click="ignore",
            )
            _onnx_button(network)
        show_source(text, key="_build.copy", language=lexer, height=560)
    state.settle()


def _onnx_button(network: NetworkSpec) -> None:
    """ONNX is made only when asked for: it needs torch and a second or more."""
    if not st.button("Make ONNX file", key="_build.onnx", icon=":material/deployed_code:", help=_ONNX_HELP):
        return
    from lab.network.onnx_export import onnx_bytes

    with messages.guarded(), st.spinner("Exporting"):
        st.download_button(
            f"Download {file_stem(network.name)}.onnx",
            onnx_bytes(network),
            file_name=f"{file_stem(network.name)}.onnx",
            key="_build.onnx_download",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )


_ONNX_HELP = "The network with fresh weights, for other programs. A trained run is exported on the page Runs."


def _indented(network: NetworkSpec) -> str:
    import json

    return json.dumps(json.loads(network.to_json()), indent=1, ensure_ascii=False)


_LANGUAGES: dict[str, tuple[Callable[[NetworkSpec], str], str, str]] = {
    "PyTorch": (cached.pytorch_code, ".py", "python"),
    "Keras": (cached.keras_code, "_keras.py", "python"),
    "Spec": (_indented, ".json", "json"),
}
