"""Photos: what is taken in comes out right, what is hostile costs one sentence and the next photo works."""

import io
import os
import signal
import struct
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from lab.data import photo
from lab.data.photo import open_photo, sample_photos, take_photo
from lab.errors import PhotoError

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def saved(picture, file_format, **options):
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def two_colours(size=(40, 20)):
    """Left half red, right half blue."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    return picture


def png_chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width, height, *, depth=8, colour_type=2, pixels=b""):
    """A PNG written by hand, so that its header can say what no picture is."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(pixels, 9)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def assert_the_next_photo_works():
    assert open_photo(saved(two_colours(), "PNG")).shape == (20, 40, 3)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_format_gives_its_pixels(file_format):
    pixels = open_photo(
        saved(two_colours(), file_format, **({"quality": 100} if file_format in ("JPEG", "WEBP") else {}))
    )
    assert pixels.dtype == np.uint8
    assert pixels.shape == (20, 40, 3)
    assert np.abs(pixels[10, 5].astype(int) - RED).max() <= 5
    assert np.abs(pixels[10, 35].astype(int) - BLUE).max() <= 5


def test_the_name_plays_no_part(tmp_path):
    path = tmp_path / "holiday.png"
    path.write_bytes(saved(two_colours(), "BMP"))
    assert open_photo(path)[0, 0].tolist() == list(RED)


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [
        (1, lambda p: p),
        (2, np.fliplr),
        (3, lambda p: np.rot90(p, 2)),
        (4, np.flipud),
        (5, lambda p: p.transpose(1, 0, 2)),
        (6, lambda p: np.rot90(p, -1)),
        (7, lambda p: np.rot90(p.transpose(1, 0, 2), 2)),
        (8, lambda p: np.rot90(p, 1)),
    ],
)
def test_exif_orientation_is_applied(orientation, turn):
    stored = np.random.default_rng(0).integers(0, 256, (5, 8, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert np.array_equal(open_photo(saved(Image.fromarray(stored), "PNG", exif=exif)), turn(stored))


def test_damaged_exif_does_not_cost_the_photo():
    content = saved(two_colours(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\x9c" * 40)
    assert open_photo(content).shape == (20, 40, 3)


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_an_animation_the_first_frame_is_shown(file_format):
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN, BLUE)]
    content = saved(
        frames[0],
        file_format,
        save_all=True,
        append_images=frames[1:],
        **({"lossless": True} if file_format == "WEBP" else {}),
    )
    assert open_photo(content)[4, 4].tolist() == list(RED)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_not_clipped(file_format):
    grey = np.array([[0, 128, 257, 30000, 40000, 65535]], np.uint16)
    pixels = open_photo(saved(Image.fromarray(grey), file_format))
    assert pixels[0, :, 0].tolist() == [round(value / 257) for value in (0, 128, 257, 30000, 40000, 65535)]
    assert (pixels == pixels[..., :1]).all()


def test_16_bit_colour_is_scaled():
    row = b"\0" + struct.pack(">6H", 40000, 0, 65535, 257, 514, 30000)
    pixels = open_photo(png(2, 1, depth=16, pixels=row))
    assert np.abs(pixels[0].astype(int) - [[156, 0, 255], [1, 2, 117]]).max() <= 1


@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_grey_without_an_agreed_range_is_stretched(dtype):
    values = np.array([[-10, 0, 90]], dtype)
    assert open_photo(saved(Image.fromarray(values), "TIFF"))[0, :, 0].tolist() == [0, 26, 255]


def test_transparency_shows_white():
    picture = Image.new("RGBA", (3, 1), (*RED, 255))
    picture.putpixel((1, 0), (*RED, 0))
    picture.putpixel((2, 0), (*RED, 128))
    pixels = open_photo(saved(picture, "PNG"))
    assert pixels[0].tolist()[:2] == [list(RED), list(WHITE)]
    assert pixels[0, 2].tolist() == pytest.approx([255, 127, 127], abs=1)


def test_a_palettes_transparent_colour_shows_white():
    picture = two_colours().quantize(2)
    red_index = picture.getpixel((0, 0))
    pixels = open_photo(saved(picture, "PNG", transparency=red_index))
    assert pixels[0, 0].tolist() == list(WHITE)
    assert pixels[0, 39].tolist() == list(BLUE)


def test_grey_with_alpha_and_black_and_white_are_taken():
    assert open_photo(saved(Image.new("LA", (1, 1), (0, 128)), "PNG"))[0, 0].tolist() == pytest.approx([127] * 3, abs=1)
    assert open_photo(saved(Image.new("1", (1, 1), 1), "PNG"))[0, 0].tolist() == list(WHITE)


def test_cmyk_becomes_rgb():
    content = saved(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=100)
    assert np.abs(open_photo(content)[4, 4].astype(int) - RED).max() <= 5


def test_lab_becomes_rgb():
    pixels = open_photo(saved(Image.new("LAB", (2, 2), (255, 128, 128)), "TIFF"))
    assert np.abs(pixels[0, 0].astype(int) - WHITE).max() <= 3


def test_a_cameras_double_picture_shows_the_first():
    content = saved(two_colours(), "MPO", save_all=True, append_images=[Image.new("RGB", (40, 20), GREEN)])
    assert np.abs(open_photo(content)[10, 5].astype(int) - RED).max() <= 5


@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_a_photo_can_be_asked_for_smaller(file_format):
    content = saved(two_colours((1600, 800)), file_format)
    small = open_photo(content, longest_side_px=100)
    assert small.shape == (50, 100, 3)
    assert np.abs(small[25, 20].astype(int) - RED).max() <= 5
    assert open_photo(content, longest_side_px=5000).shape == (800, 1600, 3)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize(("orientation", "in_file"), [(1, (300, 400)), (3, (300, 400)), (6, (400, 300))])
def test_a_shrunk_photo_tells_the_size_it_had_upright(file_format, orientation, in_file):
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = saved(two_colours((400, 300)), file_format, exif=exif)
    taken = take_photo(content, longest_side_px=100)
    assert taken.in_file == in_file
    assert taken.pixels.shape == (in_file[0] // 4, in_file[1] // 4, 3)
    assert take_photo(content).in_file == take_photo(content).pixels.shape[:2] == in_file


def test_nothing_of_the_metadata_is_in_the_result():
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (48.0, 8.0, 0.0)}
    assert type(open_photo(saved(two_colours(), "JPEG", exif=exif))) is np.ndarray


# hostile and broken files

JPEG = saved(Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)), "JPEG")
PNG = saved(Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)), "PNG")
# A canvas of 10 x 10 whose only frame says it is 60,000 x 60,000.
GIF_FRAME = b"," + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0) + b"\x02\x02\x4c\x01\x00;"
GIF_WITH_A_GIANT_FRAME = b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0x80, 0, 0) + bytes(6) + GIF_FRAME

