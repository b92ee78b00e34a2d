"""Facets planted at the word of a test: real results of clustering, with images that form when the test says so."""

import numpy as np
from gallery_fakes import FakeRun

from nbinterp.analyses.facets import Facets, discover
from nbinterp.analyses.facets.pictures import mean_image, nearest, shares

CENTRES = np.array([[0, 0], [9, 1], [3, 8]])
SIZES = (40, 20, 12)


def planted(
    recording, *, n_facets=None, groups=3, layer="stage4", unit=3, synthesis="fourier", size=(40, 56), features=None
):
    """Facets of every other image: `groups` round clouds of 40, 20 and 12 images in the order of the recording."""
    n = sum(SIZES[:groups])
    if features is None:
        rng = np.random.default_rng(groups)
        near = np.repeat(np.arange(groups), SIZES[:groups])
        features = np.concatenate([CENTRES[near], np.zeros((n, 4))], 1) + rng.normal(0, 0.5, (n, 6))
    indices = np.arange(n, dtype=np.int64) + 10
    values = np.linspace(4, 1, n).astype(np.float32)
    found = discover(features.astype(np.float32), n_facets=n_facets)
    near = [nearest(found, indices, facet, 8) for facet in range(found.n_facets)]
    arrays = {
        "indices": indices,
        "values": values,
        "mean_images": np.stack([mean_image(recording.probe, few, size, 3) for few in near]),
        "exemplars": np.stack([np.pad(few, (0, 8 - len(few)), constant_values=-1) for few in near]),
        "shares": shares(found, values),
    }
    about = {
        "title": f"unit {unit} of {layer}",
        "layer": layer,
        "unit": unit,
        "is_class": False,
        "feature_layer": layer,
        "images": "given",
        "synthesis": synthesis,
        "m": 8,
        "seed": 0,
        "notes": list(found.notes),
    }
    run = None if synthesis is None else FakeRun([unit] * found.n_facets, layer, size=size)
    return Facets(about, found, arrays, run, None)


class FakeFinder:
    """Finds planted facets and remembers what was asked for."""

    def __init__(self, recording, **options):
        self.recording, self.options, self.wishes = recording, options, []

    def choices(self):
        classes = [f"class {i}" for i in range(12)]
        layers = [("stage3", 96, None), ("stage4", 96, None), ("logits", 12, classes)]
        named = [{"name": name, "n_units": n, "classes": classes} for name, n, classes in layers]
        return {"layers": named, "most": 6, "fixed": ""}

    def find(self, wish, shown, had):
        self.wishes.append(wish)
        if wish.unit == 7:
            raise ValueError("no image of the recording activates this unit")
        return planted(
            self.recording,
            n_facets=wish.n_facets or None,
            layer=wish.layer,
            unit=wish.unit,
            synthesis=None if wish.synthesis == "none" else wish.synthesis,
            **self.options,
        )
