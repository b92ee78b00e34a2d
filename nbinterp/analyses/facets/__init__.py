"""Multifaceted feature visualization: the different kinds of images that drive one unit."""

from .discovery import Discovery as Discovery
from .discovery import discover as discover
from .driver import facets as facets
from .evidence import Evidence as Evidence
from .facets import Facets as Facets
from .quality import Quality as Quality
