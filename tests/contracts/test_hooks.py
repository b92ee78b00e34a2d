"""A model leaves our hands exactly as it came in, however a block ends."""

import threading
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, nullcontext

import jaxtyping
import pytest
import torch
from torch import nn

from nbinterp.analyses import maximize
from nbinterp.instrument import (
    Classifier,
    ModelError,
    UnknownLayerError,
    activations_up_to,
    editing,
    evaluating,
    frozen,
    model_lock,
    receptive_fields,
    recording,
)


class Net(nn.Module):
    """conv -> bn -> conv again -> relu -> head, with mixed training flags and one frozen layer; can be made to fail."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1)
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.unused = nn.Linear(4, 4)
        self.head = nn.Linear(4, 5)
        self.failure: BaseException | None = None
        self.train()
        self.norm.eval()
        self.conv.requires_grad_(False)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        maps = self.relu(self.conv(self.norm(self.conv(self.stem(images)))))
        if self.failure is not None:
            raise self.failure
        return self.head(maps.mean((2, 3)))


IMAGES = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))


def condition(model: nn.Module) -> dict[str, object]:
    """Everything about a model that we must not change."""
    parts = dict(model.named_modules())
    return {
        "hooks": {
            name: {key: list(value) for key, value in vars(part).items() if "hooks" in key and value}
            for name, part in parts.items()
        },
        "training": {name: part.training for name, part in parts.items()},
        "attributes": {name: sorted(vars(part)) for name, part in parts.items()},
        "requires_grad": {name: p.requires_grad for name, p in model.named_parameters()},
        "gradients": {name: p.grad for name, p in model.named_parameters()},
        "weights": {name: value.detach().numpy().tobytes() for name, value in model.state_dict().items()},
    }


def lock_is_free(model: nn.Module) -> bool:
    """Whether another thread could take the lock now."""
    got: list[bool] = []

    def take() -> None:
        got.append(model_lock(model).acquire(blocking=False))
        if got[0]:
            model_lock(model).release()

    thread = threading.Thread(target=take)
    thread.start()
    thread.join()
    return got[0]


@pytest.fixture
def unchecked():
    """Without the run-time type checks of the test session: what a user meets is our own message."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


@contextmanager
def unchanged(model: nn.Module):
    before = condition(model)
    yield
    assert condition(model) == before
    assert lock_is_free(model)
    assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled()


def double(activations: torch.Tensor) -> torch.Tensor:
    return activations * 2


