"""DissectionView from Python: what crosses, which cards are shown, what its pictures are, what it refuses and says."""

import gc
import re
import weakref

import ipywidgets
import numpy as np
import pytest
import traitlets
from dissection_fakes import IOU, by_hand, small

import nbinterp as nbi
from nbinterp.jobs import Job
from nbinterp.render.dissection import Bar, bar_chart
from nbinterp.render.snapshot import MAX_BYTES, encode
from nbinterp.widgets.codec import unpack
from nbinterp.widgets.dissection_choice import units_of_concept
from nbinterp.widgets.dissection_facts import finding
from nbinterp.widgets.dissection_pictures import SIDE, masks_on, top_images


@pytest.fixture(scope="module")
def found():
    return small()


def ask(view, *key):
    """What a view in the browser gets for a key."""
    job = Job(lambda _: None, lambda _: None, lambda _: None)
    meta, buffer = view.source.answer(key, (), job, lambda *_: None).encode()
    return meta, unpack(meta["arrays"], buffer)


def test_exactly_these_traits_cross():
    own = set(nbi.DissectionView.class_traits(sync=True)) - set(ipywidgets.DOMWidget.class_traits(sync=True))
    assert {name for name in own if not name.startswith("_")} == (
        {"catalog", "link", "snapshot_id", "runtime", "shown", "arrays", "table", "resource", "height"}
        | {"label_by", "category", "concept", "detectors_only", "search", "sort_by", "descending", "concept_masks"}
    )


def test_the_table_says_what_the_dissection_says(found):
    view = nbi.DissectionView(found)
    table, shown = unpack(view.arrays, view.table), view.shown
    assert (shown["layer"], shown["convention"], shown["n_images"]) == ("stage4", "pnas2020", 60)
    assert shown["unique"] == found.unique_detectors() and shown["n_detectors"] == found.is_detector.sum()
    assert [one["name"] for one in shown["concepts"]] == list(found.concepts)
    np.testing.assert_array_equal(table["best"], found.best)
    for number, category in enumerate(found.category_names):
        labels = found.labels(category)
        np.testing.assert_array_equal(table["iou_in"][:, number], labels["iou"])
        named = [found.concepts[c] if c >= 0 else "" for c in table["best_in"][:, number]]
        assert named == labels["concept"].tolist()
    pairs = found.detectors()
    assert table["pair_unit"].tolist() == pairs["unit"].tolist()
    assert [found.concepts[c] for c in table["pair_concept"]] == pairs["concept"].tolist()
    np.testing.assert_array_equal(table["pair_iou"], pairs["iou"])
    np.testing.assert_allclose(table["chance_95"], found.chance[:, 1], rtol=1e-6)
    np.testing.assert_array_equal(table["thresholds"], found.thresholds)


@pytest.mark.parametrize("label_by", ["best", "per_category"])
def test_there_is_a_bar_for_every_unique_detector(found, label_by):
    bars = nbi.DissectionView(found, label_by=label_by)._bars()
    assert len(bars) == found.unique_detectors()[label_by]
    for bar in bars:
        number = found.concept_number(bar.concept, bar.category)
        units = units_of_concept(found, label_by, number)
        assert len(units) == bar.n_units and (np.diff(found.iou[units, number]) <= 0).all()
    if label_by == "best":
        by_concept = found.by_concept().set_index(["concept", "category"])["n_units"]
        assert {(bar.concept, bar.category): bar.n_units for bar in bars} == by_concept.to_dict()


