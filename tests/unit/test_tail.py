"""A model divided at a layer gives what the whole gives, bit for bit, and is left as it was."""

import threading
import weakref

import pytest
import torch
from torch import nn
from torch.nn import functional

from nbinterp.instrument import ModelError, Tail, UnknownLayerError, _division, editing, evaluating, recording
from nbinterp.zoo.networks import PatchNet, SceneNet

N_CLASSES = 4


class Block(nn.Module):
    """A residual block whose activations are changed in place."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, maps):
        inner = self.conv2(self.relu(self.norm1(self.conv1(maps))))
        inner += maps
        return self.relu(inner)


class Net(nn.Module):
    """Blocks, a concatenation, a reshape by the batch's size, tensors and defaults in the code, a second output."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.blocks = nn.ModuleList([Block(8), Block(8)])
        self.side = nn.Conv2d(8, 4, 1)
        self.scale = nn.Parameter(torch.ones(12, 1, 1))
        self.head = nn.Linear(12, N_CLASSES)
        self.last = None

    def forward(self, images, flip=False, *, names=None):
        if flip or names is not None:
            images = images.flip(0)
        n_images = images.shape[0]
        maps = self.stem(images - torch.tensor([0.1, 0.2, 0.3]).reshape(3, 1, 1))
        side = self.side(maps)
        for block in self.blocks:
            maps = block(maps)
        self.last = maps
        both = torch.cat([maps, side], 1) * self.scale.abs()
        pooled = functional.adaptive_avg_pool2d(both, 1).view(n_images, -1)
        return {"features": pooled, "logits": self.head(pooled)}


class Deciding(nn.Module):
    """A model whose code looks at values."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.head = nn.Linear(8, N_CLASSES)

    def forward(self, images):
        maps = self.conv(images)
        if maps.mean() > 1e6:
            maps = maps * 0
        return self.head(maps.mean((2, 3)))


class Twice(nn.Module):
    """One convolution used twice, attention that gives a tuple."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 4, stride=4)
        self.conv = nn.Conv2d(8, 8, 1)
        self.attend = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, N_CLASSES)

    def forward(self, images):
        maps = self.conv(self.conv(self.stem(images)).relu())
        tokens = maps.flatten(2).transpose(1, 2)
        mixed, weights = self.attend(tokens, tokens, tokens)
        return self.head((tokens + mixed).mean(1) + weights.sum((1, 2))[:, None])


def planted(kind: type[nn.Module], *arguments) -> nn.Module:
    torch.manual_seed(0)
    model = kind(*arguments)
    for part in model.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.normal_(part.running_mean)
    return model


def images(n: int = 5, side: int = 16) -> torch.Tensor:
    return torch.randn(n, 3, side, side, generator=torch.Generator().manual_seed(1))


def whole(model, batch, layer=None, edit=None):
    with torch.no_grad(), evaluating(model), editing(model, {} if edit is None else {layer: edit}):
        output = model(batch)
    return output["logits"] if isinstance(output, dict) else output


def second_off(activations):
    edited = activations.clone()
    edited[:, 1] = 0
    return edited


CASES = [
    *[(Net, (), 16, name) for name in ("stem", "blocks.0", "blocks.0.norm1", "blocks.1.conv2", "side", "head")],
    *[(Net, (), 16, name) for name in ("blocks.0.relu", "blocks.0.relu@1", "blocks.0.conv1")],
    *[(Twice, (), 16, name) for name in ("stem", "conv", "conv@1", "attend")],
    *[(SceneNet, (N_CLASSES,), 32, name) for name in ("stage2.conv", "stage4.norm1", "stage4", "features.0")],
    *[(PatchNet, (N_CLASSES,), 64, name) for name in ("mixer1.depthwise", "merge", "attention1.norm2", "attention2")],
]


@pytest.mark.parametrize(
    ("kind", "arguments", "side", "layer"), CASES, ids=lambda case: str(getattr(case, "__name__", case))
)
def test_head_and_tail_are_the_whole(kind, arguments, side, layer):
    model, batch = planted(kind, *arguments), images(side=side)
    tail = Tail(model, layer, batch[:3])
    assert tail.reason == ""
    assert tail.layer == layer
    cut = tail.head(batch)
    for _ in range(2):  # what is kept does not change by being used
        for edit in (None, second_off):
            with torch.no_grad():
                assert torch.equal(tail(cut, edit), whole(model, batch, layer, edit))
    rows = torch.tensor([4, 1])
    with torch.no_grad():
        torch.testing.assert_close(tail(cut.rows(rows), second_off), whole(model, batch[rows], layer, second_off))
        torch.testing.assert_close(tail(cut.rows(slice(2))), whole(model, batch[:2]))


