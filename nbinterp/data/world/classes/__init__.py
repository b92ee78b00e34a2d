"""The scene classes, one module each, and the table of their facets and hidden subclasses."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..canvas import Canvas
from . import aquarium, beach, flowers, forest, harbour, home, kitchen, railway, road, shop

Draw = Callable[[Canvas, np.random.Generator, str], None]


class SceneClass(NamedTuple):
    """A class of scenes: how each facet is drawn, and the hidden subclasses that occur in all of its facets."""

    facets: dict[str, Draw]
    subclasses: tuple[str, ...]


CLASSES: dict[str, SceneClass] = {
    "aquarium": SceneClass({"fish": aquarium.fish, "reef": aquarium.reef}, ("starfish",)),
    "beach": SceneClass({"parasol": beach.parasol, "palm island": beach.palm_island}, ("ball", "sunset")),
    "flowers": SceneClass({"bloom": flowers.bloom, "field": flowers.field}, ("butterfly",)),
    "forest": SceneClass({"trunks": forest.trunks, "lake": forest.lake}, ("deer", "snow")),
    "harbour": SceneClass(
        {"sailing boat": harbour.sailboat, "container ship": harbour.container_ship}, ("gulls", "sunset")
    ),
    "home": SceneClass({"cottage": home.cottage, "living room": home.living_room}, ("cat", "snow")),
    "kitchen": SceneClass({"table": kitchen.table, "stove": kitchen.stove}, ()),
    "railway": SceneClass({"train": railway.train, "track": railway.track}, ("red signal",)),
    "road": SceneClass({"car": road.car, "crossing": road.aerial}, ("night", "taxi")),
    "shop": SceneClass({"storefront": shop.storefront, "produce": shop.produce}, ("sale", "striped awning")),
}
