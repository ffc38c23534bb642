"""The pages of the lab: the one table that the navigation, the links between pages and the tests read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One page: where it lives, what it is called, and one sentence for whoever wonders whether to go there."""

    section: str
    file: str
    title: str
    url_path: str
    icon: str
    sentence: str


PLACES: tuple[Place, ...] = (
    Place("", "pages/home/start.py", "Start", "", ":material/home:", "What this is, and where to begin."),
    Place(
        "The maths",
        "pages/maths/convolution.py",
        "Convolution",
        "convolution",
        ":material/filter_center_focus:",
        "A kernel slides over numbers and photos; every product and every sum is written out.",
    ),
    Place(
        "The maths",
        "pages/maths/pooling.py",
        "Pooling",
        "pooling",
        ":material/compress:",
        "Which pixel wins, what is lost, where the gradient goes, and what a shift changes.",
    ),
    Place(
        "The maths",
        "pages/maths/activation.py",
        "Activation",
        "activation",
        ":material/ssid_chart:",
        "Curve and slope of every activation, what it does to a layer, and what happens fifty layers deep.",
    ),
    Place(
        "The maths",
        "pages/maths/loss.py",
        "Loss",
        "loss",
        ":material/trending_down:",
        "What counts as wrong, by how much, and which way it pushes.",
    ),
    Place(
        "The maths",
        "pages/maths/bias.py",
        "Bias",
        "bias",
        ":material/line_axis:",
        "Three things called bias: a neuron's shift, a skewed data set, and a fit that is too simple.",
    ),
    Place(
        "The maths",
        "pages/maths/neurons.py",
        "Neurons",
        "neurons",
        ":material/hub:",
        "A small dense network on points of a plane: every neuron a picture, every weight under your hand.",
    ),
    Place(
        "Network",
        "pages/network/build.py",
        "Build",
        "build",
        ":material/account_tree:",
        "Put a network together and read what each layer costs.",
    ),
    Place(
        "Training",
        "pages/training/train.py",
        "Train",
        "train",
        ":material/model_training:",
        "Train your network on real images and watch it learn.",
    ),
    Place(
        "Training",
        "pages/training/runs.py",
        "Runs",
        "runs",
        ":material/stacked_line_chart:",
        "Every run so far: compare, resume, export.",
    ),
    Place(
        "Look inside",
        "pages/look/feature_maps.py",
        "Feature maps",
        "feature-maps",
        ":material/grid_view:",
        "The whole network in one picture: what every layer sees.",
    ),
    Place(
        "Look inside",
        "pages/look/classify.py",
        "Classify a photo",
        "classify",
        ":material/add_a_photo:",
        "Show a network a photo and read what it makes of it.",
    ),
    Place(
        "Questions",
        "pages/questions/practise.py",
        "Practise",
        "practise",
        ":material/quiz:",
        "Questions that never end: hints, checked answers, and a worked solution to each.",
    ),
    Place(
        "Questions",
        "pages/questions/exam.py",
        "Exam",
        "exam",
        ":material/timer:",
        "Some questions in one sitting, nothing told before the end, then every mistake explained.",
    ),
    Place(
        "Questions",
        "pages/questions/progress.py",
        "Progress",
        "progress",
        ":material/insights:",
        "How well you know each topic, and what to practise next.",
    ),
    Place(
        "Questions",
        "pages/questions/sheet.py",
        "Sheet",
        "sheet",
        ":material/print:",
        "Questions on paper for a class, with an answer key, other numbers for everybody.",
    ),
)


def place(url_path: str) -> Place:
    """The page of this path; ``""`` is the start page."""
    return next(row for row in PLACES if row.url_path == url_path)
