"""What `record` does with wrong arguments, broken models, broken numbers, and interrupts."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch
from record_helpers import assert_same, hooks_left, random_images, random_probe, small_classifier

from nbinterp.analyses import NonFiniteWarning, _pass, record
from nbinterp.data import ImageError, ProbeSet
from nbinterp.instrument import ModelError, UnknownLayerError


def quietly(net, probe, layers="first", **settings):
    return record(net, probe, layers, **{"progress": False, **settings})


@pytest.mark.parametrize(
    "settings,message",
    [
        ({"keep": ("pooled", "map")}, "keep takes any of 'pooled', 'topk', 'codes', 'maps'; got 'map'"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1, got 0"),
        ({"batch_size": 2.5}, "batch_size must be a whole number"),
        ({"top": 0}, "top must be a whole number of at least 1"),
        ({"layers": []}, "layers is empty"),
    ],
)
def test_wrong_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        quietly(small_classifier(), random_probe(3), **settings)


def test_wrong_types_are_refused_with_the_fix():
    net, probe = small_classifier(), random_probe(3)
    with pytest.raises(TypeError, match=r"wrap the model, nbi\.Classifier\(module\)"):
        quietly(net.module, probe)
    with pytest.raises(TypeError, match=r"nbi\.ProbeSet\.from_folder"):
        quietly(net, random_images(3))


def test_a_wrong_layer_suggests_the_nearest():
    net, probe = small_classifier(), random_probe(3)
    with pytest.raises(UnknownLayerError, match="second"):
        quietly(net, probe, "secnd")
    with pytest.raises(UnknownLayerError, match="first@1"):
        quietly(net, probe, ["first@1"])
    recording = quietly(net, probe, ["first", "head"])
    with pytest.raises(UnknownLayerError, match=r"'secon' was not recorded.*This recording has 'first', 'head'"):
        recording["secon"]
    assert hooks_left(net.module) == 0


def test_wrong_units_and_images_are_refused():
    recording = quietly(small_classifier(), random_probe(3), ["first", "head"])
    with pytest.raises(IndexError, match="units 0 to 5, not 6"):
        recording.activation_maps("first", 6, [0])
    with pytest.raises(IndexError, match="images 0 to 2"):
        recording.activation_maps("first", 0, [3])
    with pytest.raises(ValueError, match="has no positions"):
        recording.activation_maps("head", 0, [0])
    assert recording.activation_maps("first", 0, []).shape == (0, 8, 12)


def test_a_probe_set_of_one_image():
    recording = quietly(small_classifier(), random_probe(1), ["first", "head"], keep=("topk", "codes", "maps"))
    assert recording["first"].top.index.tolist() == [[0]] * 6
    assert recording["first"].top.maps.shape == (6, 1, 8, 12)
    index, best = recording["first"].selectivity(recording.labels)
    assert np.isnan(index).all() and (best == 0).all()
    assert len(recording.frame) == 1 and "1 image:" in repr(recording)


def test_layers_may_be_given_as_modules_and_twice():
    net = small_classifier()
    recording = quietly(net, random_probe(3), [net.module.second, "first", "second"])
    assert recording.layers == ("second", "first")
    assert recording[net.module.second] is recording["second"]


def test_training_flags_are_restored():
    net = small_classifier()
    net.module.train()
    net.module.act.eval()
    quietly(net, random_probe(5))
    assert net.module.training and net.module.first.training and not net.module.act.training


@pytest.mark.parametrize("failure", [RuntimeError("planted failure"), KeyboardInterrupt()])
def test_a_model_that_fails_half_way_is_left_as_it_was(failure):
    net = small_classifier()
    net.module.train()
    net.module.fail_after, net.module.failure = 10, failure
    with pytest.raises((ModelError, KeyboardInterrupt)) as caught:
        quietly(net, random_probe(20), batch_size=4)
    assert hooks_left(net.module) == 0 and net.module.training
    if isinstance(failure, KeyboardInterrupt):
        assert "nothing is kept without cache=folder" in caught.value.__notes__[0]
    else:
        assert "planted failure" in str(caught.value)
    net.module.fail_after = None
    assert len(quietly(net, random_probe(20))) == 20


def test_an_unreadable_image_is_named():
    def refuse_the_fourth(image):
        if float(image[0, 0, 0]) == float(random_images(8)[3, 0, 0, 0]):
            raise ValueError("planted")
        return image

    net = small_classifier(preprocess=refuse_the_fourth)
    with pytest.raises(ImageError, match="0003"):
        quietly(net, random_probe(8), batch_size=3)


def test_images_of_different_sizes_are_refused():
    images = [*random_images(3), random_images(1)[0][:, :10]]
    probe = ProbeSet.from_arrays(images)
    with pytest.raises(ValueError, match="0003"):
        quietly(small_classifier(), probe, batch_size=8)
    with pytest.raises(ValueError, match="the images differ in size"):
        quietly(small_classifier(), probe, batch_size=1)


def test_nan_and_infinite_activations_are_announced_once():
    net, probe = small_classifier(), random_probe(12)
    broken = random_images(12)
    with torch.no_grad():
        net.module.head.bias[1] = float("inf")
    with pytest.warns(NonFiniteWarning, match=r"infinite values in the logits on 12 images, head on 12 images of 12"):
        recording = quietly(net, probe, ["first", "head"])
    assert (recording.predictions == 1).all()
    broken[[2, 5], 0, 0, 0] = 1.0
    net = small_classifier(preprocess=lambda image: torch.where(image == 1.0, torch.nan, image))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        recording = quietly(net, ProbeSet.from_arrays(broken), ["first", "second"], top=12)
    assert len(caught) == 1 and "first on 2 images" in str(caught[0].message)
    assert caught[0].filename == __file__  # it points at the caller
    assert recording.predictions[[2, 5]].tolist() == [-1, -1] and np.isnan(recording.confidence[[2, 5]]).all()
    assert np.isnan(recording["first"].max[2]).all() and not np.isnan(recording["first"].max[3]).any()
    assert (recording["first"].top.index[:, -2:] == [2, 5]).all()  # NaN ranks last


def test_a_full_accelerator_halves_the_batch(capsys):
    net, probe = small_classifier(), random_probe(30)
    expected = quietly(net, probe)
    plain, sizes = net.module.forward, []

    def forward(images):
        sizes.append(len(images))
        if len(images) > 5:
            raise torch.cuda.OutOfMemoryError("planted: CUDA out of memory")
        return plain(images)

    net.module.forward = forward
    assert_same(record(net, probe, "first", batch_size=16, progress=True), expected, 1e-5)
    assert sizes == [16, 8, 4, 4, 4, 4, 4, 4, 4, 2]
    assert "going on with batches of 4" in capsys.readouterr().err


def test_memory_for_one_image_that_does_not_fit_is_an_error():
    net = small_classifier()
    net.module.fail_after, net.module.failure = 0, torch.cuda.OutOfMemoryError("planted")
    with pytest.raises(torch.cuda.OutOfMemoryError):
        quietly(net, random_probe(4))
    assert hooks_left(net.module) == 0


def test_maps_that_cannot_fit_are_refused(monkeypatch):
    monkeypatch.setattr(_pass, "available_memory", lambda: 20_000)
    with pytest.raises(MemoryError, match=r"would take .* kB of memory, 20 kB are available: keep less"):
        quietly(small_classifier(), random_probe(30), keep=("maps",), batch_size=4)
    assert len(quietly(small_classifier(), random_probe(30), keep=())) == 30


def test_the_size_of_maps_is_said_beforehand(capsys):
    net = small_classifier()
    record(net, random_probe(30), "first", keep=("codes", "maps"), batch_size=10)
    said = capsys.readouterr().err
    assert "of memory (first codes 2 kB, first maps 35 kB)" in said  # 30 × 6 × 8 × 12 × (1 / 8 and 2) bytes
    assert said.index("of memory") < said.index("30/30")


def test_no_progress_says_nothing(capsys):
    quietly(small_classifier(), random_probe(30), keep=("maps",))
    captured = capsys.readouterr()
    assert captured.err == "" and captured.out == ""
