"""What a layer's units detect: concepts as bars, units as cards with their pictures masked to unit and concept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import anywidget
import numpy as np
import traitlets as t
from PIL import Image

from nbinterp.analyses import Recording
from nbinterp.analyses.dissection import Dissection
from nbinterp.render.dissection import Bar, UnitCard, dissection_card
from nbinterp.widgets.catalog import Key
from nbinterp.widgets.codec import pack
from nbinterp.widgets.dissection_choice import LABELS, SORTS, arranged, labels_in, units_of_concept
from nbinterp.widgets.dissection_facts import best_by_category, dissection_facts, finding, unit_arrays
from nbinterp.widgets.dissection_pictures import masks_on, pictures_of, resource_of, top_images
from nbinterp.widgets.runtime import runtime
from nbinterp.widgets.selection import Selection
from nbinterp.widgets.static import bundle
from nbinterp.widgets.view import View

N_DRAWN, N_PICTURES, DRAWN_SIDE = 5, 6, 112  # units in the static picture, images of each, side of their masks
N_BAKED = 400  # pairs of a unit and a concept whose pictures a page without a kernel carries


class DissectionView(View):
    """Bars of the concepts that units detect, and a card for each unit: IoU beside its chance level, pictures, masks.

    Args:
        dissection: what `nbi.dissect` returned.
        selection: a `Selection` to share with other views; a click on a concept puts its units there.
        recording: whose images are shown; default: the dissection's own. Without any there are no pictures.
        label_by: "best" (a unit's label is its best concept of all) or "per_category" (the best one within each
            category): the two ways to count unique detectors.
        sort_by: of the cards: "iou", "above_chance" (IoU above the 95th percentile of chance), "unit" or "area".
        height: of bars and cards, in CSS pixels.

    `.dissection` is what is shown; `.concept` and `.category` filter the cards, `.link.units` are the units chosen.
    """

    _esm = bundle("dissection_view.js")
    _css = bundle("dissection_view.css")

    runtime = anywidget.WidgetTrait().tag(sync=True)  # Python -> view
    shown = t.Dict().tag(sync=True)  # Python -> view: see `dissection_facts`
    arrays = t.List(t.Dict()).tag(sync=True)  # Python -> view: what lies where in `table`
    table = t.Bytes(b"").tag(sync=True)  # Python -> view: see `unit_arrays`
    resource = t.Unicode().tag(sync=True)  # Python -> view: name of the units' pictures in the catalog; "" for none
    label_by = t.Enum(LABELS, "best").tag(sync=True)  # both ways
    category = t.Unicode().tag(sync=True)  # both ways: "" for all
    concept = t.Int(-1).tag(sync=True)  # both ways: number in `dissection.concepts`; −1 for all
    detectors_only = t.Bool(True).tag(sync=True)  # both ways
    search = t.Unicode().tag(sync=True)  # both ways: number of a unit, or words of a concept's name
    sort_by = t.Enum(SORTS, "iou").tag(sync=True)  # both ways
    descending = t.Bool(True).tag(sync=True)  # both ways
    concept_masks = t.Bool(True).tag(sync=True)  # both ways: whether the concept's masks stand below the unit's
    height = t.Int(600).tag(sync=True)  # Python -> view

    def __init__(
        self,
        dissection: Dissection,
        *,
        selection: Selection | None = None,
        recording: Recording | None = None,
        label_by: str = "best",
        sort_by: str = "iou",
        height: int = 600,
    ) -> None:
        recording = dissection.recording if recording is None else recording
        if recording is not None:
            recording[dissection.layer]  # LookupError that lists the layers there are
            if len(recording.names) != dissection.n_images:
                raise ValueError(
                    f"the recording has {len(recording.names):,} images, the dissection {dissection.n_images:,}: "
                    "give the recording of the probe set that was dissected"
                )
        self.dissection = dissection
        entries, table = pack(unit_arrays(dissection))
        super().__init__(
            recording,
            selection=selection,
            runtime=runtime(),
            shown=dissection_facts(dissection),
            arrays=entries,
            table=table,
            resource="" if recording is None else resource_of(dissection),
            label_by=label_by,
            sort_by=sort_by,
            descending=sort_by != "unit",
            height=height,
        )
        if recording is not None:
            self.source.offer(self.resource, partial(pictures_of, dissection, recording))
        self.observe(self._choose_units, ["concept"])

    @t.validate("category")
    def _category_is_known(self, proposal: t.Bunch) -> str:
        known = self.dissection.category_names
        if proposal["value"] not in ("", *known):
            raise t.TraitError(
                f"no category {proposal['value']!r}; there are {', '.join(map(repr, known))}, and '' for all"
            )
        return proposal["value"]

    @t.validate("concept")
    def _concept_is_known(self, proposal: t.Bunch) -> int:
        n = len(self.dissection.concepts)
        if not -1 <= proposal["value"] < n:
            raise t.TraitError(f"concepts have the numbers 0 to {n - 1}, and −1 for all; got {proposal['value']}")
        return proposal["value"]

    def _choose_units(self, change: t.Bunch) -> None:
        """The units of the concept chosen become the selected ones; the view does the same where there is no kernel."""
        if change["new"] < 0:
            self.link.set_trait("units", None)
            return
        units = units_of_concept(self.dissection, self.label_by, change["new"]).tolist()
        self.link.units = {"layer": self.dissection.layer, "units": units}

    def units(self) -> np.ndarray:
        """The units whose cards are shown, in their order (int64)."""
        return self._arranged()[0]

    def _arranged(self):
        names = ("label_by", "category", "concept", "detectors_only", "search", "sort_by", "descending")
        return arranged(self.dissection, **{name: getattr(self, name) for name in names})

    def draw(self) -> tuple[Image.Image, str]:
        """The bars, and the first cards with their pictures."""
        units, labels = self._arranged()
        cards = [self._card(int(unit), int(labels.concept[unit]), float(labels.iou[unit])) for unit in units[:N_DRAWN]]
        found = self.dissection
        title = f"{found.layer}: what {found.n_units:,} units detect ({found.convention})"
        top = max(0.1, float(found.best_iou.max(initial=0.0)))
        picture = dissection_card(self._bars(), cards, title=title, bound=found.iou_threshold, largest=top)
        return picture, finding(found)

    def _bars(self) -> list[Bar]:
        """Concepts by category, those with most units first."""
        found, bars = self.dissection, []
        for category, name in enumerate(found.category_names):
            labels = labels_in(found, self.label_by, name)
            own = labels.concept[labels.iou > found.iou_threshold]
            concepts, counts = np.unique(own[own >= 0], return_counts=True)
            rows = [(int(c), int(n)) for c, n in zip(concepts, counts, strict=True) if found.categories[c] == name]
            bars += [Bar(found.concepts[c], category, name, n) for c, n in sorted(rows, key=lambda row: -row[1])]
        return bars

    def _card(self, unit: int, concept: int, iou: float) -> UnitCard:
        found = self.dissection
        category = "" if concept < 0 else found.categories[concept]
        pictures, on, there = [], None, None
        if self._recording is not None:
            images = top_images(self.recording, found.layer, unit, N_PICTURES)
            masks = masks_on(found, unit, concept, images, DRAWN_SIDE)
            pictures = [self.source.seen_pixels(int(i)) for i in images]
            on, there = masks.unit, masks.concept if self.concept_masks else None
        return UnitCard(
            unit=unit,
            concept="" if concept < 0 else found.concepts[concept],
            category=category,
            code=found.category_names.index(category) if category else -1,
            iou=iou,
            chance=(float(found.chance[unit, 0]), float(found.chance[unit, 1])),
            pictures=pictures,
            on=on,
            there=there,
        )

    def resources(self) -> Iterable[Key]:
        """Names, columns and thumbnails, and the pictures of every unit with its best concepts, the strongest first."""
        if self._recording is None:
            return
        yield from self.source.item_keys()
        yield from ((self.resource, unit, concept) for unit, concept in self._pairs()[:N_BAKED])

    def _pairs(self) -> list[tuple[int, int]]:
        """Units with the concepts they are shown under: all with their best ones, then the others they detect."""
        found = self.dissection
        first = [(int(unit), int(found.best[unit])) for unit in np.argsort(-found.best_iou, kind="stable")]
        best, iou = best_by_category(found)
        others = sorted(map(tuple, np.argwhere(iou > found.iou_threshold)), key=lambda at: -iou[at])
        return list(dict.fromkeys(first + [(int(unit), int(best[unit, column])) for unit, column in others]))

    def __repr__(self) -> str:
        return f"DissectionView of {self.dissection!r}"
