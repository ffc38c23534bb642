import pytest
import torch

from lab.errors import Code, RunError
from lab.training import checkpoint
from lab.training.checkpoint import (
    ResumeState,
    forget_after,
    kept_epochs,
    load_resume,
    load_weights,
    save_resume,
    save_weights,
)


def weights(value=1.0):
    return {"conv.weight": torch.full((2, 3), value), "bn.num_batches_tracked": torch.tensor(3)}


def state(step):
    return ResumeState(step, weights(float(step)), {"row.loss": 0.1 * step, "row.n_images": step})


def flip_one_bit(path, position=-1):
    content = bytearray(path.read_bytes())
    content[position] ^= 4
    path.write_bytes(content)


def test_weights_come_back_bit_for_bit_in_any_memory_layout(tmp_path):
    laid_out = torch.randn(4, 3, 2, 2).contiguous(memory_format=torch.channels_last)
    save_weights(tmp_path, 3, {"w": laid_out, "shared": laid_out})
    loaded = load_weights(tmp_path, 3)
    assert torch.equal(loaded["w"], laid_out)
    assert torch.equal(loaded["shared"], laid_out)
    assert kept_epochs(tmp_path) == (3,)


def test_weights_that_were_not_kept_are_named_with_those_that_were(tmp_path):
    save_weights(tmp_path, 0, weights())
    save_weights(tmp_path, 1, weights())
    with pytest.raises(RunError, match="there are no weights of epoch 7; kept are 0, 1") as caught:
        load_weights(tmp_path, 7)
    assert caught.value.code is Code.RUN_STATE


@pytest.mark.parametrize("position", [0, 20, -1])
def test_a_flipped_bit_in_the_weights_is_refused(tmp_path, position):
    save_weights(tmp_path, 1, weights())
    flip_one_bit(tmp_path / "checkpoints" / "epoch-0001.safetensors", position)
    with pytest.raises(RunError, match="checkpoint epoch-0001 is damaged: its bytes changed") as caught:
        load_weights(tmp_path, 1)
    assert caught.value.code is Code.RUN_DAMAGED


def test_every_flipped_bit_in_a_manifest_is_refused(tmp_path):
    save_weights(tmp_path, 1, weights())
    path = tmp_path / "checkpoints" / "epoch-0001.json"
    whole = path.read_bytes()
    for position in range(len(whole) - 1):  # the last byte is a line break
        path.write_bytes(whole)
        flip_one_bit(path, position)
        with pytest.raises(RunError, match="checkpoint epoch-0001 is damaged"):
            load_weights(tmp_path, 1)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda path: path.unlink(), "a part of it is missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:-5]), "it has 179 of 184 bytes"),
        (lambda path: path.write_bytes(b""), "it has 0 of 184 bytes"),
    ],
)
def test_missing_and_cut_weights_are_refused_with_the_reason(tmp_path, damage, reason):
    save_weights(tmp_path, 1, weights())
    damage(tmp_path / "checkpoints" / "epoch-0001.safetensors")
    with pytest.raises(RunError, match=reason):
        load_weights(tmp_path, 1)


def test_a_state_comes_back_whole_and_only_the_last_two_are_kept(tmp_path):
    for step in (5, 10, 15):
        save_resume(tmp_path, state(step))
    loaded, message = load_resume(tmp_path)
    assert (loaded.step, loaded.numbers, message) == (15, state(15).numbers, "")
    assert torch.equal(loaded.tensors["conv.weight"], state(15).tensors["conv.weight"])
    names = sorted(path.name for path in (tmp_path / "checkpoints").glob("*.json"))
    assert names == ["resume-0000000010.json", "resume-0000000015.json"]


def test_a_damaged_state_gives_way_to_the_one_before_with_a_message(tmp_path):
    save_resume(tmp_path, state(5))
    save_resume(tmp_path, state(10))
    flip_one_bit(tmp_path / "checkpoints" / "resume-0000000010.safetensors")
    loaded, message = load_resume(tmp_path)
    assert loaded.step == 5
    assert message == (
        "the checkpoint resume-0000000010 is damaged: its bytes changed since they were written; "
        "going on from the one at step 5 instead."
    )


def test_without_any_whole_state_the_run_is_called_damaged(tmp_path):
    save_resume(tmp_path, state(5))
    (tmp_path / "checkpoints" / "resume-0000000005.json").write_text("{}")
    with pytest.raises(RunError, match="train it anew from its recipe") as caught:
        load_resume(tmp_path)
    assert caught.value.code is Code.RUN_DAMAGED


def test_a_run_that_saved_nothing_yet_has_no_state_and_no_message(tmp_path):
    assert load_resume(tmp_path) == (None, "")


def test_a_killed_writer_leaves_no_checkpoint_rather_than_half_of_one(tmp_path):
    save_weights(tmp_path, 1, weights())
    (tmp_path / "checkpoints" / "epoch-0001.json").unlink()  # the manifest is written last
    assert kept_epochs(tmp_path) == ()


def test_going_back_removes_what_is_later(tmp_path):
    for epoch in range(4):
        save_weights(tmp_path, epoch, weights())
    save_resume(tmp_path, state(10))
    save_resume(tmp_path, state(30))
    forget_after(tmp_path, step=10, epoch=1)
    assert kept_epochs(tmp_path) == (0, 1)
    assert load_resume(tmp_path)[0].step == 10


def test_many_epochs_are_thinned_out_evenly_and_first_best_and_latest_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "WEIGHTS_BUDGET_BYTES", 0)  # as if the network were huge: four are kept, or so
    for epoch in range(40):
        save_weights(tmp_path, epoch, {"w": torch.zeros(1)}, keep={7})
    epochs = kept_epochs(tmp_path)
    assert {0, 7, 39} <= set(epochs)
    assert len(epochs) <= 5
    assert any(8 < epoch < 39 for epoch in epochs)


def test_small_networks_keep_every_epoch(tmp_path):
    for epoch in range(30):
        save_weights(tmp_path, epoch, {"w": torch.zeros(1)})
    assert kept_epochs(tmp_path) == tuple(range(30))