@pytest.mark.parametrize(
    ("wish", "units"),
    [
        ({}, [0, 2, 1]),
        ({"detectors_only": False}, [0, 2, 1, 3, 4]),
        ({"detectors_only": False, "sort_by": "unit", "descending": False}, [0, 1, 2, 3, 4]),
        ({"sort_by": "area"}, [1, 0, 2]),
        ({"sort_by": "above_chance", "detectors_only": False}, [2, 0, 1, 4, 3]),
        ({"category": "colour"}, [0]),
        ({"category": "colour", "label_by": "per_category"}, [0, 1]),
        ({"concept": 0, "label_by": "per_category"}, [0, 1]),
        ({"concept": 0, "category": "colour"}, [1]),
        ({"search": "Blue"}, [0, 1]),
        ({"search": "tree object"}, [0, 2]),
        ({"search": "unit 2"}, [2]),
        ({"search": "#3", "detectors_only": False}, [3]),
        ({"search": "nothing"}, []),
    ],
)
def test_cards_are_filtered_and_sorted_as_in_the_browser(wish, units):
    view = nbi.DissectionView(by_hand())
    for name, value in wish.items():
        setattr(view, name, value)
    assert view.units().tolist() == units


def test_a_concept_puts_its_units_into_the_selection():
    selection = nbi.Selection(0)
    view = nbi.DissectionView(by_hand(), selection=selection, label_by="per_category")
    view.concept = 0
    assert selection.units == {"layer": "features.7", "units": [0, 1]}
    view.concept = 3  # no unit detects it
    assert selection.units == {"layer": "features.7", "units": []}
    assert "Dissection" in repr(view) and view.draw()[1] == finding(by_hand())
    view.concept = -1
    assert selection.units is None


def test_what_there_is_not_is_refused():
    view = nbi.DissectionView(by_hand())
    with pytest.raises(traitlets.TraitError, match=r"no category 'color'.*'colour'"):
        view.category = "color"
    with pytest.raises(traitlets.TraitError, match="numbers 0 to 3"):
        view.concept = 4
    with pytest.raises(traitlets.TraitError, match="best"):
        nbi.DissectionView(by_hand(), label_by="both")
    with pytest.raises(TypeError, match=r"nbinterp\.Selection"):
        nbi.DissectionView(by_hand(), selection=[1])
    assert (view.category, view.concept) == ("", -1)


def test_the_recording_must_be_that_of_the_dissection(found):
    with pytest.raises(LookupError, match="stage4"):
        nbi.DissectionView(by_hand(layer="stag4"), recording=found.recording)
    with pytest.raises(ValueError, match="60 images, the dissection 50"):
        nbi.DissectionView(by_hand(layer="stage4", n_images=50), recording=found.recording)


def test_pictures_are_the_strongest_images_with_both_masks(found):
    view = nbi.DissectionView(found)
    unit = int(found.best_iou.argmax())
    concept = int(found.best[unit])
    meta, arrays = ask(view, view.resource, unit, concept)
    images = arrays["images"]
    maxima = found.recording["stage4"].max[:, unit]
    assert images.tolist() == found.recording["stage4"].top.index[unit].tolist() and len(images) == 9
    np.testing.assert_allclose(arrays["values"], maxima[images], rtol=1e-6)
    assert (np.diff(arrays["values"]) <= 0).all() and meta["problem"] == ""
    on = np.unpackbits(arrays["unit_bits"].reshape(9, -1), axis=1)[:, : SIDE * SIDE].reshape(9, SIDE, SIDE)
    np.testing.assert_array_equal(on.astype(bool), found.masks_of(unit, images, (SIDE, SIDE)))
    there = np.unpackbits(arrays["concept_bits"].reshape(9, -1), axis=1)[:, : SIDE * SIDE].reshape(9, SIDE, SIDE)
    for image, mask in zip(images, there, strict=True):
        np.testing.assert_array_equal(mask.astype(bool), found.concept_mask(concept, int(image), (SIDE, SIDE)))
    assert on.any() and there.any()
    assert "concept_bits" not in ask(view, view.resource, unit, -1)[1]


def test_all_views_of_a_dissection_share_its_pictures(found):
    first, second = nbi.DissectionView(found), nbi.DissectionView(found)
    assert first.resource == second.resource != nbi.DissectionView(by_hand()).resource == ""
    ask(first, first.resource, 0, 0)
    assert second.source.has((second.resource, 0, 0))


