"""nbinterp: look inside vision networks from a notebook."""

from nbinterp import demo as demo
from nbinterp.analyses import Recording as Recording
from nbinterp.analyses import record as record
from nbinterp.data import ProbeSet as ProbeSet
from nbinterp.instrument import Classifier as Classifier
from nbinterp.widgets import EmbeddingPlot as EmbeddingPlot
from nbinterp.widgets import Explorer as Explorer
from nbinterp.widgets import ImageGrid as ImageGrid
from nbinterp.widgets import Selection as Selection
from nbinterp.widgets import UnitList as UnitList
from nbinterp.widgets import explore as explore
from nbinterp.widgets import figure as figure
from nbinterp.widgets import to_html as to_html
from nbinterp.widgets import view as view
from nbinterp.widgets.results import show_results_as_widgets as _show_results_as_widgets

__version__ = "0.1.0"

_show_results_as_widgets()
