"""One of each widget class, made cheaply on the demo world, and what a person must see of it.

A class that nbinterp exports and that is missing here fails `test_every_class_has_a_row`: add one line to `CLASSES`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WORLD = """import nbinterp as nbi
from nbinterp.analyses.facets import facets
net = nbi.demo.classifier()
study = nbi.record(net, nbi.demo.scenes(120), layers=["stage3", "stage4", "head"],
                   keep=("pooled", "topk", "codes"), progress=False)
link = nbi.Selection(120)"""


@dataclass(frozen=True)
class Shown:
    """A widget class: the expression that makes one in the world above, and what is seen where it is live."""

    name: str
    code: str
    root: str  # the CSS class of its outermost element
    drawn: dict[str, int]  # CSS selector of pictures -> how many of them must have been drawn
    words: tuple[str, ...]  # texts that must be seen
    alt: re.Pattern[str]  # in the words that go with its static picture

    @property
    def variable(self) -> str:
        """The name of the widget in the notebook."""
        return f"view_{self.name}"

    @property
    def cell(self) -> str:
        """A notebook cell that makes the widget and displays it."""
        return f"{self.variable} = {self.code}\n{self.variable}"

    @property
    def selector(self) -> str:
        """Its outermost element, not one that another view shows inside itself."""
        return f".{self.root}:not(.nbi *)"

    def __str__(self) -> str:
        return self.name


CLASSES = (
    Shown(
        "EmbeddingPlot",
        "nbi.EmbeddingPlot(study, method='pca', selection=link)",
        "nbi-plot",
        {".nbi-plot-canvas": 1, ".nbi-swatch": 10},
        ("aquarium", "120 items"),
        re.compile(r"^PCA of 120 images in layer head, coloured by label; .* by chance for \d+ %$"),
    ),
    Shown(
        "ImageGrid",
        "nbi.ImageGrid(study, selection=link, height=360)",
        "nbi-grid",
        {".nbi-tile": 16},
        ("120 images", "→ road"),
        re.compile("^120 images, 2 classified wrongly; 40 of them drawn$"),
    ),
    Shown(
        "UnitList",
        "nbi.UnitList(study, selection=link, height=360)",
        "nbi-units",
        {".nbi-exemplar": 24},
        ("head · 10 units", "shop"),
        re.compile("^Layer head, 10 units: the 8 with the highest activity"),
    ),
    Shown(
        "Explorer",
        "nbi.explore(study, method='pca', selection=link)",
        "nbi-explorer",
        {".nbi-plot-canvas": 1, ".nbi-exemplar": 16, ".nbi-tile": 16},
        ("head · 10 units", "no unit selected"),
        re.compile("^PCA of 120 images .* Layer head, 10 units"),
    ),
    Shown(
        "UnitGallery",
        "nbi.UnitGallery(nbi.maximize(net, 'stage4', range(3), steps=8, size=64, recording=study),"
        " selection=link).wait()",
        "nbi-gallery",
        {".nbi-optimized": 3, ".nbi-exemplar": 6},
        ("Done: 8 steps", "3 images"),
        re.compile("^3 optimized images of unit 0"),
    ),
    Shown(
        "FacetView",
        "nbi.FacetView(facets(study, 'head', 'shop', n_facets=2, size=64, recipe='quick', m=5), selection=link).wait()",
        "nbi-facets",
        {".nbi-scatter-canvas": 1, ".nbi-facet-canvas": 4, ".nbi-small": 8},
        ("2 facets of class shop", "Facet 1"),
        re.compile("^2 facets of class shop among its 12 images"),
    ),
    Shown(
        "RegionView",
        "nbi.RegionView(study, 17, layer='stage4', n_null=50).wait()",  # a click would select its members
        "nbi-region",
        {".nbi-anchor-image": 1, ".nbi-small": 12, ".nbi-tile": 6},
        ("railway-00017", "No more than chance"),
        re.compile("^Decision region of railway-00017"),
    ),
    Shown(
        "DissectionView",
        "nbi.DissectionView(nbi.dissect(net, study.probe, 'stage4', chance=2, progress=False), recording=study)",
        "nbi-dissection",
        {".nbi-exemplar": 12},
        ("96 of 96 units are detectors", "fruit"),
        re.compile("^96 of 96 units of stage4 are detectors"),
    ),
    Shown(
        "AblationPanel",
        "nbi.AblationPanel(nbi.ablate(study, 'stage4', n_images=60, progress=False), units={3: 0, 5: 0.5}).wait()",
        "nbi-ablation",
        {".nbi-small": 6},
        ("Units of stage4", "all classes"),
        re.compile("^Ablation in stage4, "),
    ),
)


def exported_views() -> set[str]:
    """The names of the widget classes that nbinterp exports."""
    import nbinterp as nbi
    from nbinterp import widgets
    from nbinterp.widgets.view import View

    found = [thing for module in (nbi, widgets) for thing in vars(module).values()]
    return {thing.__name__ for thing in found if isinstance(thing, type) and issubclass(thing, View) and thing != View}


def made(names: tuple[str, ...] = ()) -> dict[str, object]:
    """The widgets, made in this process, by name; all of them unless some are named."""
    scope: dict = {}
    exec(WORLD, scope)
    return {shown.name: eval(shown.code, scope) for shown in CLASSES if not names or shown.name in names}
