"""The pixels that the region view and its static picture need."""

from __future__ import annotations

import numpy as np
from PIL import Image

from nbinterp.analyses.regions import Evidence, Region
from nbinterp.render.pages import thumbnail
from nbinterp.render.regions import outside_pixels, region_card
from nbinterp.widgets.region_finder import Finder
from nbinterp.widgets.source import RecordingSource

ANCHOR_PX = 256
N_DRAWN, N_EXEMPLARS = 20, 3  # members in the static picture, and exemplars of each unit


def anchor_pixels(region: Region, finder: Finder) -> np.ndarray | None:
    """The anchor: uint8, height × width × 3; None if its picture is not at hand."""
    if region.anchor is None:
        return None if finder.outside is None else outside_pixels(finder.outside)
    probe = finder.recording.probe
    return None if probe is None else thumbnail(probe, region.anchor, ANCHOR_PX)


def drawn(region: Region, evidence: Evidence | None, finder: Finder, source: RecordingSource) -> Image.Image:
    """The static picture of a region.

    Args:
        region: to draw.
        evidence: of its verdict; None: not computed yet.
        finder: knows the image from outside, if it is one.
        source: gives the pictures of the recorded images.
    """
    members = [int(i) for i in region.members[:N_DRAWN]]
    return region_card(
        region,
        evidence,
        anchor=anchor_pixels(region, finder),
        seen=None if region.anchor is None else source.seen(region.anchor),
        exemplars=[source.exemplars(region.layer, literal.unit, N_EXEMPLARS) for literal in region.literals],
        members=[source.pixels(i) for i in members],
        captions=[source.caption(i) for i in members],
    )
