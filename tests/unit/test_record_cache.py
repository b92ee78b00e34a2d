"""The cache of `record`: found again, resumed after a kill, never used when stale or damaged."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
import torch
from record_helpers import assert_same, hooks_left, random_images, random_probe, small_classifier

from nbinterp.analyses import CacheError, record
from nbinterp.data import ProbeSet

N, BATCH = 40, 8
SETTINGS = {"keep": ("topk", "codes", "maps"), "batch_size": BATCH, "progress": False}
LAYERS = ["first", "second", "head"]

SLOW_PASS = """
import sys
from record_helpers import random_probe, small_classifier
from nbinterp.analyses import record
net = small_classifier()
net.module.seconds = float(sys.argv[2])
record(net, random_probe({n}), {layers!r}, cache=sys.argv[1], keep=("topk", "codes", "maps"), batch_size={batch},
       progress=False)
"""


@pytest.fixture(scope="module")
def expected():
    return record(small_classifier(), random_probe(N), LAYERS, **SETTINGS)


def recorded(cache, net=None, probe=None, layers=LAYERS, **settings):
    """Record with a cache; return the recording and how many images the network has seen for it."""
    net, probe = net or small_classifier(), probe or random_probe(N)
    before = net.module.n_images
    recording = record(net, probe, layers, cache=cache, **{**SETTINGS, **settings})
    return recording, net.module.n_images - before


def interrupted_after(cache, n_images):
    """Stop a recording by Ctrl-C when the network has seen this many images."""
    net = small_classifier()
    net.module.fail_after, net.module.failure = n_images, KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt) as caught:
        recorded(cache, net)
    assert hooks_left(net.module) == 0
    return caught.value


def parts(cache):
    return sorted(Path(cache).glob("*/part-*.safetensors"))


def in_another_process(cache, seconds):
    code = SLOW_PASS.format(n=N, layers=LAYERS, batch=BATCH)
    here = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, str(Path(here).parent)])}
    return subprocess.Popen([sys.executable, "-c", code, str(cache), str(seconds)], env=environment)


def test_a_finished_recording_is_found_again(tmp_path, expected):
    first, n_first = recorded(tmp_path)
    again, n_again = recorded(tmp_path)
    assert (n_first, n_again) == (N, 1)  # one image, to see that the network still gives the same logits
    assert_same(first, expected)
    assert_same(again, expected)
    assert not parts(tmp_path)
    assert recorded(tmp_path, batch_size=5)[1] == 1  # the batch size changes no result, so not the key either


def test_a_killed_recording_goes_on_where_it_was(tmp_path, expected):
    process = in_another_process(tmp_path, 0.4)
    deadline = time.monotonic() + 120
    while len(parts(tmp_path)) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    finished = len(parts(tmp_path))
    assert 2 <= finished < N // BATCH
    recording, n_images = recorded(tmp_path)
    assert n_images == N - finished * BATCH + 1
    assert_same(recording, expected)


def test_an_interrupt_keeps_what_is_finished_and_says_so(tmp_path, expected):
    interrupt = interrupted_after(tmp_path, 3 * BATCH)
    assert len(parts(tmp_path)) == 3
    assert (
        "Stopped after 24 of 40 images" in interrupt.__notes__[0]
        and "run the same call again" in interrupt.__notes__[0]
    )
    recording, n_images = recorded(tmp_path)
    assert n_images == N - 3 * BATCH + 1
    assert_same(recording, expected)


def test_a_resumed_recording_may_use_another_batch_size(tmp_path, expected):
    interrupted_after(tmp_path, 3 * BATCH)
    recording, n_images = recorded(tmp_path, batch_size=5)
    assert n_images == N - 3 * BATCH + 1
    assert_same(recording, expected, 1e-5)


def test_a_missing_part_in_the_middle_is_computed(tmp_path, expected):
    interrupted_after(tmp_path, 4 * BATCH)
    parts(tmp_path)[1].unlink()
    recording, n_images = recorded(tmp_path)
    assert n_images == 2 * BATCH + 1
    assert_same(recording, expected)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) * 3 // 4] ^= 4
    path.write_bytes(bytes(content))


def flip_a_bit_of_the_header(path):
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(bytes(content))


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [truncate, flip_a_bit, flip_a_bit_of_the_header, empty])
@pytest.mark.parametrize("which", [0, 2])
def test_damaged_parts_are_computed_anew(tmp_path, expected, damage, which):
    interrupted_after(tmp_path, 3 * BATCH)
    damage(parts(tmp_path)[which])
    recording, n_images = recorded(tmp_path)
    assert n_images == N - 2 * BATCH + 1
    assert_same(recording, expected)


@pytest.mark.parametrize("damage", [truncate, flip_a_bit, empty])
def test_a_damaged_whole_is_computed_anew(tmp_path, expected, damage):
    recorded(tmp_path)
    damage(next(tmp_path.glob("*/recording.safetensors")))
    recording, n_images = recorded(tmp_path)
    assert n_images == N
    assert_same(recording, expected)
    assert recorded(tmp_path)[1] == 1


def grey(image):
    return image.mean(0, keepdim=True).expand(3, -1, -1)


def halved(image):
    return image / 2


def test_a_stale_cache_is_never_used(tmp_path):
    """Other weights, images, labels' order, settings or preprocess: another key, so everything is run."""
    recorded(tmp_path)
    images, labels = random_images(N), np.arange(N) % 5
    images[17, 2, 3, 1] += 1e-3
    changes = [
        {"net": small_classifier(seed=1)},
        {"probe": ProbeSet.from_arrays(images, labels)},
        {"probe": random_probe(N).subset(np.arange(N)[::-1])},
        {"net": small_classifier(preprocess=grey)},
        {"net": small_classifier(preprocess=halved)},
        {"layers": ["second", "first", "head"]},
        {"keep": ("topk", "codes")},
        {"top": 4},
    ]
    for change in changes:
        assert recorded(tmp_path, **change)[1] == N, change
    assert len(list(tmp_path.iterdir())) == 1 + len(changes)
    net = small_classifier()
    with torch.no_grad():
        net.module.second.weight[0, 0, 0, 0] += 1e-6  # one weight, hardly
    assert recorded(tmp_path, net)[1] == N


