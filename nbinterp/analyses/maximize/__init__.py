"""Activation maximization: images that show what units respond to."""

from .board import Preview as Preview
from .color_map import ColorMap as ColorMap
from .color_map import color_map as color_map
from .driver import maximize as maximize
from .spectrum import default_spectrum as default_spectrum
from .spectrum import read_spectrum as read_spectrum
from .spectrum import spectrum as spectrum
from .visualizations import Visualizations as Visualizations
