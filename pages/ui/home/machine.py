"""What this machine has for deep learning, without importing torch: processor, memory, GPU."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from lab.training.device import n_cores
from pages.ui import units, warmup


@dataclass(frozen=True)
class Machine:
    """What a learner may want to know about the machine.

    Args:
        device: what training runs on by default, a GPU's name or the processor's.
        has_gpu: whether that is a GPU.
        n_cores: processor cores that the lab may use.
        memory_bytes: main memory; 0 when the system does not tell.
        gpu_memory_bytes: of the GPU; 0 without one, or while torch is still loading.
    """

    device: str
    has_gpu: bool
    n_cores: int
    memory_bytes: int
    gpu_memory_bytes: int = 0

    @property
    def sentence(self) -> str:
        """The machine in one line.

        Examples:
            >>> Machine("A processor", False, 2, 8 * 2**30).sentence
            'A processor, 2 cores, 8.0 GiB of memory; no GPU, so training runs on the processor'
        """
        cores = f"{self.n_cores} core{'' if self.n_cores == 1 else 's'}"
        memory = f", {units.size(self.memory_bytes)} of memory" if self.memory_bytes else ""
        if not self.has_gpu:
            return f"{self.device}, {cores}{memory}; no GPU, so training runs on the processor"
        own = f" with {units.size(self.gpu_memory_bytes)}" if self.gpu_memory_bytes else ""
        return f"GPU {self.device}{own}; {cores}{memory}"


def this_machine() -> Machine:
    """Look at the machine; takes well under a millisecond."""
    gpu = _gpu_name()
    return Machine(gpu or _processor_name(), gpu is not None, n_cores(), _memory_bytes(), _gpu_memory_bytes())


def _gpu_name() -> str | None:
    """The first NVIDIA GPU that the driver lists (Linux), or the one that torch found where it is loaded."""
    for path in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        found = re.search(r"^Model:\s*(.+)$", path.read_text(errors="replace"), re.MULTILINE)
        if found:
            return found[1].strip()
    torch = warmup.torch_if_loaded()
    if torch is not None and torch.cuda.is_available():
        return str(torch.cuda.get_device_name(0))
    return None


def _gpu_memory_bytes() -> int:
    torch = warmup.torch_if_loaded()
    if torch is None or not torch.cuda.is_available():
        return 0
    return int(torch.cuda.get_device_properties(0).total_memory)


def _processor_name() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(errors="replace"), re.MULTILINE)
    except OSError:
        found = None
    name = found[1] if found else platform.processor() or platform.machine() or "A processor"
    return re.sub(r"\s+", " ", re.sub(r"\((R|TM)\)|CPU|@.*", "", name)).strip() or "A processor"


def _memory_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0
