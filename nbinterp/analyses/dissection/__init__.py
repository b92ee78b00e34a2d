"""Network dissection: which human concept every unit of a layer localizes, by intersection over union."""

from .comparing import compare_dissections as compare_dissections
from .dissection import Dissection as Dissection
from .driver import dissect as dissect
from .labels_only import dissect_labels as dissect_labels
from .rotation import rotate_dissection as rotate_dissection
