"""What crosses between Python and the browser, what the widgets refuse, and what displaying one puts out."""

import html
import importlib
import re

import ipywidgets
import numpy as np
import pytest
import traitlets
from IPython.core.interactiveshell import InteractiveShell

import nbinterp as nbi
from nbinterp.analyses import DetachedError
from nbinterp.widgets import results
from nbinterp.widgets.catalog import Catalog
from nbinterp.widgets.runtime import Runtime

PAGE_BYTES = 150_000  # of a static picture

VIEW = {"catalog", "link", "snapshot_id"}
CROSSING = {
    "Runtime": set(),
    "Catalog": {"n_items", "columns", "layers", "thumb", "has_kernel"},
    "Selection": {"n_items", "indices_bytes", "unit", "units", "named_bytes"},
    "EmbeddingPlot": VIEW | {"runtime", "layer", "method", "color_by", "height"},
    "ImageGrid": VIEW
    | {"sort_by", "descending", "filter_by", "filter_values", "search", "thumb_size", "overlay", "selection_first"}
    | {"height", "show_bar"},
    "UnitList": VIEW | {"layer", "sort_by", "descending", "search", "height"},
    "Explorer": VIEW | {"plot", "grid", "units", "layers", "layer"},
}
VIEWS = ["EmbeddingPlot", "ImageGrid", "UnitList", "Explorer"]


def crossing(kind: type) -> set[str]:
    """The names of a widget's own synced traits."""
    own = set(kind.class_traits(sync=True)) - set(ipywidgets.DOMWidget.class_traits(sync=True))
    return {name for name in own if not name.startswith("_")}


@pytest.mark.parametrize(
    "kind", [Runtime, Catalog, nbi.Selection, nbi.EmbeddingPlot, nbi.ImageGrid, nbi.UnitList, nbi.Explorer]
)
def test_exactly_these_traits_cross(kind):
    assert crossing(kind) == CROSSING[kind.__name__]


def test_defaults(recording):
    plot, grid, units = nbi.EmbeddingPlot(recording), nbi.ImageGrid(recording), nbi.UnitList(recording)
    assert (plot.layer, plot.method, plot.color_by) == ("stage4", "umap", "label")
    assert (grid.sort_by, grid.descending, grid.filter_by, grid.filter_values, grid.search) == ("", False, "", [], "")
    assert (grid.overlay, grid.selection_first, grid.show_bar) == (True, True, True)
    assert (units.layer, units.sort_by, units.descending) == ("stage4", "activity", True)
    assert nbi.UnitList(recording, sort_by="unit").descending is False
    explorer = nbi.explore(recording, "stage3")
    assert (explorer.layer, explorer.layers) == ("stage3", ["stage3", "stage4"])
    assert (explorer.plot.layer, explorer.units.layer, explorer.grid.show_bar) == ("stage3", "stage3", False)
    explorer.layer = "stage4"
    assert (explorer.plot.layer, explorer.units.layer) == ("stage4", "stage4")


def test_without_labels_the_plot_is_coloured_by_prediction():
    pictures = np.zeros((6, 64, 64, 3), dtype=np.uint8)
    probe = nbi.ProbeSet.from_arrays(pictures)
    unlabelled = nbi.record(nbi.demo.classifier(), probe, layers=["stage4"], progress=False)
    assert nbi.EmbeddingPlot(unlabelled).color_by == "prediction"


@pytest.mark.parametrize("kind", ["EmbeddingPlot", "UnitList", "explore"])
def test_an_unknown_layer_is_refused_with_what_there_is(recording, kind):
    with pytest.raises(LookupError, match=r"stag4.*stage4"):
        getattr(nbi, kind)(recording, "stag4")


def test_an_unknown_column_is_refused_with_what_there_is(recording):
    with pytest.raises(LookupError, match=r"'colour'.*'label'.*'unit'"):
        nbi.EmbeddingPlot(recording, color_by="colour")
    with pytest.raises(LookupError, match=r"'size'.*'label'"):
        nbi.ImageGrid(recording, sort_by="size")


@pytest.mark.parametrize("kind", VIEWS)
def test_what_is_no_fitting_selection_is_refused(recording, kind):
    with pytest.raises(ValueError, match="over 60 images, the recording over 120"):
        getattr(nbi, kind)(recording, selection=nbi.Selection(60))
    with pytest.raises(TypeError, match=r"takes the nbinterp\.Selection"):
        getattr(nbi, kind)(recording, selection=[1, 2])


