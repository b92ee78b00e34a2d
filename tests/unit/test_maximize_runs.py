"""Runs in the background: waiting, stopping, resuming, failing, and what is left on the model."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from nbinterp.analyses import maximize
from nbinterp.instrument import model_lock
from tests.maximize_helpers import FAST, made, small_net


def until(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.005)


def started(net, *args, at: int = 2, **settings):
    """A long run that has made some steps."""
    result = maximize(net, *args, **{**FAST, "steps": 100_000, **settings})
    until(lambda: result.step >= at)
    return result


def condition(module: torch.nn.Module) -> list:
    """What must be found again after a run."""
    parts = [(p.requires_grad, p.grad, p.detach().numpy().tobytes()) for p in module.parameters()]
    hooks = [len(part._forward_hooks) + len(part._forward_pre_hooks) for part in module.modules()]
    return [parts, hooks, [part.training for part in module.modules()]]


# -- stopping and resuming -----------------------------------------------------------------------


def test_it_returns_at_once_and_fills_in():
    net = small_net()
    result = maximize(net, "deep", [1, 2], **{**FAST, "steps": 60})
    assert result.state in ("waiting", "running") and result.step < 60
    assert result.preview().images.shape == (2, 3, 11, 14)
    assert result.images.shape == (2, 3, 11, 14)  # this waits
    assert result.state == "done" and result.step == result.steps == 60


def test_stop_keeps_what_is_there_and_resume_goes_on_as_if_nothing_had_been():
    net = small_net()
    result = started(net, "deep", [1, 2])
    result.stop().wait(progress=False)
    made_so_far = result.step
    assert result.state == "stopped" and 2 <= made_so_far < 100_000
    assert result.history.shape == (made_so_far, 2) and np.isfinite(result.activations).all()
    stopped = result.images
    result._board.steps = made_so_far + 3
    result.resume().wait(progress=False)
    whole = made(net, "deep", [1, 2], steps=made_so_far + 3)
    assert result.images.tobytes() == whole.images.tobytes()
    np.testing.assert_array_equal(result.history, whole.history)
    assert not np.array_equal(stopped, result.images)  # what was read before is not written over


def test_resume_adds_steps_after_the_last():
    net = small_net()
    result = made(net, "deep", range(5), batch_size=2)
    with pytest.raises(ValueError, match=r"resume\(steps="):
        result.resume()
    result.resume(4).wait(progress=False)
    assert result.state == "done" and result.steps == 10
    assert result.images.tobytes() == made(net, "deep", range(5), batch_size=2, steps=10).images.tobytes()
    with pytest.raises(ValueError, match="at least 1"):
        result.resume(0)


def test_stop_between_batches_leaves_the_rest_not_begun():
    net = small_net()
    result = started(net, "deep", range(4), batch_size=2)
    result.stop().wait(progress=False)
    assert result.frame.note.tolist()[2:] == ["not begun"] * 2
    assert (result.images[2:] == 0.5).all() and np.isnan(result.activations[2:]).all()
    assert result.preview().status == ("forming", "forming", "waiting", "waiting")
    assert np.isnan(result.history[:, 2:]).all()


def test_runs_of_one_network_queue_and_a_waiting_one_can_be_stopped():
    net = small_net()
    first = started(net, "deep", 1)
    second = maximize(net, "deep", 2, **FAST)
    assert second.state == "waiting"
    second.stop()
    assert second.state == "stopped" and second.frame.note[0] == "not begun"
    with pytest.raises(RuntimeError, match="still running"):
        first.resume()
    first.stop().wait(progress=False)
    second.resume().wait(progress=False)
    assert second.state == "done"


def test_reading_waits_and_knows_the_end():
    net = small_net()
    result = started(net, "deep", 1)
    threading.Timer(0.2, result.stop).start()
    assert result.activations.shape == (1,)
    assert result.state == "stopped"


# -- Ctrl-C, errors ------------------------------------------------------------------------------


def test_ctrl_c_while_waiting_stops_and_keeps(monkeypatch):
    net = small_net()
    before = condition(net.module)
    result = started(net, "deep", [1, 2])

    def interrupted(bar):
        raise KeyboardInterrupt

    monkeypatch.setattr(result, "_follow", interrupted)
    with pytest.raises(KeyboardInterrupt) as stopped:
        result.wait(progress=False)
    assert "resume()" in stopped.value.__notes__[0]
    assert result.state == "stopped" and np.isfinite(result.activations).all()
    assert condition(net.module) == before


@pytest.mark.filterwarnings("error")
def test_an_error_half_way_is_raised_when_read_and_earlier_batches_are_kept():
    net = small_net()
    before = condition(net.module)
    net.module.fail_at = 15  # dry run, 6 steps and 10 passes for scores of the first batch
    result = maximize(net, "deep", [1, 2, 3], batch_size=1, **{**FAST, "steps": 2})
    with pytest.raises(RuntimeError, match="planted failure") as failed:
        result.wait(progress=False)
    assert "unit" not in str(failed.value) and any("optimizing images" in note for note in failed.value.__notes__)
    assert result.state == "failed" and result.error is failed.value
    for _ in range(3):
        with pytest.raises(RuntimeError, match="planted failure"):
            _ = result.images
    assert len(failed.value.__notes__) == 1
    moment = result.preview()
    assert moment.status[0] == "done" and not (moment.images[0] == 0.5).all()
    assert np.isfinite(result.facts().activation[0])
    assert condition(net.module) == before
    net.module.fail_at = None
    assert result.resume().wait(progress=False).state == "done"


def test_an_error_in_the_dry_run_leaves_nothing():
    net = small_net()
    before = condition(net.module)
    net.module.fail_at = 1
    with pytest.raises(Exception, match="planted failure"):
        maximize(net, "deep", 1, **FAST)
    assert condition(net.module) == before


def test_the_model_is_as_it_was_between_steps_and_afterwards():
    net = small_net()
    net.module.train()
    net.module.deep.eval()
    before = condition(net.module)
    result = started(net, "deep", 1)
    for _ in range(5):  # between steps: nobody trains through our hooks or frozen weights
        with model_lock(net.module):
            assert condition(net.module) == before
    result.stop().wait(progress=False)
    assert condition(net.module) == before


def test_other_work_on_the_network_goes_on_in_between():
    net = small_net()
    plain = net.logits(torch.full((1, 3, 11, 14), 0.3))
    result = started(net, "deep", range(6))
    seen = result.step
    for _ in range(5):
        assert torch.equal(net.logits(torch.full((1, 3, 11, 14), 0.3)), plain)
    assert result.step >= seen and result.state == "running"
    result.stop().wait(progress=False)


# -- previews and listeners ----------------------------------------------------------------------


def test_previews_show_the_images_as_they_form():
    net = small_net()
    result = started(net, "deep", range(4), batch_size=2)
    first = result.preview()
    assert first.status == ("forming", "forming", "waiting", "waiting")
    step = result.step
    until(lambda: result.step > step + 3)
    second = result.preview()
    assert second.step > first.step and not np.array_equal(first.images[:2], second.images[:2])
    assert (second.images[2:] == 0.5).all()
    part = result.preview(result.forming)
    assert part.images.shape[0] == 2 and part.rows == slice(0, 2) and len(part.status) == 2
    assert np.isnan(result.facts().activation).all()
    result.stop().wait(progress=False)
    np.testing.assert_allclose(result.picture(1), (result.images[1].transpose(1, 2, 0) * 255).round())


def test_listeners_hear_of_states_and_at_most_thirty_times_a_second():
    heard: list[tuple[float, str, str]] = []
    result = maximize(small_net(), "deep", 1, **{**FAST, "steps": 60})
    end = result.on_change(lambda: heard.append((time.monotonic(), result.state, threading.current_thread().name)))
    result.wait(progress=False)
    assert heard[-1][1] == "done" and {name for _, _, name in heard} == {"nbinterp-Classifier-optimize"}
    assert len(heard) <= 30 * (heard[-1][0] - heard[0][0]) + 8
    end()
    n = len(heard)
    result.resume(2).wait(progress=False)
    assert len(heard) == n


def test_a_listener_that_fails_does_not_stop_the_run(caplog):
    result = maximize(small_net(), "deep", 1, **{**FAST, "steps": 60})
    result.on_change(lambda: 1 / 0)
    result.wait(progress=False)
    assert result.state == "done" and "listener" in caplog.text


def test_a_listener_must_not_wait_for_the_end():
    result = maximize(small_net(), "deep", 1, **{**FAST, "steps": 60})
    errors: list[BaseException] = []

    def read() -> None:
        try:
            _ = result.images
        except RuntimeError as error:
            errors.append(error)

    result.on_change(read)
    result.wait(progress=False)
    assert errors and "preview()" in str(errors[0])


def test_wait_shows_one_bar_and_says_what_happened(capsys):
    result = maximize(small_net(), "deep", range(4), batch_size=2, **FAST)
    assert result.wait() is result
    shown = capsys.readouterr().err
    assert "Optimizing" in shown and "12/12" in shown and "batch 2 of 2" in shown


def test_a_process_may_end_while_images_form():
    code = """
from tests.maximize_helpers import *
result = maximize(small_net(), "deep", range(6), size=64, steps=100_000)
while result.step < 3:
    pass
print(result.state)
"""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "running", "")


def test_a_module_that_sets_its_attributes_itself_is_asked_to():
    class Counting(torch.nn.Module):
        def __setattr__(self, name, value):
            if name == "training":
                self.__dict__["changes"] = self.__dict__.get("changes", 0) + 1
            super().__setattr__(name, value)

    net = small_net()
    net.module.extra = Counting().train()
    before = net.module.extra.changes
    with net.evaluating():
        assert not net.module.extra.training and not net.module.training
    assert net.module.extra.changes == before + 2 and net.module.training
