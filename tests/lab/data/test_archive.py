"""A user's zip: class folders become a set; every known trick costs one sentence that names the entry."""

import errno
import io
import json
import stat
import struct
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from lab.data import archive, storage
from lab.data.archive import import_archive
from lab.data.catalogue import data_set, data_sets
from lab.data.image_set import forget_loaded_sets, load_image_set
from lab.errors import DataError, LabError


def picture(colour, size=(30, 20), file_format="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, file_format)
    return file.getvalue()


def packed(entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return file.getvalue()


def class_folders(n_images=10, prefix=""):
    return {
        f"{prefix}{label}/{index}.png": picture((shade + index, index, 0))
        for label, shade in (("cats", 100), ("dogs", 200))
        for index in range(n_images)
    }


def refusal(content, home, name="mine"):
    with pytest.raises(DataError) as caught:
        import_archive(content, name, home)
    assert caught.value.code == "ZIP-REFUSED"
    assert not list(home.glob("data/*"))
    assert len(str(caught.value)) < 500
    return str(caught.value)


# good zips


def test_class_folders_become_a_set_that_is_listed_and_loads_again(tmp_path):
    imported = import_archive(packed(class_folders()), "My Pets (2026)", tmp_path, size_px=16)
    assert imported.name == "my-pets-2026"
    assert imported.classes == ("cats", "dogs")
    assert imported.train_images.shape == (16, 3, 16, 16)
    assert imported.test_labels.bincount().tolist() == [2, 2]
    row = data_sets(tmp_path)["my-pets-2026"]
    assert (row.title, row.n_train, row.n_test, row.shape) == ("My Pets (2026)", 16, 4, (3, 16, 16))
    forget_loaded_sets()
    assert torch.equal(load_image_set("my-pets-2026", home=tmp_path).train_images, imported.train_images)


def test_every_picture_keeps_its_class(tmp_path):
    imported = import_archive(packed(class_folders()), "pets", tmp_path, size_px=16)
    for images, labels in (
        (imported.train_images, imported.train_labels),
        (imported.test_images, imported.test_labels),
    ):
        assert torch.equal((images[:, 0, 0, 0] >= 200).long(), labels)
    greens = torch.cat([imported.train_images, imported.test_images])[:, 1, 0, 0]
    assert sorted(greens.tolist()) == sorted(2 * list(range(10)))  # each picture once


def test_train_and_test_folders_decide_the_split(tmp_path):
    entries = class_folders(6, "photos/train/") | class_folders(3, "photos/val/")
    imported = import_archive(packed(entries), "pets", tmp_path, size_px=16)
    assert imported.train_labels.bincount().tolist() == [6, 6]
    assert imported.test_labels.bincount().tolist() == [3, 3]


def test_clutter_is_passed_over(tmp_path):
    entries = class_folders() | {
        "__MACOSX/cats/._0.png": b"junk",
        "cats/.DS_Store": b"junk",
        "dogs/Thumbs.db": b"junk",
        "README.txt": b"our pets",
    }
    assert len(import_archive(packed(entries), "pets", tmp_path, size_px=16).train_images) == 16


def test_the_middle_square_of_a_picture_is_kept(tmp_path):
    wide = Image.new("RGB", (90, 30), (255, 0, 0))
    wide.paste((0, 0, 255), (30, 0, 60, 30))
    file = io.BytesIO()
    wide.save(file, "PNG")
    entries = {f"{label}/{index}.png": file.getvalue() for label in "ab" for index in range(2)}
    images = import_archive(packed(entries), "wide", tmp_path, size_px=16).train_images
    middle = images[..., 2:14]  # the seams are soft
    assert (middle == torch.tensor([0, 0, 255], dtype=torch.uint8).view(3, 1, 1)).all()


def test_grey_pictures_make_a_grey_set(tmp_path):
    entries = {f"{label}/{index}.png": picture((50, 50, 50)) for label in "ab" for index in range(2)}
    assert import_archive(packed(entries), "grey", tmp_path).shape == (1, 64, 64)


def test_windows_paths_and_foreign_letters_are_fine(tmp_path):
    entries = {f"Bilder\\{label}\\{index}.png": picture((9, 9, 90)) for label in ("Äpfel", "梨") for index in range(2)}
    imported = import_archive(packed(entries), "Обст 梨", tmp_path, size_px=16)
    assert imported.classes == ("Äpfel", "梨")
    assert imported.name == "own-set"


def test_a_colon_in_a_name_is_a_name(tmp_path):
    entries = {f"class: {label}/2026-11-23 12:30:0{i}.png": picture((9, 9, 90)) for label in "ab" for i in range(2)}
    assert import_archive(packed(entries), "p", tmp_path, size_px=16).classes == ("class: a", "class: b")


def test_classes_are_ordered_as_people_count(tmp_path):
    entries = {f"class {n}/{i}.png": picture((n, i, 9)) for n in (10, 9, 1) for i in range(2)}
    assert import_archive(packed(entries), "n", tmp_path, size_px=16).classes == ("class 1", "class 9", "class 10")


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    names = [
        import_archive(packed(class_folders(2)), name, tmp_path, size_px=16).name for name in ("CIFAR10", "a", "A!")
    ]
    assert names == ["cifar10-2", "a", "a-2"]


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "a/b\\c", "..", "nul\0", "<script>", ""])
def test_a_users_name_never_becomes_a_path(name, tmp_path):
    imported = import_archive(packed(class_folders(2)), name, tmp_path / "home", size_px=16)
    assert storage.NAME.fullmatch(imported.name)
    assert [path.name for path in (tmp_path / "home" / "data").iterdir()] == [imported.name]
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_set_deleted_and_imported_anew_is_the_new_one(tmp_path):
    first = import_archive(packed(class_folders(2)), "zoo", tmp_path, size_px=16)
    storage.delete_set("zoo", tmp_path)
    second = import_archive(packed(class_folders(3)), "zoo", tmp_path, size_px=16)
    assert (first.name, second.name) == ("zoo", "zoo")
    assert len(second.train_images) == 4


