"""Probe sets: the images a network is measured on, with their labels and concept masks."""

from nbinterp.data.errors import ImageError as ImageError
from nbinterp.data.errors import MaskError as MaskError
from nbinterp.data.loading import batches as batches
from nbinterp.data.probe import ProbeSet as ProbeSet
from nbinterp.data.sources import ImageSource as ImageSource
