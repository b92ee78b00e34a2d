"""The mathematics: pure functions on tensors, one module per method.

No hooks, no files, no choice of device, no global state: a kernel computes where its arguments live.
"""

from .codes import pack_signs as pack_signs
from .codes import unpack_signs as unpack_signs
from .exemplars import ExemplarHits as ExemplarHits
from .exemplars import RunningExemplars as RunningExemplars
from .exemplars import add_hits as add_hits
from .exemplars import find_hits as find_hits
from .exemplars import no_exemplars as no_exemplars
from .pooling import PooledActivations as PooledActivations
from .pooling import pool_activations as pool_activations
from .pooling import to_half as to_half
from .selectivity import ClassActivity as ClassActivity
from .selectivity import class_selectivity as class_selectivity
from .selectivity import count_class_activity as count_class_activity
