"""Saving and loading recordings, and the checked array files under them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from record_helpers import assert_same, random_images, random_probe, small_classifier
from safetensors.numpy import load_file

from nbinterp.analyses import DamagedFileError, DetachedError, MismatchError, Recording, record
from nbinterp.analyses._tensorfile import DTYPES, read_tensors, write_tensors
from nbinterp.data import ProbeSet

CLASSES = tuple("abcde")


@pytest.fixture
def made():
    columns = {"size": np.linspace(0, 1, 12), "night": np.arange(12) % 2 == 0, "town": np.array(["Ulm", "Köln"] * 6)}
    net = small_classifier(classes=CLASSES)
    probe = random_probe(12, columns={**columns, "count": np.arange(12, dtype=np.int16)}, class_names=CLASSES)
    recording = record(net, probe, ["first", "head"], keep=("topk", "codes", "maps"), batch_size=5, progress=False)
    return net, probe, recording


def test_a_recording_comes_back_as_it_was(tmp_path, made):
    net, probe, recording = made
    recording.save(tmp_path / "study")
    assert sorted(path.name for path in (tmp_path / "study").iterdir()) == ["recording.json", "recording.safetensors"]
    again = Recording.load(tmp_path / "study", net, probe)
    assert_same(again, recording)
    assert again.frame.equals(recording.frame.astype(again.frame.dtypes))
    assert again.frame["town"].tolist()[:2] == ["Ulm", "Köln"] and again.frame["night"].dtype == bool
    assert (again.net, again.probe) == (net, probe)
    for name in ("names", "class_names", "label_names", "aligned", "fingerprints", "batch_size"):
        assert getattr(again, name) == getattr(recording, name)
    np.testing.assert_array_equal(again.labels, recording.labels)
    assert repr(again) == repr(recording)


def test_a_saved_recording_is_replaced_as_a_whole(tmp_path, made):
    net, probe, recording = made
    recording.save(tmp_path / "study")
    record(net, probe.subset(range(4)), "first", progress=False).save(tmp_path / "study")
    assert len(Recording.load(tmp_path / "study")) == 4
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_saving_over_something_else_is_refused(tmp_path, made):
    (tmp_path / "notes.txt").write_text("precious")
    with pytest.raises(FileExistsError, match="is no recording"):
        made[2].save(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "precious"


def test_a_detached_recording_says_what_it_lacks(tmp_path, made):
    net, probe, _ = made
    record(net, probe, "first", progress=False).save(tmp_path / "study")
    with pytest.raises(DetachedError, match=r"takes the classifier.*Recording.load\(path, net=…, probe=…\)"):
        Recording.load(tmp_path / "study").activation_maps("first", 0, [1])
    with pytest.raises(DetachedError, match="takes the probe set"):
        Recording.load(tmp_path / "study", net=net).activation_maps("first", 0, [1])
    with pytest.raises(DetachedError, match="classifier"):
        Recording.load(tmp_path / "study")[net.module.first]
    attached = Recording.load(tmp_path / "study", net, probe)
    kept = record(net, probe, "first", keep="maps", progress=False)["first"].maps
    np.testing.assert_allclose(attached.activation_maps(net.module.first, 2, [11, 3]), kept[[11, 3], 2], atol=2e-3)


def test_kept_maps_need_no_network(tmp_path, made):
    made[2].save(tmp_path / "study")
    maps = Recording.load(tmp_path / "study").activation_maps("first", 1, [0, 5])
    np.testing.assert_array_equal(maps, made[2]["first"].maps[[0, 5], 1].astype(np.float32))


def doubled(image):
    return image * 2


def test_only_the_recorded_network_and_images_are_attached(tmp_path, made):
    net, probe, recording = made
    recording.save(tmp_path / "study")
    with pytest.raises(MismatchError, match="other weights"):
        Recording.load(tmp_path / "study", net=small_classifier(seed=1))
    images = random_images(12)
    images[5, 0, 0, 0] += 1e-3
    other = ProbeSet.from_arrays(images, probe.labels, class_names=CLASSES)
    with pytest.raises(MismatchError, match="other images"):
        Recording.load(tmp_path / "study", net, other)
    with pytest.raises(MismatchError, match="other images"):
        Recording.load(tmp_path / "study", probe=probe.subset(np.arange(12)[::-1]))
    with pytest.raises(MismatchError, match="preprocess or its code differs"):
        Recording.load(tmp_path / "study", small_classifier(preprocess=doubled), probe)


def test_damaged_recordings_are_refused(tmp_path, made):
    recording = made[2]
    with pytest.raises(FileNotFoundError, match="holds no recording"):
        Recording.load(tmp_path / "nothing")
    recording.save(tmp_path / "study")
    arrays, about = tmp_path / "study" / "recording.safetensors", tmp_path / "study" / "recording.json"
    content = arrays.read_bytes()
    arrays.write_bytes(content[:-1])
    with pytest.raises(DamagedFileError, match="truncated or damaged"):
        Recording.load(tmp_path / "study")
    arrays.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DamagedFileError, match="checksum"):
        Recording.load(tmp_path / "study")
    arrays.write_bytes(content)
    about.write_text(about.read_text().replace('"0003"', '"0004"'))
    with pytest.raises(DamagedFileError, match="altered"):
        Recording.load(tmp_path / "study")


def test_array_files_are_safetensors(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {f"a {dtype}": (rng.random((3, 5)) * 9).astype(dtype) for dtype in DTYPES}
    arrays |= {
        "empty": np.zeros((0, 4), np.float32),
        "scalar": np.array(3, np.int64),
        "odd": np.arange(3, dtype=np.uint8),
    }
    write_tensors(tmp_path / "x", arrays, {"note": "Grüße"})
    found, metadata = read_tensors(tmp_path / "x")
    assert metadata == {"note": "Grüße"}
    for reader in (found, load_file(tmp_path / "x")):
        assert reader.keys() == arrays.keys()
        for name, array in arrays.items():
            assert reader[name].dtype == array.dtype and reader[name].shape == array.shape
            np.testing.assert_array_equal(reader[name], array)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    write_tensors(tmp_path / "x", {"a": np.ones(3, np.float32)}, {})
    with pytest.raises(KeyError):
        write_tensors(tmp_path / "x", {"a": np.ones(3, np.complex64)}, {})

    def interrupt(array):
        raise KeyboardInterrupt

    from nbinterp.analyses import _tensorfile

    real, calls = _tensorfile._buffer, []
    monkeypatch.setattr(
        _tensorfile, "_buffer", lambda a: calls.append(1) or (interrupt(a) if len(calls) > 1 else real(a))
    )
    with pytest.raises(KeyboardInterrupt):
        write_tensors(tmp_path / "x", {"a": np.zeros(3, np.float32)}, {})
    monkeypatch.undo()
    assert read_tensors(tmp_path / "x")[0]["a"].tolist() == [1, 1, 1]
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_the_json_is_readable(tmp_path, made):
    made[2].save(tmp_path / "study")
    about = json.loads((tmp_path / "study" / "recording.json").read_text())
    assert about["layers"]["first"] == {"kind": "maps", "shape": [8, 12], "n_units": 6}
    assert about["columns"] == ["size", "night", "town", "count"]
