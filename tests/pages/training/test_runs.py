from __future__ import annotations

import errno
import io
import json
import os
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.errors import LabError
from lab.training.history import HistoryWriter, LrChange
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run, delete_run, list_runs, open_run
from pages.ui import units
from pages.ui.pace import Pace
from pages.ui.runs import exports, packed
from pages.ui.runs.card import REPEATABLE, card_facts, card_text, promise
from pages.ui.runs.comparison import Compared, comparison_curves, result_rows
from pages.ui.runs.rates import NOT_REPEATABLE
from pages.ui.runs.rows import table_row
from tests.pages.page_texts import texts

OpenPage = Callable[..., AppTest]
RUNS = "pages/training/runs.py"


def test_without_runs_the_page_invites_to_train(open_page: OpenPage) -> None:
    assert "There are no runs yet" in texts(open_page(RUNS))


def test_one_chosen_run_shows_its_card(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(RUNS, runs={"chosen": [first_run.id]})
    assert "Reproducibility card" in texts(at)
    assert "Compared" not in texts(at)


def test_two_chosen_runs_are_compared_and_only_the_seed_differs(open_page: OpenPage, trained: object) -> None:
    at = open_page(RUNS, runs={"chosen": [trained.first, trained.second]})  # type: ignore[attr-defined]
    assert "Compared" in texts(at)
    different = at.table[1].value
    assert list(different.iloc[:, 0]) == ["**seed**"]


def test_deleting_asks_first_and_names_the_run(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(RUNS, runs={"chosen": [first_run.id]})
    at.button(key="_runs.delete").click().run()
    assert first_run.path.exists()
    assert first_run.id in texts(at)
    at.button(key="_runs.delete_now").click().run()
    assert not at.exception
    assert not first_run.path.exists()


def test_the_question_stays_open_when_the_page_runs_again(open_page: OpenPage, first_run: Run) -> None:
    """As it does when another run begins or ends."""
    at = open_page(RUNS, runs={"chosen": [first_run.id]})
    at.button(key="_runs.delete").click().run()
    at.run()
    assert at.button(key="_runs.delete_now")
    at.button(key="_runs.keep").click().run()
    assert not [button.key for button in at.button if button.key == "_runs.delete_now"]


def test_buttons_that_delete_are_red(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(RUNS, runs={"chosen": [first_run.id]})
    at.button(key="_runs.delete").click().run()
    assert at.button(key="_runs.delete").label.startswith(":red[")
    assert at.button(key="_runs.delete_now").label.startswith(":red[")


def test_the_whole_run_tells_its_size_before_and_after_packing(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(RUNS, runs={"chosen": [first_run.id]})
    at.selectbox(key="_runs.export").set_value("zip").run()
    assert f"{units.size(exports.folder_bytes(first_run))} before packing" in texts(at)


def test_keep_keeps_it(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(RUNS, runs={"chosen": [first_run.id]})
    at.button(key="_runs.delete").click().run()
    at.button(key="_runs.keep").click().run()
    assert first_run.path.exists()


def test_a_damaged_run_is_a_row_with_its_sentence_and_the_page_goes_on(open_page: OpenPage, first_run: Run) -> None:
    (first_run.path / "spec.json").unlink()
    at = open_page(RUNS, runs={"chosen": [first_run.id]})
    info = next(info for info in list_runs() if info.id == first_run.id)
    row = table_row(info, ())
    assert row["damaged"]
    assert "spec.json" in row["sentence"]
    assert at.button(key="_runs.delete"), "a damaged run can still be deleted"


def test_the_table_names_best_and_last_accuracy_and_the_data_sets_title(first_run: Run) -> None:
    info = next(info for info in list_runs() if info.id == first_run.id)
    row = table_row(replace(info, best_test_accuracy=0.881, test_accuracy=0.871), ())
    assert (row["accuracy"], row["accuracy_text"], row["last_text"]) == (0.881, "88.1 %", "87.1 %")
    assert row["data"] == "Fashion-MNIST (bundled part)"


def test_a_link_to_runs_that_are_gone_chooses_what_is_left(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(RUNS, runs={"chosen": ["20200101-000000-gone-0000", first_run.id]})
    assert "Reproducibility card" in texts(at)


def test_train_again_takes_the_recipe_to_the_train_page(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(RUNS, runs={"chosen": [first_run.id]})
    at.button(key="_runs.again").click().run()
    assert not at.exception
    assert at.session_state["lab:page:train"].n_train == first_run.spec().n_train


@pytest.mark.parametrize("name", list(exports.FORMATS))
def test_every_export_of_a_trained_run_is_a_file(name: str, first_run: Run) -> None:
    made = exports.FORMATS[name].make(first_run)  # type: ignore[index]
    assert len(made.read()) == made.n_bytes > 0
    assert made.name.startswith(first_run.id)


def test_exported_weights_are_those_of_the_best_epoch(first_run: Run) -> None:
    from safetensors.torch import load

    tensors = load(exports.weights(first_run).read())
    kept = first_run.load_state(first_run.best_epoch() or 0)
    assert tensors.keys() == kept.keys()
    assert all(bool((tensors[name] == kept[name]).all()) for name in kept)


def test_the_exported_spec_is_the_recipe(first_run: Run) -> None:
    assert TrainSpec.from_json(exports.spec(first_run).read()) == first_run.spec()


def test_the_archive_holds_recipe_curves_and_card(first_run: Run) -> None:
    with zipfile.ZipFile(io.BytesIO(exports.archive(first_run).read())) as zipped:
        names = {name.removeprefix(f"{first_run.id}/") for name in zipped.namelist()}
        card = zipped.read(f"{first_run.id}/CARD.md").decode()
    assert {"spec.json", "steps.jsonl", "epochs.jsonl", "environment.json", "CARD.md"} <= names
    assert "- seed: 0" in card
    assert not names & {"lock", "worker.json"}, "what lies there for its worker only"


def test_a_packed_run_waits_on_the_disk_and_the_old_ones_go(home: Path, first_run: Run) -> None:
    old = exports.archive(first_run)
    assert isinstance(old.data, Path)
    assert old.data.parent == home / packed.PACKED
    long_ago = time.time() - 2 * packed.PACKED_KEPT_S
    os.utime(old.data, (long_ago, long_ago))
    new = exports.archive(first_run)
    assert (old.n_bytes, new.n_bytes > 0) == (0, True)
    assert all(info.status == "done" for info in list_runs(home)), "what is packed is no run"


def test_a_packed_run_is_cleared_away_by_any_open_page_when_its_run_is_gone_too(
    home: Path, first_run: Run, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.heartbeat._pulse", lambda: Pace(0.0))
    old, new = exports.archive(first_run).data, exports.archive(first_run).data
    assert isinstance(old, Path)
    long_ago = time.time() - 2 * packed.PACKED_KEPT_S
    os.utime(old, (long_ago, long_ago))
    delete_run(first_run)
    open_page("pages/home/start.py")
    assert list((home / packed.PACKED).iterdir()) == [new]


def test_a_prepared_file_that_was_cleared_away_is_said_and_not_offered(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(RUNS, runs={"chosen": [first_run.id]})
    at.selectbox(key="_runs.export").set_value("zip").run()
    at.button(key="_runs.prepare").click().run()
    made = at.session_state["lab:object:runs.export"][2]
    assert at.get("download_button")
    made.data.unlink()
    with pytest.raises(LabError, match="cleared away; prepare it again"):
        made.read()
    at.run()
    assert not at.exception
    assert "cleared away; prepare it again" in texts(at)
    assert not at.get("download_button")


def test_packing_a_run_needs_no_memory_for_its_weights(home: Path, first_run: Run) -> None:
    (first_run.path / "checkpoints" / "ballast.bin").write_bytes(os.urandom(16 << 20))
    tracemalloc.start()
    try:
        made = exports.archive(first_run)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert made.n_bytes > 16 << 20
    assert peak < 4 << 20


def test_a_full_disk_while_packing_is_one_sentence_and_leaves_nothing(
    home: Path, first_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(LabError, match=r"no space left on the disk.*DISK-FULL"):
        exports.archive(first_run)
    assert not list((home / packed.PACKED).iterdir())


def test_the_card_says_seed_data_machine_and_result(first_run: Run) -> None:
    facts = card_facts(first_run)
    environment = json.loads((first_run.path / "environment.json").read_text())
    assert facts["data SHA-256"] == environment["data_sha256"]
    assert facts["PyTorch"] == environment["torch"]
    assert facts["last test accuracy"] == f"{100 * first_run.history().epochs[-1].test_accuracy:.2f} %"


def test_the_card_has_the_whole_recipe(first_run: Run) -> None:
    facts, spec = card_facts(first_run), first_run.spec()
    assert facts["data"] == "Fashion-MNIST (bundled part)"
    assert (facts["batch size"], facts["optimizer"], facts["learning rate"]) == ("50", "SGD", "0.01")
    assert (facts["weight decay"], facts["schedule"], facts["loss"]) == ("0.0005", spec.schedule, spec.loss)
    assert (facts["early stop"], facts["augmentation"], facts["mixed precision"]) == ("off", "off", "auto")
    assert (facts["epochs"], facts["training images"]) == ("2 of 2", "200")
    assert promise(facts) == REPEATABLE


def test_a_rate_set_by_hand_is_a_difference_and_ends_the_promise(open_page: OpenPage, trained: object) -> None:
    first, second = (open_run(one) for one in (trained.first, trained.second))  # type: ignore[attr-defined]
    HistoryWriter(first.path).add_lr_change(LrChange(3, 0.001))
    at = open_page(RUNS, runs={"chosen": [first.id, second.id], "detail": first.id})
    different = at.table[1].value
    newest_first = [info.id for info in list_runs()]
    row = dict(zip(newest_first, list(different.iloc[1])[1:], strict=True))
    assert different.iloc[1, 0] == "**learning rate by hand**"
    assert "after step 3: 0.001" in row[first.id].replace("\\", "")
    assert row[second.id] == "–"
    assert "the same settings alone do not give this curve again" in texts(at)
    assert NOT_REPEATABLE in card_text(card_facts(first))


def test_compared_runs_differ_in_letter_dash_and_colour(first_run: Run) -> None:
    info = next(info for info in list_runs() if info.id == first_run.id)
    compared = [Compared(letter, info, first_run.history()) for letter in "ABC"]
    curves = comparison_curves(compared, "test_accuracy", "light")
    assert [curve.name for curve in curves] == ["A", "B", "C"]
    assert len({curve.dash for curve in curves}) == len({curve.colour for curve in curves}) == 3


def test_results_name_accuracy_time_and_cost(first_run: Run) -> None:
    info = next(info for info in list_runs() if info.id == first_run.id)
    rows = dict(result_rows([Compared("A", info, first_run.history())]))
    assert rows["epochs"] == ("2 of 2",)
    assert rows["parameters"] == ("750",)
