"""What the region view's controls ask for, found."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from nbinterp.analyses import Recording
from nbinterp.analyses.regions import Region, regions
from nbinterp.widgets.region_facts import among_of
from nbinterp.widgets.region_panels import Subject


@dataclass(frozen=True)
class Wish:
    """Which region: the values of the controls. `anchor` is the number of an image; −1 is the image from outside."""

    anchor: int
    layer: str
    k: int
    t: int
    tolerance: int
    among: str


@dataclass(frozen=True, eq=False)
class Finder:
    """Finds regions of one recording.

    Attributes:
        recording: where.
        how: the settings of `regions` that no control changes.
        outside: an image from outside the recording, if one was given.
        chosen: what `among="chosen"` stands for: numbers of reference images.
    """

    recording: Recording
    how: dict[str, Any] = field(default_factory=dict)
    outside: Any = None
    chosen: Any = None

    @classmethod
    def of(cls, region: Region, recording: Recording, **how: Any) -> tuple[Finder, Wish]:
        """A finder that would find this region, and the wish for it."""
        among = among_of(region, recording)
        chosen = region.reference if among == "chosen" else None
        kept = {name: getattr(region, name) for name in ("reduce", "quantile", "n_null", "seed")}
        finder = cls(recording, {**how, **kept}, None, chosen)
        anchor = -1 if region.anchor is None else region.anchor
        return finder, Wish(anchor, region.layer, region.k, region.t, region.tolerance, among)

    def first(self, image: Any, wish: Wish) -> tuple[Finder, Region]:
        """The region of an image given as in `regions`, and a finder that knows the image if it is from outside."""
        region = regions(self.recording, wish.layer, image, **self.settings(wish))
        return (replace(self, outside=image) if region.anchor is None else self), region

    def find(self, wish: Wish) -> Region:
        """The region wished for.

        Raises:
            As `regions`; LookupError: no image was given.
        """
        return regions(self.recording, wish.layer, self._image(wish.anchor), **self.settings(wish))

    def subject(self, region: Region, wish: Wish) -> Subject:
        """What the panels of a region need."""
        image = self.outside if region.anchor is None else region.anchor
        return Subject(self.recording, region, image, self.settings(wish))

    def settings(self, wish: Wish) -> dict[str, Any]:
        """Of `regions`, but for layer and image."""
        among = self.chosen if wish.among == "chosen" else wish.among
        return {"k": wish.k, "t": wish.t, "tolerance": wish.tolerance, "among": among, **self.how}

    def _image(self, anchor: int) -> Any:
        if anchor >= 0:
            return anchor
        if self.outside is None:
            raise LookupError("the image itself is needed for another region: RegionView(recording, image)")
        return self.outside
