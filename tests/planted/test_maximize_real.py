"""SqueezeNet 1.1 with its ImageNet weights: what is made for a unit drives it more than nearly any photograph."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torchvision import models, transforms

from nbinterp.analyses import maximize, record
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

pytestmark = pytest.mark.real

LAYER = "features.12"


@pytest.fixture(scope="module")
def net(shared_data) -> Classifier:
    weights = torch.load(shared_data / "classifiers" / "squeezenet1_1.fp16.pt", map_location="cpu", weights_only=True)
    module = models.squeezenet1_1()
    module.load_state_dict({name: values.float() for name, values in weights.items()})
    normalize = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    names = models.SqueezeNet1_1_Weights.DEFAULT.meta["categories"]
    return Classifier(module, preprocess=transforms.Compose([transforms.ToTensor(), normalize]), classes=names)


def test_images_of_units_are_above_the_99th_percentile_of_photographs(net, shared_data):
    recording = record(net, ProbeSet.from_folder(shared_data / "imagenette224"), [LAYER], progress=False)
    assert len(recording) == 1000
    result = maximize(net, LAYER, range(16), size=96, steps=80, recording=recording).wait(progress=False)
    with net.recording(LAYER) as seen:  # the activation anew, from the images alone
        net.logits((torch.from_numpy(result.images) - torch.tensor(MEAN)) / torch.tensor(DEVIATION))
    again = seen[LAYER].maps.mean((2, 3))[range(16), range(16)]
    np.testing.assert_allclose(result.activations, again, rtol=1e-3, atol=1e-4)
    limit = np.percentile(recording[LAYER].mean[:, :16], 99, axis=0)
    assert (result.activations > limit).sum() >= 15
    assert (result.percentiles > 99).sum() >= 15


MEAN, DEVIATION = ([[[v]] for v in values] for values in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
