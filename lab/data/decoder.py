"""Decode untrusted pictures, one after another, in a process of its own: ``python -m lab.data.decoder``.

:mod:`lab.data.photo` starts this process, writes requests to its stdin and reads answers from its stdout::

    request:  longest side wanted in px (u32, 0: full size) | number of bytes (u32) | the file's bytes
    answer:   length of header (u32) | header, JSON | height * width * 3 bytes of RGB, unless the header has "code"

All numbers are big-endian. The process limits itself (memory, processor seconds, no files written, no core dump), so
whatever a hostile file does to a decoder, it does it here.
"""

from __future__ import annotations

import io
import json
import math
import os
import struct
import sys
import warnings
from typing import BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageFile, ImageOps

from lab.errors import Code, PhotoError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
MAX_BYTES = 25_000_000
MAX_PIXELS = 40_000_000
MEMORY_BYTES = 1_500_000_000  # 40 megapixels as RGBA, twice, plus the result, plus the interpreter
CPU_SECONDS = 10  # a photo; 40 megapixels of PNG take about 1 s
REQUEST = struct.Struct(">II")
LENGTH = struct.Struct(">I")

# What a file that we do not take starts with (at an offset), and what it then is.
STRANGERS = (
    (4, b"ftyphei", "a HEIC photo, as iPhones take them"),
    (4, b"ftyphev", "a HEIC photo, as iPhones take them"),
    (4, b"ftypmif", "a HEIF photo"),
    (4, b"ftypavif", "an AVIF picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"<svg", "an SVG drawing"),
    (0, b"<?xml", "an XML or SVG file"),
    (0, b"PK\x03\x04", "a zip archive"),
    (0, b"8BPS", "a Photoshop file"),
)
SIGNATURES = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations whose picture lies on its side
SAVE_AS = "save it as PNG or JPEG and try again"


def decode(data: bytes, longest_side_px: int = 0) -> tuple[np.ndarray, tuple[int, int]]:
    """Decode one picture: upright, first frame, colours over white.

    Args:
        data: the file's bytes.
        longest_side_px: shrink so that no side is longer; 0 keeps the size.

    Returns:
        uint8 (H, W, 3), RGB, and the height and width that the upright picture has in its file.

    Raises:
        PhotoError: IMG-FORMAT, IMG-TRUNCATED or IMG-TOO-LARGE, in a sentence without the file's name.
    """
    with _open(data) as picture:
        check_pixels(*picture.size)
        width, height = picture.size
        if longest_side_px:
            # A JPEG can be decoded at a half, quarter or eighth of its size, much faster; others ignore this.
            picture.draft(None, (longest_side_px, longest_side_px))
        _load(picture)
        upright, is_on_its_side = _turn_upright(picture)
        colours = to_rgb(upright)
    if longest_side_px and max(colours.size) > longest_side_px:
        colours.thumbnail((longest_side_px, longest_side_px), Image.Resampling.BICUBIC)
    return np.asarray(colours), (width, height) if is_on_its_side else (height, width)


def check_pixels(width: int, height: int) -> None:
    """Refuse a picture that is too large, from its header alone.

    Raises:
        PhotoError: IMG-TOO-LARGE, with the numbers.
    """
    if width * height > MAX_PIXELS:
        raise PhotoError(
            Code.IMAGE_TOO_LARGE,
            f"{width} × {height} px are {width * height / 1e6:,.0f} megapixels, more than {MAX_PIXELS / 1e6:.0f}",
            now="shrink the picture and try again",
        )


def _open(data: bytes) -> ImageFile.ImageFile:
    """Read the header only; Pillow chooses by content among our formats, the file's name plays no part."""
    Image.MAX_IMAGE_PIXELS = None  # we say it ourselves, with the numbers
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Exception:  # any failure of a decoder on a hostile header is one thing: not a usable picture
        raise _say_what_it_is(data) from None


def _say_what_it_is(data: bytes) -> PhotoError:
    for offset, signature, what in STRANGERS:
        if data[offset:].startswith(signature):
            return PhotoError(Code.IMAGE_FORMAT, f"this is {what}", now=SAVE_AS)
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            return PhotoError(
                Code.IMAGE_TRUNCATED, f"a {name} file whose beginning is damaged or incomplete", now=SAVE_AS
            )
    if not data:
        return PhotoError(Code.IMAGE_FORMAT, "the file is empty", now="choose another file")
    formats = ", ".join(FORMATS[:-1]) + f" or {FORMATS[-1]}"
    return PhotoError(Code.IMAGE_FORMAT, f"this is not a {formats} picture", now=SAVE_AS)


def _load(picture: ImageFile.ImageFile) -> None:
    """Decode the pixels of the first frame."""
    # A frame can be larger than the header's canvas: Pillow checks each against this and warns or raises.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PhotoError(
            Code.IMAGE_TOO_LARGE,
            f"it unfolds to more than {MAX_PIXELS / 1e6:.0f} megapixels",
            now="shrink the picture and try again",
        ) from None
    except MemoryError:
        raise
    except Exception:  # decoders raise OSError, SyntaxError, ValueError, struct.error, …: all mean damaged
        raise PhotoError(
            Code.IMAGE_TRUNCATED,
            f"the {picture.format} file ends too early or is damaged",
            now="copy or download it again",
        ) from None


