"""The paper's schedules: their steps, their windows, their margins, and what a run leaves behind."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from record_helpers import hooks_left, random_probe, small_classifier

from nbinterp.analyses import record
from nbinterp.analyses.facets import Facets, facets, synthesis
from nbinterp.analyses.facets.schedules import CENTRE, TV
from nbinterp.analyses.facets.synthesis import step_along
from nbinterp.analyses.maximize.board import Board
from nbinterp.analyses.recording import DetachedError, Recording


@pytest.fixture(scope="module")
def recording():
    return record(small_classifier(), random_probe(60), ["second", "head"], progress=False)


def test_the_published_schedules():
    assert (TV.steps, CENTRE.steps) == (370, 530)
    assert TV.at(0) == (0, 0.0) and TV.at(190) == (1, 0.0) and TV.at(265) == (1, 0.5) and TV.at(400) == (3, 1.0)
    quick = TV.quick()
    assert 0.2 < quick.steps / TV.steps < 0.3 and quick.warm and not TV.warm and TV.iterations == 100
    assert CENTRE.quick().steps == 265, "with fewer it does not get to its class"


@pytest.mark.parametrize("shape", [(2, 3, 9, 14), (1, 1, 12, 5)])
def test_a_step_moves_pixels_by_its_size_on_average(shape):
    gradient = torch.randn(shape, generator=torch.Generator().manual_seed(0)) * 1e-6
    moved = step_along(gradient, 2.0, 0)
    torch.testing.assert_close(moved.abs().mean((1, 2, 3)) * 255, torch.full((shape[0],), 2.0))
    assert not step_along(torch.zeros(shape), 2.0, 0).any()


def test_a_margin_stays():
    gradient = torch.randn(2, 3, 12, 17, generator=torch.Generator().manual_seed(0))
    inner = step_along(gradient, 2.0, 3)
    torch.testing.assert_close(inner[..., 3:-3, 3:-3], step_along(gradient, 2.0, 0)[..., 3:-3, 3:-3])
    assert not inner[..., :3, :].any() and not inner[..., -3:].any()


@pytest.mark.parametrize("synthesis", ["tv", "centre", "fourier"])
def test_a_run_fills_in_and_leaves_nothing_on_the_model(recording, synthesis):
    found = facets(recording, "head", 1, n_facets=2, images=np.arange(40), synthesis=synthesis, size=(20, 27))
    assert found.mean_images.shape == (2, 3, 20, 27)
    images = found.wait(progress=False).images
    assert images.shape == (2, 3, 20, 27) and images.dtype == np.float32 and 0 <= images.min() <= images.max() <= 1
    assert found.state == "done" and not hooks_left(recording.net.module)
    assert all(parameter.requires_grad for parameter in recording.net.module.parameters())
    again = facets(recording, "head", 1, n_facets=2, images=np.arange(40), synthesis=synthesis, size=(20, 27))
    np.testing.assert_array_equal(again.images, images)
    if synthesis != "centre":  # which goes for the probability first
        assert (found.frame["activation"] > recording.logits[:40, 1].mean()).all()


def test_stop_and_resume(recording):
    found = facets(recording, "head", 1, n_facets=2, synthesis="tv", recipe="paper", size=16)
    while not found.visualizations.step:
        pass
    found.stop().visualizations._await_end()
    made = found.visualizations.step
    assert found.state == "stopped" and 0 < made < 370
    found.resume().wait(progress=False)
    assert found.state == "done" and found.visualizations.history.shape == (370, 2)


@pytest.mark.parametrize("where", ["denoise_tv", "evaluate"])
def test_full_memory_makes_fewer_at_once(recording, where, monkeypatch):
    """Where more than one image does not fit, they go one after the other, to the same result, and it is said."""
    settings = {"n_facets": 3, "images": np.arange(40), "synthesis": "tv", "size": 20}
    whole = facets(recording, "head", 1, **settings).wait(progress=False)
    real, sizes = getattr(synthesis, where), []

    def scarce(first, *args, **kwargs):
        if len(first) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        sizes.append(len(first))
        return real(first, *args, **kwargs)

    monkeypatch.setattr(synthesis, where, scarce)
    said = []
    monkeypatch.setattr(Board, "say", lambda board, text: said.append(text))
    split = facets(recording, "head", 1, **settings).wait(progress=False)
    assert set(sizes) == {1} and len(sizes) == 3 * split.visualizations.step
    assert said == ["Memory is full: going on with 1 of 3 images at a time."]
    np.testing.assert_allclose(split.images, whole.images, atol=2e-3)
    assert not hooks_left(recording.net.module)


def test_an_image_too_large_for_memory(recording, monkeypatch):
    def full(*args, **kwargs):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(synthesis, "denoise_tv", full)
    with pytest.raises(MemoryError, match="smaller size"):
        facets(recording, "head", 1, n_facets=2, images=np.arange(40), synthesis="tv", size=20).wait(progress=False)


def test_other_facets_at_once(recording):
    found = facets(recording, "second", 2, n_facets=2, synthesis="tv", size=24)
    other = found.recluster(3)
    assert other.n_facets == 3 and found.n_facets == 2
    np.testing.assert_array_equal(other.indices, found.indices)
    assert other.images.shape[0] == 3
    with pytest.raises(ValueError, match="at most"):
        other.recluster(1000)


def test_round_trip(recording, tmp_path):
    found = facets(recording, "second", 2, n_facets=2, synthesis="tv", size=24)
    found.save(tmp_path / "found")
    loaded = Facets.load(tmp_path / "found")
    for name in ("indices", "values", "assignments", "mean_images", "shares", "embedding", "images"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(found, name), err_msg=name)
    assert loaded.about == found.about and loaded.stability == found.stability and loaded.title == found.title
    np.testing.assert_array_equal(loaded.evidence.gap, found.evidence.gap)
    assert [few.tolist() for few in loaded.exemplars] == [few.tolist() for few in found.exemplars]
    with pytest.raises(DetachedError, match="loaded"):
        loaded.recluster(3)
    with pytest.raises(FileExistsError):
        found.save(tmp_path)
    with pytest.raises(FileNotFoundError):
        Facets.load(tmp_path / "nothing")


def test_members_and_shares_agree(recording):
    found = facets(recording, "second", 2, synthesis=None, n_facets=3)
    assert sorted(np.concatenate(found.members)) == sorted(found.indices)
    assert found.shares.sum() == pytest.approx(1) and (recording["second"].mean[found.indices, 2] > 0).all()
    assert [len(own) for own in found.members] == sorted(map(len, found.members), reverse=True)
    assert "facet" in repr(found) and found.state == "done"
    with pytest.raises(ValueError, match="no images were asked for"):
        _ = found.images


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("head", 9), IndexError, "0 to 4"),
        (("second", "cat"), LookupError, "no names"),
        (("head", 1, {"synthesis": "gan"}), ValueError, "'fourier', 'tv'"),
        (("head", 1, {"recipe": "maco", "synthesis": "tv"}), ValueError, "'quick', 'paper'"),
        (("head", 1, {"m": 0}), ValueError, "at least 1"),
        (("head", 1, {"images": [99]}), IndexError, "0 to 59"),
        (("head", 1, {"images": []}), ValueError, "indices"),
    ],
)
def test_wrong_arguments_are_refused(recording, arguments, error, words):
    layer, unit, *rest = arguments
    with pytest.raises(error, match=words):
        facets(recording, layer, unit, **(rest[0] if rest else {}))


def test_a_recording_without_its_network_is_refused(recording, tmp_path):
    recording.save(tmp_path / "recording")
    with pytest.raises(DetachedError, match=r"Recording\.load"):
        facets(Recording.load(tmp_path / "recording"), "head", 1)


def test_a_unit_without_images_is_refused(recording):
    kept = recording["second"]
    silent = np.flatnonzero((kept.mean <= 0).all(0))
    for unit in silent[:1]:
        with pytest.raises(ValueError, match="no image"):
            facets(recording, "second", int(unit), synthesis=None)