def test_a_page_carries_every_unit_with_its_best_concept_first(found):
    keys = [key for key in nbi.DissectionView(found).resources() if str(key[0]).startswith("dissection")]
    n = found.n_units
    assert {key[1] for key in keys[:n]} == set(range(n)) and keys[0][1] == found.best_iou.argmax()
    assert all(key[2] == found.best[key[1]] for key in keys[:n])
    assert len(set(keys)) == len(keys) > n


def test_without_its_images_a_dissection_is_shown_without_pictures(found, tmp_path):
    found.save(tmp_path / "dissection")
    bare = nbi.Dissection.load(tmp_path / "dissection")
    view = nbi.view(bare)
    assert view.resource == "" and list(view.resources()) == []
    assert view.draw()[1] == finding(found)
    masks = masks_on(bare, 0, 0, np.arange(3), 8)
    assert masks.unit is None and "Dissection.load" in masks.problem
    shown = nbi.DissectionView(bare, recording=found.recording)
    meta, arrays = ask(shown, shown.resource, 0, 0)
    assert "unit_bits" not in arrays and len(arrays["images"]) == 9 and "Dissection.load" in meta["problem"]
    again = nbi.Dissection.load(tmp_path / "dissection", found.recording)
    assert ask(nbi.view(again), nbi.view(again).resource, 0, 0)[0]["problem"] == ""


def test_top_images_without_exemplars_go_by_the_largest_activation(found):
    bare = nbi.record(found.recording.net, found.recording.probe, layers=["stage4"], keep=("pooled",), progress=False)
    kept = found.recording["stage4"]
    np.testing.assert_array_equal(top_images(bare, "stage4", 5)[:4], kept.top.index[5, :4])


def test_the_static_picture_states_the_finding_and_stays_small(found):
    view = nbi.view(found)
    picture, alt = view.draw()
    n, unique = int(found.is_detector.sum()), found.unique_detectors()
    assert alt.startswith(f"{n} of 96 units of stage4 are detectors (IoU above 0.04, convention pnas2020, 60 images)")
    assert f"{unique['best']} by best concept, {unique['per_category']} by best of each category" in alt
    assert re.search(r"chance gives a unit an IoU of 0\.\d{3} \(median\); \d+ units are above it at 95 %", alt)
    assert len(encode(picture)[1]) <= MAX_BYTES
    narrow = view.draw()[0].size
    view.concept_masks = False
    assert view.draw()[0].height < narrow[1]
    view.search = "there is no such thing"
    assert view.draw()[0].width < narrow[0]


def test_the_words_fit_one_and_none():
    one = by_hand(iou=IOU * np.array([1, 0, 0, 0, 0])[:, None], chance=np.full((5, 2), np.nan))
    text = finding(one)
    assert text.startswith("1 of 5 units of features.7 is a detector") and "chance" not in text
    none = by_hand(iou=np.zeros((5, 4)))
    assert finding(none).startswith("0 of 5 units of features.7 are detectors") and "most units" not in finding(none)
    assert nbi.DissectionView(none).draw()[0].width > 0


def test_of_many_bars_the_longest_are_drawn():
    bars = [Bar(f"concept {i}", i % 3, f"category {i % 3}", 1 + i % 7) for i in range(300)]
    assert bar_chart(bars, title="many").height < 1600


def test_a_closed_view_is_freed():
    study = nbi.record(small().recording.net, nbi.demo.scenes(30), layers=["stage4"], progress=False)
    found = by_hand(layer="stage4", recording=study, n_images=30)
    view = nbi.DissectionView(found)
    view.concept = 1
    view._snapshot()
    gone = weakref.ref(study), weakref.ref(view), weakref.ref(found)
    del study, view, found
    ipywidgets.Widget.close_all()
    gc.collect()
    assert [reference() for reference in gone] == [None, None, None]
