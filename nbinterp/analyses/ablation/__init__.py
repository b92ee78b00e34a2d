"""Ablation: set units of a layer to a value or scale them, and see what the classifier loses."""

from .ablation import Ablation as Ablation
from .attack import Attack as Attack
from .curves import IouCorrelation as IouCorrelation
from .driver import ablate as ablate
from .effect import Effect as Effect