BLOCKS: dict[str, Callable] = {
    "recording": lambda model: recording(model, ["stem", "conv@1", "relu"]),
    "editing": lambda model: editing(model, {"conv": double, "conv@1": double}),
    "evaluating": evaluating,
    "frozen": frozen,
    "classifier recording": lambda model: Classifier(model, device="cpu").recording(["stem"]),
}
ENDINGS = {
    "success": (None, None),
    "error in the forward pass": (RuntimeError("boom"), None),
    "Ctrl-C in the forward pass": (KeyboardInterrupt(), None),
    "error in the block": (None, ZeroDivisionError("user")),
    "Ctrl-C in the block": (None, KeyboardInterrupt()),
    "generator closed": (None, GeneratorExit()),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("block", BLOCKS)
def test_nothing_outlives_a_block(block, ending):
    model = Net()
    in_forward, in_block = ENDINGS[ending]
    expected = in_forward or in_block
    with unchanged(model):
        model.failure = in_forward
        with pytest.raises(type(expected)) if expected else nullcontext(), BLOCKS[block](model):
            model(IMAGES)
            if in_block is not None:
                raise in_block


@pytest.mark.parametrize(
    "enter",
    [
        lambda model: recording(model, ["stem", "conv", "haed"]),
        lambda model: recording(model, ["stem", nn.Linear(2, 2)]),
        lambda model: editing(model, {"stem": double, "convv": double}),
        lambda model: recording(model, ["stem", 3]),
    ],
    ids=["unknown name", "foreign module", "unknown name in editing", "not a layer"],
)
def test_a_block_that_cannot_be_entered_leaves_nothing(enter, unchecked):
    model = Net()
    with unchanged(model), pytest.raises((UnknownLayerError, TypeError)), enter(model):
        pytest.fail("the block was entered")


@pytest.mark.parametrize(
    "enter",
    [
        lambda model: recording(model, ["stem", "unused"]),
        lambda model: recording(model, ["conv@2"]),
        lambda model: editing(model, {"conv@2": double}),
        lambda model: editing(model, {"conv": lambda t: None}),
        lambda model: editing(model, {"conv": lambda t: t[:, :1]}),
        lambda model: editing(model, {"conv": lambda t: 1 / 0}),
    ],
)
def test_a_block_whose_forward_pass_is_refused_leaves_nothing(enter):
    model = Net()
    with unchanged(model), pytest.raises((UnknownLayerError, ValueError, ZeroDivisionError)), enter(model):
        model(IMAGES)


@pytest.mark.parametrize("failure", [None, RuntimeError("boom"), KeyboardInterrupt()])
@pytest.mark.parametrize("call", ["logits", "layers", "receptive_fields"])
def test_running_the_model_leaves_nothing(call, failure):
    model = Net()
    net = Classifier(model, device="cpu")
    calls = {
        "logits": lambda: net.logits(IMAGES),
        "layers": net.layers,
        "receptive_fields": lambda: receptive_fields(model, IMAGES),
    }
    with unchanged(model):
        model.failure = failure
        with pytest.raises((ModelError, RuntimeError, KeyboardInterrupt)) if failure else nullcontext():
            calls[call]()


@pytest.mark.parametrize("failure", [None, RuntimeError("boom"), KeyboardInterrupt()])
@pytest.mark.parametrize("layers", [["stem"], ["conv", "relu"]])
def test_running_a_part_of_the_model_leaves_nothing(layers, failure):
    """Whether the pass stops at a layer before the failure or never comes so far."""
    model = Net()
    with unchanged(model):
        model.failure = failure
        activations_up_to(model, layers, IMAGES)
        with pytest.raises(type(failure)) if failure else nullcontext():
            activations_up_to(model, layers, IMAGES, logits=True)


@pytest.mark.parametrize("failure", [None, RuntimeError("boom")])
def test_maximizing_leaves_nothing(failure):
    model = Net()
    settings = {"size": (9, 12), "steps": 3, "judge": Classifier(Net(), device="cpu")}
    with unchanged(model):
        with model_lock(model):  # no step is made before the failure is planted
            result = maximize(Classifier(model, device="cpu"), {"stem": 1, "conv@1": [0, 2]}, **settings)
            model.failure = failure
        with pytest.raises(RuntimeError) if failure else nullcontext():
            result.wait(progress=False)
    model.failure = failure
    with unchanged(model), pytest.raises((ModelError, UnknownLayerError)):
        maximize(Classifier(model, device="cpu"), "unused", 1, **settings)


def test_the_hooks_of_others_stay():
    model = Net()
    seen: list[str] = []
    handle = model.conv.register_forward_hook(lambda *_: seen.append("theirs"))
    with unchanged(model), recording(model, ["conv"]), editing(model, {"conv": double}):
        model(IMAGES)
    assert seen == ["theirs"] * 2
    handle.remove()


def test_a_block_left_open_by_an_error_in_a_stack_is_unwound():
    model = Net()
    with unchanged(model), pytest.raises(UnknownLayerError), ExitStack() as stack:
        stack.enter_context(recording(model, ["stem"]))
        stack.enter_context(editing(model, {"head": double}))
        stack.enter_context(recording(model, ["nowhere"]))


@pytest.mark.parametrize("block", BLOCKS)
def test_other_threads_wait_until_the_block_ends(block):
    model = Net()
    with BLOCKS[block](model):
        assert not lock_is_free(model)
    assert lock_is_free(model)


def test_another_thread_never_runs_through_our_edit():
    model = Net().eval()
    net = Classifier(model, device="cpu")
    plain = net.logits(IMAGES)
    results: list[torch.Tensor] = []
    thread = threading.Thread(target=lambda: results.append(net.logits(IMAGES)))
    with editing(model, {"head": double}):
        thread.start()
        thread.join(0.2)
        assert not results  # it waits
        assert torch.equal(net.logits(IMAGES), plain * 2)  # this thread does not
    thread.join()
    assert torch.equal(results[0], plain)


def test_a_model_can_be_collected_after_use():
    import gc
    import weakref

    model = Net()
    net = Classifier(model, device="cpu")
    with net.recording(["stem"]):
        net.logits(IMAGES)
    net.layers()
    gone = weakref.ref(model)
    del model, net
    gc.collect()
    assert gone() is None


def test_a_call_from_another_thread_passes_by_the_hooks():
    """A user may call the model in a cell while images are optimized in the background."""
    net = Net().eval()
    own, theirs = IMAGES, IMAGES[:1] + 1
    expected = net(theirs).detach()
    seen: list[torch.Tensor] = []

    def elsewhere() -> None:
        thread = threading.Thread(target=lambda: seen.append(net(theirs).detach()))
        thread.start()
        thread.join()

    class Calling(nn.Module):  # lets the other thread run the model in the midst of our own pass
        def forward(self, maps: torch.Tensor) -> torch.Tensor:
            if threading.current_thread() is threading.main_thread():
                elsewhere()
            return maps

    net.relu = nn.Sequential(nn.ReLU(), Calling())
    seen.clear()
    reached, _ = activations_up_to(net, ["conv", "relu"], own)
    with editing(net, {"stem": torch.zeros_like}), recording(net, ["conv"]) as recorded:
        net(own)
    assert reached["relu"].maps is not None and len(reached["relu"].maps) == len(recorded["conv"].maps) == len(own)
    assert len(seen) == 2 and all(torch.equal(one, expected) for one in seen)
