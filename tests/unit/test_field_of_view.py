"""Which part of an image reaches the network, for preprocesses whose crop is known."""

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.transforms import v2

from nbinterp.analyses.field_of_view import WHOLE, cut, field_of_view
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

IMAGENET = v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def part(preprocess, size, *, tensor=False):
    pixels = np.zeros((*size, 3), np.uint8)
    image = torch.from_numpy(pixels).permute(2, 0, 1) if tensor else Image.fromarray(pixels)
    net = Classifier(torch.nn.Identity(), preprocess=preprocess, device="cpu")
    return field_of_view(net, ProbeSet.from_arrays([image]))(0)


def compose(*steps):
    return v2.Compose([v2.ToImage(), *steps, v2.ToDtype(torch.float32, scale=True), IMAGENET])


@pytest.mark.parametrize("tensor", [False, True])
@pytest.mark.parametrize("size", [(224, 224), (300, 400), (500, 200)])
def test_resize_and_centre_crop(size, tensor):
    height, width = (round(256 * length / min(size)) for length in size)
    expected = ((width - 224) / 2 / width, (height - 224) / 2 / height)
    left, top, right, bottom = part(compose(v2.Resize(256), v2.CenterCrop(224)), size, tensor=tensor)
    np.testing.assert_allclose([left, 1 - right], expected[0], atol=0.006)
    np.testing.assert_allclose([top, 1 - bottom], expected[1], atol=0.006)


def test_a_crop_off_the_centre():
    box = part(compose(v2.Lambda(lambda image: image[:, 10:50, 0:100])), (100, 200))
    np.testing.assert_allclose(box, (0, 0.1, 0.5, 0.5), atol=0.006)


def test_scaling_alone_shows_the_whole_image():
    np.testing.assert_allclose(part(compose(v2.Resize((64, 64))), (100, 200)), WHOLE, atol=0.006)
    assert part(None, (100, 200)) == WHOLE


@pytest.mark.parametrize(
    "preprocess",
    [
        compose(v2.RandomHorizontalFlip(p=1)),
        compose(v2.RandomRotation((90, 90))),
        lambda image: torch.zeros(3, 8, 8),
        lambda image: 1 / 0,
    ],
    ids=["mirrored", "turned", "constant", "failing"],
)
def test_what_is_no_crop_counts_as_the_whole_image(preprocess):
    pixels = np.zeros((60, 60, 3), np.uint8)
    net = Classifier(torch.nn.Identity(), preprocess=preprocess, device="cpu")
    found = field_of_view(net, ProbeSet.from_arrays([Image.fromarray(pixels)]))
    assert found(0) == WHOLE and found.unmeasured == {(60, 60)}


@pytest.mark.parametrize("fill", [0, 114, 255])
def test_padding_reaches_beyond_the_image(fill):
    box = part(compose(v2.Pad((40, 0), fill=fill), v2.Resize((64, 64))), (120, 40))
    np.testing.assert_allclose(box, (-1, 0, 2, 1), atol=0.02)
    box = part(compose(v2.Pad((0, 10, 20, 0), fill=fill), v2.Resize((44, 60), antialias=True)), (100, 100))
    np.testing.assert_allclose(box, (0, -0.1, 1.2, 1), atol=0.01)
    box = part(compose(v2.Resize(64), v2.Pad(8, fill=fill)), (80, 80), tensor=True)
    np.testing.assert_allclose(box, (-0.125, -0.125, 1.125, 1.125), atol=0.006)


def test_padding_that_is_no_colour_is_not_measured():
    net = Classifier(torch.nn.Identity(), preprocess=compose(v2.Pad(20, padding_mode="reflect")), device="cpu")
    found = field_of_view(net, ProbeSet.from_arrays([Image.new("RGB", (40, 40))]))
    assert found(0) == WHOLE and found.unmeasured == {(40, 40)}


def test_what_is_cut_beyond_the_sides_is_black():
    picture = np.full((4, 6, 3), 9, np.uint8)
    found = cut(picture, (-0.5, 0.25, 0.5, 1.5))
    assert found.shape == (5, 6, 3)
    assert (found[:3, 3:] == 9).all() and found.sum() == 9 * 9 * 3
    assert cut(picture, (0.5, 0.5, 0.5, 0.5)).shape == (1, 1, 3)
