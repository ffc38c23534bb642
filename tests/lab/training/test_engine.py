import pytest
import torch
from torch import nn

from lab.data import placement
from lab.data.image_set import forget_loaded_sets, load_image_set
from lab.network.build import build_network
from lab.network.presets import preset
from lab.training import batches
from lab.training.engine import Engine
from lab.training.recipe import TrainSpec
from lab.training.schedule import lr_at

CPU = torch.device("cpu")


def engine_for(spec, home):
    return Engine(spec, load_image_set(spec.data, home=home), CPU)


@pytest.fixture
def plain_spec(tiny_spec):
    """Float32, nothing random but the order of the images, and no bias before BatchNorm: its gradient is rounding."""
    conv, *others = (layer for layer in tiny_spec.network.layers if layer.kind != "Dropout")
    layers = (conv.model_copy(update={"bias": False}), *others)
    network = tiny_spec.network.model_copy(update={"layers": layers})
    return tiny_spec.model_copy(update={"network": network, "amp": "off", "augment": type(tiny_spec.augment)()})


@pytest.mark.parametrize("optimizer", ["SGD", "AdamW"])
def test_the_engine_trains_as_a_plain_loop_does(plain_spec, home, optimizer):
    spec = plain_spec.model_copy(update={"optimizer": optimizer, "lr": 0.02})
    engine = engine_for(spec, home)
    images = load_image_set(spec.data, home=home)
    network = build_network(spec.network, seed=spec.seed)
    common = {"lr": 0.02, "weight_decay": spec.weight_decay, "foreach": False}
    kinds = {
        "SGD": lambda weights: torch.optim.SGD(weights, momentum=0.9, nesterov=True, **common),
        "AdamW": lambda weights: torch.optim.AdamW(weights, **common),
    }
    plain = kinds[optimizer](network.parameters())
    generator = torch.Generator().manual_seed(spec.seed)
    for _ in range(2):
        for index in torch.randperm(96, generator=generator).split(10):
            batch = (images.train_images[index] / 255 - images.mean[0]) / images.std[0]
            plain.zero_grad()
            loss = nn.CrossEntropyLoss()(network(batch), images.train_labels[index])
            loss.backward()
            plain.step()
            result = engine.step(0.02)
            assert float(result.loss) == pytest.approx(loss.item(), rel=1e-4)
            assert result.n_images == len(index)
    for name, weight in engine.weights().items():
        torch.testing.assert_close(weight, network.state_dict()[name], rtol=1e-3, atol=1e-4)


def test_every_image_is_seen_once_an_epoch_in_an_order_of_its_own(plain_spec, home, monkeypatch):
    engine = engine_for(plain_spec, home)
    seen, gather = [], engine.train_images.batch

    def gather_and_note(index, *rest):
        seen.append(index)
        return gather(index, *rest)

    monkeypatch.setattr(engine.train_images, "batch", gather_and_note)
    for _ in range(20):
        engine.step(0.01)
    first, second = torch.cat(seen[:10]), torch.cat(seen[10:])
    assert sorted(first.tolist()) == sorted(second.tolist()) == list(range(96))
    assert first.tolist() != second.tolist()


def test_half_precision_is_used_where_the_processor_has_it_and_changes_little(tiny_spec, home):
    engine = engine_for(tiny_spec, home)
    assert (engine.amp_dtype is torch.bfloat16) == torch.ops.mkldnn._is_mkldnn_bf16_supported()
    plain = engine_for(tiny_spec.model_copy(update={"amp": "off"}), home)
    assert plain.amp_dtype is None
    assert engine.evaluate(0).loss == pytest.approx(plain.evaluate(0).loss, rel=0.02)


def test_evaluating_changes_no_weights_no_running_statistics_and_no_random_numbers(tiny_spec, home):
    engine = engine_for(tiny_spec, home)
    engine.step(0.01)
    before = {name: tensor.clone() for name, tensor in engine.state().items()}
    first, second = engine.evaluate(1), engine.evaluate(1)
    assert first == second
    after = engine.state()
    assert all(torch.equal(tensor, after[name]) for name, tensor in before.items())
    assert engine.network.training