@pytest.mark.parametrize("finished", [True, False])
def test_other_code_with_the_same_weights_is_noticed(tmp_path, monkeypatch, finished):
    if finished:
        recorded(tmp_path)
    else:
        interrupted_after(tmp_path, 3 * BATCH)
    net = small_classifier()
    plain = net.module.forward
    monkeypatch.setattr(type(net.module), "forward", lambda self, images: -plain(images))
    recording, n_images = recorded(tmp_path, net)
    assert n_images == N + 1
    np.testing.assert_array_equal(recording.logits, record(net, random_probe(N), LAYERS, **SETTINGS).logits)


def test_two_processes_share_a_folder(tmp_path, expected):
    processes = [in_another_process(tmp_path, seconds) for seconds in (0.05, 0.08)]
    assert [process.wait(120) for process in processes] == [0, 0]
    recording, n_images = recorded(tmp_path)
    assert n_images == 1
    assert_same(recording, expected)
    assert not list(tmp_path.glob("*/*.tmp"))


def test_a_random_preprocess_cannot_be_cached(tmp_path):
    net = small_classifier(preprocess=lambda image: image + 0.01 * torch.rand_like(image))
    with pytest.raises(ValueError, match=r"differently each time .*leave cache=None"):
        recorded(tmp_path, net)
    assert net.module.n_images == 0
    assert len(record(net, random_probe(4), "first", progress=False)) == 4  # without a cache it may be


def test_an_unwritable_folder_is_refused_before_the_pass(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    net = small_classifier()
    with pytest.raises(CacheError, match="cannot be written"):
        recorded(tmp_path / "file" / "cache", net)
    assert net.module.n_images == 0


def test_a_disk_with_too_little_room_is_refused_at_the_first_batch(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    net = small_classifier()
    with pytest.raises(CacheError, match=r"needs about .* 1 kB free"):
        recorded(tmp_path, net)
    assert net.module.n_images == BATCH and hooks_left(net.module) == 0


def test_a_disk_that_fills_up_keeps_what_is_finished(tmp_path, monkeypatch, expected):
    from nbinterp.analyses import _cache

    real, calls = _cache.write_tensors, []

    def full(path, arrays, metadata):
        calls.append(path)
        if len(calls) > 2:
            raise OSError(28, "No space left on device")
        real(path, arrays, metadata)

    monkeypatch.setattr(_cache, "write_tensors", full)
    with pytest.raises(CacheError, match="The 16 images before this are kept"):
        recorded(tmp_path)
    monkeypatch.undo()
    recording, n_images = recorded(tmp_path)
    assert n_images == N - 2 * BATCH + 1
    assert_same(recording, expected)


def test_a_disk_full_at_the_very_end_costs_nothing(tmp_path, monkeypatch, expected):
    from nbinterp.analyses import _cache

    real = _cache.write_tensors

    def full(path, arrays, metadata):
        if path.name == "recording.safetensors":
            raise OSError(28, "No space left on device")
        real(path, arrays, metadata)

    monkeypatch.setattr(_cache, "write_tensors", full)
    assert_same(recorded(tmp_path)[0], expected)
    recording, n_images = recorded(tmp_path)  # the parts serve
    assert n_images == 1
    assert_same(recording, expected)


def test_labels_and_columns_come_from_the_probe_set_at_hand(tmp_path):
    recorded(tmp_path)
    probe = ProbeSet.from_arrays(random_images(N), np.arange(N) % 5, columns={"size": np.arange(N)})
    recording, n_images = recorded(tmp_path, probe=probe)
    assert n_images == 1 and recording.frame["size"].tolist() == list(range(N))
