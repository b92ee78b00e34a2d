"""Reaching into a model: finding its layers, recording and editing what they give, leaving it as it was."""

from ._classifier import Classifier as Classifier
from ._errors import ModelError as ModelError
from ._errors import UnknownLayerError as UnknownLayerError
from ._fields import ReceptiveField as ReceptiveField
from ._fields import receptive_fields as receptive_fields
from ._fingerprint import fingerprint as fingerprint
from ._frozen import frozen as frozen
from ._hooks import Activations as Activations
from ._hooks import editing as editing
from ._hooks import recording as recording
from ._layers import get_layer as get_layer
from ._locks import evaluating as evaluating
from ._locks import model_lock as model_lock
from ._reach import Reach as Reach
from ._reach import activations_up_to as activations_up_to
from ._tail import Cut as Cut
from ._tail import Tail as Tail
from ._units import UnitActivations as UnitActivations
