"""SqueezeNet 1.1 on photographs: the facets of churches and gas pumps."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import models, transforms

from nbinterp.analyses import record
from nbinterp.analyses.facets import facets
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

pytestmark = pytest.mark.real
CLASSES = ("church", "gas pump")


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
    whole = ProbeSet.from_folder(shared_data / "imagenette224", class_names=readable)
    wanted = [whole.class_names.index(name) for name in CLASSES]
    probe = whole.subset(np.flatnonzero(np.isin(whole.labels, wanted)))
    return record(net, probe, ["features.7", "features.12", "classifier.1"], progress=False)


@pytest.mark.parametrize("synthesis", ["tv", "fourier"])
@pytest.mark.parametrize("name", CLASSES)
def test_facets_of_photographs(recording, name, synthesis, request):
    """Two facets of each class, at the photographs' 224 px: SqueezeNet takes the images for the class.

    All of them, but for the quick total variation schedule on gas pumps: there, at least one.
    """
    found = facets(recording, "classifier.1", name, n_facets=2, synthesis=synthesis, recipe="quick")
    assert found.about["is_class"] and found.about["images"] == "labelled as the class" and len(found.indices) > 80
    net, index = recording.net, recording.class_names.index(name)
    pictures = [Image.fromarray((image.transpose(1, 2, 0) * 255).round().astype(np.uint8)) for image in found.images]
    predicted = net.logits(net.batch(pictures)).argmax(1)
    least = 1 if (name, synthesis) == ("gas pump", "tv") else 2
    assert (predicted == index).sum() >= least
    sheet = np.concatenate([np.concatenate(list(part), 2) for part in (found.mean_images, found.images)], 1)
    folder = request.config.rootpath / "tests" / "artifacts"
    folder.mkdir(exist_ok=True)
    Image.fromarray((sheet.transpose(1, 2, 0) * 255).astype(np.uint8)).save(
        folder / f"facets-{name.replace(' ', '-')}-{synthesis}.png"
    )
