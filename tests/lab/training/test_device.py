import sys

import pytest
import torch

from lab.errors import Code, TrainingError
from lab.training import device
from lab.training.device import amp_dtype, device_line, device_title, n_threads_beside_a_page, resolve_device

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def test_auto_takes_the_cpu_where_there_is_no_gpu(no_gpu):
    assert resolve_device("auto") == resolve_device("cpu") == CPU


def test_asking_for_a_gpu_that_is_not_there_is_one_sentence(no_gpu):
    with pytest.raises(TrainingError) as caught:
        resolve_device("cuda")
    assert caught.value.code is Code.TRAINING_DEVICE
    assert str(caught.value) == (
        "device: this machine has no GPU that PyTorch can use; choose auto or cpu (TRAIN-DEVICE)"
    )


@pytest.mark.parametrize(("has_gpu", "line"), [(True, "cuda"), (False, "cpu")])
def test_the_line_follows_the_device_that_will_be_used(monkeypatch, has_gpu, line):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_gpu)
    assert device_line("auto") == line
    assert device_line("cpu") == "cpu"
    assert device_line("cuda") == "cuda"


def test_half_precision_needs_a_processor_that_has_it(monkeypatch):
    for is_supported, dtype in ((True, torch.bfloat16), (False, None)):
        monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda answer=is_supported: answer)
        assert amp_dtype(CPU, "auto", 1) is dtype
    assert amp_dtype(CPU, "off", 1) is None


def test_on_a_gpu_half_precision_is_for_networks_that_keep_it_busy(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_options: True)
    assert amp_dtype(CUDA, "auto", 10**9) is None
    assert amp_dtype(CUDA, "auto", 10**11) is torch.bfloat16


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (8, 7)])
def test_one_core_is_left_to_the_page(monkeypatch, cores, threads):
    monkeypatch.setattr(device, "n_cores", lambda: cores)
    assert n_threads_beside_a_page() == threads


def test_a_device_is_named_for_a_reader():
    assert device_title(CPU) == "CPU, 1 thread"


def test_keeping_large_blocks_is_harmless_on_other_systems(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    opened = []
    monkeypatch.setattr(device.ctypes, "CDLL", opened.append)
    device.keep_large_blocks()
    assert not opened  # mallopt is glibc's alone
