"""What every kernel keeps: inputs untouched, same bytes each time, the same on a GPU, wrong arguments refused."""

from __future__ import annotations

import dataclasses
import inspect

import exported_calls
import further_calls
import pytest
import torch

import nbinterp.kernels as kernels

CALLS = exported_calls.CALLS | further_calls.CALLS
REFUSED = exported_calls.REFUSED | further_calls.REFUSED
OF_EACH = {  # calls that treat every row of these arguments by itself
    "pool_activations": ("maps",),
    "to_half": ("maps",),
    "pack_signs": ("maps",),
    "unpack_signs": ("codes",),
    "upsample_maps": ("maps",),
    "independent_iou": ("shares",),
    "best_labels": ("scores",),
    "detectors": ("scores",),
    "hamming": ("anchors",),
    "states_of": ("packed",),
    "count_agreement": ("packed",),
    "principal_neurons": ("neighbours",),
    "chance": ("rates",),
    "find_rules": ("anchors", "place"),
    "split_lifts": ("anchors", "place"),
    "layout_features": ("maps",),
    "total_variation": ("images",),
    "no_state": ("images",),
    "denoise_tv": ("images", "weights"),
    "edit_units": ("maps",),
    "predict": ("logits",),
    "pgd": ("images",),
    "unit_length": ("images",),
    "within": ("images",),
}
COUNTS = {  # counts that add over disjoint sets of images
    "count_class_activity": ("maxima", "labels"),
    "count_on": ("packed",),
    "count_classes": ("logits", "labels"),
    "confusion": ("predictions", "labels"),
}
KEPT_DTYPE = ("total_variation", "no_state", "denoise_tv", "edit_units", "pgd", "unit_length", "within")
SINGLE = ("upsample_maps", "layout_features", "diversity", "alignment")


def arguments(device="cpu"):
    """Fresh copies of everything the calls take."""
    return exported_calls.arguments(device) | further_calls.arguments(device)


def tensors(value):
    """All tensors in a result."""
    if isinstance(value, torch.Tensor):
        return [value]
    if dataclasses.is_dataclass(value):
        return [t for f in dataclasses.fields(value) for t in tensors(getattr(value, f.name))]
    if isinstance(value, tuple | dict):
        return [t for v in (value.values() if isinstance(value, dict) else value) for t in tensors(v)]
    return []


def test_every_kernel_is_under_contract():
    public = {name for name, value in vars(kernels).items() if inspect.isfunction(value)}
    assert public == set(exported_calls.CALLS)
    for module in further_calls.MODULES:
        own = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
        functions = {name for name in own if inspect.isfunction(getattr(module, name)) and not name.startswith("_")}
        assert functions <= set(further_calls.CALLS) | further_calls.IN_PLACE, module.__name__


