"""The command line as a person and a program meet it: rows out, one sentence when it goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from lab.cli import main
from lab.data import download
from lab.network.presets import preset
from lab.training.recipe import default_recipe
from lab.training.run_folder import create_run, list_runs
from tests.lab.data.publisher import publish_large, publishing

ROOT = Path(__file__).parents[2]
CAT = ROOT / "assets" / "photos" / "cat.jpg"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def lab(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run one command with --json; give back its rows."""

    def run(*arguments: object, status: int = 0) -> list[dict[str, Any]]:
        assert main([*map(str, arguments), "--json"]) == status, capsys.readouterr().err
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


@pytest.mark.parametrize(
    ("options", "module", "size"),
    [
        (["--size", 32, "--kernel-size", 3], torch.nn.Conv2d(1, 1, 3), (32, 32)),
        (["--size", 32, "--kernel-size", 3, "--stride", 2, "--padding", 1, "--out-channels", 8, "--in-channels", 3],
         torch.nn.Conv2d(3, 8, 3, stride=2, padding=1), (32, 32)),
        (["--size", 1920, "--kernel-size", 7, "--stride", 4], torch.nn.Conv2d(1, 1, 7, stride=4), (1920, 1920)),
        (["--size", "50,100", "--kernel-size", "3,5", "--stride", "2,1", "--padding", "4,2", "--dilation", "3,1"],
         torch.nn.Conv2d(1, 1, (3, 5), stride=(2, 1), padding=(4, 2), dilation=(3, 1)), (50, 100)),
        (["--size", 9, "--kernel-size", 5, "--padding", "same", "--no-bias"],
         torch.nn.Conv2d(1, 1, 5, padding="same", bias=False), (9, 9)),
        (["--size", 6, "--kernel-size", 3, "--stride", 2, "--padding", 1, "--output-padding", 1, "--transposed"],
         torch.nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1), (6, 6)),
        (["--size", 8, "--kernel-size", 3, "--in-channels", 4, "--out-channels", 8, "--groups", 4],
         torch.nn.Conv2d(4, 8, 3, groups=4), (8, 8)),
    ],
)  # fmt: skip
def test_conv_equals_torch(lab: Any, options: list[object], module: torch.nn.Module, size: tuple[int, int]) -> None:
    (row,) = lab("conv", *options)
    output = module(torch.zeros(1, module.in_channels, *size))
    height, width = output.shape[2:]
    assert row["output_size"] in ([height, width], height)
    assert isinstance(row["output_size"], list) == (size[0] != size[1])
    assert row["n_params"] == sum(p.numel() for p in module.parameters())
    positions = size if isinstance(module, torch.nn.ConvTranspose2d) else (height, width)
    assert row["n_macs"] == module.weight.numel() * positions[0] * positions[1]


def test_summary_gives_the_published_totals_of_lenet5(lab: Any) -> None:
    (found,) = lab("summary", "lenet5")
    assert (found["n_params"], found["n_macs"]) == (61_706, 416_520)  # facts of the modern dense version
    assert found["n_params"] == sum(layer["n_params"] for layer in found["layers"])
    assert set(found["layers"][0]) == {"id", "kind", "output", "n_params", "n_macs", "receptive_field"}


