"""Classifier: what goes in, what comes out, what is refused and how."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

import jaxtyping
import numpy as np
import pytest
import torch
import torchvision
from PIL import Image
from torch import nn
from torchvision.transforms import v2

from nbinterp.instrument import Classifier, ModelError, UnknownLayerError, evaluating, model_lock


@pytest.fixture
def unchecked():
    """Without the run-time type checks of the test session: what a user meets is our own message."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


def linear(n_pixels: int = 12, n_classes: int = 2) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(n_pixels, n_classes))


def classifier(module: nn.Module | None = None, **options) -> Classifier:
    return Classifier(linear() if module is None else module, **{"device": "cpu", **options})


RED = np.zeros((4, 6, 3), np.uint8)
RED[..., 0] = 255
RED[0, 0] = (0, 51, 102)


# ---- the constructor -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"module": nn.Linear}, TypeError, r"must be a torch.nn.Module; got <class.*Linear'>: create it, with \(\)"),
        ({"module": "resnet18"}, TypeError, "must be a torch.nn.Module; got 'resnet18'"),
        ({"preprocess": 224}, TypeError, "preprocess must be a function image -> tensor, or None; got 224"),
        ({"classes": "cat"}, TypeError, "classes must be a list of strings, one per logit; got 'cat'"),
        ({"classes": ["cat", 2]}, TypeError, "got 2"),
        ({"device": "gpu"}, ValueError, "device is 'auto', 'cpu'.*got 'gpu'"),
        ({"device": "cuda:99"}, ValueError, r"'cuda:99' was asked for, but torch sees \d+ CUDA GPU"),
        ({"device": "meta"}, ValueError, "device 'meta' cannot compute"),
        ({"module": nn.Linear(2, 2, device="meta")}, ValueError, "Linear is on the meta device, without weights"),
    ],
)
def test_wrong_arguments_are_refused(unchecked, arguments, error, words):
    with pytest.raises(error, match=words):
        Classifier(**{"module": linear(), "device": "cpu", **arguments})


def test_the_model_stays_itself():
    module = linear().train()
    module[1].bias.requires_grad_(False)
    net = classifier(module, classes=["a", "a"])  # duplicates are allowed: ImageNet has two "crane"s
    assert net.module is module and module.training and not module[1].bias.requires_grad
    assert (net.classes, net.preprocess, net.device) == (("a", "a"), None, torch.device("cpu"))
    assert repr(net) == "Classifier(Sequential, 2 classes, images in [0, 1], on cpu)"


def test_auto_chooses_once_and_follows_the_model(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert Classifier(linear()).device == torch.device("cpu")
    assert Classifier(nn.Flatten()).device == torch.device("cpu")  # no parameters at all


def test_auto_takes_the_accelerator_there_is(monkeypatch):
    moved: list[torch.device] = []
    module = linear()
    monkeypatch.setattr(module, "to", moved.append)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    Classifier(module)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    Classifier(module)
    assert moved == [torch.device("cuda"), torch.device("mps")]


@pytest.mark.parametrize("places", [["cuda:1"], ["cpu", "cuda:0"]])
def test_auto_leaves_a_model_on_an_accelerator_where_it_is(monkeypatch, places):
    module = nn.Flatten()
    weights = [SimpleNamespace(device=torch.device(place), is_meta=False) for place in places]
    monkeypatch.setattr(module, "parameters", lambda: iter(weights))
    monkeypatch.setattr(module, "to", lambda device: pytest.fail(f"it was moved to {device}"))
    assert Classifier(module).device == torch.device(places[0])


# ---- images --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "image",
    [
        Image.fromarray(RED),
        RED,
        RED.astype(np.float32) / 255,
        torch.from_numpy(RED).permute(2, 0, 1),
        torch.from_numpy(RED).permute(2, 0, 1).double() / 255,
        Image.fromarray(RED).convert("RGBA"),
        Image.fromarray(RED).quantize(4),
    ],
    ids=["PIL", "bytes", "floats", "byte tensor", "double tensor", "RGBA", "palette"],
)
def test_every_form_of_an_image_becomes_the_same_tensor(image):
    prepared = classifier().prepare(image)
    assert prepared.dtype == torch.float32 and prepared.shape == (3, 4, 6)
    assert prepared[:, 0, 0].tolist() == pytest.approx([0, 0.2, 0.4])
    assert prepared[:, 3, 5].tolist() == [1, 0, 0]


