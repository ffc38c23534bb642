"""Which device a run computes on, and how: threads, half precision, memory."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import Code, TrainingError

if TYPE_CHECKING:
    import torch

# Below this many multiply-accumulates in one batch, a GPU waits for the host, and autocast doubles the host's work
# (estimate in shared/speed.md: eager autocast takes 1.5-2 times as long as float32 for a network of 4 million MACs).
_CUDA_AMP_MIN_BATCH_MACS = 10_000_000_000
# glibc's names for mallopt's parameters, malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


def device_line(wanted: str) -> str:
    """Name the line that a run waits in, "cpu" or "cuda", without importing torch.

    The worker decides for itself what it really uses; the line only has to keep two runs off the same device.
    """
    if wanted != "auto":
        return wanted
    return "cuda" if _has_nvidia_driver() else "cpu"


def _has_nvidia_driver() -> bool:
    torch_module = sys.modules.get("torch")
    if torch_module is not None and hasattr(torch_module, "cuda"):
        return bool(torch_module.cuda.is_available())
    return Path("/dev/nvidiactl").exists() or Path(r"C:\Windows\System32\nvcuda.dll").exists()


def resolve_device(wanted: str) -> torch.device:
    """Return the device to compute on.

    Args:
        wanted: "auto", "cpu" or "cuda".

    Raises:
        TrainingError: TRAIN-DEVICE, CUDA was asked for and is not there.
    """
    import torch

    has_cuda = torch.cuda.is_available()
    if wanted == "cuda" and not has_cuda:
        what = "this machine has no GPU that PyTorch can use"
        raise TrainingError(Code.TRAINING_DEVICE, what, where="device", now="choose auto or cpu")
    return torch.device("cuda" if has_cuda and wanted != "cpu" else "cpu")


def device_title(device: torch.device) -> str:
    """Name a device for a reader, for example "CPU, 2 threads"."""
    import torch

    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    n_threads = torch.get_num_threads()
    return f"CPU, {n_threads} thread{'s' if n_threads > 1 else ''}"


def amp_dtype(device: torch.device, setting: str, batch_macs: int) -> torch.dtype | None:
    """Return the half-precision type to multiply in, or ``None`` for plain float32.

    Args:
        device: where it computes.
        setting: "auto" or "off".
        batch_macs: multiply-accumulates of one batch's forward pass.
    """
    import torch

    if setting == "off":
        return None
    if device.type == "cuda":
        is_fast = torch.cuda.is_bf16_supported(including_emulation=False) and batch_macs >= _CUDA_AMP_MIN_BATCH_MACS
    else:
        # Private, but the only way to ask; without AVX512-BF16 or AMX, bfloat16 is emulated and slow.
        is_fast = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.bfloat16 if is_fast else None


def n_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def n_threads_beside_a_page() -> int:
    """Count the threads for training while pages are served: one core stays free for them, if there are two."""
    return max(1, n_cores() - 1)


def keep_large_blocks() -> None:
    """Tell glibc to keep freed blocks instead of giving them back to the system after every step.

    By default an activation of more than 128 KiB is mapped afresh, page by page, each time: about 1.4 x slower at batch
    512. Works on Linux with glibc and does nothing elsewhere; call it before the first large allocation.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has none
        mallopt(_M_MMAP_THRESHOLD, 1 << 30)
        mallopt(_M_TRIM_THRESHOLD, (1 << 31) - 1)
