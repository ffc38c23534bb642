"""Where images live: what counts as free, and that a set without room stays in its file."""

import mmap
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lab.data import placement
from lab.data.catalogue import DATA_SETS
from lab.data.image_set import channel_statistics, forget_loaded_sets, load_image_set
from lab.data.placement import free_host_bytes, has_room
from lab.data.storage import store_set

N_TRAIN, N_TEST, SHAPE = 20_000, 2_000, (3, 48, 48)
SET_BYTES = N_TRAIN * 3 * 48 * 48


@pytest.fixture
def large_set(tmp_path):
    """A stored set of 152 MB; returns its folder and its training labels."""
    row = replace(
        DATA_SETS["fashion-mnist"], name="large", n_train=N_TRAIN, n_test=N_TEST, shape=SHAPE, classes=("dark", "light")
    )
    tensors = {}
    for part, n_images in (("train", N_TRAIN), ("test", N_TEST)):
        labels = torch.arange(n_images) % 2
        tensors[f"{part}_images"] = (labels * 100 + 50).to(torch.uint8).view(-1, 1, 1, 1).expand(-1, *SHAPE)
        tensors[f"{part}_labels"] = labels
    store_set(row, tensors, tmp_path)
    yield tmp_path
    forget_loaded_sets()


@contextmanager
def peak_of_own_memory():
    """Watch, every millisecond, how many bytes this process holds that are not pages of files."""

    def own_bytes():
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024

    seen, is_over, began_with = [0], threading.Event(), own_bytes()

    def watch():
        while not is_over.is_set():
            seen.append(own_bytes() - began_with)
            time.sleep(0.001)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        is_over.set()
        watcher.join()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process its memory so")
def test_a_set_larger_than_half_of_the_free_memory_is_never_loaded_as_a_whole(large_set, monkeypatch):
    monkeypatch.setattr(placement, "free_host_bytes", lambda: SET_BYTES)
    with peak_of_own_memory() as seen:
        images = load_image_set("large", home=large_set)
        batch = images.train_images.index_select(0, torch.arange(0, N_TRAIN, 200))
    assert batch[:, 0, 0, 0].tolist() == [50] * 100
    assert images.mean == pytest.approx([100 / 255] * 3)
    assert max(seen) < SET_BYTES


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process its memory so")
def test_the_watch_sees_a_set_that_is_loaded():
    with peak_of_own_memory() as seen, mmap.mmap(-1, 2 * SET_BYTES, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as fresh:
        fresh.write(bytes(SET_BYTES))
        n_seen = len(seen)
        while len(seen) < n_seen + 2:  # looked after the writing, too
            time.sleep(0.001)
    assert max(seen) > SET_BYTES / 2


def test_statistics_of_many_images_are_those_of_their_pixels():
    images = torch.randint(0, 256, (2100, 2, 3, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    mean, std = channel_statistics(images)
    pixels = images.double() / 255
    assert mean == pytest.approx(pixels.mean((0, 2, 3)).tolist(), rel=1e-12)
    assert std == pytest.approx(pixels.std((0, 2, 3), correction=0).tolist(), rel=1e-12)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A Linux machine with 8 GiB available and, once asked for, a container's limits."""
    meminfo, cgroup = tmp_path / "meminfo", tmp_path / "cgroup"
    meminfo.write_text("MemTotal:       16777216 kB\nMemAvailable:    8388608 kB\nHugePages_Total:       0\n")
    cgroup.mkdir()
    monkeypatch.setattr(placement, "_MEMINFO", meminfo)
    monkeypatch.setattr(placement, "_CGROUP", cgroup)

    def limit(most, used=0, file=0):
        (cgroup / "memory.max").write_text(f"{most}\n")
        (cgroup / "memory.current").write_text(f"{used}\n")
        (cgroup / "memory.stat").write_text(f"anon 5\ninactive_file {file}\nactive_file 0\n")

    return limit


def test_half_of_what_is_available_is_for_images(machine):
    assert free_host_bytes() == 8 * 2**30
    assert has_room(4 * 2**30)
    assert not has_room(4 * 2**30 + 1)


def test_a_containers_limit_counts_but_files_kept_in_memory_do_not(machine):
    machine(most=1000, used=700, file=500)
    assert free_host_bytes() == 800
    machine(most="max", used=700)
    assert free_host_bytes() == 8 * 2**30


def test_a_system_that_does_not_say_counts_as_a_small_one(machine, monkeypatch, tmp_path):
    monkeypatch.setattr(placement, "_MEMINFO", tmp_path / "none")
    assert free_host_bytes() == 4 * 2**30


def test_a_gpus_memory_is_asked_of_the_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1000, 5000))
    assert has_room(500, torch.device("cuda"))
    assert not has_room(501, torch.device("cuda"))