@pytest.mark.parametrize("mode", ["L", "1"])
def test_grey_images_keep_one_channel(mode):
    grey = Image.fromarray(np.array([[0, 255, 255]], np.uint8)).convert(mode)
    assert classifier().prepare(grey).tolist() == [[[0.0, 1.0, 1.0]]]
    assert classifier().prepare(np.array([[0, 255, 255]], np.uint8)).tolist() == [[[0.0, 1.0, 1.0]]]


def test_the_preprocess_of_torchvision_is_followed():
    weights = torchvision.models.SqueezeNet1_1_Weights.DEFAULT
    net = classifier(preprocess=weights.transforms())
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 260, 3), np.uint8))
    expected = weights.transforms()(picture)
    assert torch.equal(net.prepare(picture), expected)
    assert torch.equal(net.prepare(np.asarray(picture)), expected)
    assert "preprocess ImageClassification" in repr(net)


def test_preprocess_gets_float_arrays_as_tensors():
    given: list[torch.Tensor] = []
    classifier(preprocess=lambda x: given.append(x) or x).prepare(RED.astype(np.float32))
    assert given[0].shape == (3, 4, 6)


@pytest.mark.parametrize(
    ("image", "error", "words"),
    [
        ("photo.jpg", TypeError, "an image is a PIL image, a tensor or a numpy array; got str"),
        (np.zeros((4, 4, 2), np.uint8), ValueError, "with 1, 3 or 4 channels; got 4×4×2"),
        (torch.zeros(1, 3, 4, 4), ValueError, "shape channel×height×width; got 1×3×4×4"),
        (torch.zeros(3, 4, 4, dtype=torch.int64), ValueError, "uint8 values 0–255 or floats.*got torch.int64"),
        (np.zeros((4, 4), np.uint16), ValueError, "got torch.uint16"),
        (Image.new("I;16", (4, 4)), ValueError, "mode 'I;16' .more than 8 bits."),
    ],
)
def test_what_is_no_image_is_refused(unchecked, image, error, words):
    with pytest.raises(error, match=words):
        classifier().prepare(image)


@pytest.mark.parametrize(
    ("preprocess", "error", "words"),
    [
        (lambda x: x, TypeError, "returned Image for a RGB image of 6×4 pixels: it must return a float tensor"),
        (lambda x: {"pixels": x}, TypeError, "returned dict"),
        (v2.PILToTensor(), ValueError, "returned a torch.uint8 tensor of shape 3×4×6"),
        (lambda x: torch.zeros(1, 3, 4, 4), ValueError, "shape 1×3×4×4 .* of one image"),
    ],
)
def test_a_preprocess_that_gives_something_else_is_refused(preprocess, error, words):
    with pytest.raises(error, match=words):
        classifier(preprocess=preprocess).prepare(Image.fromarray(RED))


def test_an_error_in_preprocess_says_what_it_was_given():
    with pytest.raises(ZeroDivisionError) as error:
        classifier(preprocess=lambda x: 1 / 0).prepare(Image.fromarray(RED))
    assert error.value.__notes__ == ["(in preprocess, given a RGB image of 6×4 pixels)"]


def test_a_batch_is_made_of_prepared_tensors_and_unprepared_pictures():
    net = classifier(preprocess=lambda image: v2.functional.to_dtype(v2.functional.pil_to_tensor(image), torch.float32))
    batch = net.batch([Image.fromarray(RED), torch.full((3, 4, 6), 7.0)])
    assert batch.shape == (2, 3, 4, 6) and batch[0].max() == 255 and batch[1].unique().tolist() == [7.0]


