"""What recording keeps and what editing changes, on planted modules and on torchvision's architectures."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import pytest
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torch.utils.checkpoint import checkpoint

from nbinterp.instrument import Classifier, ModelError, UnknownLayerError, editing, recording
from nbinterp.instrument._units import token_grid


def images(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def vit():
    torch.manual_seed(0)
    return torchvision.models.VisionTransformer(
        image_size=32, patch_size=8, num_layers=2, num_heads=2, hidden_dim=12, mlp_dim=24, num_classes=5
    ).eval()


@pytest.fixture(scope="module")
def swin():
    torch.manual_seed(0)
    return torchvision.models.swin_transformer.SwinTransformer(
        patch_size=[4, 4], embed_dim=12, depths=[2, 2], num_heads=[2, 2], window_size=[4, 4], num_classes=5
    ).eval()


# ---- what is kept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grad", [False, True])
def test_in_place_operations_after_a_layer_do_not_reach_what_is_kept(grad):
    """conv -> ReLU in place, and a residual sum written into the batch norm's output."""
    torch.manual_seed(0)
    model = torchvision.models.resnet.BasicBlock(3, 3).eval()
    x = images(2, 3, 6, 6)
    conv = F.conv2d(x, model.conv1.weight, padding=1)
    first = F.relu(model.bn1(conv))
    second = model.bn2(F.conv2d(first, model.conv2.weight, padding=1))
    with torch.set_grad_enabled(grad), recording(model, ["conv1", "bn1", "relu", "bn2", "relu@1"]) as activations:
        output = model(x)
    expected = {"conv1": conv, "bn1": model.bn1(conv), "relu": first, "bn2": second, "relu@1": F.relu(second + x)}
    assert list(activations) == list(expected)
    for name, value in expected.items():
        torch.testing.assert_close(activations[name].maps, value)
    torch.testing.assert_close(output, F.relu(second + x))


def test_recording_does_not_change_the_result():
    torch.manual_seed(0)
    model = torchvision.models.squeezenet1_1(weights=None, num_classes=4).eval()
    x = images(2, 3, 64, 64)
    names = [name for name, part in model.named_modules() if name]
    for mode in (torch.inference_mode(), torch.no_grad(), torch.enable_grad()):
        with mode:
            plain = model(x)
            with recording(model, names):
                assert torch.equal(model(x), plain)


