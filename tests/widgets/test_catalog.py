import threading
import time

import numpy as np
import pytest

from nbinterp.jobs import Worker
from nbinterp.widgets.catalog import Answer, Catalog


class FakeSource:
    """Answers keys with arrays that name them; `slow` waits until it is released or cancelled."""

    n_items = 3
    columns: list = []
    layers: list = []
    thumb: dict = {}

    def __init__(self):
        self.release = threading.Event()
        self._worker = Worker("fake")

    def worker(self, key):
        return self._worker

    def answer(self, key, indices, job, report):
        if key[0] == "slow":
            report("half-way", 0.5)
            while not self.release.wait(0.01):
                job.check()
        if key[0] == "broken":
            raise RuntimeError("the model raised\nhalf-way")
        if key[0] == "unknown":
            raise LookupError("no such layer. Did you mean 'conv1'?")
        return Answer({"key": list(key)}, {"indices": np.asarray(indices, dtype=np.int32)})


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(Catalog, "send", lambda self, content, buffers=None: messages.append((content, buffers)))
    return messages


def ask(catalog, id_, *key, **more):
    catalog._on_message(catalog, {"kind": "request", "id": id_, "key": list(key), **more}, [])


def answers(sent, n):
    deadline = time.monotonic() + 5
    while len(found := [content for content, _ in sent if content["kind"] == "answer"]) < n:
        assert time.monotonic() < deadline, f"waited for {n} answers, got {sent}"
        time.sleep(0.01)
    return {content["id"]: content for content in found}


def test_an_answer_carries_the_id_and_one_buffer(sent):
    ask(Catalog(FakeSource()), 7, "maps", "conv", 3, indices=[2, 0])
    assert answers(sent, 1)[7]["meta"]["key"] == ["maps", "conv", 3]
    assert np.frombuffer(sent[0][1][0][:8], np.int32).tolist() == [2, 0]


def test_a_failure_is_always_answered(sent):
    catalog = Catalog(FakeSource())
    ask(catalog, 1, "broken")
    ask(catalog, 2, "unknown")
    ask(catalog, 3, "fine")
    found = answers(sent, 3)
    assert found[1]["error"] == "RuntimeError: the model raised half-way"
    assert found[2]["error"] == "no such layer. Did you mean 'conv1'?"
    assert "error" not in found[3]


def test_progress_and_cancel(sent):
    catalog = Catalog(FakeSource())
    ask(catalog, 1, "slow")
    while not sent:
        time.sleep(0.01)
    assert sent[0][0] == {"kind": "progress", "key": ["slow"], "text": "half-way", "fraction": 0.5}
    catalog._on_message(catalog, {"kind": "cancel", "key": ["slow"]}, [])
    assert answers(sent, 1)[1]["error"] == "stopped"


def test_cancel_reaches_every_request_of_the_key(sent):
    """A page that was reloaded asks anew; its Stop must also end what the old page had started."""
    catalog = Catalog(FakeSource())
    ask(catalog, 1, "slow")
    ask(catalog, 2, "slow")
    catalog._on_message(catalog, {"kind": "cancel", "key": ["slow"]}, [])
    assert [content["error"] for content in answers(sent, 2).values()] == ["stopped", "stopped"]


def test_the_newest_request_of_a_channel_wins(sent):
    source = FakeSource()
    catalog = Catalog(source)
    for i in range(5):
        ask(catalog, i, "slow", i, channel="maps")
    time.sleep(0.05)
    source.release.set()
    found = answers(sent, 5)
    assert [("error" in found[i]) for i in range(5)] == [True] * 4 + [False]
