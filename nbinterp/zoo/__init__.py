"""The embedded networks and how they were trained."""

from .models import load_network as load_network
from .models import network_facts as network_facts
from .networks import PatchNet as PatchNet
from .networks import SceneNet as SceneNet
