"""The planted world: small scenes whose every truth is known, because they were painted from it."""

from .classes import CLASSES as CLASSES
from .recipe import FACTORS as FACTORS
from .recipe import SUBCLASS_SHARE as SUBCLASS_SHARE
from .recipe import Recipe as Recipe
from .source import CONCEPTS as CONCEPTS
from .source import SceneSource as SceneSource
