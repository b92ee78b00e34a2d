"""FacetView in Python: what crosses and when, what its controls and messages do, its static picture."""

import ipywidgets
import numpy as np
import pytest
from facet_fakes import FakeFinder, planted

import nbinterp as nbi
from nbinterp.analyses.facets import Facets, Quality
from nbinterp.analyses.facets.driver import facets
from nbinterp.widgets import facet_finder
from nbinterp.widgets.facet_facts import finding, share_text, why

CROSSING = {
    *("layer", "unit", "n_facets", "synthesis", "follow", "shown", "indices", "assignments", "xy", "means"),
    *("mean_tiles", "cards", "sheet", "tiles", "state", "progress", "choices", "busy", "problem", "height", "quality"),
}


@pytest.fixture
def view(recording):
    """A view of planted facets that can find others, and the messages it sends."""

    def make(found=None, **options):
        shown = nbi.FacetView(found or planted(recording), recording=recording, finder=FakeFinder(recording), **options)
        shown.sent = []
        shown.send = lambda content, buffers=None: shown.sent.append((content, buffers))
        settle(shown)
        return shown

    yield make
    ipywidgets.Widget.close_all()


def settle(view):
    """Wait until the view's threads have nothing left to do."""
    for lane in ("choices", "find", "feed", "feed", "quality"):
        view._workers[lane].call(lambda _: None)


def test_exactly_these_traits_cross():
    own = set(nbi.FacetView.class_traits(sync=True)) - set(ipywidgets.DOMWidget.class_traits(sync=True))
    assert {name for name in own if not name.startswith("_")} == CROSSING | {"catalog", "link", "snapshot_id"}


def test_points_and_facts_are_those_of_the_facets(view):
    shown = view()
    found = shown.facets
    assert np.frombuffer(shown.indices, "<i4").tolist() == found.indices.tolist()
    assert np.frombuffer(shown.assignments, "<i4").tolist() == found.assignments.tolist()
    np.testing.assert_array_equal(np.frombuffer(shown.xy, "<f4").reshape(-1, 2), found.embedding)
    assert [facet["n"] for facet in shown.shown["facets"]] == [40, 20, 12]
    assert [facet["exemplars"] for facet in shown.shown["facets"]] == [each.tolist() for each in found.exemplars]
    assert sum(facet["share"] for facet in shown.shown["facets"]) == pytest.approx(1, abs=1e-4)
    assert shown.shown["evidence"]["k"] == [1, 2, 3, 4, 5, 6]
    assert shown.mean_tiles["n"] == 3 and shown.means[:2] == b"\xff\xd8"
    assert shown.n_facets == 0, "the number was not given"
    assert shown.choices["layers"][2]["classes"][0] == "class 0"


def test_one_facet_is_an_answer_in_words(view, recording):
    shown = view(planted(recording, groups=1))
    assert shown.shown["finding"] == "One kind of image: unit 3 of stage4 has a single facet among its 40 images"
    assert shown.shown["why"].startswith("One facet: the gap statistic finds no clusters")
    assert shown.draw()[1].startswith("One kind of image")


def test_the_slider_clusters_again_and_the_old_synthesis_ends(view):
    shown = view()
    old = shown.facets
    old.visualizations.to(3)
    shown.n_facets = 2
    settle(shown)
    assert shown._finder.wishes[-1].n_facets == 2
    assert shown.shown["n_facets"] == 2 and len(set(np.frombuffer(shown.assignments, "<i4"))) == 2
    assert old.visualizations.stops == 1 and old.visualizations.listeners == []
    assert shown.busy == "" and shown.problem == "" and shown.state == "waiting"
    before = shown.progress
    old.visualizations.to(9)
    settle(shown)
    assert shown.progress == before, "the old run is not listened to any more"
    shown._update(old.visualizations.to(10))
    assert shown.progress == before, "news that was on its way comes too late"
    shown.n_facets = 0
    settle(shown)
    assert shown.shown["n_facets"] == 3


