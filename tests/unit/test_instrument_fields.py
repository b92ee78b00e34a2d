"""Receptive fields: the arithmetic against what gradients say."""

import pytest
import torch
import torch.nn.functional as F
import torchvision
from torch import nn

from nbinterp.instrument import Classifier, ReceptiveField, receptive_fields, recording


def make_sensitive(model: nn.Module) -> nn.Module:
    """A copy of the architecture in which every path counts: positive weights, average instead of maximum.

    The set of pixels a position depends on is a matter of the architecture; with these weights no gradient
    cancels and no path is closed by a ReLU or a maximum.
    """
    for parent in list(model.modules()):
        for name, part in list(parent.named_children()):
            if isinstance(part, nn.MaxPool2d):
                sizes = part.kernel_size, part.stride, part.padding, part.ceil_mode
                setattr(parent, name, nn.AvgPool2d(*sizes))
    for name, value in model.named_parameters():
        value.data.fill_(0.0 if name.endswith("bias") else 1.0 / value[0].numel())
    return model.eval()


Support = tuple[int, int, int, int]  # first and last row, first and last column, in pixels


def gradient_support(activation: torch.Tensor, image: torch.Tensor) -> Support:
    """The pixels on which `activation` depends, by its gradient."""
    (gradient,) = torch.autograd.grad(activation, image, retain_graph=True)
    rows, columns = ((gradient[0].abs().sum((0, other)) > 0).nonzero().flatten().tolist() for other in (2, 1))
    return rows[0], rows[-1], columns[0], columns[-1]


def predicted_support(field: ReceptiveField, row: int, column: int) -> Support:
    """The same from the arithmetic; it may reach beyond the image."""
    top, left = (s + p * d for s, p, d in zip(field.start, (row, column), field.stride, strict=True))
    return top, top + field.size[0] - 1, left, left + field.size[1] - 1


def check(model: nn.Module, layers: list[str], height: int, width: int) -> None:
    """Exact where a field lies within the image; never too small at the border."""
    image = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(0)).requires_grad_()
    fields = receptive_fields(model, image)
    with recording(model, layers) as activations:
        model(image)
    for layer in layers:
        maps = activations[layer].maps.sum(1)[0]
        middle = maps.shape[0] // 2, maps.shape[1] // 2
        assert predicted_support(fields[layer], *middle) == gradient_support(maps[middle], image), layer
        for corner in ((0, 0), (maps.shape[0] - 1, maps.shape[1] - 1)):
            top, bottom, left, right = predicted_support(fields[layer], *corner)
            seen = gradient_support(maps[corner], image)
            assert top <= seen[0] and seen[1] <= bottom and left <= seen[2] and seen[3] <= right, layer
            if corner == (0, 0):  # padding is the only thing cut off there
                assert seen[:1] + seen[2:3] == (max(0, top), max(0, left)), layer


def test_squeezenet():
    layers = ["features.2", "features.3.expand1x1", "features.4", "features.12"]
    check(make_sensitive(torchvision.models.squeezenet1_1(weights=None)), layers, 224, 256)