@pytest.mark.parametrize("name", CALLS)
def test_arguments_are_left_untouched(name):
    given = arguments()
    before = [t.clone() for t in tensors(given)]
    results = tensors(CALLS[name](given))
    for tensor, copy in zip(tensors(given), before, strict=True):
        torch.testing.assert_close(tensor, copy, rtol=0, atol=0, equal_nan=True)
    for result in results:  # nor do results share memory with them
        result.zero_()
    for tensor, copy in zip(tensors(given), before, strict=True):
        torch.testing.assert_close(tensor, copy, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("name", CALLS)
def test_same_arguments_same_bytes_and_no_global_randomness(name):
    random_state = torch.random.get_rng_state()
    first, second = tensors(CALLS[name](arguments())), tensors(CALLS[name](arguments()))
    assert [t.numpy().tobytes() for t in first] == [t.numpy().tobytes() for t in second]
    assert torch.equal(random_state, torch.random.get_rng_state())


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device: run on a machine with one")
def test_gpu_agrees_with_cpu(name):
    on_gpu, on_cpu = tensors(CALLS[name](arguments("cuda"))), tensors(CALLS[name](arguments()))
    for mine, theirs in zip(on_gpu, on_cpu, strict=True):
        assert mine.device.type == "cuda"
        torch.testing.assert_close(mine.cpu(), theirs, rtol=1e-6, atol=1e-6, equal_nan=True)


@pytest.mark.parametrize("name,number", [(n, i) for n, calls in REFUSED.items() for i in range(len(calls))])
def test_wrong_arguments_are_refused(name, number):
    """By a ValueError of ours, or by the shape checks that run before it in tests."""
    with pytest.raises(Exception) as caught:
        REFUSED[name][number]()
    assert type(caught.value).__name__ in ("ValueError", "TypeCheckError")


def test_wrong_arguments_are_refused_without_the_shape_checks():
    """The same in a process of its own, where jaxtyping's import hook is not installed."""
    import subprocess
    import sys
    from pathlib import Path

    code = (
        "from test_kernels import REFUSED\n"
        "for name, calls in REFUSED.items():\n"
        "    for number, call in enumerate(calls):\n"
        "        try: call()\n"
        "        except ValueError as error: assert len(str(error)) > 20, (name, number)\n"
        "        else: raise SystemExit(f'{name} {number} was accepted')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def chosen(given, names, rows):
    """The arguments, of those named some rows only."""
    return given | {name: given[name][rows] for name in names}


@pytest.mark.parametrize("name", OF_EACH)
def test_each_row_is_on_its_own(name):
    """The same alone as beside others, in any order."""
    whole = tensors(CALLS[name](arguments()))
    for rows in ([1], [2, 0]):
        some = tensors(CALLS[name](chosen(arguments(), OF_EACH[name], rows)))
        for mine, all_of_them in zip(some, whole, strict=True):
            torch.testing.assert_close(mine, all_of_them[rows], rtol=1e-6, atol=1e-6, equal_nan=True)


@pytest.mark.parametrize("name", COUNTS)
def test_counts_add(name):
    whole = CALLS[name](arguments())
    parts = [CALLS[name](chosen(arguments(), COUNTS[name], rows)) for rows in (slice(0, 2), slice(2, None))]
    for mine, all_of_them in zip(tensors(parts[0] + parts[1]), tensors(whole), strict=True):
        torch.testing.assert_close(mine, all_of_them)


@pytest.mark.parametrize("name", OF_EACH | COUNTS)
def test_nothing_gives_nothing_or_is_refused(name):
    """No image at all: no rows, counts of 0, or a message that says what was expected."""
    given = chosen(arguments(), (OF_EACH | COUNTS)[name], slice(0, 0))
    try:
        found = tensors(CALLS[name](given))
    except ValueError as error:
        assert len(str(error)) > 20
        return
    for tensor in found:
        assert not tensor.any() if name in COUNTS else len(tensor) == 0


@pytest.mark.parametrize("name", CALLS)
def test_the_layout_in_memory_does_not_matter(name):
    """Arguments whose first axis runs fastest, like a transposed or channels-last tensor."""

    def restrided(value):
        if isinstance(value, torch.Tensor):
            return value.transpose(0, -1).contiguous().transpose(0, -1) if value.ndim > 1 else value
        if dataclasses.is_dataclass(value) and not isinstance(value, kernels.Resampling):  # a plan is ours
            return dataclasses.replace(
                value, **{f.name: restrided(getattr(value, f.name)) for f in dataclasses.fields(value)}
            )
        return value

    usual = tensors(CALLS[name](arguments()))
    other = tensors(CALLS[name]({key: restrided(value) for key, value in arguments().items()}))
    for mine, theirs in zip(other, usual, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-6, equal_nan=True)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize("name", [*KEPT_DTYPE, *SINGLE])
def test_the_precision_of_results(name, dtype):
    """That of the images or activations, or single where it is said; the values are nearly the same."""
    if name in ("denoise_tv", "pgd", "total_variation", "no_state") and dtype == torch.float16:
        pytest.skip("takes images, which are in single or double precision")
    given = arguments()
    converted = given | {key: given[key].to(dtype) for key in ("maps", "images", "weights")}
    for mine, single in zip(tensors(CALLS[name](converted)), tensors(CALLS[name](given)), strict=True):
        assert mine.dtype == (dtype if name in KEPT_DTYPE else torch.float32)
        tolerance = 1e-2 if dtype == torch.float16 else 1e-4
        torch.testing.assert_close(mine.double(), single.double(), rtol=tolerance, atol=tolerance)
