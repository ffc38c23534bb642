"""IDX files: the documented layout is read, anything else is refused."""

import gzip

import numpy as np
import pytest

from lab.data.idx import read_idx
from lab.errors import DataError

HEADER = b"\x00\x00\x08\x02" + (2).to_bytes(4, "big") + (3).to_bytes(4, "big")


def test_the_documented_layout_is_read(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(HEADER + bytes(range(6))))
    assert np.array_equal(read_idx(path), [[0, 1, 2], [3, 4, 5]])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(HEADER + bytes(5)),
        gzip.compress(b"\x00\x00\x0d\x01" + bytes(8)),
        gzip.compress(b""),
    ],
    ids=["empty", "text", "short", "floats", "nothing"],
)
def test_anything_else_is_refused(content, tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.gz: not a complete IDX file \(DATA-DAMAGED\)"):
        read_idx(path)