def test_images_of_different_size_are_named():
    images = [torch.zeros(3, 4, 4), torch.zeros(3, 4, 4), torch.zeros(3, 5, 4)]
    words = r"image cat.png is 3×4×4 and image dog.png is 3×5×4 .*give Classifier a preprocess that resizes"
    with pytest.raises(ValueError, match=words):
        classifier().batch(images, names=["cat.png", "cow.png", "dog.png"])
    with pytest.raises(ValueError, match=r"image number 0 is 3×4×4 and image number 2 is 3×5×4"):
        classifier().batch(images)
    with pytest.raises(ValueError, match="at least one image"):
        classifier().batch([])


# ---- logits --------------------------------------------------------------------------------------------------------


class Returning(nn.Module):
    """Returns `make(logits)`."""

    def __init__(self, make) -> None:
        super().__init__()
        self.make = make

    def forward(self, x: torch.Tensor) -> object:
        return self.make(x.flatten(1)[:, :2])


class Outputs(NamedTuple):
    logits: torch.Tensor
    aux_logits: torch.Tensor | None


@dataclass
class Answer:
    loss: float
    logits: torch.Tensor


BATCH = torch.rand(3, 3, 2, 2, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    "make",
    [
        lambda y: y,
        lambda y: (y,),
        lambda y: Outputs(y, None),
        lambda y: {"loss": 1, "logits": y},
        lambda y: Answer(0.5, y),
    ],
    ids=["tensor", "tuple of one", "namedtuple", "dict", "dataclass"],
)
def test_the_logits_are_found(make):
    assert torch.equal(classifier(Returning(make)).logits(BATCH), BATCH.flatten(1)[:, :2])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda y: (y, y), "returned a tuple of 2 items, in which nothing says which part is the logits"),
        (lambda y: {"out": y}, r"returned a dict with keys \['out'\]"),
        (lambda y: None, "returned a NoneType"),
        (lambda y: y[0], "returned torch.float32 of shape 2 for 3 images"),
        (lambda y: y[:2], "of shape 2×2 for 3 images"),
        (lambda y: y[:, :, None, None], r"of shape 3×2×1×1 for 3 images.*nn.Flatten\(\)"),
        (lambda y: y.argmax(1, keepdim=True), "returned torch.int64"),
    ],
)
def test_outputs_without_logits_are_refused(make, words):
    with pytest.raises(ModelError, match=words):
        classifier(Returning(make)).logits(BATCH)


def test_logits_need_one_class_name_each():
    with pytest.raises(ModelError, match=r"returned 2 logits per image, but Classifier was given 3 class names"):
        classifier(classes=["a", "b", "c"]).logits(BATCH)


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        (torch.zeros(3, 4, 4), r"got torch.float32 of shape 3×4×4. net.batch"),
        (torch.zeros(1, 3, 4, 4, dtype=torch.uint8), "got torch.uint8 of shape 1×3×4×4"),
        ([torch.zeros(3, 4, 4)], "got list"),
    ],
)
def test_what_is_no_batch_is_refused(unchecked, batch, words):
    with pytest.raises(ValueError, match=words):
        classifier().logits(batch)


def test_an_error_of_the_model_is_told_with_what_to_check():
    with pytest.raises(ModelError) as error:
        classifier().logits(torch.zeros(1, 3, 4, 4))
    text = str(error.value)
    assert text.startswith("Sequential failed on a batch of shape 1×3×4×4 (batch×channel×height×width): RuntimeError: ")
    assert text.endswith(
        "without a preprocess images go in at their own size: give Classifier the one the model was made with."
    )
    assert isinstance(error.value.__cause__, RuntimeError)
    with pytest.raises(ModelError, match="check that preprocess gives the size"):
        classifier(preprocess=v2.ToImage()).logits(torch.zeros(1, 3, 4, 4))


def test_running_out_of_memory_comes_through():
    def exhausted(y: torch.Tensor) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(torch.OutOfMemoryError):
        classifier(Returning(exhausted)).logits(BATCH)


