"""Recordings of a network and images whose every activation is known, and slow re-derivations in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from record_helpers import HEIGHT, WIDTH, TwiceNet, assert_same, random_images, random_probe, small_classifier
from torch import nn
from torchvision.models.vision_transformer import VisionTransformer

from nbinterp.analyses import record
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier
from nbinterp.kernels import unpack_signs

N = 50
RED, TWICE_GREEN, NEGATIVE_BLUE, DEAD = range(4)


class PlantedNet(nn.Module):
    """Units are red, 2 × green, -blue, and nothing; the ReLU after them works in place."""

    def __init__(self) -> None:
        super().__init__()
        self.units = nn.Conv2d(3, 4, 1, bias=False)
        self.act = nn.ReLU(inplace=True)
        with torch.no_grad():
            self.units.weight.copy_(torch.tensor([[1, 0, 0], [0, 2, 0], [0, 0, -1], [0, 0, 0]])[:, :, None, None])

    def forward(self, images):
        return self.act(self.units(images)).amax((2, 3))


@pytest.fixture(scope="module")
def planted():
    """Image i has one red pixel, brightness and place by i; green everywhere 1/4; blue 1/2 at one place."""
    rng = np.random.default_rng(1)
    brightness = rng.permutation(N).astype(np.float32) / 64 + 1 / 64  # all different, exact in binary
    rows, columns = rng.integers(0, HEIGHT, N), rng.integers(0, WIDTH, N)
    images = np.zeros((N, HEIGHT, WIDTH, 3), np.float32)
    images[np.arange(N), rows, columns, 0] = brightness
    images[..., 1] = 0.25
    images[:, 3, 7, 2] = 0.5
    net = Classifier(PlantedNet(), device="cpu")
    recording = record(
        net, ProbeSet.from_arrays(images), "units", keep=("topk", "codes", "maps"), batch_size=7, progress=False
    )
    return brightness, np.stack([rows, columns], 1), recording


def test_means_and_maxima_are_the_planted_ones(planted):
    brightness, _, recording = planted
    layer = recording["units"]
    assert layer.kind == "maps" and layer.shape == (HEIGHT, WIDTH) and layer.n_units == 4
    np.testing.assert_array_equal(layer.max[:, RED], brightness)
    np.testing.assert_allclose(layer.mean[:, RED], brightness / (HEIGHT * WIDTH), rtol=1e-6)
    np.testing.assert_array_equal(layer.max[:, TWICE_GREEN], 0.5)
    np.testing.assert_allclose(layer.mean[:, TWICE_GREEN], 0.5, rtol=1e-6)
    np.testing.assert_array_equal(layer.max[:, NEGATIVE_BLUE], 0)  # the in-place ReLU must not touch the mean:
    np.testing.assert_allclose(layer.mean[:, NEGATIVE_BLUE], -0.5 / (HEIGHT * WIDTH), rtol=1e-6)
    assert not layer.mean[:, DEAD].any() and not layer.max[:, DEAD].any()
    assert layer.features is layer.mean


def test_exemplars_are_the_planted_ones(planted):
    brightness, places, recording = planted
    top = recording["units"].top
    best = np.argsort(-brightness)[:9]
    np.testing.assert_array_equal(top.index[RED], best)
    np.testing.assert_array_equal(top.value[RED], brightness[best])
    np.testing.assert_array_equal(top.position[RED], places[best])
    for unit in (TWICE_GREEN, NEGATIVE_BLUE, DEAD):  # all images alike: the first nine, in order
        np.testing.assert_array_equal(top.index[unit], np.arange(9))
    assert top.maps.shape == (4, 9, HEIGHT, WIDTH) and top.maps.dtype == np.float16
    for rank, image in enumerate(best):
        expected = np.zeros((HEIGHT, WIDTH))
        expected[tuple(places[image])] = brightness[image]
        np.testing.assert_array_equal(top.maps[RED, rank], expected)


def test_codes_and_maps_are_the_planted_ones(planted):
    brightness, places, recording = planted
    layer = recording["units"]
    assert layer.codes.shape == (N, 4 * HEIGHT * WIDTH // 8)
    on = unpack_signs(torch.from_numpy(layer.codes), 4 * HEIGHT * WIDTH).numpy().reshape(N, 4, HEIGHT, WIDTH)
    assert on[:, TWICE_GREEN].all() and not on[:, NEGATIVE_BLUE].any() and not on[:, DEAD].any()
    assert (on[:, RED].sum((1, 2)) == 1).all() and on[np.arange(N), RED, places[:, 0], places[:, 1]].all()
    np.testing.assert_array_equal(layer.maps[:, RED].max((1, 2)), brightness)
    np.testing.assert_array_equal(recording.activation_maps("units", RED, [4, 2]), layer.maps[[4, 2], RED])


def test_predictions_follow_from_the_logits(planted):
    brightness, _, recording = planted
    expected = np.where(brightness >= 0.5, RED, TWICE_GREEN)  # the first of equals
    np.testing.assert_array_equal(recording.predictions, expected)
    exact = np.exp(recording.logits.astype(float))
    np.testing.assert_allclose(recording.confidence, exact.max(1) / exact.sum(1), rtol=1e-6)


def derive_slowly(net, images, layer, top):
    """Everything again: one image at a time, own hook, float64, numpy."""
    model = net.module.double()
    seen = []
    handle = model.get_submodule(layer).register_forward_hook(lambda module, args, output: seen.append(output.clone()))
    with torch.no_grad():
        logits = [model(torch.from_numpy(image.transpose(2, 0, 1)[None]).double())[0].numpy() for image in images]
    handle.remove()
    model.float()
    maps = torch.cat(seen).numpy()
    maximum = maps.max((2, 3))
    index = np.array([sorted(range(len(maps)), key=lambda i: (-maximum[i, u], i))[:top] for u in range(maps.shape[1])])
    where = [[np.unravel_index(maps[i, u].argmax(), maps.shape[2:]) for i in row] for u, row in enumerate(index)]
    return np.array(logits), maps, index, np.array(where)


@pytest.mark.parametrize("layer", ["first", "second"])
def test_agrees_with_a_slow_derivation(layer):
    net, images = small_classifier(), random_images(40)
    found = record(net, ProbeSet.from_arrays(images), [layer], batch_size=16, top=5, progress=False)
    logits, maps, index, where = derive_slowly(net, images, layer, 5)
    np.testing.assert_allclose(found.logits, logits, atol=2e-5)
    np.testing.assert_allclose(found[layer].mean, maps.mean((2, 3)), atol=2e-6)
    np.testing.assert_allclose(found[layer].max, maps.max((2, 3)), atol=2e-5)
    np.testing.assert_array_equal(found[layer].top.index, index)
    np.testing.assert_array_equal(found[layer].top.position, where)
    chosen = maps[index, np.arange(len(index))[:, None]]
    np.testing.assert_allclose(found[layer].top.maps, chosen, atol=4e-3)
    chosen = [7, 7, 2, *range(39, 5, -1)]  # more than a batch, in any order
    np.testing.assert_allclose(found.activation_maps(layer, 3, chosen), maps[chosen, 3], atol=2e-5)


def test_large_maps_are_averaged_to_fourteen():
    images = np.zeros((2, 28, 42, 3), np.float32)
    images[0, :2, 39:, 0] = 1  # one cell of 2 × 3 pixels
    found = record(Classifier(PlantedNet(), device="cpu"), ProbeSet.from_arrays(images), "units", progress=False)
    low = found["units"].top.maps[RED, 0]
    assert low.shape == (14, 14) and low[0, 13] == 1 and low.sum() == 1
    assert tuple(found["units"].top.position[RED, 0]) == (0, 39)


@pytest.mark.parametrize("batch_size", [1, 7, 64])
def test_splitting_changes_nothing(batch_size):
    net, probe, layers = small_classifier(), random_probe(45), ["first", "second", "head"]
    keep = ("topk", "codes", "maps")
    whole = record(net, probe, layers, keep=keep, batch_size=45, progress=False)
    assert_same(record(net, probe, layers, keep=keep, batch_size=batch_size, progress=False), whole, 1e-5)


def test_order_of_images_permutes_the_rows():
    net, probe = small_classifier(), random_probe(30)
    order = np.random.default_rng(3).permutation(30)
    straight = record(net, probe, "second", batch_size=8, progress=False)["second"]
    mixed = record(net, probe.subset(order), "second", batch_size=8, progress=False)["second"]
    np.testing.assert_allclose(mixed.mean, straight.mean[order], atol=1e-6)
    np.testing.assert_array_equal(order[mixed.top.index], straight.top.index)


def test_rescaling_a_unit_rescales_its_statistics_only():
    net, probe = small_classifier(), random_probe(20)
    before = record(net, probe, "second", progress=False)["second"]
    with torch.no_grad():
        net.module.second.weight[2] *= 4
        net.module.second.bias[2] *= 4
    after = record(net, probe, "second", progress=False)["second"]
    factor = np.where(np.arange(7) == 2, 4, 1)
    np.testing.assert_array_equal(after.max, before.max * factor)
    np.testing.assert_array_equal(after.top.index, before.top.index)


def test_calls_of_a_reused_module_are_told_apart():
    net, images = Classifier(TwiceNet(), device="cpu"), random_images(6)
    found = record(net, ProbeSet.from_arrays(images), ["conv@1", "conv"], progress=False)
    assert found.layers == ("conv@1", "conv")
    inputs = torch.from_numpy(images.transpose(0, 3, 1, 2))
    with torch.no_grad():
        once = net.module.conv(inputs)
        twice = net.module.conv(once.relu())
    np.testing.assert_allclose(found["conv"].mean, once.mean((2, 3)), atol=1e-6)
    np.testing.assert_allclose(found["conv@0"].mean, once.mean((2, 3)), atol=1e-6)
    np.testing.assert_allclose(found["conv@1"].mean, twice.mean((2, 3)), atol=1e-6)
    np.testing.assert_allclose(found.activation_maps("conv@1", 2, [5]), twice[5:, 2], atol=1e-6)


def test_one_forward_pass_serves_all_layers():
    net, probe = small_classifier(), random_probe(20)
    record(net, probe, ["first", "second", "head"], batch_size=6, progress=False)
    assert net.module.n_images == 20


def test_flat_layers_have_no_positions():
    net, probe = small_classifier(), random_probe(12)
    layer = record(net, probe, "head", keep=("topk", "codes", "maps"), progress=False)["head"]
    assert layer.kind == "flat" and layer.shape is None and layer.maps is None
    np.testing.assert_array_equal(layer.mean, layer.max)
    np.testing.assert_array_equal(layer.codes, np.packbits(layer.mean > 0, axis=1))
    assert layer.top.maps is None and (layer.top.position == -1).all()
    np.testing.assert_array_equal(layer.top.index, np.argsort(-layer.mean, axis=0, kind="stable")[:9].T)


def test_tokens_are_laid_out_and_the_class_token_kept_apart():
    torch.manual_seed(0)
    vit = VisionTransformer(
        image_size=24, patch_size=8, num_layers=2, num_heads=2, hidden_dim=8, mlp_dim=16, num_classes=4
    ).eval()
    with torch.no_grad():
        vit.heads[0].weight.normal_()
    images = np.random.default_rng(0).random((10, 24, 24, 3), dtype=np.float32)
    name = "encoder.layers.encoder_layer_0"
    found = record(Classifier(vit, device="cpu"), ProbeSet.from_arrays(images), name, keep=("topk", "codes"),
                   batch_size=4, progress=False)[name]  # fmt: skip
    seen = []
    handle = vit.get_submodule(name).register_forward_hook(lambda module, args, output: seen.append(output))
    with torch.no_grad():
        vit(torch.from_numpy(images.transpose(0, 3, 1, 2)))
    handle.remove()
    tokens = seen[0].numpy()
    assert found.kind == "tokens" and found.shape == (3, 3)
    np.testing.assert_allclose(found.class_token, tokens[:, 0], atol=1e-5)
    assert found.features is found.class_token
    np.testing.assert_allclose(found.mean, tokens[:, 1:].mean(1), atol=1e-5)
    np.testing.assert_allclose(found.max, tokens[:, 1:].max(1), atol=1e-5)
    place = found.top.position[5, 0]
    best = found.top.index[5, 0]
    assert tokens[best, 1 + 3 * place[0] + place[1], 5] == pytest.approx(tokens[:, 1:, 5].max(), abs=1e-5)
    assert found.codes.shape == (10, 9)


def test_tokens_on_no_grid_are_pooled():
    class OddTokens(nn.Module):
        def __init__(self):
            super().__init__()
            self.mix = nn.Linear(3, 4)

        def forward(self, images):
            return self.mix(images.flatten(2)[:, :, :16].mT).mean(1)  # 16 tokens: no grid in 8 × 12

    net, images = Classifier(OddTokens(), device="cpu"), random_images(5)
    found = record(net, ProbeSet.from_arrays(images), "mix", keep=("topk", "maps"), progress=False)["mix"]
    with torch.no_grad():
        tokens = net.module.mix(torch.from_numpy(images.transpose(0, 3, 1, 2)).flatten(2)[:, :, :16].mT).numpy()
    assert found.kind == "tokens" and found.shape is None and found.maps is None
    np.testing.assert_allclose(found.mean, tokens.mean(1), atol=1e-6)
    np.testing.assert_allclose(found.max, tokens.max(1), atol=1e-6)


def test_selectivity_of_a_planted_detector():
    images = np.full((12, HEIGHT, WIDTH, 3), 0.25, np.float32)
    images[::3, :, :, 0] = 1  # red exactly in class 0
    images[1::3, :, :, 0] = images[2::3, :, :, 0] = 0
    probe = ProbeSet.from_arrays(images, np.arange(12) % 3)
    found = record(Classifier(PlantedNet(), device="cpu"), probe, "units", progress=False)
    index, best = found["units"].selectivity(found.labels)
    np.testing.assert_allclose(index, [1, 0, 0, 0], atol=1e-6)
    assert best[RED] == 0
    shuffled, _ = found["units"].selectivity(np.roll(np.repeat([0, 1, 2], 4), 1))  # negative control
    assert shuffled[RED] < 0.5
