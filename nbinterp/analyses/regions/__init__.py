"""Relaxed decision regions: what an image shares with its nearest neighbours and few others, as a readable rule."""

from .beside import Beside as Beside
from .beside import neighbours_beside as neighbours_beside
from .codes import LayerCodes as LayerCodes
from .codes import layer_codes as layer_codes
from .driver import regions as regions
from .driver import rule_columns as rule_columns
from .layers import AcrossLayers as AcrossLayers
from .layers import across_layers as across_layers
from .mistakes import Mistake as Mistake
from .mistakes import explain_mistake as explain_mistake
from .region import Evidence as Evidence
from .region import Literal as Literal
from .region import Purity as Purity
from .region import Region as Region
from .region import lift_words as lift_words
from .subclasses import Subclasses as Subclasses
from .subclasses import subclasses as subclasses
