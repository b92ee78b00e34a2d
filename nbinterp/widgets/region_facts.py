"""What the region view is told of a region, its verdict and the layers there are, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbinterp.analyses import Recording
from nbinterp.analyses.regions import Evidence, Literal, Purity, Region

PANELS = ("layers", "neighbours", "mistake", "subclasses")
"""What can be asked for beside the region itself."""

NO_CODES = 'its states were not kept: record(…, keep=("pooled", "topk", "codes"))'


def layer_choices(recording: Recording, reduce: str) -> list[dict[str, str]]:
    """The recorded layers, each with the reason why no region can be found in it ("" where one can)."""
    can_run = recording.net is not None and recording.probe is not None

    def reason(layer: str) -> str:
        kept = recording[layer]
        there = reduce != "none" or kept.kind == "flat" or kept.codes is not None
        return "" if there or can_run else NO_CODES

    return [{"name": layer, "reason": reason(layer)} for layer in recording.layers]


def among_of(region: Region, recording: Recording) -> str:
    """The setting `among` that a region was found with; "chosen" if its reference images were given by number."""
    if len(region.reference) == len(recording):
        return "all"
    if region.anchor is not None:
        for by, numbers in (("prediction", recording.predictions), ("label", recording.labels)):
            same = np.flatnonzero(numbers == numbers[region.anchor])
            if np.array_equal(same, region.reference):
                return by
    return "chosen"


def region_facts(region: Region, recording: Recording, *, among: str, serial: int) -> dict[str, Any]:
    """A region in words and numbers.

    Args:
        region: to show.
        recording: its own.
        among: "all", "prediction", "label" or "chosen".
        serial: number of this region among those that the view has shown.
    """
    grid = None if region.codes is None else region.codes.grid
    return {
        "serial": serial,
        "anchor": -1 if region.anchor is None else region.anchor,
        "name": region.anchor_name,
        "layer": region.layer,
        "k": region.k,
        "t": region.t,
        "tolerance": region.tolerance,
        "among": among,
        "among_words": region.among,
        "thresholded": region.thresholded,
        "grid": None if grid is None else list(grid),
        "literals": [_literal(one) for one in region.literals],
        "n_reference": len(region.reference),
        "neighbours": region.neighbours.tolist(),
        "notes": list(region.notes),
        "reasons": {panel: _why_not(panel, region, recording) for panel in PANELS},
    }


def evidence_facts(region: Region, evidence: Evidence, *, serial: int) -> dict[str, Any]:
    """What the verdict on a region rests on."""
    return {
        "serial": serial,
        "verdict": region.verdict,
        "stands_out": bool(region.stands_out),
        "lift": _number(evidence.lift),
        "n_members": evidence.n_members,
        "expected": _number(evidence.expected),
        "p_values": {name: _number(value) for name, value in region.p_values.items()},
        "null_lifts": {name: _finite(null) for name, null in region.null_lifts.items()},
    }


def finding(region: Region, judged: bool) -> str:
    """What a region shows, in one or two sentences; without its verdict if that is not `judged` yet."""
    n, purity = region.support, purity_words(region.purity)
    words = [f"{purity[by]} by {by}" for by in ("label", "prediction") if purity[by]]
    rule = ", ".join(map(str, region.literals[:3])) + (" …" if len(region.literals) > 3 else "")
    members = (
        f"Decision region of {region.anchor_name} in {region.layer}: {n} of {len(region.reference):,} images follow a "
        f"rule of {len(region.literals)} literals ({rule or 'none'})"
    )
    sentences = "; ".join([members, *words])
    return f"{sentences}. Verdict: {region.verdict}" if judged else f"{sentences}. The verdict is being computed."


def purity_words(purity: Mapping[str, Purity]) -> dict[str, str]:
    """Purity by label and by prediction, "" where nothing is known."""
    return {by: f"{100 * found.share:.0f} % {_name(found)}" if found.n_known else "" for by, found in purity.items()}


def state_bits(region: Region) -> tuple[bytes, bytes]:
    """Packed bits of all recorded images: the states of each literal's neuron, and which images are the reference."""
    inside = np.zeros(region.n_images, dtype=bool)
    inside[region.reference] = True
    return region.columns.tobytes(), np.packbits(inside).tobytes()


def class_words(number: int, names: Sequence[str] | None) -> str:
    """A class by name."""
    return f"class {number}" if names is None else names[number]


def _name(found: Purity) -> str:
    return f"class {found.value}" if found.name is None else found.name


def _literal(literal: Literal) -> dict[str, Any]:
    return {
        "unit": literal.unit,
        "y": literal.y,
        "x": literal.x,
        "state": bool(literal.state),
        "base_rate": round(literal.base_rate, 5),
        "score": round(literal.score, 5),
    }


def _why_not(panel: str, region: Region, recording: Recording) -> str:
    """Why a panel makes no sense for this region; "" if it does."""
    if panel == "neighbours" and (region.anchor is None or not region.support):
        return "distances are from a recorded image whose region has members"
    if panel != "mistake":
        return ""
    if region.anchor is None or recording.correct is None or recording.labels[region.anchor] < 0:
        return "the true class of this image is not known"
    if recording.correct[region.anchor]:
        return "this image is classified correctly"
    if recording.net is None or recording.probe is None:
        return "the recording was loaded without its network and images"
    return ""


def _number(value: float) -> float | None:
    return float(f"{value:.4g}") if np.isfinite(value) else None


def _finite(values: np.ndarray) -> list[float]:
    return [float(f"{value:.4g}") for value in values if np.isfinite(value)]
