"""Linked views for notebooks: traits and wiring, no tensor arithmetic."""

from nbinterp.widgets.ablation_panel import AblationPanel as AblationPanel
from nbinterp.widgets.dissection_view import DissectionView as DissectionView
from nbinterp.widgets.embedding_plot import EmbeddingPlot as EmbeddingPlot
from nbinterp.widgets.explorer import Explorer as Explorer
from nbinterp.widgets.explorer import explore as explore
from nbinterp.widgets.facet_view import FacetView as FacetView
from nbinterp.widgets.image_grid import ImageGrid as ImageGrid
from nbinterp.widgets.region_view import RegionView as RegionView
from nbinterp.widgets.results import figure as figure
from nbinterp.widgets.results import to_html as to_html
from nbinterp.widgets.results import view as view
from nbinterp.widgets.selection import Selection as Selection
from nbinterp.widgets.unit_gallery import UnitGallery as UnitGallery
from nbinterp.widgets.unit_list import UnitList as UnitList
