"""What the gallery's controls can start: `maximize`, with the network and the settings of the run that is shown."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

from nbinterp.analyses import Visualizations
from nbinterp.analyses.maximize.driver import DIVERSITY
from nbinterp.instrument import Classifier, ModelError
from nbinterp.kernels.recipes import RECIPES
from nbinterp.widgets.gallery_cards import Forming
from nbinterp.widgets.gallery_requests import RunRequest, format_units

MACO = ("maco", "quick-maco")  # recipes for a parameterization of their own


class Runner(Protocol):
    """Starts runs; both methods may take time and are called on the gallery's own thread."""

    def choices(self) -> dict[str, Any]:
        """What there is to choose.

        Returns:
            "layers": `{"name", "n_units"}` each; "recipes": `{"name", "steps", "note"}` each; "defaults": `{"layer",
            "units", "n_images", "recipe", "steps"}`; "diversity": in words, how several images of a unit are made to
            differ.
        """
        ...

    def start(self, request: RunRequest) -> Forming:
        """Check the request and start it in the background; an error with a message if it makes no sense."""
        ...


class Again:
    """Runs like one that there is: same network, size, seed, judge, recording.

    Args:
        run: the run; not one that was loaded.
        net: its network.
    """

    def __init__(self, run: Visualizations, net: Classifier) -> None:
        self._run = run
        self._net = net

    @cached_property
    def _layers(self) -> list[dict[str, Any]]:
        try:
            found = self._net.layers()
            sizes = dict(zip(found["name"].tolist(), found["n_units"].tolist(), strict=True))
        except ModelError:  # it takes images of a size of its own: offer what is known to run
            sizes = {}
            for layer, unit in zip(self._run.layers, self._run.units.tolist(), strict=True):
                if unit >= 0:
                    sizes[layer] = max(sizes.get(layer, 0), unit + 1)
        return [{"name": name, "n_units": int(n_units)} for name, n_units in sizes.items()]

    def choices(self) -> dict[str, Any]:
        """See `Runner`."""
        about, layers = self._run.about, self._layers
        shown = [(layer, unit) for layer, unit in zip(self._run.layers, self._run.units.tolist(), strict=True)]
        layer = next((layer for layer, unit in shown if unit >= 0), layers[-1]["name"] if layers else "")
        units = [unit for name, unit in shown if name == layer and unit >= 0]
        recipes = [{"name": one.name, "steps": one.steps, "note": one.note} for one in RECIPES.values()]
        named = about["recipe"] in RECIPES
        defaults = {
            "layer": layer,
            "units": format_units(units) or "0",
            "n_images": min(6, int(about["n_images"])),
            "recipe": about["recipe"] if named else "quick",
            "steps": about["steps"] if named and about["steps"] != RECIPES[about["recipe"]].steps else None,
        }
        return {"layers": layers, "recipes": recipes, "defaults": defaults, "diversity": self._diversity}

    @property
    def _given(self) -> float:
        """The weight of diversity that a run of several images would have."""
        weight = float(self._run.about.get("diversity", 0))
        return weight if weight and int(self._run.about["n_images"]) > 1 else DIVERSITY

    @property
    def _diversity(self) -> str:
        return (
            f"likeness among the images of a unit counts {self._given:g} times against its response "
            "(maximize's argument diversity)"
        )

    def start(self, request: RunRequest) -> Visualizations:
        """See `Runner`."""
        changes: dict[str, Any] = {"n_images": request.n_images, "recipe": request.recipe, "steps": request.steps}
        changes["diversity"] = None if request.n_images == 1 else self._given
        if request.recipe != self._run.about["recipe"]:
            changes |= {"transforms": None, "learning_rate": None}
        wanted, had = request.recipe in MACO, self._run.about["parameterization"] == "MACO"
        if wanted and not had:
            changes["parameterization"] = "maco"
        elif had and not wanted:
            changes |= {"parameterization": "fourier", "spectrum": None}
        return self._run.again(request.layer, list(request.units), **changes)


def runner_of(run: Forming) -> Runner | None:
    """What starts runs like this one; None if its network is not at hand."""
    net = run.net if isinstance(run, Visualizations) else None
    return None if net is None or not isinstance(run, Visualizations) else Again(run, net)
