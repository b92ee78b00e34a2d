"""What a facet view says of facets, and the numbers that cross to the browser."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nbinterp.analyses import Facets
from nbinterp.analyses.facets import Quality


def facet_facts(found: Facets, *, serial: int) -> dict[str, Any]:
    """Everything about the facets that is text or a few numbers, as it crosses to the browser.

    Args:
        found: the facets.
        serial: rises with every result shown.
    """
    return {
        "serial": serial,
        "layer": found.layer,
        "unit": int(found.unit),
        "title": found.title,
        "n_images": len(found.indices),
        "n_facets": int(found.n_facets),
        "finding": finding(found),
        "why": why(found),
        "notes": [str(note) for note in found.about["notes"]],
        "evidence": evidence_facts(found),
        "facets": [
            {"share": _number(share), "n": len(members), "exemplars": [int(i) for i in exemplars]}
            for share, members, exemplars in zip(found.shares, found.members, found.exemplars, strict=True)
        ],
    }


def evidence_facts(found: Facets) -> dict[str, Any] | None:
    """The gap statistic with its standard error, by number of facets; None if there were too few images for it."""
    evidence = found.evidence
    if evidence is None:
        return None
    return {
        "k": [int(k) for k in evidence.k],
        "gap": [_number(gap) for gap in evidence.gap],
        "error": [_number(error) for error in evidence.error],
    }


def quality_facts(quality: Quality, *, serial: int) -> dict[str, Any]:
    """How another network sees the synthesized images, as it crosses to the browser.

    Args:
        quality: of the facets shown.
        serial: of these facets.
    """
    return {
        "state": "done",
        "serial": serial,
        "words": quality_words(quality),
        "closest": [int(facet) for facet in quality.distances.argmin(1)],
        "own": [bool(own) for own in quality.own],
    }


def quality_words(quality: Quality) -> str:
    """The quality in a sentence."""
    n, own = len(quality.own), int(quality.own.sum())
    which = "the synthesized image" if n == 1 else f"{own} of {n} synthesized images"
    if n == 1:
        return f"Another network judges {which}: a single facet has no other to be closest to"
    words = f"Another network sees {which} closest to their own facet"
    if not quality.restart_diversity > 0:
        return words
    ratio = quality.diversity / quality.restart_diversity
    more = "more" if ratio > 1 else "less"
    return f"{words}; they differ {more} than images from random starts ({ratio:.2f} ×)"


def point_bytes(found: Facets) -> dict[str, bytes]:
    """The images as points: numbers in the recording and facets (int32), places (float32, x and y by turns)."""
    return {
        "indices": np.asarray(found.indices).astype("<i4").tobytes(),
        "assignments": np.asarray(found.assignments).astype("<i4").tobytes(),
        "xy": np.ascontiguousarray(found.embedding, dtype="<f4").tobytes(),
    }


def finding(found: Facets) -> str:
    """What was found, in a sentence."""
    n, title = len(found.indices), found.title
    images = f"{n} image{'s' * (n != 1)}"
    if found.n_facets == 1:
        return f"One kind of image: {title} has a single facet among its {images}"
    n_none = int((np.asarray(found.assignments) < 0).sum())
    left = f", {n_none} in none" if n_none else ""
    return f"{found.n_facets} facets of {title} among its {images}{left}"


def why(found: Facets) -> str:
    """Why there are so many facets, and how far they can be believed."""
    chosen_by = found.discovery.chosen_by
    reason = "Number given" if chosen_by == "given" else f"Number by {chosen_by}"
    if chosen_by.startswith("one facet"):
        reason = chosen_by[0].upper() + chosen_by[1:]
    if found.n_facets == 1 or not math.isfinite(found.stability):
        return reason
    return f"{reason}; agreement over seeds {found.stability:.2f}"


def share_text(share: float) -> str:
    """A share of the activation in per cent, "<1 %" where that would round to nothing."""
    if not math.isfinite(share):
        return "no activation"
    return "<1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def lines_of_facet(found: Facets, facet: int) -> list[str]:
    """What stands beside a facet in the static picture."""
    n = len(found.members[facet])
    return [f"{share_text(float(found.shares[facet]))} of the activation", f"{n} image{'s' * (n != 1)}"]


def alt_text(found: Facets) -> str:
    """The finding with the share of every facet: what the static picture shows."""
    if found.n_facets == 1:
        return f"{finding(found)}. {why(found)}."
    each = ", ".join(f"facet {facet}: {' in '.join(lines_of_facet(found, facet))}" for facet in range(found.n_facets))
    return f"{finding(found)}; {each}. {why(found)}."


def _number(value: float) -> float | None:
    return float(f"{float(value):.6g}") if math.isfinite(value) else None
