"""The static picture of a facet view."""

from __future__ import annotations

from PIL import Image

from nbinterp.analyses import Facets
from nbinterp.render.facets import facet_card
from nbinterp.render.visualizations import pixels
from nbinterp.widgets.facet_facts import lines_of_facet, why
from nbinterp.widgets.gallery_cards import Forming, cards_of, lines_of
from nbinterp.widgets.source import RecordingSource

N_EXEMPLARS = 5  # of each facet


def drawn(found: Facets, run: Forming | None, source: RecordingSource) -> Image.Image:
    """The map of the images by facet, and each facet's mean image, synthesized image and exemplars.

    Args:
        found: the facets.
        run: that makes their images; None for none.
        source: of the pixels of the exemplars.
    """
    moment = None if run is None or run.state == "waiting" else run.preview()
    made = None if moment is None else pixels(moment.images)
    cards = [] if run is None or moment is None else cards_of(run.facts(), moment.status)
    means = pixels(found.mean_images)
    blocks = [
        {
            "name": f"facet {facet}",
            "category": facet,
            "lines": [*lines_of_facet(found, facet), *(lines_of(cards[facet], source.n_items)[:2] if cards else [])],
            "images": [means[facet], *([] if made is None else [made[facet]])],
            "exemplars": [source.pixels(int(i)) for i in found.exemplars[facet][:N_EXEMPLARS]],
            "masks": None,
        }
        for facet in range(found.n_facets)
    ]
    heading = " · ".join(["mean", *([] if made is None else ["synthesized"]), "exemplars"])
    return facet_card(
        found.embedding,
        found.assignments,
        blocks,
        title=f"{found.title}: {len(found.indices):,} images",
        heading=heading,
        evidence=found.evidence,
        why=why(found),
    )
