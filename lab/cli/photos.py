"""Commands about photos: classify, maps."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lab.cli.files import write_file
from lab.cli.rows import FailedRow, Row, say
from lab.errors import Code, LabError

if TYPE_CHECKING:
    from lab.prediction.classifier import Classifier


def classify(args: argparse.Namespace) -> Iterator[Row]:
    """Classify photos; a bad file costs its own line and the exit status, not the others."""
    from lab.data.photo import open_photo
    from lab.prediction.classifier import classify as classify_photo

    classifier = open_classifier(args.model)
    for photo in args.photos:
        try:
            prediction = classify_photo(classifier, open_photo(photo), top=args.top)
        except LabError as error:
            yield FailedRow(photo=str(photo), error=error.sentence)
        else:
            if prediction.warning:
                say(f"{photo}: {prediction.warning}")
            yield {
                "photo": str(photo),
                "classes": [{"label": label, "probability": p} for label, p in prediction.classes],
            }


def maps(args: argparse.Namespace) -> Iterator[Row]:
    """Draw the feature maps of one layer as a picture."""
    from lab.data.photo import open_photo
    from lab.inspection.maps import feature_maps
    from lab.inspection.mosaic import mosaic

    classifier = open_classifier(args.model)
    found = feature_maps(classifier.network, classifier.preprocessing.tensor(open_photo(args.photo)))
    if args.layer not in found:
        known = f"known: {', '.join(found.shapes)}"
        raise LabError(Code.INPUT, f"no layer {args.layer!r} in {classifier.name}", where="--layer", now=known)
    layer = found.layer(args.layer)
    tiles = layer.activation.reshape(*layer.shape, *(1, 1)[: 3 - len(layer.shape)])  # a vector: one pixel a value
    picture = mosaic(tiles, limit=layer.statistics.largest, gap_px=2, max_tile_px=256)
    write_file(args.out, picture.png())
    yield {"layer": args.layer, "shape": list(layer.shape), "file": str(args.out)}


def open_classifier(name: str) -> Classifier:
    """Find a trained network: ``imagenet``, or a run."""
    from lab.prediction.classifier import imagenet_classifier, run_classifier

    return imagenet_classifier() if name == "imagenet" else run_classifier(name)