def test_what_is_kept_is_not_changed_in_place():
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.LeakyReLU(0.5, inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)
    )
    tail = Tail(model, "0", images())
    assert tail.reason == ""
    cut = tail.head(images())
    for edit in (None, second_off, None):
        with torch.no_grad():
            assert torch.equal(tail(cut, edit), whole(model, images(), "0", edit))


def test_only_the_tail_is_run():
    model = planted(Net)
    tail = Tail(model, "blocks.0", images())
    cut = tail.head(images())
    ran = []
    handles = [
        part.register_forward_hook(lambda m, a, o, name=name: ran.append(name)) for name, part in model.named_modules()
    ]
    tail(cut, second_off)
    assert ran == [
        "blocks.1.conv1",
        "blocks.1.norm1",
        "blocks.1.relu",
        "blocks.1.conv2",
        "blocks.1.relu",
        "blocks.1",
        "head",
    ]
    for handle in handles:
        handle.remove()


def test_a_model_that_decides_while_it_runs_is_run_whole():
    model, batch = planted(Deciding), images()
    tail = Tail(model, "conv", batch)
    assert "Deciding cannot be divided at layer 'conv'" in tail.reason
    assert "followed in advance" in tail.reason
    cut = tail.head(batch)
    with torch.no_grad():
        assert torch.equal(tail(cut, second_off), whole(model, batch, "conv", second_off))
        assert torch.equal(tail(cut), whole(model, batch))
    maps = tail.activations(cut).maps
    assert maps is not None
    assert torch.equal(maps, model.conv(batch))


def test_decisions_elsewhere_do_not_matter():
    model = nn.Sequential(nn.Conv2d(3, 3, 1), Deciding())
    assert Tail(model, "0", images()).reason == ""
    model = nn.Sequential(Deciding(), nn.Linear(N_CLASSES, 5), nn.Linear(5, 2))
    assert Tail(model, "1", images()).reason == ""


class Mixing(nn.Module):
    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how
        self.conv = nn.Conv2d(3, 8, 3)
        self.head = nn.Linear(8, N_CLASSES)

    def forward(self, images):
        if self.how == "windows":
            rest = images.unfold(2, 8, 8).transpose(1, 2).flatten(0, 1).mean((1, 2, 3)).reshape(len(images), -1)
            folded = images.unfold(2, 8, 8).transpose(1, 2).flatten(0, 1)
            return self.head(self.conv(images).mean((2, 3))) + folded.sum() * 0 + rest[:, :1]
        pooled = self.conv(images).mean((2, 3))
        return self.head(pooled - pooled.mean(0))


def test_images_that_depend_on_each_other():
    tail = Tail(planted(Mixing, "mean"), "conv", images())
    assert "depends on the other images" in tail.reason


def test_a_value_that_is_not_made_image_by_image():
    class Windows(Mixing):
        def forward(self, images):
            folded = images.reshape(-1, 3, 8, 16)
            pooled = self.conv(images).mean((2, 3))
            return self.head(pooled) + folded.mean((1, 2, 3)).reshape(pooled.shape[0], -1).sum(1, keepdim=True)

    model, batch = planted(Windows, ""), images()
    tail = Tail(model, "conv", batch)
    assert "past the layer that is not made image by image" in tail.reason
    with torch.no_grad():
        assert torch.equal(tail(tail.head(batch), second_off), whole(model, batch, "conv", second_off))


def test_what_happens_outside_of_the_code_is_noticed():
    model, batch = planted(Net), images()
    handle = model.register_forward_hook(lambda m, a, output: {"logits": output["logits"] + 1})
    tail = Tail(model, "blocks.0", batch)
    assert "other logits than the whole" in tail.reason
    with torch.no_grad():
        assert torch.equal(tail(tail.head(batch)), whole(model, batch))
    handle.remove()


