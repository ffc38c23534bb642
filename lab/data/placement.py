"""Where images live: on the device, in host memory, or in their file; the nearest place that has room for them.

Wherever they are, the same batches come out in the same order; only the time to gather one differs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

# What images may take of what is free. The rest is for activations, gradients and everybody else on the machine.
IMAGE_SHARE = 0.5
# Where the system does not say how much is free: macOS and Windows have no such file.
_ASSUMED_FREE_BYTES = 4 * 2**30
_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def has_room(n_bytes: int, device: torch.device | None = None) -> bool:
    """Tell whether images of ``n_bytes`` may move to ``device``, by default into host memory.

    Asked anew for each part of a set, so that the test images see what the training images left.
    """
    on_gpu = device is not None and device.type != "cpu"
    free_bytes = free_device_bytes(device) if on_gpu else free_host_bytes()
    return n_bytes <= IMAGE_SHARE * free_bytes


def free_device_bytes(device: torch.device | None) -> int:
    """Count the free bytes of a GPU's memory."""
    import torch

    return int(torch.cuda.mem_get_info(device)[0])


def free_host_bytes() -> int:
    """Count the bytes of host memory that this process can still get, within its container's limit if it has one."""
    known = [n_bytes for n_bytes in (_machine_free_bytes(), _container_free_bytes()) if n_bytes is not None]
    return min(known, default=_ASSUMED_FREE_BYTES)


def _machine_free_bytes() -> int | None:
    """What Linux says is available; ``None`` on other systems."""
    try:
        sizes = dict(line.split(":") for line in _MEMINFO.read_text().splitlines())
        return int(sizes["MemAvailable"].split()[0]) * 1024
    except (OSError, ValueError, KeyError, IndexError):
        return None


def _container_free_bytes() -> int | None:
    """What the memory limit of a container (cgroup, version 2) leaves; files kept in memory count as free."""
    try:
        limit = int((_CGROUP / "memory.max").read_text())
        used = int((_CGROUP / "memory.current").read_text())
        statistics = dict(line.split() for line in (_CGROUP / "memory.stat").read_text().splitlines())
        return max(0, limit - used + int(statistics["active_file"]) + int(statistics["inactive_file"]))
    except (OSError, ValueError, KeyError):
        return None  # no container, or no limit ("max")
