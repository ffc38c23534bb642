"""Take the sample photos out of scikit-image's installed data: modest JPEGs without metadata.

Run from the repository::

    python -m assets.build_photos
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import skimage
from PIL import Image

LONGEST_SIDE_PX = 512
QUALITY = 90  # JPEG; below about 85 blocks become visible in feature maps
TARGET = Path(__file__).with_name("photos")
# file of ours: (file in skimage/data)
PHOTOS = {
    "cat": "chelsea.png",
    "coffee": "coffee.png",
    "camera": "camera.png",
    "astronaut": "astronaut.png",
    "rocket": "rocket.jpg",
    "coins": "coins.png",
    "deep_field": "hubble_deep_field.jpg",
    "horse": "horse.png",
    "brick": "brick.png",
    "grass": "grass.png",
}


def build() -> None:
    """Write every photo and print the cells of SOURCES.md that depend on its bytes."""
    for name, file in PHOTOS.items():
        with Image.open(Path(skimage.__file__).parent / "data" / file) as opened:
            rgba = opened.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
        picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
        target = TARGET / f"{name}.jpg"
        picture.save(target, quality=QUALITY, optimize=True)
        print(target.name, picture.size, target.stat().st_size, hashlib.sha256(target.read_bytes()).hexdigest())


if __name__ == "__main__":
    build()