REFUSED = {
    "empty": (b"", "the file is empty; choose another file (IMG-FORMAT)"),
    "text": (b"Dear diary, today I drew a cat.", "this is not a PNG, JPEG, WEBP, GIF, BMP or TIFF picture; save it"),
    "zip": (b"PK\x03\x04" + bytes(60), "this is a zip archive; save it as PNG or JPEG and try again (IMG-FORMAT)"),
    "pdf": (b"%PDF-1.7 ...", "this is a PDF document"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "this is an SVG drawing"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(40), "this is a HEIC photo, as iPhones take them; save it as PNG or JPEG"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "this is not a PNG"),
    "truncated jpeg": (JPEG[: len(JPEG) // 2], "the JPEG file ends too early or is damaged; copy or download it again"),
    "truncated png": (PNG[: len(PNG) // 2], "the PNG file ends too early or is damaged"),
    "truncated bmp": (saved(two_colours(), "BMP")[:1000], "the BMP file ends too early or is damaged"),
    "truncated tiff": (saved(two_colours(), "TIFF")[:1000], "TIFF file"),
    "truncated webp": (saved(two_colours(), "WEBP")[:60], "IMG-"),
    "jpeg header only": (JPEG[:20], "a JPEG file whose beginning is damaged or incomplete"),
    "png header only": (PNG[:15], "a PNG file whose beginning is damaged or incomplete"),
    "damaged png": (PNG[:200] + bytes(50) + PNG[250:], "the PNG file ends too early or is damaged"),
    "png bomb": (png(50_000, 50_000, pixels=bytes(1000)), "50000 × 50000 px are 2,500 megapixels, more than 40"),
    "flat png bomb": (png(1_000_000, 100, pixels=bytes(10)), "1000000 × 100 px are 100 megapixels"),
    "giant gif frame": (GIF_WITH_A_GIANT_FRAME, "IMG-T"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_a_bad_file_costs_one_sentence_and_the_next_photo_works(kind, tmp_path):
    content, sentence = REFUSED[kind]
    path = tmp_path / "holiday.png"
    path.write_bytes(content)
    with pytest.raises(PhotoError) as caught:
        open_photo(path)
    assert str(caught.value).startswith("holiday.png: ")
    assert sentence in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert_the_next_photo_works()


def test_too_many_bytes_are_refused_before_anything_reads_them(tmp_path):
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(10**12)  # a sparse terabyte
    with pytest.raises(PhotoError, match=r"huge.jpg: the file has more than 25 MB; shrink .*IMG-TOO-LARGE"):
        open_photo(path)
    with pytest.raises(PhotoError, match="IMG-TOO-LARGE"):
        open_photo(bytes(25_000_001))


def test_a_missing_file_and_a_folder_are_no_photos(tmp_path):
    with pytest.raises(PhotoError, match=r"cat\.png: there is no such file; check the name"):
        open_photo(tmp_path / "cat.png")
    with pytest.raises(PhotoError, match="this is a folder or a device, not a file"):
        open_photo(tmp_path)


def test_forty_megapixels_with_transparency_fit_the_memory_limit():
    width, height = 8000, 5000
    row = b"\0" + bytes((10, 20, 30, 0)) * width
    pixels = open_photo(png(width, height, colour_type=6, pixels=row * height))
    assert pixels.shape == (height, width, 3)
    assert (pixels[::1000, ::1000] == 255).all()


def only_decoder():
    """The process that will decode the next photo."""
    assert_the_next_photo_works()
    return photo._decoders._idle[-1].process


def test_the_process_is_used_again():
    assert only_decoder().pid == only_decoder().pid


def test_a_killed_decoder_is_replaced():
    os.kill(only_decoder().pid, signal.SIGKILL)
    time.sleep(0.1)
    assert_the_next_photo_works()


def test_a_decoder_that_dies_at_work_costs_that_photo_only(monkeypatch):
    child = only_decoder()
    os.kill(child.pid, signal.SIGSTOP)
    killer = threading.Timer(0.2, child.kill)
    killer.start()
    with pytest.raises(PhotoError, match=r"the decoder could not cope with this file; save.*IMG-DECODER"):
        open_photo(PNG)
    killer.join()
    assert_the_next_photo_works()


def test_a_decoder_that_hangs_is_stopped(monkeypatch):
    child = only_decoder()
    os.kill(child.pid, signal.SIGSTOP)
    monkeypatch.setattr(photo, "TIMEOUT_S", 0.3)
    with pytest.raises(PhotoError, match=r"decoding took more than 0 s and was stopped.*IMG-DECODER"):
        open_photo(PNG)
    child.wait(10)
    monkeypatch.undo()
    assert_the_next_photo_works()


def test_an_answer_that_is_none_of_ours_is_refused(monkeypatch):
    import sys

    class Liar(photo._Decoder):
        def __init__(self):
            super().__init__()
            self.close()
            code = "import sys; sys.stdout.buffer.write(bytes([0, 0, 0, 2]) + b'{}' * 99); sys.stdout.flush(); input()"
            self.process = photo.subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, stderr=-3)

    photo._decoders.close()
    monkeypatch.setattr(photo, "_Decoder", Liar)
    with pytest.raises(PhotoError, match="the decoder could not cope with this file"):
        open_photo(PNG)
    monkeypatch.undo()
    assert_the_next_photo_works()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_the_decoder_lives_within_its_limits():
    import resource

    pid = only_decoder().pid
    assert resource.prlimit(pid, resource.RLIMIT_AS)[1] == 1_500_000_000
    assert resource.prlimit(pid, resource.RLIMIT_FSIZE) == (0, 0)
    assert 10 <= resource.prlimit(pid, resource.RLIMIT_CPU)[0] < 60


def test_threads_each_get_their_own_picture():
    contents = {shade: saved(Image.new("RGB", (100 + shade, 50), (shade, 0, 0)), "PNG") for shade in range(0, 200, 5)}
    with ThreadPoolExecutor(8) as pool:
        pictures = dict(zip(contents, pool.map(open_photo, contents.values()), strict=True))
    for shade, pixels in pictures.items():
        assert pixels.shape == (50, 100 + shade, 3)
        assert (pixels[..., 0] == shade).all()
    assert len(photo._decoders._idle) <= photo.N_PROCESSES


def test_a_worn_process_is_replaced(monkeypatch):
    photo._decoders.close()
    monkeypatch.setattr(photo, "PHOTOS_PER_PROCESS", 2)
    first = only_decoder().pid
    assert_the_next_photo_works()
    assert photo._decoders._idle == []
    assert only_decoder().pid != first
    photo._decoders.close()


def test_a_warm_decoder_waits_for_the_first_photo():
    photo._decoders.close()
    photo.warm_up()
    assert only_decoder().poll() is None
    assert len(photo._decoders._idle) == 1


def test_there_are_sample_photos_with_licence_and_source():
    samples = sample_photos()
    assert len(samples) >= 8
    assert samples[0].name == "cat"
    for sample in samples:
        assert sample.licence
        assert sample.source
        pixels = open_photo(sample.path)
        assert max(pixels.shape) <= 512
        assert pixels.std() > 10
