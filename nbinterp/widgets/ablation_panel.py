"""Sliders on the units of a layer, and what the classifier loses when they are moved."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import traitlets
from PIL import Image

from nbinterp.analyses import Ablation, Dissection
from nbinterp.analyses.ablation import Effect
from nbinterp.render.ablation import ablation_card
from nbinterp.widgets.ablation_edit import Edit, read_edit, read_units
from nbinterp.widgets.ablation_facts import (
    about_facts,
    concepts_of,
    edit_words,
    effect_facts,
    finding,
    flip_bytes,
    flip_words,
    how,
)
from nbinterp.widgets.ablation_ranking import UNRANKED, Ranker
from nbinterp.widgets.ablation_runner import Runner
from nbinterp.widgets.catalog import Key, describe
from nbinterp.widgets.selection import Selection
from nbinterp.widgets.static import bundle
from nbinterp.widgets.view import View

N_DRAWN = 20  # pictures whose prediction changes, in the static picture
UNITS_DRAWN = 8  # of those that are not as they are


class AblationPanel(View):
    """Sliders from 0 to 2 on units of a layer, and live what that does: accuracy, classes, changed predictions.

    Args:
        ablation: what `nbi.ablate` returned.
        dissection: of the same layer: then all units of a concept can be moved together, and units have names.
        selection: a `Selection` to share with other views.
        units: those that have a slider at first: a number, several, or unit -> scale.
        follow: whether a unit that is selected in a linked view gets a slider.
        height: of sliders and pictures, in CSS pixels.

    `.effect` is the effect shown. Effects are computed beside the notebook: see `wait`.
    """

    _esm = bundle("ablation_panel.js")
    _css = bundle("ablation_panel.css")

    edit = traitlets.Dict().tag(sync=True)  # both ways: see `Edit`
    order = traitlets.Enum(("change", "class"), "change").tag(sync=True)  # both ways: of the classes
    of_class = traitlets.Int(-1).tag(sync=True)  # both ways: whose units and pictures; −1: all classes
    top = traitlets.Int(4).tag(sync=True)  # both ways: how many units the button switches off
    follow = traitlets.Bool(True).tag(sync=True)  # both ways
    about = traitlets.Dict().tag(sync=True)  # Python -> view: see `about_facts`
    concepts = traitlets.List(traitlets.Dict()).tag(sync=True)  # Python -> view: names, categories, units
    shown = traitlets.Dict().tag(sync=True)  # Python -> view: see `effect_facts`
    flips = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: see `flip_bytes`
    ranking = traitlets.Dict().tag(sync=True)  # Python -> view: how far it is, see `Ranker`
    ranked = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: see `ranking_bytes`
    drops = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: likewise
    problem = traitlets.Unicode().tag(sync=True)  # Python -> view: why there is not the effect asked for
    height = traitlets.Int(600).tag(sync=True)  # Python -> view

    def __init__(
        self,
        ablation: Ablation,
        *,
        dissection: Dissection | None = None,
        selection: Selection | None = None,
        units: Any = (),
        follow: bool = True,
        height: int = 600,
    ) -> None:
        if dissection is not None and (dissection.layer, len(dissection.iou)) != (ablation.layer, ablation.n_units):
            raise ValueError(
                f"the dissection is of {len(dissection.iou)} units of {dissection.layer!r}, the ablation of "
                f"{ablation.n_units} of {ablation.layer!r}: dissect the layer that is ablated"
            )
        self._concepts = [] if dissection is None else concepts_of(dissection)
        self._ablation = ablation
        edit = Edit(read_units(units, ablation.n_units))
        super().__init__(
            ablation.recording,
            selection=selection,
            follow=follow,
            height=height,
            edit=edit.to_trait(),
            about=about_facts(ablation, dissection),
            concepts=[{**vars(one), "units": list(one.units)} for one in self._concepts],
            ranking=UNRANKED,
        )
        self._lock = threading.Lock()  # of what the threads change together
        self._failure: BaseException | None = None
        self._serial = 0
        self._runner = Runner(self._effects, self._show, self._fail)
        self._ranker = Ranker(ablation, self._put)
        self._show(Edit(), ablation.baseline)
        self.observe(self._ask, "edit")
        self.on_msg(self._on_message)
        if edit.scales(self._concepts):
            self._ask(None)
        elif edit != Edit():
            self._show(edit, ablation.baseline)

    @property
    def ablation(self) -> Ablation:
        """Whose units the sliders move."""
        return self._ablation

    @property
    def effect(self) -> Effect:
        """The effect shown; while a slider is moved it may be that of an earlier place, on some of the images."""
        return self._effect

    @property
    def units(self) -> dict[int, float]:
        """The units that have a slider, and where it stands, 1: as it is; assign one, several, or unit -> scale."""
        return dict(self._now().units)

    @units.setter
    def units(self, units: Any) -> None:
        self.edit = replace(self._now(), units=read_units(units, self._ablation.n_units)).to_trait()

    def switch_off(self, units: Any) -> AblationPanel:
        """Switch off these units (one or several) and no others."""
        listed = read_units(units, self._ablation.n_units)
        self.edit = self._now().switched_off(unit for unit, _ in listed).to_trait()
        return self

    def switch_off_top(self, class_: int | str | None = None, k: int = 4) -> AblationPanel:
        """Switch off the units whose loss alone costs a class (None: all classes) most, on the train half."""
        self.rank()
        ranking = self._ablation.ranking(class_, self._value())
        if class_ is not None:
            self.of_class = self.about["classes"].index(class_) if isinstance(class_, str) else int(class_)
        self.top = k
        return self.switch_off([int(unit) for unit in ranking["unit"][:k]])

    def switch_off_concept(self, concept: str) -> AblationPanel:
        """Switch off the whole set of units that detect a concept, and no others; takes a dissection."""
        edit = replace(self._now().as_it_is(), units=(), concept=concept, concept_scale=0.0)
        self.edit = edit.to_trait()
        return self

    def reset(self) -> AblationPanel:
        """Put all sliders back to 1."""
        self.edit = self._now().as_it_is().to_trait()
        return self

    def rank(self, *, progress: bool = True) -> AblationPanel:
        """Rank the units for all classes now, so that the panel's button need not wait; also in a saved page."""
        self._ranker.rank(self._value(), progress=progress)
        return self

    def wait(self) -> AblationPanel:
        """Block until the effect asked for is there, on all images; renew the static picture.

        If there is no such effect, the error is raised here.
        """
        self._ranker.wait()
        self._runner.wait()
        if self._failure is not None:
            raise self._failure
        self.refresh_snapshot()
        return self

    def close(self) -> None:
        """Close the widget; what is being computed for it ends."""
        if hasattr(self, "_runner"):  # ipywidgets also closes what could not be made
            self._runner.close()
            self._ranker.stop()
        super().close()

    @traitlets.validate("edit")
    def _edit_from_the_view(self, proposal: traitlets.Bunch) -> dict:
        try:
            return read_edit(proposal["value"], self._ablation.n_units, self._concepts).to_trait()
        except (ValueError, TypeError) as error:
            raise traitlets.TraitError(str(error)) from error  # the one kind of error that keeps the old value

    def _now(self) -> Edit:
        return read_edit(self.edit, self._ablation.n_units, self._concepts)

    def _value(self) -> Any:
        return "mean" if self._now().value == "mean" else 0

    def _ask(self, change: traitlets.Bunch | None) -> None:
        self._runner.ask(self._now())
        if change is not None and change["old"].get("value") != change["new"]["value"]:
            self._put({"ranking": UNRANKED, "ranked": b"", "drops": b""})  # it was of the other value

    def _effects(self, edit: Edit, check: Any) -> Iterator[Effect]:
        scales = edit.scales(self._concepts)
        if not scales:
            yield self._ablation.baseline
        else:
            yield from self._ablation.effects(scales, "mean" if edit.value == "mean" else 0, check=check)

    def _show(self, edit: Edit, effect: Effect) -> None:
        flips = flip_bytes(effect, labelled=self._labelled)
        with self._lock, self.hold_sync():
            self._effect, self._failure, self._serial = effect, None, self._serial + 1
            self.shown = effect_facts(effect, edit, serial=self._serial)
            self.flips, self.problem = flips, ""

    def _fail(self, error: BaseException) -> None:
        self._failure = error
        self.problem = describe(error)

    def _put(self, traits: dict[str, Any]) -> None:
        with self._lock, self.hold_sync():
            for name, value in traits.items():
                self.set_trait(name, value)

    def _on_message(self, _widget: object, content: dict, _buffers: list) -> None:
        if content.get("kind") == "rank":
            self._ranker.start(self._value())
        elif content.get("kind") == "stop":
            self._ranker.stop()

    @property
    def _labelled(self) -> bool:
        return self._ablation.against == "labels"

    def draw(self) -> tuple[Image.Image, str]:
        """Accuracy and balanced accuracies beside those of the network as it is, and the first changed predictions."""
        effect, names = self._effect, self.about["classes"]
        edit = read_edit(self.shown["edit"], self._ablation.n_units, self._concepts)
        words = edit_words(edit, self._concepts)
        scales = edit.scales(self._concepts)
        named = [unit for unit, _ in edit.units if unit in scales]  # in the order of the words
        listed = list(dict.fromkeys([*named, *scales]))[:UNITS_DRAWN]
        rows = (effect.predictions != effect.predictions_before).nonzero()[0][:N_DRAWN]
        picture = ablation_card(
            effect,
            names,
            layer=self._ablation.layer,
            words=words,
            labelled=self._labelled,
            units=[self._strip(unit, how(scales[unit], edit.value)) for unit in listed],
            n_units=len(scales),
            pictures=[self.source.pixels(int(effect.images[row])) for row in rows],
            captions=[flip_words(effect, int(row), names, labelled=self._labelled) for row in rows],
        )
        return picture, finding(effect, self._ablation.layer, words, labelled=self._labelled)

    def _strip(self, unit: int, words: str) -> dict[str, Any]:
        """A unit in the static picture: what is done to it, and the images that activate it most, if they are known."""
        images, masks = self.source.exemplars(self._ablation.layer, unit, 3)
        return {"name": f"unit {unit}", "detail": words, "images": images, "masks": masks}

    def resources(self) -> Iterable[Key]:
        """Names, columns and thumbnails, and the table of the layer's units; the effect is in the state."""
        yield from self.source.item_keys()
        if self._ablation.layer in self.recording.layers:
            yield from self.source.unit_keys(self._ablation.layer)

    def __repr__(self) -> str:
        of = self._ablation
        return f"AblationPanel({of.n_units} units of {of.layer}, {of.n_images:,} images)"
