"""What the facet view's controls ask for, found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from nbinterp.analyses import Facets, Recording
from nbinterp.analyses.facets.driver import facets
from nbinterp.analyses.facets.features import classes_are_units

SYNTHESES = ("fourier", "tv", "centre", "none")
MAX_FACETS = 6  # of a result that was loaded


@dataclass(frozen=True)
class Wish:
    """Which facets: the values of the controls. `n_facets` 0 lets the images decide."""

    layer: str
    unit: int
    n_facets: int
    synthesis: str


def wish_for(found: Facets) -> Wish:
    """The wish that these facets fulfil."""
    given = found.discovery.chosen_by == "given"
    return Wish(found.layer, found.unit, found.n_facets if given else 0, found.about["synthesis"] or "none")


class Finder(Protocol):
    """Finds facets; its methods may take time and are called on the view's own threads."""

    def choices(self) -> dict[str, Any]:
        """What there is to choose.

        Returns:
            "layers": `{"name", "n_units", "classes"}` each (names of the units where these are the classes, else
            None); "most": facets; "fixed": why their number cannot be chosen, "" where it can.
        """
        ...

    def find(self, wish: Wish, shown: Facets, had: Wish) -> Facets:
        """The facets wished for; an error with a message if there are none.

        Args:
            wish: what is asked for.
            shown: the facets shown.
            had: the wish they fulfil.
        """
        ...


class Again:
    """Facets found as others were: with the same method, sizes and judge.

    Args:
        found: the others.
        recording: that they are of.
    """

    def __init__(self, found: Facets, recording: Recording) -> None:
        self._recording = recording
        self._settings, self._most, self._fixed = _settings_of(found)
        self._recipe, self._synthesis = _recipe_of(found), found.about["synthesis"]

    def choices(self) -> dict[str, Any]:
        """See `Finder`."""
        recording = self._recording
        layers = []
        for name in recording.layers:
            layer = recording[name]
            named = recording.class_names if classes_are_units(recording, layer) else None
            layers.append({"name": name, "n_units": layer.n_units, "classes": None if named is None else list(named)})
        return {"layers": layers, "most": self._most, "fixed": self._fixed}

    def find(self, wish: Wish, shown: Facets, had: Wish) -> Facets:
        """See `Finder`."""
        same_images = (wish.layer, wish.unit) == (had.layer, had.unit)
        if same_images and wish.synthesis == had.synthesis and shown.recording is not None:
            return shown.recluster(wish.n_facets or None)
        what: dict[str, Any] = {}
        if same_images:
            what = {"images": shown.indices, "feature_layer": shown.about["feature_layer"]}
        if wish.synthesis == self._synthesis or self._recipe in ("quick", "paper"):  # others are of one synthesis
            what["recipe"] = self._recipe
        return facets(
            self._recording,
            wish.layer,
            wish.unit,
            n_facets=wish.n_facets or None,
            synthesis=None if wish.synthesis == "none" else wish.synthesis,
            **what,
            **self._settings,
        )


def _settings_of(found: Facets) -> tuple[dict[str, Any], int, str]:
    """Arguments of `facets` that no control changes; most facets; why their number is fixed."""
    known = found._ingredients
    settings: dict[str, Any] = {"m": found.about["m"], "seed": found.about["seed"]}
    if known is None:
        return settings, MAX_FACETS, ""
    settings |= {**known.how, "exemplars": known.n_exemplars, "size": known.size, "judge": known.making.judge}
    fixed = "HDBSCAN finds the number of facets itself" if known.how["cluster"] == "hdbscan" else ""
    return settings, int(known.how["max_facets"]), fixed


def _recipe_of(found: Facets) -> Any:
    return None if found._ingredients is None else found._ingredients.making.recipe