def test_logits_are_those_of_evaluation_mode_without_gradients():
    module = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(12), nn.Dropout(), nn.Linear(12, 2)).train()
    module[1].eval()
    flags = [part.training for part in module.modules()]
    state = {key: value.clone() for key, value in module.state_dict().items()}
    net = classifier(module)
    logits = net.logits(BATCH)
    assert torch.equal(logits, net.logits(BATCH)) and not logits.requires_grad
    assert [part.training for part in module.modules()] == flags
    assert all(torch.equal(value, state[key]) for key, value in module.state_dict().items())
    torch.testing.assert_close(logits, module.eval()(BATCH), rtol=0, atol=1e-6)


class Merging(nn.Linear):
    """As in LoRA layers: switching the mode through train() rewrites the weights."""

    def train(self, mode: bool = True) -> "Merging":
        self.weight.data.add_(1.0)
        return super().train(mode)


def test_evaluation_mode_does_not_go_through_train():
    module = nn.Sequential(Merging(2, 2))
    before = module[0].weight.clone()
    with evaluating(module):
        assert not module[0].training
        with evaluating(module):
            assert not module[0].training
        assert not module[0].training
    assert module[0].training and torch.equal(module[0].weight, before)


def test_a_model_of_another_precision_gets_its_own():
    assert classifier(linear().double()).logits(BATCH).dtype == torch.float64
    assert classifier(linear().bfloat16()).logits(BATCH).dtype == torch.bfloat16


def test_a_model_without_parameters():
    net = classifier(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()))
    torch.testing.assert_close(net.logits(BATCH), BATCH.mean((2, 3)))
    assert net.layers().name.tolist() == ["0", "1"]


def test_a_lazy_model_takes_its_shape_from_the_first_batch_and_can_still_be_trained():
    net = classifier(nn.Sequential(nn.LazyConv2d(4, 1), nn.LazyBatchNorm2d(), nn.Flatten(), nn.LazyLinear(2)))
    with pytest.raises(ModelError, match=r"has lazy parameters.*give layers\(\) an example"):
        net.layers()
    with pytest.raises(ValueError, match="parameters without content"):
        net.fingerprint()
    assert net.logits(BATCH).shape == (3, 2)
    assert net.layers(BATCH).n_units.tolist() == [4, 4, 16, 2]
    net.module(BATCH).sum().backward()
    assert net.module[3].weight.grad is not None


# ---- layers --------------------------------------------------------------------------------------------------------


def test_the_table_of_layers():
    net = classifier(torchvision.models.squeezenet1_1(weights=None, num_classes=7))
    table = net.layers().set_index("name")
    assert list(table.columns) == ["type", "kind", "shape", "n_units", "receptive_field", "stride"]
    row = table.loc["features.7"]
    assert (row["type"], row["kind"], row["shape"], row["n_units"]) == ("Fire", "maps", (256, 27, 27), 256)
    ran = list(table.index)
    assert ran.index("features.7.squeeze") < ran.index("features.7") < ran.index("features.12")  # in order of finishing
    for name in ran:
        assert net.resolve(name) == name
    smaller = net.layers(Image.new("RGB", (64, 96))).set_index("name")
    assert smaller["shape"]["features.12"] == (512, 5, 3)


def test_the_table_of_layers_with_reused_and_idle_modules():
    relu = nn.ReLU()
    module = nn.Sequential(nn.Flatten(), nn.Linear(12, 4), relu, nn.Linear(4, 4), relu)
    module[3].idle = nn.Linear(2, 2)
    table = classifier(module).layers()
    assert table.name.tolist() == ["0", "1", "2", "3", "2@1"]
    assert table.kind.tolist() == ["flat"] * 5 and table.n_units.tolist() == [12, 4, 4, 4, 4]


