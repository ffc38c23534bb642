"""Get ready in the background, after the first page is on the screen: torch, the photos' decoder, a training process.

Importing torch takes about as long as everything else before the first page together. Nobody needs it to read the first
page, so a thread fetches it while the visitor reads; a page that needs it earlier waits on Python's own import lock.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
import time
from types import ModuleType

import streamlit as st

from lab.errors import LabError
from pages.ui.pace import Pace

# Waiting OpenMP threads spin by default and take the core from the page (1.0 s instead of 0.06 s for one small image
# on a small host). Read when torch loads, hence set before. A training worker sets its own.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# One picture through a small network is fastest on one thread; two help the pretrained one.
INTERACTIVE_THREADS = 2
# How often the page Train looks whether a training process is ready; one that is ready costs a look into the queue.
READY_INTERVAL_S = 5.0
_LOGGER = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def start() -> threading.Thread:
    """Start the import once per server; called at the end of every run, and free after the first.

    ``LAB_WARMUP=0`` leaves it out, for tests that never need torch.
    """
    thread = threading.Thread(target=_import_heavy, name="lab-warmup", daemon=True)
    if os.environ.get("LAB_WARMUP", "1") != "0":
        thread.start()
    return thread


def torch_if_loaded() -> ModuleType | None:
    """Torch once its import has finished, else ``None``; never waits."""
    torch = sys.modules.get("torch")
    spec = getattr(torch, "__spec__", None)
    if torch is None or spec is None or getattr(spec, "_initializing", False):
        return None
    return torch


def wait_for_torch() -> None:
    """On a page that computes at once: say why nothing is there yet in the first seconds of a server."""
    if torch_if_loaded() is None:
        with st.spinner("Loading PyTorch, once after a start of the lab"):
            start()
            import torch  # noqa: F401  # waits for the thread, or does its work


def _import_heavy() -> None:
    import pandas  # noqa: F401  # for the first table or chart
    import torch

    torch.set_num_threads(min(INTERACTIVE_THREADS, os.cpu_count() or 1))
    _keep_for_good()
    from lab.data.photo import warm_up

    warm_up()
    _take_a_step()
    _keep_for_good()


def _keep_for_good() -> None:
    """Take what is loaded out of the garbage collector's rounds: a rerun is a third shorter."""
    gc.collect()
    gc.freeze()


def _take_a_step() -> None:
    """Have torch import what the first step of any optimizer needs: a second that Loss and Neurons need not wait."""
    import torch

    weight = torch.nn.Parameter(torch.zeros(1))
    weight.grad = torch.zeros(1)
    torch.optim.SGD([weight]).step()


@st.cache_resource(show_spinner=False)
def _readiness() -> Pace:
    return Pace(READY_INTERVAL_S)


def get_ready_to_train() -> None:
    """Have a training process ready where somebody is likely to press Start; returns at once.

    It is started behind torch's own import, which the page needs first, and ends with the server.
    """
    if os.environ.get("LAB_WARMUP", "1") != "0" and _readiness().due(time.monotonic()):
        threading.Thread(target=_get_ready, args=(start(),), name="lab-get-ready", daemon=True).start()


def _get_ready(torch_import: threading.Thread) -> None:
    from lab.training import queue

    torch_import.join()
    try:
        queue.get_ready()
    except (LabError, OSError) as error:  # a run will start all the same, only later
        _LOGGER.warning("no training process could be kept ready: %s", error)