def test_a_spec_that_was_exported_can_be_summarised_with_another_input(lab: Any, tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    assert lab("export", "vgg16", "--to", "spec", "--out", file) == [{"file": str(file)}]
    assert lab("summary", file)[0]["n_params"] == 138_357_544
    assert lab("summary", file, "--input", "3,192,192")[0]["input"] == [3, 192, 192]


@pytest.mark.parametrize("to", ["pytorch", "keras", "onnx"])
def test_export_writes_a_file(lab: Any, tmp_path: Path, to: str) -> None:
    file = tmp_path / "out"
    lab("export", "lenet5", "--to", to, "--out", file)
    assert file.stat().st_size > 500


def test_data_lists_the_bundled_sets_and_describes_one(lab: Any) -> None:
    rows = {row["name"]: row for row in lab("data")}
    assert rows["fashion-mnist"]["bundled"] is True
    assert (rows["fashion-mnist"]["train"], rows["fashion-mnist"]["test"]) == (12_000, 2_000)
    assert {"shapes", "fashion-mnist-full", "mnist", "kmnist", "cifar10", "pets", "eurosat"} <= set(rows)
    assert lab("data", "shapes") == [rows["shapes"]]


def test_a_network_is_trained_listed_exported_and_shown_a_photo(lab: Any, tmp_path: Path) -> None:
    *epochs, done = lab("train", "softmax_regression", "--data", "fashion-mnist", "--epochs", 2, "--seed", 3)
    run = done["run"]
    assert done == {"event": "done", "run": run}
    assert [row["epoch"] for row in epochs] == [1, 2]
    columns = {"event", "epoch", "train_loss", "test_loss", "test_accuracy", "images_per_s"}
    assert all(set(row) == columns for row in epochs)
    assert epochs[-1]["test_accuracy"] > 0.7  # ten classes; a linear classifier reaches about 0.83
    (listed,) = lab("runs")
    assert (listed["run"], listed["status"], listed["epoch"]) == (run, "done", 2)
    assert listed["test_accuracy"] == epochs[-1]["test_accuracy"]
    (prediction,) = lab("classify", CAT, "--model", run, "--top", 3)
    probabilities = [entry["probability"] for entry in prediction["classes"]]
    assert len(probabilities) == 3
    assert probabilities == sorted(probabilities, reverse=True)
    lab("export", run, "--to", "onnx", "--out", tmp_path / "net.onnx")
    assert (tmp_path / "net.onnx").stat().st_size > 7850 * 4  # the trained weights are inside


def test_without_a_network_a_set_on_demand_costs_one_sentence_and_leaves_no_run(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(download, "_torchvision_set", unreachable)
    assert main(["train", "softmax_regression", "--data", "mnist"]) == 2
    announced, sentence = capsys.readouterr().err.splitlines()
    assert announced.startswith("fetching MNIST, 11.1 MiB; licence: CC BY-SA 3.0, https://")
    assert sentence == (
        "mnist: the set could not be fetched (no connection to the server); check the network connection and try "
        "again, or take a bundled set: fashion-mnist, shapes (DATA-DOWNLOAD)"
    )
    assert list_runs(own_home) == []
    assert [path for path in own_home.rglob("*") if path.is_file() and path.name != "lock"] == []


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_set_on_demand_is_fetched_once_with_a_bar_before_its_run_begins(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with publishing(monkeypatch) as publisher:
        publish_large(publisher, monkeypatch)
        train = ["train", "softmax_regression", "--data", "mnist", "--epochs", "1"]
        assert main(train) == 0
        first = capsys.readouterr().err
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        assert main(train) == 0
    before_the_run, _, _ = first.partition("run 2")
    published = sum(map(len, publisher.files.values())) / 2**20
    assert f"0.0 of {published:.1f} MiB, 0 %" in before_the_run
    assert "[########################] unpacking and checking the images" in before_the_run
    assert "B/s" not in before_the_run, "one bar, not torchvision's beside it"
    assert "fetching" not in capsys.readouterr().err
    assert set(publisher.asked.values()) == {2}
    assert len(list_runs(own_home)) == 2


def test_classify_names_the_bad_photo_and_goes_on_with_the_good_one(lab: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    bad, good = lab("classify", broken, CAT, status=2)
    assert bad["photo"] == str(broken)
    assert "IMG-FORMAT" in bad["error"]
    assert good["classes"][0]["label"] in {"tiger cat", "Egyptian cat", "tabby"}


def test_maps_draws_a_layer(lab: Any, tmp_path: Path) -> None:
    file = tmp_path / "maps.png"
    layer = lab("summary", "efficientnet_lite0")[0]["layers"][2]
    (row,) = lab("maps", CAT, "--model", "imagenet", "--layer", layer["id"], "--out", file)
    assert (row["layer"], row["shape"], row["file"]) == (layer["id"], layer["output"], str(file))
    with Image.open(file) as picture:
        assert picture.format == "PNG"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["summary", "no_such_net"], "'no_such_net' is neither a preset nor a file"),
        (["conv", "--size", "4", "--kernel-size", "9"], "9 px"),
        (["conv", "--size", "0", "--kernel-size", "1"], "sizes and channels start at 1, got 0"),
        (["conv", "--size", "4", "--kernel-size", "3", "--output-padding", "1"], "--output-padding"),
        (["train", "lenet5"], "train needs a NETWORK and --data NAME"),
        (["train", "lenet5", "--data", "no-such-set"], "no-such-set"),
        (["train", "lenet5", "--data", "shapes", "--epochs", "-1"], "epochs"),
        (["train", "--resume", "../../etc"], "RUN-UNKNOWN"),
        (["classify", str(CAT), "--model", "no-such-run"], "RUN-UNKNOWN"),
        (["maps", str(CAT), "--layer", "nope", "--out", "x.png"], "nope"),
        (["data", "no-such-set"], "DATA-UNKNOWN"),
        (["summary", "n" * 300], "neither a preset nor a file"),
        (["export", "lenet5", "--to", "spec", "--out", "no/such/folder/net.json"], "its folder does not exist"),
        (["export", "lenet5", "--to", "spec", "--out", "/"], "a folder or a device"),
        (["export", "lenet5", "--to", "spec", "--out", os.devnull], "a folder or a device"),
        (["maps", str(CAT), "--layer", "input", "--out", "no/such/folder/maps.png"], "its folder does not exist"),
    ],
)
def test_bad_input_costs_one_sentence(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    message = capsys.readouterr().err
    assert sentence in message
    assert len(message.splitlines()) == 1


def test_a_run_without_weights_cannot_be_exported_with_them(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = create_run(default_recipe(preset("softmax_regression")))
    assert main(["export", run.id, "--to", "onnx"]) == 2
    assert "this run has no weights yet; wait for its first epoch (RUN-STATE)" in capsys.readouterr().err


def test_a_home_that_cannot_be_written_costs_one_sentence(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own_home.write_text("a file where the lab's folder should be")
    assert main(["train", "softmax_regression", "--data", "fashion-mnist"]) == 2
    (message,) = capsys.readouterr().err.splitlines()
    assert "not a directory" in message.lower()


def test_a_package_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert main(["export", "lenet5", "--to", "keras"]) == 2
    assert capsys.readouterr().err == "this needs the package jinja2, which is not installed here\n"


@pytest.mark.parametrize(
    "arguments",
    [["conv"], ["conv", "--size", "x", "--kernel-size", "3"], ["classify", "x.png", "--top", "0"], ["unknown"], []],
)
def test_bad_arguments_cost_one_sentence(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "lab", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "--help" in ended.stderr


def test_without_json_a_person_reads_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "lenet5"]) == 0
    text = capsys.readouterr().out
    assert "61,706" in text
    assert "conv1" in text