@pytest.mark.parametrize("kind", [Net, Deciding])
def test_the_model_is_left_as_it_was(kind):
    model = planted(kind).train()
    model.head.eval()
    model(images())
    weights = {name: values.clone() for name, values in model.state_dict().items()}
    facts = [(set(vars(part)), part.training, len(part._forward_hooks)) for part in model.modules()]
    last = getattr(model, "last", None)
    buffers = [part._buffers.keys() for part in model.modules()]
    tail = Tail(model, "blocks.0.norm1" if kind is Net else "conv", images())
    tail(tail.head(images()), second_off)
    assert [(set(vars(part)), part.training, len(part._forward_hooks)) for part in model.modules()] == facts
    assert [part._buffers.keys() for part in model.modules()] == buffers
    assert all(torch.equal(values, weights[name]) for name, values in model.state_dict().items())
    assert last is None or isinstance(model.last, torch.Tensor)
    assert all(parameter.requires_grad and parameter.grad is None for parameter in model.parameters())


def test_stand_ins_left_by_the_code_are_taken_off():
    class Remembering(Net):
        def forward(self, images, flip=False, *, names=None):
            self.register_buffer("seen", images)
            self.extra = images
            output = super().forward(images)
            if self.stop and not isinstance(images, torch.Tensor):
                raise RuntimeError("stop")
            return output

    for stop in (False, True):
        model = planted(Remembering)
        model.stop = stop
        tail = Tail(model, "blocks.0", images())
        assert bool(tail.reason) is stop
        assert isinstance(model.extra, torch.Tensor)
        assert isinstance(model.seen, torch.Tensor)
        assert isinstance(model.last, torch.Tensor)


def test_gradients_are_those_of_the_whole():
    model, batch = planted(Net).eval(), images()
    with recording(model, "blocks.0") as activations:
        model(batch)["logits"][:, 1].sum().backward()
        maps = activations["blocks.0"].maps
        (expected,) = torch.autograd.grad(model(batch)["logits"][:, 1].sum(), activations["blocks.0"].maps)
    tail = Tail(model, "blocks.0", batch)
    cut = tail.head(batch)
    given = maps.detach().requires_grad_()
    (found,) = torch.autograd.grad(tail(cut, lambda activations: given)[:, 1].sum(), given)
    torch.testing.assert_close(found, expected)
    assert found.abs().sum() > 0


def test_other_threads_run_their_models_meanwhile():
    other, found = nn.Sequential(nn.Conv2d(3, 2, 1), nn.ReLU()), []

    class Busy(Net):
        def forward(self, images, flip=False, *, names=None):
            thread = threading.Thread(target=lambda: found.append(other(torch.ones(1, 3, 4, 4))))
            thread.start()
            thread.join()
            return super().forward(images)

    tail = Tail(planted(Busy), "blocks.0", images())
    assert tail.reason == ""
    assert len(found) >= 2
    assert all(type(output) is torch.Tensor for output in found)


def test_units_and_their_axis():
    scene, patch = planted(SceneNet, N_CLASSES), planted(PatchNet, N_CLASSES)
    tail = Tail(scene, "stage1", images(side=32))
    assert (tail.unit_axis, tail.n_units, tail.values_per_image) == (1, 32, 32 * 16 * 16)
    assert tail.activations(tail.head(images(side=32))).maps.shape == (5, 32, 16, 16)
    tail = Tail(patch, "attention1", images(side=64))
    assert (tail.unit_axis % 3, tail.n_units) == (2, 96)
    assert tail.activations(tail.head(images(side=64))).maps.shape == (5, 96, 8, 8)


def test_one_image_is_enough():
    model = planted(Net)
    tail = Tail(model, "blocks.0", images(1))
    assert tail.reason == ""
    with torch.no_grad():
        assert torch.equal(tail(tail.head(images())), whole(model, images()))


def test_what_is_no_layer_is_refused():
    model = planted(Net)
    with pytest.raises(UnknownLayerError, match="no layer 'block'"):
        Tail(model, "block", images())
    with pytest.raises(UnknownLayerError, match="did not run"):
        Tail(model, "stem@1", images())
    with pytest.raises(UnknownLayerError, match="did not run"):
        Tail(model, "blocks", images())
    with pytest.raises(TypeError, match="hooks do not run reliably"):
        Tail(nn.DataParallel(model), "module.stem", images())
    with pytest.raises(ModelError, match="first axis is not the batch"):
        Tail(nn.Sequential(nn.Flatten(0, 1), nn.Flatten(1), nn.Linear(256, 2), nn.Unflatten(0, (-1, 3))), "1", images())


