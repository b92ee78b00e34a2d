"""Widgets that were closed let go of what they showed, and what they shared can be made again."""

import gc
import weakref

import ipywidgets
import torch

import nbinterp as nbi


def small_recording():
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
    return nbi.record(nbi.Classifier(module, device="cpu"), nbi.demo.scenes(12), ["0"], progress=False)


def test_a_closed_view_and_its_recording_are_freed():
    recording = small_recording()
    view = nbi.explore(recording, method="pca")
    view._snapshot()
    gone = weakref.ref(recording), weakref.ref(view)
    del recording, view
    ipywidgets.Widget.close_all()
    gc.collect()
    assert [reference() for reference in gone] == [None, None]


def test_views_can_be_made_again_after_all_widgets_were_closed():
    recording = small_recording()
    nbi.explore(recording)
    ipywidgets.Widget.close_all()
    assert nbi.explore(recording).plot.runtime.comm is not None


def test_nan_activations_are_shown_as_missing_not_as_a_crash(recwarn):
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
    module[0].weight.data[0] = float("nan")
    recording = nbi.record(nbi.Classifier(module, device="cpu"), nbi.demo.scenes(12), ["0"], progress=False)
    assert any("NaN" in str(warning.message) or "finite" in str(warning.message) for warning in recwarn)
    assert (recording.predictions == -1).all()
    picture, alt = nbi.explore(recording, method="pca").draw()
    assert picture.width > 0
    assert "12 images" in alt


def test_a_recording_without_exemplars_says_what_to_record():
    module = small_recording().net.module
    net = nbi.Classifier(module, device="cpu")
    recording = nbi.record(net, nbi.demo.scenes(12), ["0"], keep=("pooled",), progress=False)
    assert "keep=('pooled', 'topk')" in nbi.explore(recording, method="pca").draw()[1]


def test_a_photograph_that_is_gone_gets_a_cross(tmp_path):
    scenes = nbi.demo.scenes(6)
    for i in range(6):
        scenes.image(i).save(tmp_path / f"{i}.png")
    net = nbi.demo.classifier()
    recording = nbi.record(net, nbi.ProbeSet.from_folder(tmp_path), ["stage4"], progress=False)
    (tmp_path / "3.png").unlink()
    picture, _ = nbi.explore(recording, method="pca").draw()
    assert picture.width > 0


def test_classes_are_classes_also_as_numbers_and_in_great_number():
    pixels = torch.rand(12, 3, 16, 16)
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 300, 3), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
    probe = nbi.ProbeSet.from_arrays(pixels, [0, 1, -1, *range(3, 12)])
    recording = nbi.record(nbi.Classifier(module, device="cpu"), probe, ["0"], progress=False)
    view = nbi.explore(recording, method="pca")
    kinds = {spec["name"]: spec["kind"] for spec in view.catalog.columns}
    assert kinds["label"] == kinds["prediction"] == "category"
    assert view.source.caption(2).split("\n")[0].isdecimal()  # no label: the prediction alone
    assert view.source.caption(1).startswith(("✗ 1\n→ ", "✓ 1\n"))