class HeldInput(nn.Module):
    """Writes into what an Identity was given after the Identity has passed it on."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.same = nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        held = x * self.scale
        y = self.same(held)
        held.add_(100)
        return y


@pytest.mark.parametrize("grad", [False, True])
def test_a_layer_that_passes_its_input_on_is_kept_safe(grad):
    model = HeldInput()
    with torch.set_grad_enabled(grad), recording(model, ["same"]) as activations:
        model(torch.ones(1, 2))
    assert activations["same"].flat.tolist() == [[1.0, 1.0]]


def test_the_gradient_of_the_logits_reaches_what_is_kept():
    """y = sum_u w_u relu(h_u): dy/dh_u = w_u where h_u > 0, in maps, flat and tokens alike."""
    torch.manual_seed(0)
    weight = torch.tensor([[2.0, -3.0]])
    for kind, layer, x in (
        ("flat", nn.Linear(2, 2, bias=False), torch.tensor([[1.0, -1.0]])),
        ("maps", nn.Conv2d(2, 2, 1, bias=False), torch.tensor([1.0, -1.0])[None, :, None, None]),
        (
            "maps",
            nn.LayerNorm(2, elementwise_affine=True),
            torch.tensor([1.0, -1.0])[None, None, None].expand(1, 3, 3, 2),
        ),
        ("tokens", nn.Linear(2, 2, bias=False), torch.tensor([[[1.0, -1.0]]])),
    ):
        if isinstance(layer, nn.Linear | nn.Conv2d):
            layer.weight.data = torch.eye(2).reshape(layer.weight.shape)
        model = nn.Sequential(OrderedDict(layer=layer, relu=nn.ReLU(inplace=True)))
        with recording(model, ["layer"]) as activations:
            y = model(x)
        units = activations["layer"]
        kept = {"flat": units.flat, "maps": units.maps, "tokens": units.tokens}[kind]
        axis = -1 if y.ndim < 4 or isinstance(layer, nn.LayerNorm) else 1
        score = (y.movedim(axis, -1) * weight).sum()
        (gradient,) = torch.autograd.grad(score, kept)
        gradient = gradient.movedim(1, -1) if kind == "maps" else gradient
        torch.testing.assert_close(gradient, (weight * torch.tensor([1.0, 0.0])).expand_as(gradient))


def test_gradient_mode_is_the_callers():
    model = nn.Sequential(nn.Linear(2, 2))
    with recording(model, ["0"]) as activations:
        model(torch.ones(1, 2))
        assert activations["0"].flat.requires_grad
        with torch.no_grad():
            model(torch.ones(1, 2))
        assert not activations["0"].flat.requires_grad


def test_the_dictionary_belongs_to_the_latest_forward_pass():
    model = nn.Sequential(nn.ReLU(), nn.Linear(2, 2))
    with recording(model, ["0"]) as activations:
        with pytest.raises(UnknownLayerError, match="no forward pass of the model has finished yet"):
            activations["0"]
        for value in (1.0, 2.0):
            model(torch.full((1, 2), value))
            assert activations["0"].flat.tolist() == [[value, value]]
        with pytest.raises(RuntimeError):
            model(torch.ones(1, 3))  # the ReLU ran, the model did not
        assert not activations
        model(torch.ones(1, 2))
    assert activations["0"].flat.tolist() == [[1.0, 1.0]]  # and it stays after the block
    with pytest.raises(UnknownLayerError, match="no activations of '1' here; recorded: '0'"):
        activations["1"]
    model(torch.zeros(1, 2))
    assert activations["0"].flat.tolist() == [[1.0, 1.0]]


def test_a_part_called_on_its_own_is_not_recorded():
    model = nn.Sequential(nn.ReLU(), nn.ReLU())
    with recording(model, ["0", "1"]) as activations:
        model[0](torch.ones(1, 2))
        assert not activations
        model(torch.ones(1, 2))
        model[0](torch.zeros(1, 2))
        assert activations["0"].flat.tolist() == [[1.0, 1.0]]


def test_after_a_failed_forward_pass_a_part_called_on_its_own_is_left_alone():
    model = nn.Sequential(nn.ReLU(), nn.Linear(2, 2))
    expected = model[1](torch.ones(1, 2)).tolist()
    with editing(model, {"1": torch.neg}):
        with pytest.raises(RuntimeError):
            model(torch.ones(1, 3))
        assert model[1](torch.ones(1, 2)).tolist() == expected


class Checkpointed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.block = nn.Sequential(nn.Linear(2, 2), nn.ReLU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return checkpoint(self.block, x, use_reentrant=False)


def test_what_runs_again_in_the_backward_pass_is_not_a_second_call():
    model = Checkpointed()
    with recording(model, ["block.0"]) as activations:
        y = model(torch.ones(1, 2, requires_grad=True))
        before = activations["block.0"]
        y.sum().backward()
        assert activations["block.0"] is before


# ---- kinds -------------------------------------------------------------------------------------------------------


def test_vit_tokens_lie_on_the_image(vit):
    x = images(3, 3, 32, 32)
    with torch.no_grad(), recording(vit, ["conv_proj", "encoder.layers.encoder_layer_0", "heads.head"]) as activations:
        vit(x)
        block = vit.encoder.layers[0]
        tokens = torch.cat([vit.class_token.expand(3, -1, -1), vit._process_input(x)], 1) + vit.encoder.pos_embedding
        expected = block(tokens)
    units = activations["encoder.layers.encoder_layer_0"]
    assert (units.kind, units.n_units, units.maps.shape) == ("tokens", 12, (3, 12, 4, 4))
    torch.testing.assert_close(units.tokens, expected)
    torch.testing.assert_close(units.class_token, expected[:, 0])
    for row in range(4):
        for column in range(4):
            torch.testing.assert_close(units.maps[:, :, row, column], expected[:, 1 + 4 * row + column])
    assert activations["conv_proj"].kind == "maps" and activations["heads.head"].kind == "flat"


def test_attention_gives_its_first_tensor(vit):
    with torch.no_grad(), recording(vit, ["encoder.layers.encoder_layer_1.self_attention"]) as activations:
        vit(images(2, 3, 32, 32))
    (units,) = activations.values()
    assert units.kind == "tokens" and units.maps.shape == (2, 12, 4, 4)


def test_swin_blocks_are_read_with_their_units_last(swin):
    captured = {}
    handle = swin.features[1][0].register_forward_hook(lambda m, a, out: captured.update(out=out.clone()))
    names = [
        "features.0",
        "features.0.0",
        "features.1.0",
        "features.1.0.mlp.1",
        "features.2",
        "norm",
        "permute",
        "head",
    ]
    with torch.no_grad(), recording(swin, names) as activations:
        swin(images(2, 3, 48, 48))  # 12 × 12 patches of 12 units: shapes alone cannot tell
    handle.remove()
    torch.testing.assert_close(activations["features.1.0"].maps, captured["out"].permute(0, 3, 1, 2))
    shapes = {name: tuple(units.maps.shape[1:]) for name, units in activations.items() if units.maps is not None}
    assert shapes == {
        "features.0": (12, 12, 12),
        "features.0.0": (12, 12, 12),
        "features.1.0": (12, 12, 12),
        "features.1.0.mlp.1": (48, 12, 12),
        "features.2": (24, 6, 6),
        "norm": (24, 6, 6),
        "permute": (24, 6, 6),
    }


@pytest.mark.parametrize(("height", "width"), [(32, 32), (32, 64), (48, 48)])
def test_the_feature_axis_of_convnext_is_found_inside_and_outside_its_blocks(height, width):
    """Independent truth: where a unit is silenced in the weights, its map is 0, and no other map is."""
    torch.manual_seed(0)
    setting = [
        torchvision.models.convnext.CNBlockConfig(12, 24, 1),
        torchvision.models.convnext.CNBlockConfig(24, None, 1),
    ]
    model = torchvision.models.ConvNeXt(setting, num_classes=3, layer_scale=1.0).eval()
    block = model.features[1][0].block  # conv, permute, norm, linear, gelu, linear, permute
    silence = {f"features.1.0.block.{i}": block[i] for i in (0, 3, 5)} | {"features.0.1": model.features[0][1]}
    for layer in silence.values():
        layer.weight.data[5] = 0
        layer.bias.data[5] = 0
    with torch.no_grad(), recording(model, [*silence, "features.1.0.block.6"]) as activations:
        model(images(2, 3, height, width))
    for name in [*silence, "features.1.0.block.6"]:
        still = activations[name].maps.abs().amax((0, 2, 3)) == 0
        assert still.nonzero().flatten().tolist() == [5], name
    assert activations["features.0.1"].maps.shape == (2, 12, height // 4, width // 4)


@pytest.mark.parametrize(
    ("n_tokens", "size", "expected"),
    [
        (196, (224, 224), (0, (14, 14))),
        (197, (224, 224), (1, (14, 14))),
        (198, (224, 224), (2, (14, 14))),  # DeiT: class and distillation token
        (261, (224, 224), (5, (16, 16))),  # DINOv2: class token and four registers
        (50, (224, 224), (1, (7, 7))),
        (8 * 14 + 1, (128, 224), (1, (8, 14))),
        (14 * 8, (224, 128), (0, (14, 8))),
        (7 * 10, (100, 150), (0, (7, 10))),  # 14-pixel patches, the rest cut off
        (3, (32, 64), (1, (1, 2))),  # not 1 × 3 patches of 17 to 21 pixels, cut off
        (23, (224, 224), None),
        (1, (32, 32), (0, (1, 1))),
        (77, None, None),
    ],
)
def test_token_grids(n_tokens, size, expected):
    assert token_grid(n_tokens, size) == expected


def test_tokens_without_a_grid_are_averaged():
    model = nn.Sequential(nn.Unflatten(1, (7, 2)), nn.Linear(2, 3))
    with torch.no_grad(), recording(model, ["1"]) as activations:
        y = model(images(2, 14))
    units = activations["1"]
    assert units.kind == "tokens" and units.maps is None and units.class_token is None and units.n_units == 3
    torch.testing.assert_close(units.flat, y.mean(1))
    torch.testing.assert_close(units.tokens, y)


def test_a_one_dimensional_convolution_gives_tokens():
    model = nn.Sequential(nn.Conv1d(2, 5, 1))
    with torch.no_grad(), recording(model, ["0"]) as activations:
        y = model(images(2, 2, 9))
    torch.testing.assert_close(activations["0"].tokens, y.mT)
    assert activations["0"].maps.shape == (2, 5, 3, 3)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (nn.Flatten(0), "shape 96. Units can be read from"),
        (nn.Unflatten(1, (3, 1)), "shape 2×3×1×4×4. Units"),
        (nn.Flatten(0, 1), "first axis is not the batch of 2 images"),
    ],
)
def test_outputs_without_units_are_refused(layer, words):
    model = nn.Sequential(layer)
    with recording(model, ["0"]), pytest.raises(ModelError, match=words):
        model(images(2, 3, 4, 4))


class Words(nn.Module):
    def forward(self, x: torch.Tensor) -> object:
        return {"sizes": x > 0} if x.ndim == 4 else "no tensor"


def test_outputs_that_are_not_real_valued_are_refused():
    model = nn.Sequential(Words())
    with recording(model, ["0"]):
        with pytest.raises(ModelError, match=r"gives torch.bool values"):
            model(images(1, 1, 2, 2))
        with pytest.raises(ModelError, match=r"gives a str without a tensor"):
            model(images(1, 1))


# ---- editing -----------------------------------------------------------------------------------------------------


class Pair(NamedTuple):
    first: torch.Tensor
    second: str


@dataclass
class Result:
    label: str
    value: torch.Tensor


class Wrapping(nn.Module):
    """A layer that wraps its output, and a model that unwraps it."""

    def __init__(self, wrap, unwrap) -> None:
        super().__init__()
        self.layer = nn.Sequential()
        self.layer.forward = lambda x: wrap(x * 2)
        self.unwrap = unwrap

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.unwrap(self.layer(x)) + 1


@pytest.mark.parametrize(
    ("wrap", "unwrap"),
    [
        (lambda x: x, lambda y: y),
        (lambda x: (x, None), lambda y: y[0]),
        (lambda x: [None, x], lambda y: y[1]),
        (lambda x: Pair(x, "b"), lambda y: y.first),
        (lambda x: {"a": 3, "b": x}, lambda y: y["b"]),
        (lambda x: OrderedDict(a=(x, x)), lambda y: y["a"][0]),
        (lambda x: Result("r", x), lambda y: y.value),
    ],
    ids=["tensor", "tuple", "list", "namedtuple", "dict", "nested", "dataclass"],
)
def test_layers_that_wrap_their_output(wrap, unwrap):
    model = Wrapping(wrap, unwrap)
    x = torch.ones(1, 2, requires_grad=True)
    with editing(model, {"layer": lambda t: t * 10}), recording(model, ["layer"]) as activations:
        y = model(x)
    assert y.tolist() == [[21.0, 21.0]]
    assert activations["layer"].flat.tolist() == [[20.0, 20.0]]
    (gradient,) = torch.autograd.grad(y.sum(), activations["layer"].flat)
    assert gradient.tolist() == [[1.0, 1.0]]


def test_an_edit_of_one_call_leaves_the_other():
    relu = nn.ReLU()
    model = nn.Sequential(relu, nn.Linear(1, 1), relu)
    model[1].weight.data.fill_(1.0)
    model[1].bias.data.fill_(0.0)
    add = {"0@1": lambda t: t + 10}
    with torch.no_grad(), editing(model, add), recording(model, ["0", "1", "0@1"]) as activations:
        assert model(torch.ones(1, 1)).item() == 11.0
        assert {name: units.flat.item() for name, units in activations.items()} == {"0": 1.0, "1": 1.0, "0@1": 11.0}
    assert model(torch.ones(1, 1)).item() == 1.0


def test_blocks_act_in_the_order_in_which_they_are_entered():
    model = nn.Sequential(nn.ReLU())
    x = torch.ones(1, 1)
    with (
        recording(model, ["0"]) as before,
        editing(model, {"0": lambda t: t + 1}),
        editing(model, {"0": lambda t: t * 10}),
        recording(model, ["0"]) as after,
    ):
        assert model(x).item() == 20.0
    assert (before["0"].flat.item(), after["0"].flat.item()) == (1.0, 20.0)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.enable_grad, torch.inference_mode])
def test_an_edit_may_write_into_its_argument(mode):
    """Silencing unit 1 of an Identity must not reach the input, which another branch reads."""
    model = HeldInput()
    x = torch.ones(1, 2)

    def silence(activations: torch.Tensor) -> torch.Tensor:
        activations[:, 1] = 0
        return activations

    with mode(), editing(model, {"same": silence}):
        assert model(x).tolist() == [[1.0, 0.0]]
    assert x.tolist() == [[1.0, 1.0]]


def test_the_gradient_passes_through_an_edit():
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.ReLU())
    model[0].weight.data = torch.eye(2)
    replacement = torch.tensor([[3.0, 5.0]], requires_grad=True)
    with editing(model, {"0": lambda t: replacement}):
        model(torch.ones(1, 2))[0, 1].backward()
    assert replacement.grad.tolist() == [[0.0, 1.0]] and model[0].weight.grad is None


@pytest.mark.parametrize(
    ("function", "error", "words"),
    [
        (lambda t: None, ValueError, "returned NoneType: it must return the edited tensor"),
        (lambda t: t[:, :1], ValueError, "returned shape 1×1, but the layer's output has shape 1×2"),
        (lambda t: t / "x", TypeError, "unsupported operand"),
    ],
)
def test_a_wrong_edit_is_refused(function, error, words):
    model = nn.Sequential(nn.ReLU())
    with editing(model, {"0": function}), pytest.raises(error, match=words) as caught:
        model(torch.ones(1, 2))
    if error is TypeError:
        assert caught.value.__notes__ == ["(in the function given to editing() for layer '0')"]


# ---- modules in which hooks do not run -----------------------------------------------------------------------------


def test_compiled_scripted_and_replicated_models_are_refused_by_name():
    inner = nn.Sequential(nn.Linear(2, 2))
    for model, fix in ((torch.compile(inner), "_orig_mod"), (nn.DataParallel(inner), "module")):
        with pytest.raises(TypeError, match=rf"give the module within it \(its `.{fix}`\)"), recording(model, []):
            pass
        net = Classifier(model, device="cpu")
        assert net.module is inner and net.resolve("0") == "0"
    inner[0].compile()
    with pytest.raises(TypeError, match=r"layer '0' of Sequential was compiled in place"), recording(inner, ["0"]):
        pass


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_scripted_model_is_refused_by_name():
    model = torch.jit.trace(nn.Sequential(nn.Linear(2, 2)).eval(), torch.ones(1, 2))
    with pytest.raises(TypeError, match="TorchScript module, which runs no hooks"), recording(model, ["0"]):
        pass


def test_reduce_sees_the_activations_before_later_in_place_operations_and_takes_their_place():
    module = nn.Sequential(nn.Conv2d(1, 2, 1, bias=False), nn.ReLU(inplace=True))
    nn.init.constant_(module[0].weight, -1.0)
    images = torch.ones(1, 1, 2, 2)
    with torch.no_grad(), recording(module, "0", reduce=lambda name, units: (name, units.maps.mean())) as kept:
        output = module(images)
    name, mean = kept["0"]
    assert name == "0"
    assert float(mean) == -1
    assert float(output.abs().max()) == 0