class Sideways(nn.Module):
    """Images along the second axis of what goes past the layer."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 4, stride=4)
        self.head = nn.Linear(8, N_CLASSES)

    def forward(self, images):
        tokens = self.stem(images).flatten(2).permute(2, 0, 1)
        logits = self.head(tokens.mean(0))
        return logits + (tokens * logits.mean(1)[None, :, None]).mean((0, 2))[:, None]


def test_images_need_not_lie_along_the_first_axis():
    model, batch = planted(Sideways), images()
    tail = Tail(model, "head", batch)
    assert tail.reason == ""
    cut, rows = tail.head(batch), torch.tensor([3, 0])
    with torch.no_grad():
        assert torch.equal(tail(cut, second_off), whole(model, batch, "head", second_off))
        torch.testing.assert_close(tail(cut.rows(rows)), whole(model, batch[rows]))
        torch.testing.assert_close(tail(cut.rows(slice(1, 3))), whole(model, batch[1:3]))
    assert (cut.rows(slice(1, 3)).n_images, cut.rows(slice(3, None)).n_images) == (2, 2)


def test_a_full_memory_is_no_reason_not_to_divide():
    """The caller makes its batches smaller; a division that fails for want of memory would be slow for ever."""

    class Full(nn.Module):
        def forward(self, maps):
            if len(maps) == 3:
                raise torch.OutOfMemoryError("full")
            return maps

    model = nn.Sequential(nn.Conv2d(3, 4, 3), Full(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    with pytest.raises(torch.OutOfMemoryError):
        Tail(model, "2", images(2))


def test_what_depends_on_the_batch_goes_past_the_layer():
    class Level(Mixing):
        def forward(self, images):
            return self.head(self.conv(images).mean((2, 3))) + images.mean()

    assert "not made image by image" in Tail(planted(Level, ""), "conv", images(2)).reason


def test_activations_of_a_model_that_is_run_whole_leave_nothing_behind():
    class Normed(Deciding):
        def __init__(self) -> None:
            super().__init__()
            self.norm = nn.BatchNorm2d(3)

        def forward(self, images):
            return super().forward(self.norm(images))

    model = planted(Normed).train()
    tail = Tail(model, "conv", images())
    assert tail.reason
    before = model.norm.running_mean.clone()
    maps = tail.activations(tail.head(images())).maps
    assert maps is not None and not maps.requires_grad
    assert torch.equal(model.norm.running_mean, before) and model.training


def test_a_call_that_stand_ins_do_not_make():
    class Choosy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 1)
            self.head = nn.Linear(3, 2)

        def forward(self, images):
            for _ in range(2 if type(images) is torch.Tensor else 1):
                images = self.conv(images)
            return self.head(images.mean((2, 3)))

    model, batch = planted(Choosy), images()
    tail = Tail(model, "conv@1", batch)
    assert "cannot be seen in its code" in tail.reason
    with torch.no_grad():
        assert torch.equal(tail(tail.head(batch), second_off), whole(model, batch, "conv@1", second_off))


def test_one_model_is_traced_at_a_time():
    """Tracing replaces methods of nn.Module for all threads: a second one waits."""
    found = []
    worker = threading.Thread(target=lambda: found.append(Tail(planted(Net), "stem", images())))
    with _division._TRACING:
        worker.start()
        worker.join(1.0)
        assert worker.is_alive() and not found
    worker.join(20)
    assert found[0].reason == ""


def test_a_layer_that_nobody_reads():
    class Unread(Net):
        def forward(self, images, flip=False, *, names=None):
            self.side(self.stem(images))
            return self.head(self.stem(images).mean((2, 3)).repeat(1, 2)[:, :12])

    model, batch = planted(Unread), images()
    tail = Tail(model, "side", batch)
    assert tail.reason == ""
    with torch.no_grad():
        assert torch.equal(tail(tail.head(batch), second_off), whole(model, batch))


def test_what_no_later_step_needs_is_freed():
    model = nn.Sequential(*(nn.Conv2d(3, 3, 1) for _ in range(4)), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    tail = Tail(model, "0", images())
    cut = tail.head(images())
    made, alive = [], []
    model[1].register_forward_hook(lambda m, a, output: made.append(weakref.ref(output)))
    model[3].register_forward_pre_hook(lambda m, a: alive.append(made[-1]() is not None))
    with torch.no_grad():
        tail(cut)
    assert alive == [False]