@pytest.fixture
def short_of_room(monkeypatch, home):
    """Make the named kinds of memory too small for any image; sets are read anew."""

    def make_short(*kinds):
        forget_loaded_sets()
        free = {"host": 10**12, "device": 10**12} | dict.fromkeys(kinds, 100)
        monkeypatch.setattr(placement, "free_host_bytes", lambda: free["host"])
        monkeypatch.setattr(batches, "has_room", lambda n_bytes, _device: n_bytes <= free["device"])

    yield make_short
    forget_loaded_sets()


@pytest.fixture(params=["as it is", "resized, in colour, some of the images"])
def placed_spec(tiny_spec, request):
    if request.param == "as it is":
        return tiny_spec
    network = tiny_spec.network.model_copy(update={"input": (3, 11, 7)})
    return tiny_spec.model_copy(update={"network": network, "n_train": 60})


@pytest.mark.parametrize("short", [("device",), ("host", "device"), ("host",)], ids="+".join)
def test_wherever_the_images_live_the_batches_and_evaluations_are_the_same(placed_spec, home, short, short_of_room):
    def train_where(*kinds):
        short_of_room(*kinds)
        engine = engine_for(placed_spec, home)
        losses = [float(engine.step(0.05).loss) for _ in range(12)]
        index = torch.tensor([5, 59, 0, 5])
        images, labels = engine.train_images.batch(index, placed_spec.augment, torch.Generator().manual_seed(0))
        return losses, images.tolist(), labels.tolist(), engine.train_images.slice(3, 9).tolist(), engine.evaluate(1)

    assert train_where(*short) == train_where()


def test_without_room_on_the_device_the_images_are_not_copied(tiny_spec, home, short_of_room):
    short_of_room("device")
    images = load_image_set("stripes", home=home)
    spec = tiny_spec.model_copy(update={"n_train": 60})
    engine = Engine(spec, images, CPU)
    assert engine.train_images.images is images.train_images
    assert engine.test_images.images is images.test_images
    assert len(engine.train_images) == 60


def test_a_large_network_input_is_not_kept_resized(tiny_spec, home, monkeypatch):
    network = tiny_spec.network.model_copy(update={"input": (3, 16, 16)})
    spec = tiny_spec.model_copy(update={"network": network})
    kept = engine_for(spec, home)
    monkeypatch.setattr(batches, "_MAX_RESIZED_BYTES", 0)
    resized_late = engine_for(spec, home)
    assert kept.train_images.images.shape == (96, 3, 16, 16)
    assert resized_late.train_images.images.shape == (96, 1, 8, 8)
    index = torch.arange(10)
    pair = [
        e.train_images.batch(index, spec.augment, torch.Generator().manual_seed(0))[0] for e in (kept, resized_late)
    ]
    assert torch.equal(*pair)


@pytest.mark.parametrize(
    "name",
    ["softmax_regression", "mlp", "student_cnn", "vgg_small", "resnet_small", "inception_small", "mobilenet_small"],
)
def test_every_small_preset_learns_with_the_default_recipe(name):
    spec = TrainSpec(network=preset(name), epochs=1, n_train=3000, device="cpu")
    engine = Engine(spec, load_image_set("fashion-mnist"), CPU)
    for step in range(engine.n_steps):
        engine.step(lr_at(spec.schedule, spec.lr, step, engine.n_steps, []))
    assert engine.evaluate(1).accuracy > 0.5


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu_a_run_learns_too(tiny_spec, home):
    engine = Engine(tiny_spec, load_image_set("stripes", home=home), torch.device("cuda"))
    for _ in range(60):
        engine.step(0.05)
    assert engine.evaluate(6).accuracy > 0.9
    restored = Engine(tiny_spec, load_image_set("stripes", home=home), torch.device("cuda"))
    restored.restore({name: tensor.cpu() for name, tensor in engine.state().items()}, engine.step_number)
    assert restored.evaluate(6) == engine.evaluate(6)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu_batches_from_host_memory_are_those_from_the_device(placed_spec, home, short_of_room):
    images, sources = load_image_set("stripes", home=home), []
    for short in ((), ("device",), ("host", "device")):
        short_of_room(*short)
        sources.append(Engine(placed_spec, images, torch.device("cuda")).train_images)
    resident, *streamed = (
        source.batch(torch.arange(20, device=source.index_device), placed_spec.augment, torch.Generator())[0]
        for source in sources
    )
    assert [source.index_device.type for source in sources] == ["cuda", "cpu", "cpu"]
    assert all(torch.equal(batch, resident) for batch in streamed)
