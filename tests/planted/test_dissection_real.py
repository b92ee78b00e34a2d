"""Network dissection of SqueezeNet 1.1 on the 400 VOC photographs with masks.

Found when this was written (features.12, 512 units, pnas2020): 179 units detect 12 of 15 concepts, 432 are above the
95th percentile of chance (cvpr2017: 19 units, 9 concepts). The ten best, looked at with their masks: unit 0 potted
plant 0.118, 129 person 0.106, 511 horse 0.097, 50 sheep 0.096, 364 cat (heads) 0.094, 230 car 0.092, 49, 123, 255 and
297 sheep (wool) 0.091 to 0.086. Random weights: 2 units, 1 concept (a motorbike, in 6 images).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision import models, transforms

import nbinterp as nbi

pytestmark = pytest.mark.real


def voc(shared: Path, *, trained: bool) -> tuple[nbi.Classifier, nbi.ProbeSet]:
    module = models.squeezenet1_1()
    if trained:
        weights = torch.load(shared / "classifiers" / "squeezenet1_1.fp16.pt", map_location="cpu", weights_only=True)
        module.load_state_dict({name: values.float() for name, values in weights.items()})
    normalize = transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    steps = [transforms.Resize(224), transforms.CenterCrop(224), transforms.ToTensor(), normalize]
    folder = shared / "segmentation" / "voc_animals"
    if not folder.is_dir():
        pytest.skip(f"no photographs with masks at {folder}: set NBINTERP_SHARED to the folder that holds them")
    names = ("", *json.loads((folder / "classes.json").read_text())["classes"][1:])
    probe = nbi.ProbeSet.from_folder(folder / "images", masks=folder / "labels", concepts=names)
    return nbi.Classifier(module, preprocess=transforms.Compose(steps)), probe


@pytest.fixture(scope="module")
def dissection(shared_data):
    net, probe = voc(shared_data, trained=True)
    return nbi.dissect(net, probe, "features.12", batch_size=32, progress=False)


def test_units_detect_animals_and_things(dissection):
    assert dissection.n_images == 400
    assert 150 <= dissection.is_detector.sum() <= 210
    assert dissection.unique_detectors()["best"] >= 10
    assert (dissection.best_iou > dissection.chance[:, 1]).mean() > 0.75
    best = dissection.labels().sort_values("iou", ascending=False).head(10)
    assert dict(zip(best["unit"], best["concept"], strict=True)) | {
        0: "pottedplant",
        129: "person",
        511: "horse",
        50: "sheep",
        364: "cat",
        230: "car",
    } == dict(zip(best["unit"], best["concept"], strict=True))


def test_masks_of_a_unit_lie_on_its_concept(dissection):
    """On the exemplars of the horse unit that show a horse, most of the mask is on it."""
    images = dissection.recording["features.12"].top.index[511]
    masks = dissection.masks_of(511, images)
    horses = np.stack([dissection.concept_mask("horse", int(image)) for image in images])
    with_horse = horses.any((1, 2))
    assert with_horse.sum() >= 5
    assert (masks & horses)[with_horse].sum() / masks[with_horse].sum() > 0.7


def test_random_weights_detect_next_to_nothing(shared_data, dissection):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net, probe = voc(shared_data, trained=False)
    found = nbi.dissect(net, probe.subset(np.arange(0, 400, 4)), "features.12", batch_size=25, progress=False)
    above_chance = (found.best_iou > found.chance[:, 1]).mean()
    assert above_chance < 0.5 < (dissection.best_iou > dissection.chance[:, 1]).mean()
