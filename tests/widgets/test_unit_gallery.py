"""UnitGallery in Python: what crosses and when, what its messages do, what it refuses, its static picture."""

import io
import re
import time
import zipfile

import ipywidgets
import numpy as np
import pytest
from gallery_fakes import FakeRun, FakeRunner
from PIL import Image

import nbinterp as nbi
from nbinterp.widgets.gallery_cards import share
from nbinterp.widgets.gallery_feed import IN_FLIGHT, Feed
from nbinterp.widgets.gallery_requests import RunRequest, format_units, parse_units
from nbinterp.widgets.gallery_runs import runner_of

LAYERS = [{"name": "stage4", "n_units": 96}]
CROSSING = {"cards", "sheet", "tiles", "state", "progress", "choices", "can_run", "height", "show_exemplars", "sort_by"}


@pytest.fixture
def gallery():
    """A gallery of a fake run that can start others, and the messages it sends."""

    def make(run=None, **options):
        shown = nbi.UnitGallery(run or FakeRun(), runner=FakeRunner(), **options)
        shown.sent = []
        shown.send = lambda content, buffers=None: shown.sent.append((content, buffers))
        settle(shown)
        return shown

    yield make
    ipywidgets.Widget.close_all()


def settle(gallery):
    """Wait until the gallery's thread has nothing left to do."""
    gallery._worker.call(lambda _: None)
    gallery._worker.call(lambda _: None)


def tell(gallery, content):
    """A message from the view."""
    gallery._on_message(gallery, content, [])
    settle(gallery)


def messages(gallery, kind):
    return [(content, buffers) for content, buffers in gallery.sent if content["kind"] == kind]


def run_message(**changes):
    return {"kind": "run", "layer": "stage4", "units": "2-3", "n_images": 2, "recipe": "quick", "steps": None} | changes


def test_exactly_these_traits_cross():
    own = set(nbi.UnitGallery.class_traits(sync=True)) - set(ipywidgets.DOMWidget.class_traits(sync=True))
    assert {name for name in own if not name.startswith("_")} == CROSSING | {"catalog", "link", "snapshot_id"}


def test_cards_say_what_is_known_and_nothing_that_is_no_number(gallery):
    run = FakeRun(range(5), batch=2)
    shown = gallery(run)
    assert [card["state"] for card in shown.cards] == ["waiting"] * 5
    run.to(4, batch=1)
    settle(shown)
    assert [card["state"] for card in shown.cards] == ["done", "done", "forming", "forming", "waiting"]
    assert shown.cards[0]["activation"] == 3.0
    assert shown.cards[2]["activation"] is None, "NaN is no JSON"
    assert shown.progress["step"] == 4 and shown.progress["batch"] == 1
    run.finish()
    settle(shown)
    assert shown.state == "done"
    assert {card["state"] for card in shown.cards} == {"done"}


def test_the_sheet_at_rest_holds_all_images_and_frames_those_that_form(gallery):
    run = FakeRun(range(5), batch=3)
    shown = gallery(run)
    assert shown.sheet == b"" and shown.tiles == {}
    for step in (1, 2):
        run.to(step)
        settle(shown)
    (content, buffers), *_ = messages(shown, "frame")
    assert (content["first"], content["n"], content["width"], content["height"]) == (0, 3, 56, 40)
    assert Image.open(io.BytesIO(buffers[0])).format == "JPEG"
    run.finish()
    settle(shown)
    assert shown.tiles["n"] == 5
    assert shown.tiles["serial"] > content["serial"], "the view must take the sheet for newer than the frame"
    tile = np.asarray(Image.open(io.BytesIO(shown.sheet)))[:40, :56]
    assert np.abs(tile / 255 - run.preview().images[0].transpose(1, 2, 0)).mean() < 0.03


def test_frames_wait_for_the_view_and_never_queue():
    clock = [0.0]
    run, feed = FakeRun(range(3)), Feed(clock=lambda: clock[0])
    run.to(1)
    feed.changes(run)  # the first step made: cards and sheet
    frames = 0

    def pass_time(seconds):
        nonlocal frames
        for _ in range(round(seconds / 0.01)):
            clock[0] += 0.01
            frames += feed.changes(run).frame is not None

    feed.answer(None)
    pass_time(0.5)
    assert frames == IN_FLIGHT, "a view that does not answer gets no more"
    pass_time(3.0)
    assert IN_FLIGHT + 2 <= frames <= IN_FLIGHT + 4, "about one a second, should the kernel only be deaf"
    frames = 0
    feed.answer(None)
    for _ in range(100):
        clock[0] += 0.01
        found = feed.changes(run).frame
        if found is not None:
            frames += 1
            feed.answer(found[0]["serial"])
    assert 20 <= frames <= 30, "never more than 30 a second"
    run.state = "stopped"
    assert feed.changes(run).frame is None
    assert not feed.changes(run).rested, "rest is told once"


