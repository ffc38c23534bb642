"""The rules that keep the house a house: who imports whom, who touches what."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAB = sorted((ROOT / "lab").rglob("*.py"))
UI = sorted((ROOT / "pages" / "ui").rglob("*.py"))
PAGES = sorted(path for path in (ROOT / "pages").rglob("*.py") if path not in UI)

# A room imports itself and the storeys below it, never a neighbour. `files` (safe writing, the lab's folder) is a leaf.
STOREYS = (
    {"errors"},
    {"files"},
    {"theory"},
    {"data", "network"},
    {"training"},
    {"inspection", "prediction"},
    {"experiments", "questions"},
    {"cli"},
)
ROOMS = set().union(*STOREYS)

# What a host that only trains has; all else is imported inside the function that needs it.
TRAINING_HOST = {"torch", "numpy", "PIL", "pydantic", "pydantic_core", "safetensors"}
# What the first page needs; it must show before torch is loaded (speed.md: 1.7 s against 2.8 s).
FIRST_PAGE = (
    "lab.network.presets",
    "lab.network.summary",
    "lab.network.edit",
    "lab.network.code",
    "lab.training.recipe",
    "lab.training.run_folder",
    "lab.training.queue",
    "lab.data.catalogue",
)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path, *, top_level_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text())
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    nodes = tree.body if top_level_only else ast.walk(tree)
    found: set[str] = set()
    for node in nodes:
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "lab" and len(parts) > 1 and parts[1] in ROOMS else None


@pytest.mark.parametrize("path", LAB, ids=name_of)
def test_lab_knows_no_screen(path: Path) -> None:
    assert not {name for name in imports(path) if name.split(".")[0] in {"streamlit", "plotly", "pages", "app"}}


@pytest.mark.parametrize("path", LAB, ids=name_of)
def test_a_room_imports_only_rooms_before_it(path: Path) -> None:
    room = room_of(name_of(path))
    if room is None:
        return
    storey = next(level for level, rooms in enumerate(STOREYS) if room in rooms)
    below = set().union(*STOREYS[:storey])
    assert {imported for imported in map(room_of, imports(path)) if imported} <= below | {room}


@pytest.mark.parametrize("path", LAB, ids=name_of)
def test_lab_imports_at_the_top_only_what_a_training_host_has(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path, top_level_only=True)} - set(sys.stdlib_module_names)
    assert outside - {"lab"} <= TRAINING_HOST


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_is_a_table_of_contents(path: Path) -> None:
    tree = ast.parse(path.read_text())
    names = imports(path)
    other_pages = {name for name in names if name.startswith("pages.") and not name.startswith("pages.ui")}
    assert not other_pages, "pages never import pages"
    assert not {name for name in names if name.split(".")[0] == "torch"}, "a page does no tensor arithmetic"
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)], "a page's classes are new each run"
    assert len(path.read_text().splitlines()) <= 130


@pytest.mark.parametrize("path", [ROOT / "app.py", *PAGES, *UI], ids=name_of)
def test_only_state_touches_the_session_and_nobody_writes_raw_html(path: Path) -> None:
    text = path.read_text()
    assert "unsafe_allow_html" not in text
    if path != ROOT / "pages" / "ui" / "state.py":
        assert "session_state" not in text


WIDGETS = {
    "button", "checkbox", "toggle", "radio", "selectbox", "multiselect", "slider", "select_slider", "number_input",
    "text_input", "text_area", "file_uploader", "camera_input", "download_button", "segmented_control", "pills",
    "color_picker", "date_input", "time_input", "data_editor", "feedback",
}  # fmt: skip


@pytest.mark.parametrize("path", [ROOT / "app.py", *PAGES, *UI], ids=name_of)
def test_every_widget_has_a_key(path: Path) -> None:
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WIDGETS
        # `st.button(…)`, `column.button(…)`: attribute calls on plain names other than our own modules
        if isinstance(node.func.value, ast.Name)
        and node.func.value.id not in {"controls", "live", "palette", "picture"}
    ]
    without = [
        f"line {call.lineno}: {ast.unparse(call.func)}"
        for call in calls
        if not any(keyword.arg in {"key", None} for keyword in call.keywords)
    ]
    assert not without


@pytest.mark.parametrize("module", FIRST_PAGE)
def test_the_first_page_shows_before_torch_is_loaded(module: str) -> None:
    check = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False).returncode == 0


def test_no_module_keeps_a_drawer_of_odds_and_ends() -> None:
    assert not [p for p in (*LAB, *UI, *PAGES) if p.stem in {"utils", "util", "helpers", "helper", "common", "misc"}]