def test_progress_is_told(tmp_path):
    told = []
    import_archive(packed(class_folders(2)), "p", tmp_path, size_px=16, on_progress=lambda *now: told.append(now))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_zip_on_disk_is_read_from_disk(tmp_path):
    path = tmp_path / "pets.zip"
    path.write_bytes(packed(class_folders(2)))
    assert import_archive(path, "pets", tmp_path / "home").classes == ("cats", "dogs")


def test_the_seed_decides_the_split(tmp_path):
    content = packed(class_folders())
    first, again, other = (
        import_archive(content, "p", tmp_path / str(n), size_px=16, seed=seed) for n, seed in enumerate((1, 1, 2))
    )
    assert torch.equal(first.test_images, again.test_images)
    assert not torch.equal(first.test_images, other.test_images)


# hostile and broken zips


@pytest.mark.parametrize(
    "name",
    ["../evil.png", "cats/../../evil.png", "/etc/cron.d/evil.png", "C:\\evil.png", "c:evil.png", "..\\evil.png"],
)
def test_a_path_that_leads_out_is_refused_by_name(name, tmp_path):
    message = refusal(packed(class_folders() | {name: picture("red")}), tmp_path)
    assert message.startswith(f"{name}: this entry's path leads out of the zip")


def test_a_link_is_refused_by_name(tmp_path):
    file = io.BytesIO(packed(class_folders()))
    with zipfile.ZipFile(file, "a") as target:
        link = zipfile.ZipInfo("cats/secrets.png")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    assert refusal(file.getvalue(), tmp_path).startswith("cats/secrets.png: this entry is a link or device")


def overlapping(n_entries):
    """Many entries of the list that all point at one file, as Fifield's bomb does."""
    content = bytearray(packed({"cats/0.png": bytes(1000), "cats/1.png": bytes(10)}))
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        start, body = source.start_dir, bytes(content[: source.start_dir])
        first = bytes(content[start : content.index(b"PK\x01\x02", start + 4)])
    directory = b"".join(first.replace(b"cats/0.png", b"cats/%05d"[:10] % n) for n in range(n_entries))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, n_entries, n_entries, len(directory), len(body), 0)
    return body + directory + end


def test_overlapping_entries_are_refused_by_name(tmp_path):
    message = refusal(overlapping(100), tmp_path)
    assert "this entry overlaps another one, as in a zip bomb" in message
    assert message.startswith("cats/0")


def test_a_list_that_is_too_long_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "the zip has more than 20,000 entries" in refusal(overlapping_end(60_000, 10**8), tmp_path)


def overlapping_end(n_entries, directory_bytes):
    return bytes(100) + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, n_entries, n_entries, directory_bytes, 0, 0)


def test_a_list_longer_than_it_says_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 5)
    content = bytearray(packed(class_folders(5)))
    place = content.rindex(b"PK\x05\x06")
    content[place + 8 : place + 12] = struct.pack("<2H", 1, 1)  # says one entry, has ten
    assert "the zip has 10 entries, more than 5" in refusal(bytes(content), tmp_path)


def test_zip64_is_refused(tmp_path):
    content = overlapping_end(1, 1)
    assert "zip64" in refusal(content[:80] + b"PK\x06\x07" + bytes(16) + content[100:], tmp_path)