def test_handlers_only_enqueue(gallery):
    shown = gallery()
    shown._runner.start = lambda request: time.sleep(0.5)
    started = time.perf_counter()
    for content in (run_message(), {"kind": "png", "id": "a", "index": "all"}, {"kind": "stop"}):
        shown._on_message(shown, content, [])
    assert time.perf_counter() - started < 0.1
    settle(shown)


def test_stop_and_resume_reach_the_run(gallery):
    run = FakeRun().to(3)
    shown = gallery(run)
    tell(shown, {"kind": "stop"})
    assert (run.stops, shown.state) == (1, "stopped")
    assert shown.tiles["n"] == 4, "what is there is kept and shown"
    tell(shown, {"kind": "resume"})
    assert (run.resumed, shown.state) == (1, "running")
    run.finish()
    tell(shown, {"kind": "resume", "steps": 64})
    assert run.steps == 74


def test_run_takes_the_place_of_what_runs_and_what_is_refused_costs_nothing(gallery):
    old = FakeRun().to(3)
    shown = gallery(old)
    for wrong in (run_message(units="95-96"), run_message(layer="stage9"), run_message(recipe="refused")):
        tell(shown, wrong)
    assert shown.visualizations is old and old.stops == 0
    texts = [content["text"] for content, _ in messages(shown, "error")]
    assert [
        bool(re.search(word, text)) for word, text in zip(("0 to 95", "stage9", "refused"), texts, strict=True)
    ] == [True] * 3
    tell(shown, run_message(steps=7))
    (new,) = shown._runner.runs
    assert shown._runner.requests == [RunRequest("stage4", (2, 3), 2, "quick", 7)]
    assert shown.visualizations is new and old.stops == 1
    assert [card["unit"] for card in shown.cards] == [2, 2, 3, 3]
    assert shown.tiles == {}, "the old images are gone from the view"
    before = shown.progress
    old.to(9)
    settle(shown)
    assert shown.progress == before, "the old run is not listened to any more"


def test_images_come_as_png_and_all_of_them_as_zip(gallery):
    run = FakeRun(range(12), n_images=1).finish()
    shown = gallery(run)
    tell(shown, {"kind": "png", "id": "x", "index": 3})
    ((content, (data,)),) = messages(shown, "png")
    assert (content["id"], content["name"]) == ("x", "03-unit-3-of-stage4.png")
    expected = np.round(run.preview().images[3].transpose(1, 2, 0) * 255)
    assert np.abs(np.asarray(Image.open(io.BytesIO(data))) - expected).max() <= 1
    tell(shown, {"kind": "png", "id": "y", "index": "all"})
    with zipfile.ZipFile(io.BytesIO(messages(shown, "png")[1][1][0])) as archive:
        assert len(archive.namelist()) == 12
    tell(shown, {"kind": "png", "id": "z", "index": 99})
    assert messages(shown, "error"), "no such image: answered, not lost"


def test_a_failed_run_says_why_and_keeps_what_was_finished(gallery):
    run = FakeRun(range(4), batch=2).to(5, batch=1)
    shown = gallery(run)
    run.fail(RuntimeError("the planted failure"))
    settle(shown)
    assert shown.state == "failed"
    assert "the planted failure" in shown.progress["text"]
    assert [card["state"] for card in shown.cards][:2] == ["done", "done"]
    assert "failed" in shown.draw()[1]


def test_the_static_picture_says_what_was_found(gallery, recording):
    run = FakeRun(range(7))
    run.dead = {6}
    shown = gallery(run, recording=recording)
    assert "forming" in shown.draw()[1]
    run.finish()
    picture, alt = shown.draw()
    assert alt == (
        "7 optimized images of unit 0 of stage4, unit 1 of stage4, unit 2 of stage4 and 4 more; "
        "3 of 6 activate their unit more than 99 % of 120 images do; 1 of a dead unit"
    )
    with_exemplars = picture.width
    assert with_exemplars > gallery(FakeRun(range(7)).finish()).draw()[0].width
    assert len(shown._snapshot()["text/html"]) < 150_000 * 4 / 3 + 1_000
    many = gallery(FakeRun(range(96)).finish())
    assert len(many._snapshot()["text/html"]) < 150_000 * 4 / 3 + 1_000


def test_wait_returns_with_the_last_images(gallery):
    import threading

    run = FakeRun().to(2)
    shown = gallery(run)
    threading.Timer(0.2, run.finish).start()
    assert shown.wait() is shown
    assert shown.state == "done" and shown.tiles["n"] == 4


def test_without_a_recording_a_gallery_shares_the_unit_alone(gallery, recording):
    link = nbi.Selection(120)
    shown = gallery(selection=link)
    assert shown.link is link
    assert list(shown.resources()) == []
    with pytest.raises(LookupError, match="without a recording"):
        _ = shown.recording
    with pytest.raises(ValueError, match="over 60 images, the recording over 120"):
        gallery(recording=recording, selection=nbi.Selection(60))
    keys = list(gallery(recording=recording).resources())
    assert ("units", "stage4") in keys and ("units", "stage3") not in keys


