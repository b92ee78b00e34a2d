import gc
import threading
import time
import weakref

import pytest

from nbinterp import jobs
from nbinterp.jobs import Cancelled, Job, Worker, worker_of


def collect(outcome: list):
    return {"done": lambda result: outcome.append(result), "failed": lambda error: outcome.append(error)}


def wait_for(condition, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.01)


def test_jobs_run_in_order_off_the_main_thread():
    worker, outcome = Worker("test"), []
    for i in range(20):
        worker.submit(Job(lambda job, i=i: (i, threading.current_thread().name), **collect(outcome)))
    wait_for(lambda: len(outcome) == 20)
    assert [i for i, _ in outcome] == list(range(20))
    assert {name for _, name in outcome} == {"nbinterp-test"}


def test_the_newest_of_a_channel_wins():
    worker, outcome, release = Worker("test"), [], threading.Event()
    worker.submit(Job(lambda job: release.wait(5), **collect([])))
    for i in range(10):
        worker.submit(Job(lambda job, i=i: i, **collect(outcome), channel="slider"))
    worker.submit(Job(lambda job: "other channel", **collect(outcome)))
    release.set()
    wait_for(lambda: len(outcome) == 11)
    assert all(isinstance(result, Cancelled) for result in outcome[:9])
    assert outcome[9:] == [9, "other channel"]


def test_a_running_job_of_the_channel_is_told_to_stop():
    worker, outcome, started = Worker("test"), [], threading.Event()

    def endless(job: Job) -> None:
        started.set()
        while True:
            job.check()
            time.sleep(0.01)

    worker.submit(Job(endless, **collect(outcome), channel="maps"))
    started.wait(5)
    worker.submit(Job(lambda job: "new", **collect(outcome), channel="maps"))
    wait_for(lambda: len(outcome) == 2)
    assert isinstance(outcome[0], Cancelled)
    assert outcome[1] == "new"


def test_an_error_is_reported_and_the_worker_goes_on():
    worker, outcome = Worker("test"), []
    worker.submit(Job(lambda job: 1 / 0, **collect(outcome)))
    worker.submit(Job(lambda job: "still here", **collect(outcome)))
    wait_for(lambda: len(outcome) == 2)
    assert isinstance(outcome[0], ZeroDivisionError)
    assert outcome[1] == "still here"


def test_call_returns_the_result_or_raises_the_error():
    worker = Worker("test")
    assert worker.call(lambda job: 42) == 42
    with pytest.raises(LookupError, match="nothing there"):
        worker.call(lambda job: {}["nothing there"])


def test_an_idle_thread_ends_and_the_next_job_starts_a_new_one(monkeypatch):
    monkeypatch.setattr(jobs, "IDLE_SECONDS", 0.05)
    worker = Worker("short")
    assert worker.call(lambda job: 1) == 1
    wait_for(lambda: not any(thread.name == "nbinterp-short" for thread in threading.enumerate()))
    assert worker.call(lambda job: 2) == 2


def test_one_worker_per_owner_and_lane_and_none_outlives_its_owner():
    class Model:
        pass

    model = Model()
    assert worker_of(model, "model") is worker_of(model, "model")
    assert worker_of(model, "model") is not worker_of(model, "umap")
    worker = weakref.ref(worker_of(model, "model"))
    del model
    gc.collect()
    assert worker() is None
