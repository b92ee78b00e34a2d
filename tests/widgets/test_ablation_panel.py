"""AblationPanel from Python: what crosses, that the newest edit wins, what is refused, what the static picture says."""

import gc
import re
import threading
import weakref
from dataclasses import replace

import ipywidgets
import numpy as np
import pytest
import traitlets
from ablation_fakes import N_IMAGES, FakeAblation, fake_dissection

import nbinterp as nbi
from nbinterp.render.ablation import most_changed, points
from nbinterp.render.snapshot import MAX_BYTES, encode
from nbinterp.widgets.ablation_edit import Concept, Edit, read_edit
from nbinterp.widgets.ablation_facts import edit_words, flip_words


@pytest.fixture(scope="module")
def ablation(small):
    """The last conv layer of the demo classifier on 120 scenes."""
    return nbi.ablate(small, "stage4", progress=False)


@pytest.fixture(scope="module")
def small():
    """The demo classifier on 120 scenes."""
    return nbi.record(nbi.demo.classifier(), nbi.demo.scenes(120), layers=["stage4"], progress=False)


@pytest.fixture
def fake(tiny):
    """Builds fake ablations of 40 scenes."""
    return lambda **options: FakeAblation(tiny, **options)


@pytest.fixture(scope="module")
def tiny():
    """The demo classifier on 40 scenes."""
    return nbi.record(nbi.demo.classifier(), nbi.demo.scenes(N_IMAGES), layers=["stage4"], progress=False)


def say(view, **message) -> None:
    """What a view in the browser would send."""
    view._on_message(view, message, [])


def move(view, **change) -> None:
    """What the sliders in the browser would do."""
    view.edit = {**view.edit, **change}


def flips_of(view) -> np.ndarray:
    return np.frombuffer(view.flips, "<i4").reshape(-1, 4)


def test_exactly_these_traits_cross():
    own = set(nbi.AblationPanel.class_traits(sync=True)) - set(ipywidgets.DOMWidget.class_traits(sync=True))
    assert {name for name in own if not name.startswith("_")} == (
        {"catalog", "link", "snapshot_id", "edit", "order", "of_class", "top", "follow", "about", "concepts", "shown"}
        | {"flips", "ranking", "ranked", "drops", "problem", "height"}
    )


def test_what_crosses_is_the_effect_of_the_sliders(ablation):
    view = nbi.AblationPanel(ablation)
    assert view.shown["accuracy"] == pytest.approx(ablation.baseline.accuracy, abs=1e-6) == view.shown["was"]
    assert view.flips == b"" and (view.shown["n_images"], view.shown["of"]) == (120, 120)
    units = [int(unit) for unit in ablation.ranking("harbour")["unit"][:20]]
    move(view, units=[[unit, 0] for unit in units])
    effect = ablation.effect(units)
    shown = view.wait().shown
    assert shown["accuracy"] == pytest.approx(effect.accuracy, abs=1e-6)
    assert shown["accuracy"] < shown["was"] == pytest.approx(ablation.baseline.accuracy, abs=1e-6)
    assert np.allclose(shown["balanced"], effect.balanced_accuracy, atol=1e-6)
    assert np.allclose(shown["balanced_was"], ablation.baseline.balanced_accuracy, atol=1e-6)
    flips = flips_of(view)
    assert flips[:, 0].tolist() == effect.flipped.tolist() and len(flips) > 0
    assert np.array_equal(flips[:, 1], ablation.recording.labels[effect.flipped])
    assert np.array_equal(flips[:, 2], ablation.baseline.predictions[effect.flipped])
    assert np.array_equal(flips[:, 3], effect.predictions[effect.flipped])
    assert np.array_equal(view.effect.predictions, effect.predictions)
    view.reset().wait()
    assert view.effect.predictions.tolist() == ablation.baseline.predictions.tolist() and view.flips == b""
    assert list(view.units) == units


def test_a_scale_between_lies_between_the_value_and_what_is(ablation):
    view = nbi.AblationPanel(ablation, units={3: 0.5, 7: 0, 9: 2, 11: 1})
    assert np.array_equal(view.wait().effect.probabilities, ablation.probabilities({3: 0.5, 7: 0, 9: 2}))
    move(view, value="mean")
    after = view.wait().effect
    assert not np.array_equal(after.probabilities, ablation.probabilities({3: 0.5, 7: 0, 9: 2}))
    move(view, units=[[3, 0], [7, 0]])
    assert np.array_equal(view.wait().effect.probabilities, ablation.probabilities([3, 7], "mean"))
    move(view, units=[[3, 0.999], [7, 0.999]])
    assert np.allclose(view.wait().effect.probabilities, ablation.baseline.probabilities, atol=2e-3)