def test_units_are_read_as_people_write_them():
    assert parse_units(" 0-3, 12 ;7 ", 20) == (0, 1, 2, 3, 7, 12)
    assert parse_units("4 - 5", 20) == (4, 5)
    assert parse_units("All", 3) == (0, 1, 2)
    for wrong, message in (("20", "0 to 19"), ("5-2", "write 2-5"), ("", "cannot read"), ("a", "'a'"), ("-1", "'-1'")):
        with pytest.raises(ValueError, match=message):
            parse_units(wrong, 20)
    assert format_units([7, 0, 1, 2, 12]) == "0-2, 7, 12"
    assert parse_units(format_units([3, 4, 9]), 20) == (3, 4, 9)


@pytest.mark.parametrize("change", [{"n_images": 0}, {"n_images": 7}, {"n_images": True}, {"steps": 0}, {"steps": 1.5}])
def test_numbers_out_of_range_are_refused(change):
    with pytest.raises(ValueError, match="expected"):
        RunRequest.checked(run_message(**change), LAYERS)


def test_a_share_is_never_rounded_up_to_all():
    assert [share(p) for p in (100, 99.96, 99.0, 0.04)] == ["all", "99.9 % of", "99 % of", "0 % of"]


def test_results_of_maximize_show_themselves_as_a_gallery(recording):
    result = nbi.maximize(recording.net, "stage4", [3, 5], size=48, steps=3, recording=recording)
    shown = nbi.view(result)
    assert isinstance(shown, nbi.UnitGallery)
    assert nbi.view(shown) is shown
    shown.wait()
    assert shown.recording is recording
    assert [card["title"] for card in shown.cards] == ["unit 3 of stage4", "unit 5 of stage4"]
    assert all(card["percentile"] is not None for card in shown.cards)
    settle(shown)
    assert shown.can_run
    assert repr(shown) == "UnitGallery(2 images of unit 3 of stage4, unit 5 of stage4)"
    assert shown.choices["defaults"] == {
        "layer": "stage4",
        "units": "3, 5",
        "n_images": 1,
        "recipe": "quick",
        "steps": 3,
    }
    assert {"name": "stage3", "n_units": 96} in shown.choices["layers"]
    assert len(nbi.figure(shown).data) == 2
    ipywidgets.Widget.close_all()


def test_run_starts_maximize_again_with_the_same_settings(recording):
    result = nbi.maximize(recording.net, "stage4", [3], size=(40, 48), steps=2, recording=recording, seed=5).wait(False)
    shown = nbi.UnitGallery(result)
    tell(shown, run_message(layer="stage3", units="7", n_images=2, steps=2))
    fresh = shown.visualizations
    assert fresh is not result
    fresh.wait(progress=False)
    assert fresh.images.shape == (2, 3, 40, 48)
    assert (fresh.about["seed"], fresh.about["recipe"], fresh.layers) == (5, "quick", ("stage3", "stage3"))
    assert "3 times" in shown.choices["diversity"] and fresh.about["diversity"] == 3.0
    tell(shown, run_message(layer="stage4", units="0", n_images=1, steps=1, recipe="quick-maco"))
    assert shown.visualizations.about["parameterization"] == "MACO"
    shown.visualizations.wait(progress=False)
    ipywidgets.Widget.close_all()


def test_several_images_of_a_unit_are_made_to_differ_by_the_weight_that_the_run_shown_had(recording):
    """The slider of images per unit is one of diversity: never several images with nothing to part them."""
    settings = {"size": 32, "steps": 1, "n_images": 2}
    for given, expected in ((None, 3.0), (7.5, 7.5), (0.0, 3.0)):
        result = nbi.maximize(recording.net, "stage4", [3], diversity=given, **settings).wait(False)
        runner = runner_of(result)
        assert f"counts {expected:g} times" in runner.choices()["diversity"]
        fresh = runner.start(RunRequest("stage4", (1,), 3, "quick", 1)).wait(progress=False)
        assert fresh.about["diversity"] == expected and f"{expected:g} ×" in fresh.about["objectives"][0]


def test_a_gallery_counts_in_its_name(gallery):
    assert repr(gallery(FakeRun(range(1), n_images=1))).startswith("UnitGallery(1 image of ")
    assert repr(gallery(FakeRun(range(2), n_images=1))).startswith("UnitGallery(2 images of ")


def test_a_loaded_result_is_shown_and_cannot_run(recording, tmp_path):
    nbi.maximize(recording.net, "stage4", [3], size=48, steps=2).wait(progress=False).save(tmp_path / "images")
    shown = nbi.UnitGallery(nbi.Visualizations.load(tmp_path / "images"))
    assert not shown.can_run and not shown.progress["can_resume"]
    assert shown.state == "done" and shown.tiles["n"] == 1
    ipywidgets.Widget.close_all()