@pytest.mark.parametrize(
    ("module", "options"),
    [
        (nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 3)), {}),
        (nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(2 * 26 * 26, 3)), {}),
        (torchvision.models.VisionTransformer(48, 8, 1, 2, 12, 24, num_classes=5), {}),
        (linear(3 * 4 * 4, 2), {}),
        (linear(1 * 4 * 4, 2), {"preprocess": lambda image: torch.zeros(len(image.getbands()), 4, 4)}),
    ],
    ids=["perceptron", "grey convolution", "transformer", "own size", "grey preprocess"],
)
def test_a_size_that_fits_is_found(module, options):
    assert len(classifier(module, **options).layers()) > 0


def test_a_model_that_fits_no_usual_size_asks_for_an_example():
    module = nn.Sequential(nn.Conv2d(3, 2, 1), nn.Flatten(), nn.Linear(2 * 5 * 7, 3))
    with pytest.raises(ModelError, match=r"does not run on any usual image size: give layers\(\) an example image"):
        classifier(module).layers()
    assert classifier(module).layers(torch.zeros(3, 5, 7)).n_units.tolist() == [2, 70, 3]
    with pytest.raises(ModelError, match="failed on a batch of shape 1×3×9×9"):
        classifier(module).layers(torch.zeros(3, 9, 9))


def test_layers_of_a_swin_transformer_have_their_units_last():
    module = torchvision.models.SwinTransformer([4, 4], 12, [1, 1], [2, 2], [7, 7], num_classes=3)
    table = classifier(module).layers().set_index("name")
    assert table["shape"]["features.1.0"] == (56, 56, 12)  # as the layer gives it
    assert (table.kind["features.1.0"], table.n_units["features.1.0"]) == ("maps", 12)
    assert "features.1.0.attn.qkv" not in table.index  # its weights are used, it never runs


def test_recording_of_the_classifier_and_its_logits_agree():
    net = classifier()
    with net.recording(["1"]) as activations:
        logits = net.logits(BATCH)
        assert torch.equal(activations["1"].flat, logits)
        with pytest.raises(UnknownLayerError):
            activations["2"]


# ---- identity ------------------------------------------------------------------------------------------------------


def test_the_fingerprint_is_that_of_the_content():
    def make(**changes: object) -> Classifier:
        torch.manual_seed(0)
        module = nn.Sequential(nn.Conv2d(3, 2, 3, stride=changes.get("stride", 1)), nn.BatchNorm2d(2), nn.Flatten())
        return classifier(module)

    first = make()
    fingerprint = first.fingerprint()
    assert len(fingerprint) == 64 and make().fingerprint() == fingerprint
    first.module.eval()
    first.logits(torch.zeros(1, 3, 4, 4))
    assert first.fingerprint() == fingerprint
    assert make(stride=2).fingerprint() != fingerprint
    assert classifier(make().module.double()).fingerprint() != fingerprint
    for name in ("0.weight", "1.running_mean"):
        other = make()
        other.module.state_dict()[name].flatten()[-1] += 1e-6
        assert other.fingerprint() != fingerprint, name


class Weights(nn.Module):
    def __init__(self, shape: tuple[int, ...], function) -> None:
        super().__init__()
        self.register_buffer("scalar", torch.tensor(1, dtype=torch.int64))
        self.weight = nn.Parameter(torch.zeros(shape).t())
        self.function = function

    def extra_repr(self) -> str:
        return f"{self.function}"


def test_the_fingerprint_knows_shapes_and_ignores_addresses():
    a, b = (classifier(Weights((2, 6), lambda: None)) for _ in range(2))
    assert a.fingerprint() == b.fingerprint()
    assert a.fingerprint() != classifier(Weights((6, 2), lambda: None)).fingerprint()


def test_the_fingerprint_knows_what_the_bytes_mean():
    half, bfloat = (nn.Linear(2, 2, dtype=dtype).requires_grad_(False) for dtype in (torch.float16, torch.bfloat16))
    for value in (*half.parameters(), *bfloat.parameters()):
        value.zero_()
    assert classifier(half).fingerprint() != classifier(bfloat).fingerprint()


def test_there_is_one_lock_per_model():
    module = linear()
    assert model_lock(module) is model_lock(module) is not model_lock(linear())
    with model_lock(module), model_lock(module):  # re-entrant
        classifier(module).logits(BATCH)
