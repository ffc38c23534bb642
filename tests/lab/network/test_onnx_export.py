"""ONNX files, run by onnxruntime and compared with the network itself."""

import pytest
import torch

from lab.errors import NetworkError
from lab.network.build import build_network
from lab.network.onnx_export import onnx_bytes
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from tests.lab.network.random_networks import draw_network

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")

# Each export takes a second or more; these seeds together hold skips, branches and most groups of layers.
SEEDS = (2, 4, 7, 12, 20, 22, 24, 28)


def run_onnx(model, image):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # shape inference warns about ceil mode; the values below are what counts
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options)
    return torch.from_numpy(session.run(None, {"image": image.numpy()})[0])


@pytest.mark.parametrize(
    "spec", [preset("student_cnn"), preset("resnet_small"), *map(draw_network, SEEDS)], ids=lambda spec: spec.name
)
def test_onnxruntime_computes_what_the_network_computes(spec):
    network = build_network(spec).eval()
    image = torch.randn(5, *spec.input)

    got = run_onnx(onnx_bytes(spec), image)

    with torch.inference_mode():
        torch.testing.assert_close(got, network(image), rtol=1e-4, atol=1e-5, equal_nan=True)


def test_trained_weights_and_statistics_are_exported():
    trained = build_network(preset("mobilenet_small"), seed=3)
    trained(torch.randn(8, 1, 28, 28))  # moves the running statistics
    trained.eval()
    image = torch.randn(2, 1, 28, 28)

    got = run_onnx(onnx_bytes(trained.spec, trained.state_dict()), image)

    torch.testing.assert_close(got, trained(image).detach(), rtol=1e-4, atol=1e-5)


def test_weights_of_another_network_are_refused():
    state = build_network(preset("mlp")).state_dict()

    with pytest.raises(NetworkError, match=r"student_cnn: the weights are not those of this network \(NET-CODE\)"):
        onnx_bytes(preset("student_cnn"), state)


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        ({"kind": "RReLU"}, "ONNX has no random slopes"),
        ({"kind": "AdaptiveMaxPool2d", "output_size": 4}, "no max pooling with windows of unequal size"),
        (
            {"kind": "ConvTranspose2d", "out_channels": 1, "dilation": 2, "output_padding": 1},
            "output padding must be smaller than the stride",
        ),
    ],
)
def test_what_onnx_cannot_say_is_refused_with_a_reason(layer, why):
    spec = NetworkSpec(name="one", input=(1, 6, 6), layers=({"id": "one", **layer},))

    with pytest.raises(NetworkError, match=rf"one: .*{why} \(NET-CODE\)"):
        onnx_bytes(spec)
