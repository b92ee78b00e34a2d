"""RegionView from Python: what crosses, what is computed when, what is refused, what the static picture says."""

import gc
import importlib
import re
import threading
import weakref

import ipywidgets
import numpy as np
import pytest
from PIL import Image

import nbinterp as nbi
from nbinterp.analyses.regions import Region, regions
from nbinterp.render.snapshot import MAX_BYTES, encode
from nbinterp.widgets import export, region_view
from nbinterp.widgets.region_facts import among_of, layer_choices

cover = importlib.import_module("nbinterp.analyses.regions.subclasses")  # the module, not the function


@pytest.fixture(scope="module")
def recording():
    """The demo classifier on 200 scenes, two layers with codes."""
    keep = ("pooled", "topk", "codes")
    layers = ["stage3", "stage4"]
    return nbi.record(nbi.demo.classifier(), nbi.demo.scenes(200), layers=layers, keep=keep, progress=False)


def bits(data: bytes, n: int) -> np.ndarray:
    return np.unpackbits(np.frombuffer(data, np.uint8).reshape(-1, -(-n // 8)), axis=1, count=n).astype(bool)


def say(view, **message) -> None:
    """What a view in the browser would send."""
    view._on_message(view, message, [])


def test_exactly_these_traits_cross():
    own = set(nbi.RegionView.class_traits(sync=True)) - set(ipywidgets.DOMWidget.class_traits(sync=True))
    assert {name for name in own if not name.startswith("_")} == (
        {"catalog", "link", "snapshot_id", "anchor", "layer", "k", "t", "tolerance", "among", "follow", "tab", "height"}
        | {"layers", "shown", "columns", "reference", "evidence", "judging", "panels", "problem", "picture"}
    )


def test_what_crosses_gives_the_members_of_every_edited_rule(recording):
    view = nbi.RegionView(recording, 12, tolerance=1, among="prediction").wait()
    region, shown = view.region, view.shown
    assert (shown["anchor"], shown["layer"], shown["n_reference"]) == (12, "stage4", len(region.reference))
    states, reference = bits(view.columns, 200), bits(view.reference, 200)[0]
    assert np.array_equal(np.flatnonzero(reference), region.reference)
    for kept in (slice(None), slice(2, None), slice(0, 1)):
        rule = shown["literals"][kept]
        violated = (states[kept] != np.array([one["state"] for one in rule])[:, None]).sum(0)
        members = np.flatnonzero(reference & (violated <= 1))
        assert np.array_equal(members, region.members_of(region.literals[kept]))
    assert [one["base_rate"] for one in shown["literals"]] == pytest.approx(
        [one.base_rate for one in region.literals], abs=1e-4
    )


def test_the_verdict_is_that_of_the_region(recording):
    view = nbi.RegionView(recording, 12).wait()
    alone = regions(recording, "stage4", 12)
    assert view.evidence["verdict"] == alone.verdict
    assert view.evidence["serial"] == view.shown["serial"]
    assert view.evidence["null_lifts"]["shuffled"] == pytest.approx(alone.null_lifts["shuffled"].tolist(), rel=1e-3)
    assert view.evidence["stands_out"] is alone.stands_out


def test_controls_ask_for_another_region_and_only_the_newest_is_judged(recording):
    view = nbi.RegionView(recording, 12).wait()
    for k in range(4, 12):
        view.k = k
    view.layer, view.t = "stage3", 5
    view.wait()
    assert (view.region.k, view.region.t, view.region.layer) == (11, 5, "stage3")
    assert view.evidence["serial"] == view.shown["serial"] == view._serial
    view.anchor = 30
    assert view.wait().region.anchor == 30


def test_a_slow_verdict_of_an_earlier_region_is_dropped(recording, monkeypatch):
    view = nbi.RegionView(recording, 12).wait()
    gate, real = threading.Event(), region_view.evidence_facts

    def slow(region, evidence, *, serial):
        if region.anchor == 13:
            assert gate.wait(20)
        return real(region, evidence, serial=serial)

    monkeypatch.setattr(region_view, "evidence_facts", slow)
    mixed = []
    view.observe(lambda change: mixed.append((change["new"].get("serial"), view.shown["serial"])), "evidence")
    view.anchor = 13
    view._lanes.settle("region")
    assert view.evidence == {}
    view.anchor = 14
    view._lanes.settle("region")
    gate.set()
    view.wait()
    assert (view.shown["anchor"], view.evidence["serial"]) == (14, view.shown["serial"])
    assert all(of in (None, shown) for of, shown in mixed)


def test_without_an_image_it_waits_for_one(recording):
    view = nbi.RegionView(recording)
    view.k = 6
    view.wait()
    assert view.shown == {} and view.problem == ""
    assert "No image yet" in view.draw()[1]
    with pytest.raises(LookupError, match="No image yet"):
        view.region  # noqa: B018
    view.anchor = 3
    assert view.wait().region.k == 6


def test_bad_input_is_refused_at_once_or_said_in_the_view(recording):
    with pytest.raises(IndexError, match="0 to 199"):
        nbi.RegionView(recording, 200)
    with pytest.raises(LookupError, match=r"stag4.*stage4"):
        nbi.RegionView(recording, 1, layer="stag4")
    with pytest.raises(ValueError, match="an image or a region, not both"):
        nbi.RegionView(recording, 1, region=regions(recording, "stage4", 1))
    view = nbi.RegionView(recording, 12).wait()
    view.k = 120
    with pytest.raises(ValueError, match="too few for k = 120"):
        view.wait()
    assert "too few for k = 120" in view.problem and view.shown["k"] == 8
    view.k = 9
    assert view.wait().problem == ""
    with pytest.raises(LookupError, match=r"no panel 'neighbors'.*'neighbours'"):
        view.compute("neighbors")
    say(view, kind="panel", name="nothing")
    assert "no panel 'nothing'" in view.problem


def test_an_image_from_outside_is_shown_with_its_region(recording):
    outside = recording.probe.image(5).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    view = nbi.RegionView(recording, outside).wait()
    assert (view.anchor, view.shown["anchor"]) == (-1, -1)
    assert view.picture[:2] == b"\xff\xd8"
    assert view.shown["reasons"]["neighbours"] and view.shown["reasons"]["mistake"]
    view.t = 4
    assert len(view.wait().region.literals) == 4
    assert "image from outside" in view.draw()[1]
    view.compute("layers")
    assert [row["name"] for row in view.panels["layers"]["rows"]] == ["stage3", "stage4"]


def test_panels_say_what_the_analyses_say(recording):
    wrong = int(np.flatnonzero(~recording.correct)[0])
    view = nbi.RegionView(recording, wrong).compute("layers", "neighbours", "mistake", "subclasses")
    assert {name: one["state"] for name, one in view.panels.items()} == dict.fromkeys(view.panels, "done")
    layers, beside = view.panels["layers"], view.panels["neighbours"]
    assert layers["overlap"][1][1] == 1 and layers["overlap"][0][1] == layers["overlap"][1][0]
    assert layers["rows"][1]["images"] == view.region.members.tolist()
    assert {row["n"] for row in beside["rows"]} == {view.region.support} and len(beside["rows"]) == 4
    mistake = view.panels["mistake"]
    assert mistake["label"] == recording.label_names[recording.labels[wrong]] != mistake["prediction"]
    assert {found["set"] for row in mistake["rows"] for found in row["outcomes"]} == {"neurons", "units", "control"}
    assert view.panels["subclasses"]["n_images"] == (recording.predictions == recording.predictions[wrong]).sum()


def test_a_panel_stays_as_long_as_it_is_true(recording):
    view = nbi.RegionView(recording, 12).compute("neighbours", "subclasses")
    same_class = np.flatnonzero(recording.predictions == recording.predictions[12])
    view.anchor = int(same_class[same_class != 12][0])
    assert set(view.wait().panels) == {"subclasses"}
    view.t = 5
    assert view.wait().panels == {}


def test_a_panel_that_fails_says_why(recording):
    right = int(np.flatnonzero(recording.correct)[0])
    view = nbi.RegionView(recording, right).wait()
    assert view.shown["reasons"]["mistake"] == "this image is classified correctly"
    say(view, kind="panel", name="mistake")
    assert view.wait().panels["mistake"]["state"] == "failed"
    assert "classified correctly" in view.panels["mistake"]["text"]


def test_a_region_shows_itself_as_it_was_found(recording, tmp_path):
    found = regions(recording, "stage3", 7, k=6, t=5, tolerance=1, among="prediction")
    view = nbi.view(found).wait()
    assert view.region is found
    assert (view.layer, view.k, view.t, view.tolerance, view.among, view.anchor) == ("stage3", 6, 5, 1, "prediction", 7)
    chosen = regions(recording, "stage3", 7, among=np.arange(100))
    assert among_of(chosen, recording) == "chosen"
    other = nbi.view(chosen).wait()
    other.anchor = 8
    assert np.array_equal(other.wait().region.reference, np.arange(100))
    found.save(tmp_path / "region")
    with pytest.raises(ValueError, match=r"Region\.load\(path, recording\)"):
        nbi.view(Region.load(tmp_path / "region"))
    loaded = Region.load(tmp_path / "region", recording)
    assert nbi.view(loaded).wait().evidence["verdict"] == found.verdict


def test_layers_without_states_are_named_with_the_reason(recording, tmp_path):
    bare = nbi.record(nbi.demo.classifier(), nbi.demo.scenes(60), layers=["stage3", "stage4"], progress=False)
    assert [one["reason"] for one in layer_choices(bare, "none")] == ["", ""]  # the network can be run
    bare.save(tmp_path / "study")
    detached = nbi.Recording.load(tmp_path / "study")
    assert all("keep=" in one["reason"] for one in layer_choices(detached, "none"))
    assert [one["reason"] for one in layer_choices(detached, "max")] == ["", ""]
    view = nbi.RegionView(detached, 2, reduce="max", quantile=0.9).wait()
    assert view.picture == b"" and view.shown["grid"] is None
    assert "stands out" in view.draw()[1] or "no more than chance" in view.draw()[1]
    with pytest.raises(ValueError, match="holds no codes"):
        nbi.RegionView(detached, 2)


def test_a_region_without_a_rule_is_refused_in_words(recording):
    view = nbi.RegionView(recording, 12, k=90, reduce="max", quantile=0.5).wait()
    assert view.region.literals == () and view.evidence["lift"] is None
    assert view.evidence["verdict"].startswith("no more than chance")
    assert "0 literals (none)" in view.draw()[1]


def test_a_closed_view_is_freed(recording):
    study = nbi.record(recording.net, nbi.demo.scenes(40), layers=["stage4"], progress=False)
    view = nbi.RegionView(study, 3).compute("neighbours")
    view.anchor = 4
    view.wait()._snapshot()
    gone = weakref.ref(study), weakref.ref(view)
    del study, view
    ipywidgets.Widget.close_all()
    gc.collect()
    assert [reference() for reference in gone] == [None, None]


def test_the_static_picture_states_the_finding_and_stays_small(recording):
    view = nbi.RegionView(recording, 12, t=30).wait()
    picture, alt = view.draw()
    assert re.match(r"Decision region of .*-00012 in stage4: \d+ of 200 images follow a rule of \d+ literals", alt)
    assert view.region.verdict in alt
    assert len(encode(picture)[1]) <= MAX_BYTES


def test_a_verdict_can_be_stopped_and_goes_on(recording):
    """What it compares is said; stopped, the view says so; asked again, or for another image, it goes on."""
    view = nbi.RegionView(recording)
    texts = []
    view.observe(lambda change: texts.append(change["new"]), "judging")

    def stop_at_once(change):
        if change["new"].get("state") == "running":
            say(view, kind="stop", name="verdict")

    view.observe(stop_at_once, "judging")
    view._finder.how["seed"] = 91  # no other test has these null lifts
    view.anchor = 12
    view.wait()
    assert view.evidence == {} and view.judging["state"] == "stopped" and view.judging["serial"] == view.shown["serial"]
    assert any(text.get("text") == "random anchors: 0 of 200" for text in texts)
    assert "The verdict is being computed" in view.draw()[1]
    view.unobserve(stop_at_once, "judging")
    say(view, kind="judge")
    view.wait()
    assert view.evidence["serial"] == view.shown["serial"] and view.judging == {}
    assert view.region.verdict == regions(recording, "stage4", 12, seed=91).verdict


@pytest.mark.parametrize("name", ["layers", "subclasses"])
def test_a_panel_that_is_stopped_keeps_what_it_has(recording, name, monkeypatch):
    view = nbi.RegionView(recording, 12).wait()
    words = {"layers": "layer 2", "subclasses": "region 2"}[name]

    def stop(change):
        panel = change["new"].get(name, {})
        if panel.get("state") == "running" and words in panel["text"]:
            say(view, kind="stop", name=name)

    if name == "subclasses":  # two regions, whatever stands out
        monkeypatch.setattr(cover, "_cover", lambda reference, settings, most, watch: ([0, 1], np.zeros(1, np.int64)))
    view.observe(stop, "panels")
    view.compute(name)
    panel = view.panels[name]
    assert panel["state"] == "stopped" and len(panel["rows"]) == 1 and "what there was" in panel["text"]
    view.unobserve(stop, "panels")
    say(view, kind="panel", name=name)
    view.wait()
    assert view.panels[name]["state"] == "done" and len(view.panels[name]["rows"]) == 2


def test_a_panel_stopped_at_once_says_so(recording):
    view = nbi.RegionView(recording, 12).wait()
    view.observe(lambda change: say(view, kind="stop", name="layers"), "panels")
    view.compute("layers")
    assert view.panels["layers"]["state"] == "stopped" and "rows" not in view.panels["layers"]


def test_a_region_keeps_its_null_and_seed(recording):
    region = regions(recording, "stage4", 12, n_null=40, seed=5)
    view = nbi.RegionView(recording, region=region).wait()
    view.anchor = 13
    assert (view.wait().region.n_null, view.region.seed) == (40, 5)


def test_a_page_written_at_once_has_the_verdict(recording, tmp_path, monkeypatch):
    """However long it takes: a page is read without a kernel."""
    real, pages = region_view.evidence_facts, []

    def slow(region, evidence, *, serial):
        threading.Event().wait(0.5)
        return real(region, evidence, serial=serial)

    monkeypatch.setattr(region_view, "evidence_facts", slow)
    monkeypatch.setattr(export, "page", lambda models, root, baked, title: pages.append(models[root]["state"]) or "")
    view = nbi.RegionView(recording, 21, seed=17)
    nbi.to_html(view, tmp_path / "page.html")
    assert pages[0]["evidence"]["verdict"] == view.region.verdict
