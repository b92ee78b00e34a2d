"""Visualizations and spectra on disk."""

import json
import threading
import time

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import save_file

from nbinterp.analyses import DamagedFileError, Visualizations, maximize
from nbinterp.analyses.maximize import default_spectrum, read_spectrum, spectrum
from nbinterp.analyses.maximize.board import Board, Scores, Subjects
from nbinterp.analyses.maximize.files import file_names, to_bytes
from nbinterp.data import ImageError, ProbeSet
from nbinterp.kernels import objectives
from tests.maximize_helpers import FAST, SIZE, made, small_net


@pytest.fixture(scope="module")
def result() -> Visualizations:
    return made(small_net(), {"relu": [0, 2], "deep": 1}, batch_size=2)


def test_what_is_saved_is_loaded(result, tmp_path):
    result.save(tmp_path / "new" / "images")
    loaded = Visualizations.load(tmp_path / "new" / "images")
    for name in ("images", "activations", "percentiles", "survival", "agreement", "dead", "units", "groups", "history"):
        found, expected = getattr(loaded, name), getattr(result, name)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)
    assert loaded.layers == result.layers and loaded.titles == result.titles and loaded.judged == result.judged
    assert loaded.frame.equals(result.frame) and dict(loaded.about) == dict(result.about)
    assert loaded.state == "done" and loaded.steps == 6 and loaded.preview().status == ("done",) * 3
    assert loaded.wait(progress=False) is loaded
    loaded.save(tmp_path / "again")
    assert Visualizations.load(tmp_path / "again").frame.equals(result.frame)


def test_a_loaded_result_cannot_go_on(result, tmp_path):
    result.save(tmp_path / "images")
    loaded = Visualizations.load(tmp_path / "images")
    assert not loaded.can_resume and loaded.net is None
    for go_on in (lambda: loaded.resume(3), loaded.resume, loaded._start, loaded.again):
        with pytest.raises(RuntimeError, match="loaded from a file"):
            go_on()


def test_saving_replaces_visualizations_and_nothing_else(result, tmp_path):
    result.save(tmp_path / "images")
    result.save(tmp_path / "images")
    (tmp_path / "other").mkdir()
    with pytest.raises(FileExistsError, match="holds no visualizations"):
        result.save(tmp_path / "other")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["images", "other"]


