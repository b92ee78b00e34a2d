"""nbinterp: look inside vision networks from a notebook."""

from nbinterp import demo as demo
from nbinterp.analyses import Ablation as Ablation
from nbinterp.analyses import Dissection as Dissection
from nbinterp.analyses import Facets as Facets
from nbinterp.analyses import Recording as Recording
from nbinterp.analyses import Region as Region
from nbinterp.analyses import Visualizations as Visualizations
from nbinterp.analyses import ablate as ablate
from nbinterp.analyses import compare_dissections as compare_dissections
from nbinterp.analyses import dissect as dissect
from nbinterp.analyses import dissect_labels as dissect_labels
from nbinterp.analyses import facets as facets
from nbinterp.analyses import maximize as maximize
from nbinterp.analyses import record as record
from nbinterp.analyses import regions as regions
from nbinterp.analyses import rotate_dissection as rotate_dissection
from nbinterp.analyses.regions import across_layers as across_layers
from nbinterp.analyses.regions import explain_mistake as explain_mistake
from nbinterp.analyses.regions import neighbours_beside as neighbours_beside
from nbinterp.analyses.regions import subclasses as subclasses
from nbinterp.data import ProbeSet as ProbeSet
from nbinterp.instrument import Classifier as Classifier
from nbinterp.kernels import objectives as objectives
from nbinterp.widgets import AblationPanel as AblationPanel
from nbinterp.widgets import DissectionView as DissectionView
from nbinterp.widgets import EmbeddingPlot as EmbeddingPlot
from nbinterp.widgets import Explorer as Explorer
from nbinterp.widgets import FacetView as FacetView
from nbinterp.widgets import ImageGrid as ImageGrid
from nbinterp.widgets import RegionView as RegionView
from nbinterp.widgets import Selection as Selection
from nbinterp.widgets import UnitGallery as UnitGallery
from nbinterp.widgets import UnitList as UnitList
from nbinterp.widgets import explore as explore
from nbinterp.widgets import figure as figure
from nbinterp.widgets import to_html as to_html
from nbinterp.widgets import view as view
from nbinterp.widgets.results import show_results_as_widgets as _show_results_as_widgets

__version__ = "0.1.0"

_show_results_as_widgets()