def test_of_many_wishes_the_newest_is_shown(view):
    shown = view()
    for n in (2, 4, 5, 2, 6):
        shown.n_facets = n
    settle(shown)
    assert shown.shown["n_facets"] == 6
    stopped = [wish.n_facets for wish in shown._finder.wishes]
    assert stopped[-1] == 6


def test_a_wish_that_fails_is_said_and_what_is_shown_stays(view):
    shown = view()
    before = shown.facets
    shown.unit = 7
    settle(shown)
    assert shown.problem == "no image of the recording activates this unit"
    assert shown.facets is before and before.visualizations.stops == 0 and shown.busy == ""
    with pytest.raises(ValueError, match="activates this unit"):
        shown.wait()
    shown.unit = 3
    settle(shown)
    assert shown.problem == "" and shown.facets is before and len(shown._finder.wishes) == 1, "what is there is shown"
    shown.unit = 9
    settle(shown)
    assert shown.problem == "" and shown.shown["title"] == "unit 9 of stage4"


def test_a_recipe_of_one_synthesis_is_kept_for_it_alone(recording, monkeypatch):
    asked = []

    def find(*where, **settings):
        asked.append(settings)
        return planted(recording, unit=where[2], synthesis=settings["synthesis"])

    found = facets(recording, "stage4", 3, n_facets=1, recipe="distill", size=32, m=4, seed=2, max_facets=4).stop()
    shown = nbi.FacetView(found)
    monkeypatch.setattr(facet_finder, "facets", find)
    shown.unit = 5
    settle(shown)
    shown.synthesis = "tv"
    settle(shown)
    assert [settings.get("recipe") for settings in asked] == ["distill", None]
    assert all((each["m"], each["seed"], each["max_facets"]) == (4, 2, 4) for each in asked)
    assert [each["synthesis"] for each in asked] == ["fourier", "tv"]
    assert "images" not in asked[0] and len(asked[1]["images"]) == 72
    ipywidgets.Widget.close_all()


def test_layer_and_synthesis_are_asked_for_together_with_the_unit(view):
    shown = view()
    with shown.hold_trait_notifications():
        shown.layer, shown.unit = "stage3", 11
    settle(shown)
    assert vars(shown._finder.wishes[-1]) == {"layer": "stage3", "unit": 11, "n_facets": 0, "synthesis": "fourier"}
    assert len(shown._finder.wishes) == 1
    shown.synthesis = "none"
    settle(shown)
    assert (shown.state, shown.cards, shown.sheet) == ("none", [], b"")


def test_images_form_as_frames_and_rest_as_a_sheet(view):
    shown = view()
    run = shown.facets.visualizations
    run.to(4)
    settle(shown)
    run.to(5)
    settle(shown)
    frames = [content for content, _ in shown.sent if content["kind"] == "frame"]
    assert frames and frames[-1]["n"] == 3 and frames[-1]["first"] == 0
    assert [card["state"] for card in shown.cards] == ["forming"] * 3
    run.finish()
    settle(shown)
    assert shown.state == "done" and shown.tiles["n"] == 3
    assert [card["unit"] for card in shown.cards] == [3, 3, 3]


def test_stop_and_resume_reach_the_run_and_its_errors_the_view(view):
    shown = view()
    run = shown.facets.visualizations
    run.to(3)
    shown._on_message(shown, {"kind": "stop"}, [])
    settle(shown)
    assert (run.state, shown.state) == ("stopped", "stopped")
    shown._on_message(shown, {"kind": "resume"}, [])
    settle(shown)
    assert (run.resumed, shown.state) == (1, "running")
    run.resume = lambda steps=None: 1 / 0
    shown._on_message(shown, {"kind": "resume"}, [])
    settle(shown)
    assert "ZeroDivisionError" in shown.problem