def test_damage_is_noticed(result, tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no visualizations"):
        Visualizations.load(tmp_path)
    result.save(tmp_path / "images")
    about = tmp_path / "images" / "visualizations.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"steps": 7}))
    with pytest.raises(DamagedFileError, match="altered"):
        Visualizations.load(tmp_path / "images")


def test_png_files(result, tmp_path):
    (path,) = result.save_png(tmp_path / "one.png", image=2)
    expected = (result.images[2].transpose(1, 2, 0) * 255).round()
    np.testing.assert_array_equal(np.asarray(Image.open(path)), expected)
    written = result.save_png(tmp_path / "all")
    assert [path.name for path in written] == ["0-unit-0-of-relu.png", "1-unit-2-of-relu.png", "2-unit-1-of-deep.png"]
    np.testing.assert_array_equal(np.asarray(Image.open(written[2])), expected)
    with pytest.raises(ValueError, match="3 images"):
        result.save_png(tmp_path / "all.png")
    with pytest.raises(IndexError, match="0 to 2"):
        result.save_png(tmp_path / "x.png", image=3)


def test_again_takes_the_same_settings(result):
    more = result.again("deep", [0, 2], n_images=2).wait(progress=False)
    assert more.layers == ("deep",) * 4 and more.units.tolist() == [0, 0, 2, 2] and more.steps == FAST["steps"]
    assert more.net is result.net and more.shape == result.shape
    own = made(small_net(), objective=objectives.logit(1))
    assert own.again().wait(progress=False).images.tobytes() == own.images.tobytes()
    assert own.again("deep", 2).wait(progress=False).units.tolist() == [2]


def test_again_says_why_it_cannot():
    made_otherwise = Visualizations(*plain_board(), run=lambda board, stopped: None)
    with pytest.raises(RuntimeError, match=r"pixels denoised.*not made by maximize.*facets"):
        made_otherwise.again(n_images=2)
    with pytest.raises(RuntimeError, match="loaded from a file"):
        Visualizations(*plain_board()).again()


def plain_board():
    subjects = Subjects(("",), np.array([-1]), np.array([0]), ("a thing",))
    board = Board(subjects, Scores.unknown(1, (3, 4, 4)), 1, [slice(0, 1)])
    return board, {"parameterization": "pixels denoised by total variation"}


def test_file_names_keep_what_titles_are_made_of():
    assert file_names(["unit 3 of a/b.c", "Wörter + x"]) == ["0-unit-3-of-a-b.c.png", "1-Wörter-+-x.png"]


def test_values_are_rounded_to_bytes():
    assert to_bytes(np.array([-1.0, 0.4 / 255, 0.6 / 255, 2.0, np.nan])).tolist() == [0, 0, 1, 255, 0]


# -- spectra -------------------------------------------------------------------------------------


def test_the_spectrum_of_a_probe_set_is_the_mean_of_its_images_magnitudes():
    """Grey images: the luminance axis alone has anything in it, and one channel has the plain spectrum."""
    grey = np.random.default_rng(0).integers(0, 256, (5, 9, 12), dtype=np.uint8)
    probe = ProbeSet.from_arrays(np.repeat(grey[..., None], 3, 3))
    expected = np.abs(np.fft.rfft2(grey / 255)).mean(0)
    np.testing.assert_allclose(spectrum(probe, (9, 12), channels=1, progress=False)[0], expected, rtol=1e-4, atol=1e-4)
    colour = spectrum(probe, (9, 12), progress=False)
    assert colour.shape == (3, 9, 7)
    assert spectrum(probe, (9, 12), limit=2, progress=False).shape == (3, 9, 7)
    assert not torch.allclose(spectrum(probe, (9, 12), limit=2, progress=False), colour)


def test_the_default_spectrum_falls_with_frequency():
    found = default_spectrum((33, 48))
    assert found.shape == (3, 33, 25) and found.isfinite().all()
    assert found[0, 1:4, 1:4].mean() > 5 * found[0, 14:18, 18:].mean()
    assert default_spectrum((33, 48), 1).shape == (1, 33, 25)


@pytest.mark.parametrize("kind", ["npy", "safetensors"])
def test_spectra_from_files(kind, tmp_path):
    values = np.random.default_rng(0).random((3, 8, 5)).astype(np.float32)
    path = tmp_path / f"spectrum.{kind}"
    if kind == "npy":
        np.save(path, values)
    else:
        save_file({"spectrum": values}, path)
    np.testing.assert_array_equal(read_spectrum(path).numpy(), values)
    result = made(small_net(), "deep", 1, parameterization="maco", spectrum=path)
    assert result.images.shape == (1, 3, *SIZE)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (np.ones((8, 5), np.float32), "channels"),
        (np.ones((2, 8, 5), np.float32), "channels"),
        (-np.ones((3, 8, 5), np.float32), "not negative"),
        (np.full((3, 8, 5), np.nan, np.float32), "finite"),
        (np.array([[["a"]]]), "channels"),
    ],
)
def test_other_arrays_are_no_spectra(values, text, tmp_path):
    np.save(tmp_path / "wrong.npy", values)
    with pytest.raises(ValueError, match=text):
        read_spectrum(tmp_path / "wrong.npy")