def test_a_bomb_of_one_entry_is_read_no_further_than_a_photo_may_be(tmp_path):
    entries = class_folders() | {"cats/bomb.bmp": b"BM" + bytes(60_000_000)}
    message = refusal(packed(entries), tmp_path)
    assert "1 of 21 files could not be read: cats/bomb.bmp: the file has more than 25 MB" in message


def test_content_is_counted_as_it_comes_out(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_CONTENT_BYTES", 700)
    assert "the pictures have more than 0 GB in all" in refusal(packed(class_folders()), tmp_path)


def test_an_encrypted_entry_is_refused(tmp_path):
    content = bytearray(packed(class_folders(2)))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert "cats/0.png: this entry is encrypted; pack the folders without a password" in refusal(
        bytes(content), tmp_path
    )


def test_an_unusual_compression_is_refused(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as target:
        target.writestr("cats/0.png", picture("red"))
    assert "cats/0.png: this entry uses an unusual compression" in refusal(file.getvalue(), tmp_path)


def test_two_entries_of_one_name_are_refused(tmp_path):
    content = packed({"cats/0.png": picture("red"), "cats/1.png": picture("red")}).replace(b"cats/1.png", b"cats/0.png")
    assert refusal(content, tmp_path).startswith("cats/0.png: two entries have this name")


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100, packed(class_folders())[:-30]])
def test_what_is_no_complete_zip_is_refused(content, tmp_path):
    assert refusal(content, tmp_path).startswith("this is not a complete zip file; pack the folders again")


def test_a_flipped_byte_is_noticed(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    content = bytearray(packed(class_folders() | {"cats/noise.png": file.getvalue()}))
    content[content.index(b"cats/noise.png") + 2000] ^= 1
    assert refusal(bytes(content), tmp_path).startswith("cats/noise.png: this entry is damaged")


def test_all_broken_pictures_are_told_at_once(tmp_path):
    entries = class_folders() | {f"dogs/bad{n}.jpg": b"no picture" for n in range(5)}
    message = refusal(packed(entries), tmp_path)
    assert message.startswith("5 of 25 files could not be read: dogs/bad0.jpg: this is not a PNG, JPEG")
    assert "; and 2 more; remove them (ZIP-REFUSED)" in message


def test_pictures_without_folders_are_refused(tmp_path):
    message = refusal(packed({"a.png": picture("red"), "b.png": picture("blue")}), tmp_path)
    assert message == (
        "a.png: this picture is in no folder; put each picture in a folder named after its class (ZIP-REFUSED)"
    )


def test_one_class_is_not_enough(tmp_path):
    assert "there are 1 classes, and it takes 2 to 200" in refusal(packed({"all/a.png": picture("red")}), tmp_path)
    assert "there are 0 classes" in refusal(packed({"README.txt": b"nothing"}), tmp_path)


def test_a_class_of_one_picture_is_refused(tmp_path):
    entries = class_folders() | {"fish/1.png": picture("red")}
    assert refusal(packed(entries), tmp_path).startswith("fish: this class has only one picture; give it at least two")


def test_a_class_name_is_cut_and_made_printable(tmp_path):
    entries = {f"{label}/{index}.png": picture("red") for label in ("a\x1b[31m" + "x" * 100, "b") for index in range(2)}
    imported = import_archive(packed(entries), "n", tmp_path, size_px=16)
    assert imported.classes == ("a?[31m" + "x" * 54, "b")


@pytest.mark.parametrize("size_px", [15, 225])
def test_a_size_out_of_range_is_refused(size_px, tmp_path):
    with pytest.raises(DataError, match=f"the size must be 16 to 224 px, not {size_px}"):
        import_archive(packed(class_folders(2)), "n", tmp_path, size_px=size_px)


def test_a_damaged_own_set_is_not_listed_and_says_so_when_asked_for(tmp_path):
    import_archive(packed(class_folders(2)), "zoo", tmp_path, size_px=16)
    description = tmp_path / "data" / "zoo" / storage.DESCRIPTION
    description.write_text(json.dumps({"name": "zoo"}))
    forget_loaded_sets()
    assert "zoo" not in data_sets(tmp_path)
    with pytest.raises(DataError, match="no data set named 'zoo'"):
        data_set("zoo", tmp_path)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, r"there is no space left on the disk.*DISK-FULL"), (errno.EACCES, r"does not allow.*DISK-REFUSED")],
)
def test_a_disk_that_takes_nothing_is_one_sentence_and_leaves_nothing(number, sentence, tmp_path, monkeypatch):
    def refuse(path, data):
        raise OSError(number, "the system's words")

    monkeypatch.setattr(storage, "write_new", refuse)
    with pytest.raises(LabError, match=f"zoo: .*{sentence}"):
        import_archive(packed(class_folders(2)), "zoo", tmp_path, size_px=16)
    assert list((tmp_path / "data").iterdir()) == []
