"""The one door that photos enter by: bytes or a file in, ``uint8`` RGB out, or one sentence.

What can be checked without decoding is checked here; decoding happens in a limited child process
(:mod:`lab.data.decoder`), which is kept and used again, so that a photo costs milliseconds. If it crashes, hangs or
runs out of memory, that photo is refused and the next one gets a new process.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

import numpy as np

from lab.data.assets import ASSETS, assets
from lab.data.decoder import LENGTH, MAX_BYTES, MAX_PIXELS, REQUEST
from lab.errors import Code, PhotoError

TIMEOUT_S = 15.0  # wall clock a photo may take, above the decoder's own 10 s of processor time
PHOTOS_PER_PROCESS = 200  # then a fresh one, so that nothing a codec leaks or hoards piles up
MAX_HEADER_BYTES = 4096
N_PROCESSES = min(4, (os.cpu_count() or 1) + 1)  # one hostile photo must not make everybody wait
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class SamplePhoto:
    """A photo that comes with the lab.

    Attributes:
        name: short name, as in a link.
        title: what it shows.
        path: where it lies.
        licence, source: from ``assets/SOURCES.md``.
    """

    name: str
    title: str
    path: Path
    licence: str
    source: str


@cache
def sample_photos() -> tuple[SamplePhoto, ...]:
    """List the photos that come with the lab, the cat first."""
    return tuple(
        SamplePhoto(Path(asset.file).stem, asset.title, ASSETS / asset.file, asset.licence, asset.source)
        for asset in assets().values()
        if asset.file.startswith("photos/")
    )


@dataclass(frozen=True, eq=False)
class TakenPhoto:
    """A photo that was let in.

    Attributes:
        pixels: uint8 (H, W, 3), RGB, at most 40 megapixels.
        in_file: height and width of the upright picture in its file, before anything was shrunk.
    """

    pixels: np.ndarray
    in_file: tuple[int, int]


def open_photo(source: bytes | Path, *, longest_side_px: int | None = None, name: str = "") -> np.ndarray:
    """Open a photo of whatever origin: the pixels of :func:`take_photo`, which says what is taken and what refused.

    Returns:
        uint8 (H, W, 3), RGB.

    Raises:
        PhotoError: as there.

    Examples:
        >>> open_photo(sample_photos()[0].path).shape
        (300, 451, 3)
    """
    return take_photo(source, longest_side_px=longest_side_px, name=name).pixels


def take_photo(source: bytes | Path, *, longest_side_px: int | None = None, name: str = "") -> TakenPhoto:
    """Take a photo of whatever origin in, with the size that it had.

    PNG, JPEG, WebP, GIF, BMP or TIFF, told by content and not by name; turned upright as its EXIF says; the first frame
    of an animation; transparency over white; 16-bit grey scaled. Safe to call from several threads.

    Args:
        source: the file's bytes, or its path.
        longest_side_px: shrink so that no side is longer; ``None`` keeps the size.
        name: what the user calls it, for the sentence when it is refused; a path's own name by default.

    Returns:
        Its pixels, and its size in the file.

    Raises:
        PhotoError: IMG-FORMAT, not such a picture; IMG-TRUNCATED, damaged; IMG-TOO-LARGE, more than 25 MB or
            40 megapixels; IMG-DECODER, the decoder crashed or took too long.

    Examples:
        >>> taken = take_photo(sample_photos()[0].path, longest_side_px=100)
        >>> taken.in_file, taken.pixels.shape
        ((300, 451), (66, 100, 3))
    """
    if isinstance(source, Path):
        name, source = name or source.name, _read(source, name or source.name)
    _check_bytes(len(source), name)
    try:
        return _decoders.decode(source, longest_side_px or 0)
    except PhotoError as error:
        raise PhotoError(error.code, error.what, where=name, now=error.now) from None


def _read(path: Path, name: str) -> bytes:
    """Read a file that may be anything, also larger than memory or endless."""
    try:
        if not path.is_file():
            what = "this is a folder or a device, not a file" if path.exists() else "there is no such file"
            raise PhotoError(Code.IMAGE_FORMAT, what, where=name, now="check the name")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        raise PhotoError(
            Code.IMAGE_FORMAT, "the file cannot be read", where=name, now="check its permissions"
        ) from None


def _check_bytes(n_bytes: int, name: str) -> None:
    if n_bytes > MAX_BYTES:
        raise PhotoError(
            Code.IMAGE_TOO_LARGE,
            f"the file has more than {MAX_BYTES / 1e6:.0f} MB",
            where=name,
            now="shrink the picture and try again",
        )


def _decoder_failed(what: str) -> PhotoError:
    return PhotoError(Code.IMAGE_DECODER, what, now="save the picture as PNG or JPEG and try again")


class _Decoder:
    """One child process and its two pipes."""

    def __init__(self) -> None:
        # One thread for numpy's BLAS: each further one reserves address space that the memory limit counts.
        search = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": search}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lab.data.decoder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        )
        self.photos_left = PHOTOS_PER_PROCESS

    def decode(self, data: bytes, longest_side_px: int) -> TakenPhoto:
        """Have one photo decoded; whatever goes wrong with the process ends it."""
        is_late = threading.Event()
        watch = threading.Timer(TIMEOUT_S, self._end, [is_late])
        watch.daemon = True
        watch.start()
        try:
            return self._exchange(data, longest_side_px)
        except (EOFError, OSError, ValueError, KeyError, TypeError):
            self.close()
            if is_late.is_set():
                raise _decoder_failed(f"decoding took more than {TIMEOUT_S:.0f} s and was stopped") from None
            raise _decoder_failed("the decoder could not cope with this file") from None
        finally:
            watch.cancel()

    def _end(self, is_late: threading.Event) -> None:
        is_late.set()
        self.process.kill()

    def _exchange(self, data: bytes, longest_side_px: int) -> TakenPhoto:
        requests, answers = self._pipes()
        requests.write(REQUEST.pack(longest_side_px, len(data)))
        requests.write(data)
        requests.flush()
        (length,) = LENGTH.unpack(_read_exactly(answers, LENGTH.size))
        if length > MAX_HEADER_BYTES:
            raise ValueError("not an answer of ours")
        header = json.loads(_read_exactly(answers, length))
        self.photos_left -= 1
        if "code" in header:
            raise PhotoError(Code(header["code"]), str(header["what"]), now=str(header["now"]))
        height, width = int(header["height"]), int(header["width"])
        if height < 1 or width < 1 or height * width > MAX_PIXELS:
            raise ValueError("not a picture we allow")
        in_height, in_width = (int(side) for side in header["in_file"])
        pixels = np.frombuffer(_read_exactly(answers, height * width * 3), np.uint8).reshape(height, width, 3)
        return TakenPhoto(pixels, (in_height, in_width))

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self.process.stdin is None or self.process.stdout is None:
            raise ValueError("no pipes")
        return self.process.stdin, self.process.stdout

    @property
    def is_usable(self) -> bool:
        return self.photos_left > 0 and self.process.poll() is None

    def close(self) -> None:
        """End the process and leave nothing of it behind."""
        self.process.kill()
        for pipe in self._pipes():
            try:
                pipe.close()
            except OSError:  # closing flushes what the dead process will never read
                continue
        self.process.wait()


def _read_exactly(pipe: IO[bytes], n_bytes: int) -> bytearray:
    data = bytearray(n_bytes)
    view = memoryview(data)
    done = 0
    while done < n_bytes:
        got = pipe.readinto(view[done:])  # type: ignore[attr-defined]  # typeshed's IO lacks it, a pipe has it
        if not got:
            raise EOFError
        done += got
    return data


class _Decoders:
    """A few child processes, lent out one photo at a time."""

    def __init__(self) -> None:
        self._idle: list[_Decoder] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(N_PROCESSES)

    def decode(self, data: bytes, longest_side_px: int) -> TakenPhoto:
        with self._places:
            decoder = self._take()
            try:
                return decoder.decode(data, longest_side_px)
            finally:
                self._give_back(decoder)

    def _take(self) -> _Decoder:
        with self._lock:
            while self._idle:
                decoder = self._idle.pop()
                if decoder.is_usable:
                    return decoder
                decoder.close()
        return _Decoder()

    def _give_back(self, decoder: _Decoder) -> None:
        if decoder.is_usable:
            with self._lock:
                self._idle.append(decoder)
        else:
            decoder.close()

    def start_one(self) -> None:
        self._give_back(self._take())

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().close()


_decoders = _Decoders()
atexit.register(_decoders.close)


def warm_up() -> None:
    """Start a decoder in the background, so that the first photo does not wait for its imports."""
    _decoders.start_one()