def test_a_method_and_an_order_that_do_not_exist_are_refused(recording):
    with pytest.raises(traitlets.TraitError, match="tsne"):
        nbi.EmbeddingPlot(recording, method="tsne")
    with pytest.raises(traitlets.TraitError, match="size"):
        nbi.UnitList(recording, sort_by="size")


def test_views_of_one_recording_share_catalog_and_runtime_and_on_request_the_selection(recording):
    link = nbi.Selection(120)
    one, two = nbi.EmbeddingPlot(recording, selection=link), nbi.ImageGrid(recording, selection=link)
    alone = nbi.EmbeddingPlot(recording)
    assert one.catalog is two.catalog is alone.catalog
    assert one.runtime is alone.runtime
    assert one.link is two.link is link
    assert alone.link is not link
    one.selection = [5, 3, 3]
    assert two.selection.tolist() == [3, 5]
    assert alone.selection.size == 0
    explorer = nbi.explore(recording, selection=link)
    assert all(child.link is link for child in explorer.children())
    explorer.selection = np.arange(120) == 7
    assert one.selection.tolist() == [7]
    with pytest.raises(ValueError, match="from 0 to 119"):
        explorer.selection = [120]


@pytest.fixture
def shown(monkeypatch):
    """What `display` was given, as a list of mime bundles."""
    outputs = []
    module = importlib.import_module("nbinterp.widgets.view")  # `nbinterp.widgets.view` is a function
    monkeypatch.setattr(module, "display", lambda bundle, **options: outputs.append(bundle))
    return outputs


@pytest.mark.parametrize("kind", VIEWS)
def test_displaying_a_view_puts_out_the_view_and_a_picture(recording, shown, kind):
    shown_view = getattr(nbi, kind)(recording, **({"method": "pca"} if kind in ("EmbeddingPlot", "Explorer") else {}))
    shown_view._ipython_display_()
    live, picture = shown
    assert live["application/vnd.jupyter.widget-view+json"]["model_id"] == shown_view.model_id
    assert live["text/plain"] == f"{kind}(120 images, layers stage3, stage4)"
    text = picture["text/html"]
    assert f'class="nbinterp-snapshot nbinterp-snapshot-{shown_view.snapshot_id}"' in text
    alt = html.unescape(re.search('alt="([^"]*)"', text)[1])
    assert alt == picture["text/plain"]
    assert re.search("120 images|Layer stage4, 96 units", alt)
    assert 5_000 < len(text) <= PAGE_BYTES * 4 / 3 + 1_000  # base64
    assert "application/vnd.jupyter.widget-view+json" not in picture


def test_a_recording_shows_itself_as_an_explorer(recording, shown, monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(results, "get_ipython", lambda: shell)
    results.show_results_as_widgets()
    assert shell.display_formatter.format(recording) == ({}, {}), "shown by itself, no text beside it"
    assert shown[0]["text/plain"].startswith("Explorer(120 images")
    assert len(shown) == 2
    shell.display_formatter.format(3)
    assert len(shown) == 2


def test_only_results_have_a_view(recording):
    assert isinstance(nbi.view(recording), nbi.Explorer)
    plot = nbi.EmbeddingPlot(recording)
    assert nbi.view(plot) is plot
    with pytest.raises(TypeError, match="no widget shows a list"):
        nbi.view([1])


def test_a_recording_without_its_images_is_drawn_in_grey_and_says_what_is_missing(recording, shown, tmp_path):
    recording.save(tmp_path / "study")
    alone = nbi.Recording.load(tmp_path / "study")
    explorer = nbi.explore(alone, method="pca")
    explorer._ipython_display_()
    assert "120 images" in shown[1]["text/plain"]
    assert not [key for key in explorer.resources() if key[0] == "thumbs"]
    with pytest.raises(DetachedError, match=r"Recording\.load\(path, net=…, probe=…\)"):
        explorer.source.answer(("thumbs", 0), (), None, lambda *_: None)
    with pytest.raises(DetachedError, match=r"Recording\.load"):
        explorer.source.answer(("sheet",), [0], None, lambda *_: None)
    with pytest.raises(DetachedError, match=r"Recording\.load"):
        explorer.source.answer(("maps", "stage4", 0), [0], None, lambda *_: None)


def test_a_sheet_holds_the_thumbnails_asked_for_and_is_not_kept(recording):
    source = nbi.ImageGrid(recording).source
    sheet = source.answer(("sheet",), [7, 3], None, lambda *_: None)
    page = source.answer(("thumbs", 0), (), None, lambda *_: None)
    assert sheet.data.startswith(b"\xff\xd8") and len(sheet.data) < len(page.data)
    assert sheet.meta["seen"] == [page.meta["seen"][i] for i in (7, 3)]
    assert not source.has(("sheet",))
