"""How a preprocess turns colours into a network's input: measured, and refused where it is something else."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torchvision import transforms

from nbinterp.analyses.maximize import color_map
from nbinterp.analyses.maximize.color_map import image_channels
from nbinterp.instrument import Classifier

SIZE = (31, 45)
NORMALIZE = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def net(channels: int = 3, preprocess=None) -> Classifier:
    module = nn.Sequential(nn.Conv2d(channels, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return Classifier(module, preprocess=preprocess, device="cpu")


def picture(mode: str = "RGB") -> tuple[Image.Image, torch.Tensor]:
    shape = (*SIZE, 3) if mode == "RGB" else SIZE
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    return Image.fromarray(pixels), torch.from_numpy(pixels.reshape(*SIZE, -1)).permute(2, 0, 1)[None] / 255


def test_without_a_preprocess_images_go_in_as_they_are():
    found = color_map(net(), SIZE)
    images = picture()[1]
    assert found.channels == 3 and found(images) is images
    assert color_map(net(1), SIZE).channels == 1


@pytest.mark.parametrize(
    "preprocess",
    [
        transforms.Compose([transforms.ToTensor(), NORMALIZE]),
        transforms.Compose(
            [transforms.ToTensor(), lambda x: x.flip(0) * 255 - torch.tensor([104.0, 117, 123])[:, None, None]]
        ),
        transforms.ToTensor(),
    ],
    ids=["ImageNet", "Caffe's BGR", "plain"],
)
def test_the_map_gives_what_the_preprocess_gives(preprocess):
    image, tensor = picture()
    found = color_map(net(preprocess=preprocess), SIZE)
    expected = preprocess(image)[None]
    torch.testing.assert_close(found(tensor), expected, atol=1e-4 * float(expected.abs().max()), rtol=0)


def test_resizing_and_cropping_do_not_disturb_the_measurement():
    preprocess = transforms.Compose(
        [transforms.Resize(40), transforms.CenterCrop(32), transforms.ToTensor(), NORMALIZE]
    )
    found = color_map(net(preprocess=preprocess), SIZE)
    torch.testing.assert_close(found(picture()[1]), NORMALIZE(picture()[1]), atol=1e-5, rtol=0)


def test_networks_of_one_channel_get_grey_images():
    preprocess = transforms.Compose(
        [transforms.Grayscale(), transforms.ToTensor(), transforms.Normalize([0.5], [0.25])]
    )
    found = color_map(net(1, preprocess), SIZE)
    image, tensor = picture("L")
    assert found.channels == 1
    torch.testing.assert_close(found(tensor), preprocess(image)[None], atol=1e-5, rtol=0)


def test_grey_images_for_a_network_of_three_channels():
    """The preprocess wants "L" and copies it: the images have one channel, the input three."""

    def only_grey(image: Image.Image) -> torch.Tensor:
        assert image.mode == "L"
        return transforms.functional.to_tensor(image).expand(3, -1, -1) * 2 - 1

    found = color_map(net(3, only_grey), SIZE)
    image, tensor = picture("L")
    assert found.channels == 1
    torch.testing.assert_close(found(tensor)[0], only_grey(image), atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("preprocess", "what"),
    [
        (lambda image: transforms.functional.to_tensor(image) ** 2.2, "affine"),
        (lambda image: transforms.functional.to_tensor(image) * torch.linspace(0, 1, 256), "uneven"),
        (lambda image: torch.zeros(2, 9, 9), "channels"),
    ],
    ids=["gamma", "vignette", "channels"],
)
def test_other_preprocesses_are_refused_with_the_way_out(preprocess, what):
    with pytest.raises(ValueError, match=what) as refused:
        color_map(net(preprocess=preprocess), SIZE)
    assert "normalize=" in str(refused.value)


@pytest.mark.parametrize(
    ("layer", "channels"),
    [
        (nn.Conv2d(3, 2, 1), 3),
        (nn.Conv2d(1, 2, 1), 1),
        (nn.Linear(784, 2), 1),
        (nn.Linear(3 * 31 * 45, 2), 3),
        (nn.ReLU(), 3),
    ],
)
def test_channels_follow_from_the_first_layer(layer, channels):
    assert image_channels(Classifier(nn.Sequential(layer), device="cpu"), SIZE, lambda images: images) == channels
