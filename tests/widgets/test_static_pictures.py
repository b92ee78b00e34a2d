"""The static picture of every widget class: at twice its size, small, with the words that state what was found."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nbinterp as nbi
from nbinterp.render.snapshot import MAX_BYTES, encode
from nbinterp.widgets.embedding_plot import neighbours_alike

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e" / "places"))  # the table of widget classes is there

from widget_classes import CLASSES, Shown, made


@pytest.fixture(scope="module")
def widgets() -> dict:
    return made()


@pytest.mark.parametrize("shown", CLASSES, ids=str)
def test_it_is_sharp_and_small(shown: Shown, widgets: dict):
    picture, alt = widgets[shown.name].draw()
    _, data = encode(picture)
    with Image.open(io.BytesIO(data)) as found:
        found.load()
        assert found.size == picture.size, "it had to be made smaller than twice the size it is shown in"
    assert len(data) <= MAX_BYTES
    assert f'width="{picture.width // 2}"' in widgets[shown.name]._snapshot()["text/html"]
    assert picture.width // 2 <= 1000, "wider than a notebook's column: it would be shown smaller than drawn"
    assert shown.alt.search(alt)
    assert re.search(r"\d", alt), "no finding without a number"


def test_the_words_of_a_scatter_say_how_far_classes_lie_apart(widgets: dict):
    plot = widgets["EmbeddingPlot"]
    alt = plot.draw()[1]
    alike, chance = neighbours_alike(plot.coordinates()[1], plot.recording.labels)
    words = f"for {100 * alike:.0f} % the nearest neighbour has the same, by chance for {100 * chance:.0f} %"
    assert alt.endswith(words)
    assert 0.3 < alike < 1
    plot.color_by = "correct"
    assert "nearest" in plot.draw()[1]  # two mistakes
    plot.color_by = "name"
    assert "coloured" not in plot.draw()[1]  # texts give no colours
    plot.color_by = "label"


def test_nearest_neighbours_are_counted_right():
    rng = np.random.default_rng(0)
    xy, codes = rng.normal(size=(300, 2)), rng.integers(-1, 4, 300)
    xy[7] = np.nan
    known = [i for i in range(300) if codes[i] >= 0 and i != 7]
    nearest = [min((j for j in known if j != i), key=lambda j: float(((xy[i] - xy[j]) ** 2).sum())) for i in known]
    expected = np.mean([codes[i] == codes[j] for i, j in zip(known, nearest, strict=True)])
    pairs = [codes[i] == codes[j] for i in known for j in known if i != j]
    assert neighbours_alike(xy, codes) == pytest.approx((expected, np.mean(pairs)), abs=1e-12)
    assert np.isnan(neighbours_alike(xy[:1], codes[:1])).all()
    assert np.isnan(neighbours_alike(xy, np.zeros(300, int))).all()
    many = rng.normal(size=(20_001, 2))
    kinds = (many[:, 0] > 0).astype(int)
    assert neighbours_alike(many[1:], kinds[1:])[0] > 0.9
    assert np.isnan(neighbours_alike(many, kinds)).all()


def test_captions_say_whether_the_network_is_right(widgets: dict):
    source, recording = widgets["ImageGrid"].source, widgets["ImageGrid"].recording
    wrong = np.flatnonzero(~recording.correct)
    frame = recording.frame
    for i in (0, int(wrong[0])):
        row = frame.iloc[i]
        right = f"✓ {row['label']}\n{100 * row['confidence']:.0f} %"
        assert source.caption(i) == (right if row["correct"] else f"✗ {row['label']}\n→ {row['prediction']}")
    assert source.mistakes() == f", {len(wrong)} classified wrongly"


def test_labels_that_are_not_the_networks_classes_are_not_called_wrong():
    pixels = np.random.default_rng(0).integers(0, 255, (6, 64, 64, 3), dtype=np.uint8)
    probe = nbi.ProbeSet.from_arrays(pixels, [0, 1] * 3, class_names=["x", "y"])
    view = nbi.ImageGrid(nbi.record(nbi.demo.classifier(), probe, ["head"], progress=False))
    assert view.source.caption(1).startswith("y\n→ ")
    assert view.source.mistakes() == ""


def test_units_are_in_the_order_of_the_live_list(widgets: dict):
    units = widgets["UnitList"]
    table = units.source.units("head")
    best = np.argsort(-table["activity"])[:8]
    assert [int(n) for n in re.findall(r"unit (\d+)", units.draw()[1])] == best.tolist()
    units.sort_by, units.descending = "unit", False
    assert "the first 8" in units.draw()[1]
    assert [int(n) for n in re.findall(r"unit (\d+)", units.draw()[1])] == list(range(8))
    units.sort_by, units.descending = "activity", True


def test_units_that_are_never_active_come_last_and_without_images():
    study = nbi.record(nbi.demo.classifier(), nbi.demo.scenes(6), ["stage4"], progress=False)
    study["stage4"].max[:, 1:] = study["stage4"].mean[:, 1:] = 0
    view = nbi.UnitList(study)
    assert [int(n) for n in re.findall(r"unit (\d+)", view.draw()[1])][:2] == [0, 1]
    rows = [view._row(unit, view.source.units("stage4"), 9) for unit in (0, 1)]
    assert len(rows[0]["images"]) == 6 and rows[1] == {"name": "unit 1", "detail": "never active", "images": []}


def test_exemplars_come_with_their_maps(widgets: dict):
    source = widgets["UnitList"].source
    images, masks = source.exemplars("stage4", 3, 4)
    assert len(images) == 4 and masks is not None and len(masks) == 4
    assert max(float(mask.max()) for mask in masks) == pytest.approx(1, abs=0.01)
    assert source.exemplars("head", 3, 4)[1] is None
    assert source.exemplars("stage4", 96, 4) == source.exemplars("nowhere", 0, 4) == ([], None)