def test_resnet_blocks():
    block, one = torchvision.models.resnet.BasicBlock, torchvision.models.resnet.conv1x1
    stem = nn.Sequential(nn.Conv2d(3, 8, 7, stride=2, padding=3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
    model = nn.Sequential(stem, block(8, 8), block(8, 16, stride=2, downsample=one(8, 16, 2)), block(16, 16))
    layers = ["0.0", "0.3", "1.conv1", "1", "2.conv1", "2.downsample", "2.relu@1", "3"]
    check(make_sensitive(model), layers, 180, 260)


def test_convnext_goes_through_linear_layers_with_the_units_last():
    setting = [
        torchvision.models.convnext.CNBlockConfig(8, 16, 2),
        torchvision.models.convnext.CNBlockConfig(16, None, 1),
    ]
    model = torchvision.models.ConvNeXt(setting, num_classes=3, layer_scale=1.0)
    names = ["features.0", "features.1.0", "features.1.1.block.3", "features.2"]
    fields = receptive_fields(model, torch.rand(1, 3, 96, 96))
    # 4×4 stem; each block sees 7×7 stem positions; the 2×2 downsampling sees two of them
    sizes = [4, 4 + 6 * 4, 4 + 12 * 4, 4 + 12 * 4 + 4]
    assert [fields[name].size for name in names] == [(s, s) for s in sizes]
    assert [fields[name].stride for name in names] == [(4, 4)] * 3 + [(8, 8)]


class Functional(nn.Module):
    """Operations between modules, each over a 1×1 stem, so that the layer after it shows what it did."""

    def __init__(self, operation) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1)
        self.wide = nn.Conv2d(3, 4, (5, 1), padding=(2, 0))
        self.show = nn.Identity()
        self.operation = operation

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.show(self.operation(self, image, self.stem(image)))


def in_place_sum(net, image, x):
    x += net.wide(image)
    return x


def gated(net, image, x):
    return x * torch.sigmoid(x.mean((2, 3), keepdim=True))


def written_into(net, image, x):
    y = torch.zeros(x.shape)
    y[:, :2] = x[:, :2]
    return x + y


def folded(net, image, x):
    return F.linear(x.permute(0, 2, 3, 1), torch.ones(7, 4)).permute(0, 3, 1, 2)


def shuffled(net, image, x):
    return x.view(1, 2, 2, *x.shape[2:]).transpose(1, 2).reshape(x.shape)


THREE = ReceptiveField((3, 3), (1, 1), (-1, -1))


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (lambda net, image, x: x, THREE),
        (lambda net, image, x: F.gelu(x) * 2 + torch.ones(4, 1, 1), THREE),
        (lambda net, image, x: torch.cat([x, net.wide(image)], 1), ReceptiveField((5, 3), (1, 1), (-2, -1))),
        (in_place_sum, ReceptiveField((5, 3), (1, 1), (-2, -1))),
        (lambda net, image, x: x[:, :, 1::2, 3:], ReceptiveField((3, 3), (2, 1), (0, 2))),
        (lambda net, image, x: F.pad(x, (1, 0, 2, 0)), ReceptiveField((3, 3), (1, 1), (-3, -2))),
        (lambda net, image, x: F.avg_pool2d(x, (2, 3)), ReceptiveField((4, 5), (2, 3), (-1, -1))),
        (lambda net, image, x: F.max_pool2d(x, 2, dilation=3, stride=1), ReceptiveField((6, 6), (1, 1), (-1, -1))),
        (lambda net, image, x: x.chunk(2, 1)[1], THREE),
        (lambda net, image, x: x.softmax(1), THREE),
        (shuffled, THREE),
        (folded, THREE),
        # undefined, each of them: it depends on everything, or there is no rule
        (written_into, None),
        (gated, None),
        (lambda net, image, x: x.softmax(2), None),
        (lambda net, image, x: F.adaptive_avg_pool2d(x, 4), None),
        (lambda net, image, x: F.group_norm(x, 2), None),
        (lambda net, image, x: F.interpolate(x, scale_factor=2), None),
        (lambda net, image, x: x.transpose(2, 3) @ x, None),
        (lambda net, image, x: x.flatten(1), None),
        (lambda net, image, x: x[:, :, :6, :6] + F.avg_pool2d(x, 2), None),
        (lambda net, image, x: F.conv_transpose2d(x, torch.ones(4, 4, 2, 2)), None),
        (lambda net, image, x: x.flip(2), None),
        (lambda net, image, x: x.roll(1, 2), None),
        (lambda net, image, x: torch.from_numpy(x.numpy().copy()), None),
        (lambda net, image, x: x + x.transpose(2, 3), None),
    ],
)
def test_operations(operation, expected):
    fields = receptive_fields(Functional(operation).eval(), torch.rand(1, 3, 12, 12))
    assert fields["stem"] == THREE
    assert fields["show"] == expected


def test_undefined_layers_of_a_transformer():
    model = torchvision.models.VisionTransformer(32, 8, 1, 2, 12, 24, num_classes=5)
    fields = receptive_fields(model, torch.rand(1, 3, 32, 32))
    assert fields.pop("conv_proj") == ReceptiveField((8, 8), (8, 8), (0, 0))
    assert fields and set(fields.values()) == {None}


def test_the_centre_of_a_field():
    field = ReceptiveField((3, 4), (2, 8), (-1, 0))
    assert field.centre(0, 0) == (0.5, 2.0)  # rows -1, 0, 1: the middle of pixel 0; columns 0–3: between 1 and 2
    assert field.centre(3, 1) == (6.5, 10.0)


def test_training_mode_does_not_matter():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout()).train()
    assert set(receptive_fields(model, torch.rand(1, 3, 8, 8)).values()) == {ReceptiveField((3, 3), (1, 1), (0, 0))}
    assert model.training


def test_an_example_must_be_a_batch():
    with pytest.raises(ValueError, match=r"must be a batch.*got shape \(3, 8, 8\)"):
        receptive_fields(nn.Sequential(nn.ReLU()), torch.rand(3, 8, 8))


def test_the_table_of_layers_shows_them():
    table = Classifier(torchvision.models.alexnet(weights=None), device="cpu").layers().set_index("name")
    # Araujo et al. 2019, table 1: AlexNet's last pooling sees 195 pixels at stride 32
    assert (table.receptive_field["features.12"], table.stride["features.12"]) == ((195, 195), (32, 32))
    assert table.receptive_field["avgpool"] is None and table.stride["classifier.6"] is None
