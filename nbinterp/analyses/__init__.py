"""What to do with a network and a probe set: drivers that return frozen results and know nothing of notebooks."""

from ._cache import CacheError as CacheError
from ._files import MismatchError as MismatchError
from ._tensorfile import DamagedFileError as DamagedFileError
from .ablation import Ablation as Ablation
from .ablation import ablate as ablate
from .dissection import Dissection as Dissection
from .dissection import compare_dissections as compare_dissections
from .dissection import dissect as dissect
from .dissection import dissect_labels as dissect_labels
from .dissection import rotate_dissection as rotate_dissection
from .facets import Facets as Facets
from .facets import facets as facets
from .labels import AlignedLabels as AlignedLabels
from .labels import align_labels as align_labels
from .maximize import Visualizations as Visualizations
from .maximize import maximize as maximize
from .record import NonFiniteWarning as NonFiniteWarning
from .record import record as record
from .recording import DetachedError as DetachedError
from .recording import Exemplars as Exemplars
from .recording import LayerRecording as LayerRecording
from .recording import Recording as Recording
from .regions import Region as Region
from .regions import regions as regions