def test_the_newest_edit_wins_and_nothing_queues_up(fake):
    held = fake(parts=(10, 20, N_IMAGES))
    view = nbi.AblationPanel(held)
    held.gate.clear()
    serials = []
    view.observe(lambda change: serials.append(change["new"]["edit"]["units"]), "shown")
    move(view, units=[[0, 0]])
    assert held.begun.acquire(timeout=20)
    for unit in range(1, 9):
        move(view, units=[[one, 0] for one in range(unit + 1)])
    held.gate.set()
    view.wait()
    assert held.asked == [{0: 0.0}, dict.fromkeys(range(9), 0.0)]
    # the first edit gave its first answer, and was ended then; the last one came in three
    assert [len(units) for units in serials] == [1, 9, 9, 9]
    assert len(flips_of(view)) == 9 and view.shown["n_images"] == view.shown["of"] == N_IMAGES


def test_a_hand_that_never_rests_sees_the_panel_move(fake):
    view = nbi.AblationPanel(slow := fake(parts=(10, N_IMAGES)))
    slow.gate.clear()
    seen = []
    view.observe(lambda change: seen.append(change["new"]["n_images"]), "shown")
    for step in range(5):
        move(view, units=[[0, step / 10]])
        assert slow.begun.acquire(timeout=20)
        move(view, units=[[0, step / 10 + 0.05]])  # while the answer is on its way
        answered = threading.Event()
        view.observe(lambda _, answered=answered: answered.set(), "shown")
        slow.gate.set()
        assert answered.wait(20)
        view._runner.wait()
        slow.gate.clear()
        while slow.begun.acquire(blocking=False):
            pass
    assert len(seen) >= 5 and seen.count(10) >= 5


def test_a_failure_is_said_and_the_next_edit_is_answered(fake):
    view = nbi.AblationPanel(fake())
    move(view, units=[[11, 0]])
    with pytest.raises(ValueError, match="unit 11 cannot"):
        view.wait()
    assert view.problem == "unit 11 cannot be switched off today"
    move(view, units=[[2, 0]])
    assert view.wait().problem == "" and len(flips_of(view)) == 1


def test_units_can_be_set_from_python(fake):
    view = nbi.AblationPanel(fake(), units=[3, 5])
    assert view.units == {3: 1.0, 5: 1.0} and view.shown["edit"] == view.edit
    view.units = 4
    assert view.units == {4: 1.0}
    view.units = {4: 0, 6: 1.5}
    assert view.wait().edit["units"] == [[4, 0.0], [6, 1.5]]
    view.switch_off([1, 2])
    assert view.wait().units == {1: 0.0, 2: 0.0} and len(view.effect.flipped) == 2
    assert nbi.AblationPanel(fake(), units={0: 0}).wait().shown["accuracy"] == 39 / 40
    for wrong, message in ((12, "0 to 11, got 12"), ([1.5], "0 to 11"), ({1: 3}, "0 .off. to 2"), (True, "0 to 11")):
        with pytest.raises(ValueError, match=message):
            view.units = wrong
        with pytest.raises(ValueError, match=message):
            nbi.AblationPanel(fake(), units=wrong)
    for wrong in ({"units": [[99, 0]]}, {"value": "one"}, {"concept": "wheel"}, {"concept_scale": -1}):
        with pytest.raises(traitlets.TraitError):
            move(view, **wrong)
    assert view.units == {1: 0.0, 2: 0.0}


def test_a_concept_moves_all_its_units(fake):
    view = nbi.AblationPanel(held := fake(), dissection=fake_dissection())
    assert view.concepts == [
        {"name": "blue (colour)", "category": "colour", "units": [3, 1, 4]},
        {"name": "wheel", "category": "object", "units": [2, 5]},
        {"name": "blue (object)", "category": "object", "units": [7]},
    ]
    assert view.about["notes"][2] == "wheel (IoU 0.25)" and view.about["notes"][0] == ""
    view.units = {2: 0.5, 0: 0}
    move(view, concept="wheel", concept_scale=0.5)
    view.wait()
    assert held.asked[-1] == {0: 0.0, 2: 0.25, 5: 0.5}
    move(view, concept_scale=2.0, units=[[2, 2.0], [5, 0.5]])
    view.wait()
    assert held.asked[-1] == {2: 2.0}
    view.switch_off_concept("blue (object)").wait()
    assert held.asked[-1] == {7: 0.0} and view.units == {}
    with pytest.raises(traitlets.TraitError, match=r"no concept 'blue'.*'blue \(colour\)'"):
        view.switch_off_concept("blue")
    with pytest.raises(traitlets.TraitError, match="give the panel a dissection"):
        nbi.AblationPanel(fake()).switch_off_concept("wheel")
    with pytest.raises(ValueError, match=r"12 units of 'stage3'.*12 of 'stage4'"):
        nbi.AblationPanel(fake(), dissection=fake_dissection(layer="stage3"))