def test_files_that_are_no_spectra(tmp_path):
    (tmp_path / "wrong.npy").write_bytes(b"nothing")
    (tmp_path / "wrong.safetensors").write_bytes(b"nothing")
    (tmp_path / "wrong.txt").write_text("1 2 3")
    save_file({"a": np.ones(2), "b": np.ones(2)}, tmp_path / "two.safetensors")
    for name, text in (
        ("wrong.npy", "cannot be read"),
        ("wrong.safetensors", "cannot be read"),
        ("wrong.txt", ".npy or"),
        ("two.safetensors", "2 arrays"),
    ):
        with pytest.raises(ValueError, match=text):
            read_spectrum(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        read_spectrum(tmp_path / "nowhere.npy")


def test_a_spectrum_of_other_channels_is_refused():
    with pytest.raises(ValueError, match="1 channels"):
        maximize(small_net(), "deep", 1, parameterization="maco", spectrum=np.ones((1, 8, 5)), **FAST)


def test_the_spectrum_comes_from_the_recordings_images():
    """MACO's magnitude is then that of the probe set: images of another frequency content come out otherwise."""
    from nbinterp.analyses import record

    net = small_net()
    smooth = np.tile(np.linspace(0.2, 0.8, SIZE[1], dtype=np.float32)[None, None, :, None], (4, SIZE[0], 1, 3))
    recording = record(net, ProbeSet.from_arrays(smooth), ["deep"], progress=False)
    settings = {"parameterization": "maco", "recipe": "none"}
    ours = made(net, "deep", 1, recording=recording, **settings).images
    theirs = made(net, "deep", 1, **settings).images
    assert np.abs(np.diff(ours, axis=2)).mean() < 0.1 * np.abs(np.diff(theirs, axis=2)).mean()


# -- reading images for a spectrum happens in the background ---------------------------------------


class SlowProbe:
    """A probe set that gives an image each time it is allowed to, and can fail."""

    def __init__(self, n: int = 12, fail_at: int | None = None) -> None:
        images = np.random.default_rng(0).integers(0, 256, (n, *SIZE, 3), dtype=np.uint8)
        self.probe = ProbeSet.from_arrays(images)
        self.read, self.allowed, self.fail_at = 0, threading.Semaphore(0), fail_at

    def patch(self, monkeypatch) -> ProbeSet:
        plain = ProbeSet.pixels

        def pixels(probe, index, size):
            assert self.allowed.acquire(timeout=20)
            if self.read == self.fail_at:
                raise ImageError(f"image {index} cannot be read")
            self.read += 1
            return plain(probe, index, size)

        monkeypatch.setattr(ProbeSet, "pixels", pixels)
        return self.probe

    def allow(self, n: int) -> None:
        for _ in range(n):
            self.allowed.release()


def until(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.005)


def test_reading_images_for_a_spectrum_shows_how_far_it_is_and_can_be_stopped(monkeypatch):
    slow = SlowProbe()
    expected = made(small_net(), "deep", 1, parameterization="maco", spectrum=slow.probe)
    probe = slow.patch(monkeypatch)
    result = maximize(small_net(), "deep", 1, parameterization="maco", spectrum=probe, **FAST)
    assert slow.read == 0 and result.step == 0, "it returned before an image was read"
    slow.allow(3)
    until(lambda: slow.read == 3)
    until(lambda: "3 of 12 images" in result.message)
    result.stop()
    slow.allow(1)
    until(lambda: result.state == "stopped")
    assert slow.read == 4 and result.message == "" and result.facts()["note"].tolist() == ["not begun"]
    slow.allow(12)
    result.resume().wait(progress=False)
    assert result.state == "done"
    assert result.images.tobytes() == expected.images.tobytes(), "a stop while measuring leaves no trace"


def test_an_image_that_cannot_be_read_for_a_spectrum_is_reported_as_any_failure(monkeypatch):
    slow = SlowProbe(fail_at=2)
    slow.allow(12)
    result = maximize(small_net(), "deep", 1, parameterization="maco", spectrum=slow.patch(monkeypatch), **FAST)
    with pytest.raises(ImageError, match="cannot be read") as caught:
        result.wait(progress=False)
    assert result.state == "failed" and any("measuring the spectrum" in note for note in caught.value.__notes__)
    slow.fail_at = None
    slow.allow(12)
    assert result.resume().wait(progress=False).state == "done"