def _turn_upright(picture: Image.Image) -> tuple[Image.Image, bool]:
    """Apply the EXIF orientation, and say whether it exchanges height and width; a camera writes sideways pixels."""
    try:
        return ImageOps.exif_transpose(picture), picture.getexif().get(ExifTags.Base.Orientation) in SIDEWAYS
    except MemoryError:
        raise
    except Exception:  # damaged EXIF: the pixels are fine, so show them as they lie
        return picture, False


def to_rgb(picture: Image.Image) -> Image.Image:
    """Convert any of Pillow's modes to RGB: deep grey scaled, transparency over white.

    Pillow's own ``convert`` clips deep grey (40000 becomes 255), so that is done here.
    """
    if picture.mode.startswith("I") or picture.mode == "F":
        return Image.fromarray(scale_grey(np.asarray(picture), is_16_bit=";16" in picture.mode)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    if picture.mode == "LAB":
        return _lab_to_rgb(picture)
    return picture.convert("RGB")


def scale_grey(grey: np.ndarray, *, is_16_bit: bool) -> np.ndarray:
    """Bring deep grey values into 0..255.

    Args:
        grey: (H, W); 16-bit values use the whole range 0..65535; 32-bit integers and floats have no agreed range, so
            theirs is stretched from their smallest to their largest value.
        is_16_bit: which of the two it is.

    Returns:
        uint8 (H, W).

    Examples:
        >>> scale_grey(np.array([[0, 257, 40000, 65535]], np.uint16), is_16_bit=True).tolist()
        [[0, 1, 156, 255]]
    """
    if is_16_bit:
        return ((grey.astype(np.uint32) + 128) // 257).astype(np.uint8)
    values = np.nan_to_num(grey.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = values.min(), values.max()
    stretched: np.ndarray = np.rint((values - low) * (255 / max(high - low, np.finfo(np.float64).tiny)))
    return stretched.astype(np.uint8)


def _lab_to_rgb(picture: Image.Image) -> Image.Image:
    from PIL import ImageCms

    profiles = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.applyTransform(picture, ImageCms.buildTransform(*profiles, "LAB", "RGB"))
    return converted if converted is not None else picture.convert("RGB")


def answer(data: bytes, longest_side_px: int) -> tuple[dict[str, object], bytes]:
    """Decode and put the outcome, good or bad, into a header and pixels."""
    try:
        pixels, in_file = decode(data, longest_side_px)
    except PhotoError as error:
        return {"code": error.code.value, "what": error.what, "now": error.now}, b""
    except MemoryError:
        what = "it needs more memory than one photo may take"
        return {"code": Code.IMAGE_DECODER.value, "what": what, "now": "shrink the picture and try again"}, b""
    except Exception:  # a mode Pillow cannot convert, a codec that fails late
        what = "its colours could not be read"
        return {"code": Code.IMAGE_FORMAT.value, "what": what, "now": SAVE_AS}, b""
    height, width = pixels.shape[:2]
    return {"height": height, "width": width, "in_file": in_file}, pixels.tobytes()


def limit_this_process() -> None:
    """Give up memory, file writing and core dumps beyond what a photo needs; Windows has no such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu_seconds(seconds: int) -> None:
    """Let this process use so many processor seconds from now on; beyond them the system ends it."""
    try:
        import resource
    except ImportError:
        return
    spent = resource.getrusage(resource.RUSAGE_SELF)
    allowed = math.ceil(spent.ru_utime + spent.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until the other side closes the pipe."""
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        longest_side_px, n_bytes = REQUEST.unpack(head)
        data = requests.read(n_bytes)
        if len(data) < n_bytes:
            return
        allow_cpu_seconds(CPU_SECONDS)
        header, pixels = answer(data, longest_side_px)
        text = json.dumps(header).encode()
        answers.write(LENGTH.pack(len(text)) + text)
        answers.write(pixels)
        answers.flush()


def main() -> None:
    """Limit this process, then serve its pipes."""
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.preinit()
    Image.init()  # all plugins now: later the limits could get in the way of an import
    limit_this_process()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a codec that prints must not speak into the answers
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
