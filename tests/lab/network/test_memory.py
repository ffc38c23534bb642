"""How many results are kept: several of small networks, one of a network that fills the memory."""

from lab.network.memory import LARGE_BYTES, kept, memory_bytes
from lab.network.presets import preset
from lab.network.summary import summarize


def test_a_network_takes_four_bytes_a_parameter_and_its_activations():
    summary = summarize(preset("lenet5"))
    assert memory_bytes(summary) == 4 * 61_706 + summary.activation_bytes


def test_of_large_results_only_the_last_is_kept_and_small_ones_stay():
    built: list[int] = []

    @kept(lambda size: size, n_small=2)
    def build(size: int) -> int:
        built.append(size)
        return size

    for size in (1, 2, LARGE_BYTES, LARGE_BYTES + 1, LARGE_BYTES, 1, 2):
        build(size)
    assert built == [1, 2, LARGE_BYTES, LARGE_BYTES + 1, LARGE_BYTES]
