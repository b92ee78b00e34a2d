"""Batches decoded ahead: the right images, bounded, thread-safe, with errors that name the image."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image

from nbinterp.data import ImageError, ProbeSet, batches


def numbered(n=11):
    return ProbeSet.from_arrays(np.arange(n, dtype=np.uint8)[:, None, None] + np.zeros((n, 5, 6), np.uint8))


def to_tensor(image):
    return torch.from_numpy(np.array(image))


@pytest.mark.parametrize("start", [0, 3, 10, 11])
def test_every_image_once_and_in_order(start):
    seen = list(batches(numbered(), to_tensor, 4, start, workers=3))
    assert [len(indices) for indices, _ in seen] == [4] * ((11 - start) // 4) + [r for r in [(11 - start) % 4] if r]
    assert [int(i) for indices, _ in seen for i in indices] == list(range(start, 11))
    assert [int(tensor[0, 0]) for _, tensors in seen for tensor in tensors] == list(range(start, 11))


def test_prepares_at_most_two_batches_ahead():
    prepared = []
    iterator = batches(numbered(100), lambda image: prepared.append(1) or to_tensor(image), 5, workers=2)
    assert prepared == []
    for done in range(1, 4):
        next(iterator)
        time.sleep(0.05)
        assert 5 * done <= len(prepared) <= 5 * (done + 2)
    iterator.close()


def test_closing_early_ends_the_threads():
    def threads():
        return [t for t in threading.enumerate() if t.name.startswith("nbinterp-load")]

    prepared = []

    def prepare(image):
        time.sleep(0.005)
        prepared.append(image)
        return to_tensor(image)

    iterator = batches(numbered(100), prepare, 20, workers=2)
    next(iterator)
    assert threads()
    iterator.close()
    assert not threads() and len(prepared) < 55  # of 60 submitted


def test_errors_come_after_the_good_batches_and_name_the_image(tmp_path):
    for index in range(6):
        Image.new("RGB", (4, 4)).save(tmp_path / f"{index}.png")
    (tmp_path / "4.png").write_bytes(b"")
    iterator = batches(ProbeSet.from_folder(tmp_path), to_tensor, 2)
    assert [next(iterator)[0].tolist() for _ in range(2)] == [[0, 1], [2, 3]]
    with pytest.raises(ImageError, match=r"4\.png is empty"):
        next(iterator)


def test_a_failing_preprocess_names_the_image_and_keeps_the_cause():
    def prepare(image):
        if np.asarray(image)[0, 0] == 7:
            raise RuntimeError("no sevens")
        return to_tensor(image)

    with pytest.raises(ImageError, match=r"preparing image 7 \('0007'\) failed: RuntimeError: no sevens") as caught:
        list(batches(numbered(), prepare, 4))
    assert isinstance(caught.value.__cause__, RuntimeError)


@pytest.mark.parametrize(("size", "start"), [(0, 0), (4, -1), (4, 12)])
def test_ranges_are_checked_at_the_call(size, start):
    with pytest.raises(ValueError, match="batch_size must be at least 1 and start 0 to 11"):
        batches(numbered(), to_tensor, size, start)


class Careless:
    """A dataset that breaks when two threads read it at once."""

    def __init__(self):
        self.busy = False

    def __len__(self):
        return 40

    def __getitem__(self, index):
        if self.busy:
            raise RuntimeError("two at once")
        self.busy = True
        time.sleep(0.0005)
        self.busy = False
        return np.full((5, 6), index, np.uint8)


@pytest.mark.parametrize("kind", ["files", "arrays", "dataset"])
def test_images_may_be_read_from_many_threads(tmp_path, kind):
    if kind == "files":
        for index in range(40):
            Image.new("RGB", (64, 64), (index,) * 3).save(tmp_path / f"{index:02d}.png")
        probe = ProbeSet.from_folder(tmp_path)
    else:
        probe = numbered(40) if kind == "arrays" else ProbeSet.from_dataset(Careless())
    order = np.random.default_rng(0).integers(0, 40, 200).tolist()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: int(probe.pixels(i)[0, 0, 0]), order))
    assert found == order