def test_the_static_picture_says_what_was_found(view):
    shown = view()
    shown.facets.visualizations.finish()
    settle(shown)
    _, alt = shown.draw()
    assert alt.startswith(
        "3 facets of unit 3 of stage4 among its 72 images; facet 0: 71 % of the activation in 40 images"
    )
    assert alt.endswith("agreement over seeds 1.00.")
    assert len(shown._snapshot()["text/html"]) < 150_000 * 4 / 3 + 1_000
    assert repr(shown) == "FacetView(3 facets of unit 3 of stage4, 72 images)"


def test_a_judge_is_asked_when_the_images_rest(view, recording, monkeypatch):
    """Words and marks cross; a judgement that fails or is of facets no longer shown stays out of the way."""
    monkeypatch.setattr(Facets, "judge", property(lambda self: "another network"))
    found, shown = planted(recording), None
    shown = view(found)
    assert shown.quality == {}, "not before the images are there"
    distances = np.array([[1, 2, 3], [2, 1, 3], [1, 2, 3]], np.float32)
    found._quality = Quality("stage4", distances, 2 / 3, 1.5, 1.0)
    assert repr(found._quality).startswith("Quality(2 of 3 images closest to their own facet")
    found.visualizations.finish()
    settle(shown)
    assert shown.quality["state"] == "done" and shown.quality["own"] == [True, True, False]
    assert shown.quality["closest"] == [0, 1, 0] and shown.quality["serial"] == shown.shown["serial"]
    assert shown.quality["words"] == (
        "Another network sees 2 of 3 synthesized images closest to their own facet; they differ more than images from "
        "random starts (1.50 ×)"
    )
    shown.n_facets = 2
    settle(shown)
    assert shown.quality == {}
    shown.facets.visualizations.finish()
    settle(shown)
    assert shown.quality["state"] == "failed" and "loaded from a file" in shown.quality["words"] and not shown.problem
    shown._tell_quality({"state": "done", "words": "late"}, shown._serial - 1)
    assert shown.quality["state"] == "failed"


def test_results_say_what_they_are_without_arrays(view, recording):
    found = planted(recording, groups=1)
    assert repr(view(found)) == "FacetView(1 facet of unit 3 of stage4, 40 images)"
    for one in (found, found.discovery, planted(recording).evidence):
        assert "array" not in repr(one) and len(repr(one)) < 200, repr(one)


def test_words_for_what_was_given_and_for_what_is_left_out(recording):
    assert why(planted(recording, n_facets=2)).startswith("Number given; agreement over seeds ")
    assert finding(planted(recording, n_facets=2)) == "2 facets of unit 3 of stage4 among its 72 images"
    assert [share_text(share) for share in (0.62, 0.001, 1.0, float("nan"))] == [
        "62 %",
        "<1 %",
        "100 %",
        "no activation",
    ]


def test_a_loaded_result_needs_its_recording(recording):
    found = planted(recording, synthesis=None)
    with pytest.raises(ValueError, match="recording="):
        nbi.FacetView(found)
    with pytest.raises(ValueError, match="recording="):
        nbi.view(found)
    shown = nbi.FacetView(found, recording=recording).wait()
    assert shown.state == "none" and shown.choices["layers"][0]["name"] == "stage3"
    ipywidgets.Widget.close_all()


def test_real_facets_show_themselves_and_are_found_again(recording):
    found = facets(recording, "stage4", 3, n_facets=2, synthesis=None, size=32)
    shown = nbi.view(found)
    assert isinstance(shown, nbi.FacetView) and shown.n_facets == 2 and shown.synthesis == "none"
    shown.n_facets = 3
    shown.wait()
    assert shown.facets.n_facets == 3
    np.testing.assert_array_equal(shown.facets.indices, found.indices)
    shown.unit = 5
    shown.wait()
    assert shown.shown["title"] == "unit 5 of stage4" and shown.facets.mean_images.shape[1:] == (3, 32, 32)
    shown.unit = 3
    shown.synthesis = "tv"
    shown.wait()
    assert shown.facets.about["synthesis"] == "tv" and shown.state == "done" and len(shown.cards) == 3
    ipywidgets.Widget.close_all()