def test_edits_multiply_and_cross_unchanged():
    concepts = [Concept("wheel", "object", (2, 5))]
    edit = Edit(((2, 0.5), (3, 1.0)), "wheel", 0.5, "mean")
    assert edit.scales(concepts) == {2: 0.25, 5: 0.5}
    assert read_edit(edit.to_trait(), 6, concepts) == edit
    assert read_edit({}, 6, ()) == Edit()
    assert edit.as_it_is().scales(concepts) == {}
    assert edit_words(edit, concepts) == "unit 2 × 0.5; 2 units of wheel × 0.5"
    assert edit_words(Edit(((2, 0.0), (3, 0.0)), value="mean"), ()) == "units 2, 3 at the mean"
    assert edit.switched_off([1]).scales(concepts) == {1: 0.0}


def test_a_flip_is_told_with_its_label_where_neither_is_right(fake):
    effect = fake().baseline
    effect = replace(effect, predictions=np.where(effect.images == 2, 3, effect.predictions))
    assert flip_words(effect, 2, "abcd", labelled=True) == "c → d"
    wrong = replace(effect, labels=np.zeros_like(effect.labels))
    assert flip_words(wrong, 2, "abcd", labelled=True) == "c → d (a)"
    assert flip_words(wrong, 2, "abcd", labelled=False) == "c → d"


def test_the_ranking_is_made_beside_the_notebook(fake):
    view = nbi.AblationPanel(fake())
    assert view.ranking["state"] == "none"
    say(view, kind="rank")
    view.wait()
    assert (view.ranking["state"], view.ranking["k"]) == ("done", 12)
    ranked = np.frombuffer(view.ranked, "<i4").reshape(5, 12)
    assert ranked[0].tolist() == list(range(12)) and ranked[1, :3].tolist() == [11, 0, 1]
    assert (ranked[4] == -1).all()  # a class without images
    assert np.frombuffer(view.drops, "<f4").reshape(5, 12)[0, 0] == pytest.approx(0.3)
    move(view, value="mean")
    assert view.ranking["state"] == "none" and view.ranked == b""


def test_a_ranking_can_be_stopped_and_sliders_move_meanwhile(fake):
    view = nbi.AblationPanel(held := fake())
    held.gate.clear()
    say(view, kind="rank")
    assert held.begun.acquire(timeout=20)
    assert view.ranking["state"] == "running"
    say(view, kind="stop")
    held.gate.set()
    view.wait()
    assert view.ranking["state"] == "none" and view.ranked == b"" and held.runs_done == 0


def test_the_top_units_of_a_class_are_switched_off(ablation):
    view = nbi.AblationPanel(ablation).switch_off_top("harbour", 5).wait()
    assert list(view.units) == ablation.ranking("harbour")["unit"][:5].tolist()
    assert (view.about["classes"][view.of_class], view.top) == ("harbour", 5)
    row = np.frombuffer(view.ranked, "<i4").reshape(-1, view.ranking["k"])[view.of_class + 1]
    assert row[:5].tolist() == list(view.units)
    with pytest.raises(LookupError, match="habour"):
        view.switch_off_top("habour")


def test_without_labels_it_is_agreement(fake):
    view = nbi.AblationPanel(fake(labelled=False), units={0: 0}).wait()
    assert view.about["measure"] == "agreement" and (flips_of(view)[:, 1] == -1).all()
    assert "agreement with the network as it is 97.5 %, was 100.0 %" in view.draw()[1]


def test_view_shows_an_ablation(ablation):
    view = nbi.view(ablation)
    assert isinstance(view, nbi.AblationPanel) and view.ablation is ablation
    assert view.recording is ablation.recording


def test_the_static_picture_states_the_finding_and_stays_small(ablation):
    view = nbi.AblationPanel(ablation)
    assert "nothing changed: accuracy" in view.draw()[1]
    view.switch_off_top("harbour", 20).wait()
    picture, alt = view.draw()
    assert re.match(
        r"Ablation in stage4, units .* and 12 more off: accuracy [\d.]+ %, was [\d.]+ %, on 120 images", alt
    )
    assert len(encode(picture)[1]) <= MAX_BYTES
    assert [points(*pair) for pair in ((0.5, 0.714), (0.71, 0.7), (0.5, 0.50001))] == ["−21.4", "+1.0", "±0"]
    assert points(float("nan"), 0.5) == ""
    order = most_changed(view.effect, 3)
    change = np.abs(view.effect.balanced_accuracy - view.effect.balanced_accuracy_before)
    assert change[order].tolist() == sorted(change, reverse=True)[:3]


def test_a_closed_panel_is_freed(tiny):
    study = nbi.record(tiny.net, nbi.demo.scenes(30), layers=["stage4"], progress=False)
    view = nbi.AblationPanel(nbi.ablate(study, "stage4", progress=False)).switch_off_top(None, 3).wait()
    view._snapshot()
    gone = weakref.ref(study), weakref.ref(view)
    del study, view
    ipywidgets.Widget.close_all()
    gc.collect()
    assert [reference() for reference in gone] == [None, None]
