"""SqueezeNet 1.1 with its ImageNet weights on a thousand photographs: published accuracy, sensible units."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from torchvision import models, transforms

from nbinterp.analyses import record
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def recording(shared_data):
    weights = torch.load(shared_data / "classifiers" / "squeezenet1_1.fp16.pt", map_location="cpu", weights_only=True)
    module = models.squeezenet1_1()
    module.load_state_dict({name: values.float() for name, values in weights.items()})
    normalize = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    names = models.SqueezeNet1_1_Weights.DEFAULT.meta["categories"]
    net = Classifier(module, preprocess=transforms.Compose([transforms.ToTensor(), normalize]), classes=names)
    folders = json.loads((shared_data / "imagenette224" / "classes.json").read_text())
    readable = {folder: about["name"] for folder, about in folders.items()}
    probe = ProbeSet.from_folder(shared_data / "imagenette224", class_names=readable)
    return record(net, probe, ["features.7", "features.12", "classifier.1"], progress=False)


def test_accuracy_is_the_published_one(recording):
    assert recording.aligned and len(recording) == 1000
    assert recording.correct.mean() == pytest.approx(0.615, abs=0.002)


def test_class_units_select_their_class(recording):
    """The last layer's units are the classes: the unit of a class has its best class there, and its exemplars."""
    layer = recording["classifier.1"]
    _, best = layer.selectivity(recording.labels)
    present = np.unique(recording.labels)
    assert len(present) == 10
    np.testing.assert_array_equal(best[present], present)
    right = recording.labels[layer.top.index[present]] == present[:, None]
    assert right.mean() > 0.85


def test_maps_computed_again_agree_with_what_was_kept(recording):
    layer = recording["features.12"]
    unit = int(layer.max.mean(0).argmax())
    images = layer.top.index[unit]
    maps = recording.activation_maps("features.12", unit, images)
    np.testing.assert_allclose(maps.max((1, 2)), layer.top.value[unit], rtol=1e-4)
    np.testing.assert_allclose(maps, layer.top.maps[unit], rtol=2e-3, atol=2e-3)
    rows, columns = layer.top.position[unit].T
    np.testing.assert_allclose(maps[np.arange(9), rows, columns], layer.top.value[unit], rtol=1e-4)
