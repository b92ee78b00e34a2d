"""Arrays as probe sets; labels, masks, columns, subsets, fingerprints."""

import numpy as np
import pytest
import torch
from PIL import Image

from nbinterp.data import ImageSource, MaskError, ProbeSet


def scenes(n=3, height=6, width=8, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, height, width, 3), dtype=np.uint8)


# arrays: layout


def test_uint8_arrays_become_pil_images_in_either_layout():
    last = ProbeSet.from_arrays(scenes())
    first = ProbeSet.from_arrays(scenes().transpose(0, 3, 1, 2))
    for probe in (last, first):
        image = probe.image(1)
        assert isinstance(image, Image.Image) and image.mode == "RGB"
        assert np.array_equal(np.asarray(image), scenes()[1])
    assert last.names == ("0000", "0001", "0002") and last.labels is None and last.label_maps(0) == {}
    assert last.fingerprint() == first.fingerprint()


def test_tensors_stay_tensors_channel_first():
    stack = torch.from_numpy(scenes())
    for images in (stack, stack.permute(0, 3, 1, 2)):
        image = ProbeSet.from_arrays(images).image(2)
        assert isinstance(image, torch.Tensor) and image.dtype == torch.uint8
        assert torch.equal(image, stack[2].permute(2, 0, 1))
    half = ProbeSet.from_arrays((stack / 255).half().requires_grad_()).image(0)
    assert isinstance(half, torch.Tensor) and half.dtype == torch.float32 and not half.requires_grad


def test_float_arrays_become_float_tensors_and_display_as_they_were():
    floats = (scenes() / 255).astype(np.float64)
    floats.flags.writeable = False
    probe = ProbeSet.from_arrays(floats)
    image = probe.image(0)
    assert isinstance(image, torch.Tensor) and image.dtype == torch.float32 and image.shape == (3, 6, 8)
    assert np.array_equal(probe.pixels(0), scenes()[0])


@pytest.mark.parametrize("shape", [(5, 6, 8), (5, 6, 8, 1), (5, 1, 6, 8)])
def test_grey_stays_one_channel(shape):
    grey = np.arange(240, dtype=np.uint8).reshape(shape)
    image = ProbeSet.from_arrays(grey).image(4)
    assert isinstance(image, Image.Image) and image.mode == "L"
    assert np.array_equal(np.asarray(image), grey[4].reshape(6, 8))
    tensor = ProbeSet.from_arrays(torch.from_numpy(grey)).image(4)
    assert isinstance(tensor, torch.Tensor) and tensor.shape == (1, 6, 8)
    assert ProbeSet.from_arrays(grey).pixels(4).shape == (6, 8, 3)


def test_four_channels_are_composited_on_white():
    rgba = np.zeros((1, 5, 6, 4), np.uint8)
    rgba[..., 0], rgba[..., 3] = 100, 128
    for images in (rgba, torch.from_numpy(rgba), torch.from_numpy(rgba) / 255):
        pixel = ProbeSet.from_arrays(images).pixels(0)[2, 2].astype(int)
        assert np.abs(pixel - [177, 127, 127]).max() <= 1


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((2, 3, 8, 3), "could be the first or the last axis"),
        ((2, 5, 8, 7), "neither the first nor the last axis has 1"),
        ((8, 9, 3), r"8 grey images or one colour image.*images\[None\]"),
        ((3, 8, 9), r"3 grey images or one colour image.*images\[:, None\]"),
        ((8, 9), "expected N×H×W"),
        ((2, 0, 9), "none of them 0"),
        ((0, 8, 9), "at least one image"),
    ],
)
def test_shapes_that_leave_a_doubt_are_refused(shape, message):
    for images in (np.zeros(shape, np.uint8), torch.zeros(shape, dtype=torch.uint8)):
        with pytest.raises(ValueError, match=message):
            ProbeSet.from_arrays(images)


def test_lists_may_mix_sizes_and_kinds():
    probe = ProbeSet.from_arrays([scenes()[0], torch.rand(3, 10, 7), Image.new("P", (9, 5)), np.zeros((11, 12))])
    assert [probe.pixels(i).shape for i in range(4)] == [(6, 8, 3), (10, 7, 3), (5, 9, 3), (11, 12, 3)]


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.full((2, 5, 6), 3, np.int64), "image '0000' holds int64 values; expected uint8"),
        (np.zeros((2, 5, 6), bool), "bool values"),
        (torch.zeros(2, 5, 6, dtype=torch.int32), "int32 values"),
        (np.full((2, 5, 6), 200.0), r"from 200 to 200; expected \[0, 1\]. Divide the images by 255"),
        (np.random.default_rng(0).normal(size=(2, 5, 6)), "look normalized.*preprocess"),
        (np.full((2, 5, 6), np.nan), "NaN"),
        (["a", "b"], "is a str; expected a PIL image"),
        ((image for image in "ab"), "is a generator"),
        ([], "at least one image"),
    ],
)
def test_values_that_are_no_images_are_refused(images, message):
    with pytest.raises((ValueError, TypeError), match=message):
        ProbeSet.from_arrays(images)


# arrays: what is known about them


def test_labels_masks_concepts_and_columns():
    part = np.zeros((3, 6, 8), np.int32)
    part[1] = 2
    probe = ProbeSet.from_arrays(
        scenes(),
        labels=torch.tensor([1, -1, 0]),
        class_names=["cat", "dog"],
        names=["x", "y", "z"],
        masks={"object": np.full((3, 6, 8), 255, np.uint8), "part": part},
        concepts={"object": ("", "tree"), "part": ["", "leg", "ear"]},
        columns={"facet": ["a", "b", "a"], "scale": [1, 2.5, 3], "sharp": np.array([True, False, True])},
    )
    assert probe.labels is not None and probe.labels.dtype == np.int64 and probe.labels.tolist() == [1, -1, 0]
    assert probe.names == ("x", "y", "z") and probe.class_names == ("cat", "dog")
    assert probe.concepts == {"object": ("", "tree"), "part": ("", "leg", "ear")}
    maps = probe.label_maps(1)
    assert {c: (m.dtype, int(m[0, 0])) for c, m in maps.items()} == {"object": (np.int64, 255), "part": (np.int64, 2)}
    assert {name: values.dtype.kind for name, values in probe.columns.items()} == {
        "facet": "U",
        "scale": "f",
        "sharp": "b",
    }
    with pytest.raises(ValueError, match="read-only"):
        probe.labels[0] = 3
    assert repr(probe) == (
        "ProbeSet(3 images from arrays; 2 classes (cat, dog); masks of 2 object values, 3 part values; "
        "columns facet, scale, sharp)"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"labels": [0, 1]}, r"labels has shape \(2,\) for 3 images"),
        (
            {"labels": [0, 1, 2], "class_names": ["a", "b"]},
            r"labels\[2\] is 2; expected −1 \(unknown\) to 1, for 2 class",
        ),
        ({"labels": [0, -2, 1]}, r"labels\[1\] is -2"),
        ({"labels": ["a", "b", "c"]}, "expected whole numbers.*numpy.unique"),
        ({"labels": [0.0, 1.0, 1.0]}, "labels holds float64 values"),
        ({"class_names": "abc"}, "expected a sequence of strings"),
        ({"class_names": [1, 2]}, "expected a sequence of strings"),
        ({"names": ["a"]}, "names has 1 entries for 3 images"),
        ({"columns": {"facet": ["a"]}}, r"column 'facet' has shape \(1,\) for 3 images"),
        ({"columns": {"label": [1, 2, 3]}}, "column 'label' is made by a recording"),
        (
            {"columns": {"x": [None, {}, 1]}},
            "holds NoneType, dict, int among its values; expected numbers, .*dtype=float",
        ),
        ({"columns": {"x": np.zeros(3, "datetime64[s]")}}, r"holds datetime64\[s\] values; .*str\(value\) for value"),
        ({"columns": {"x": np.array([1, 2**63, 3], np.uint64)}}, "holds 9223372036854775808; .*as text"),
        ({"masks": np.zeros((3, 6, 8), int)}, "no concepts"),
        ({"masks": np.zeros((2, 6, 8), int), "concepts": [""]}, "2 label maps for 3 images"),
        ({"masks": np.zeros((3, 6, 9), int), "concepts": [""]}, r"object mask of image '0000' has shape \(6, 9\)"),
        ({"masks": np.zeros((3, 6, 8)), "concepts": [""]}, "float64 values; expected integers"),
        ({"masks": np.full((3, 6, 8), 7), "concepts": [""]}, "holds the value 7, but concepts names 0 to 0"),
        (
            {"masks": {"a": np.zeros((3, 6, 8), int), "b": np.zeros((3, 6, 8), int)}, "concepts": [""]},
            "one list of names",
        ),
    ],
)
def test_facts_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        ProbeSet.from_arrays(scenes(), **arguments)


def test_mask_errors_are_mask_errors():
    with pytest.raises(MaskError):
        ProbeSet.from_arrays(scenes(), masks=np.full((3, 6, 8), 7), concepts=[""])


def test_images_out_of_range_are_refused():
    probe = ProbeSet.from_arrays(scenes())
    for ask in (probe.image, probe.pixels, probe.label_maps, lambda i: probe.thumbnail(i, 9)):
        for index in (3, -1):
            with pytest.raises(IndexError, match="has the images 0 to 2"):
                ask(index)


def test_pixels_squeezes_and_thumbnail_keeps_the_aspect_ratio():
    probe = ProbeSet.from_arrays([np.zeros((40, 100, 3), np.uint8), np.zeros((7, 3, 3), np.uint8) + np.uint8(9)][:1])
    assert probe.pixels(0, (10, 10)).shape == (10, 10, 3)
    assert probe.thumbnail(0, 50).shape == (20, 50, 3)
    assert probe.thumbnail(0, 200).shape == (80, 200, 3)
    assert ProbeSet.from_arrays([np.zeros((2, 900), np.uint8)]).thumbnail(0, 64).shape == (1, 64, 3)


# subsets and fingerprints


def test_subset_keeps_what_is_known():
    probe = ProbeSet.from_arrays(
        scenes(5),
        labels=range(5),
        class_names=list("abcde"),
        masks=np.arange(5)[:, None, None] + np.zeros((5, 6, 8), int),
        concepts=list("vwxyz"),
        columns={"n": range(5)},
    )
    part = probe.subset([4, 1, 3]).subset([2, 0])
    assert part.names == ("0003", "0004") and part.labels is not None and part.labels.tolist() == [3, 4]
    assert part.class_names == probe.class_names and part.columns["n"].tolist() == [3, 4]
    assert np.array_equal(part.pixels(0), scenes(5)[3]) and part.label_maps(1)["object"][0, 0] == 4
    assert probe.subset(np.array([True, False, False, False, True])).names == ("0000", "0004")


@pytest.mark.parametrize(
    ("indices", "error", "message"),
    [
        ([], ValueError, "no image chosen"),
        ([3], IndexError, "image 3 does not exist"),
        ([-1], IndexError, "image -1 does not exist"),
        ([0.5], ValueError, "expected a list of integers, or 3 booleans"),
        ([True], ValueError, "bool of shape"),
        ([[0]], ValueError, "expected a list of integers"),
    ],
)
def test_bad_subsets_are_refused(indices, error, message):
    with pytest.raises(error, match=message):
        ProbeSet.from_arrays(scenes()).subset(indices)


def test_fingerprint_changes_when_and_only_when_content_changes():
    def mark(images=None, **facts):
        return ProbeSet.from_arrays(scenes() if images is None else images, **facts).fingerprint()

    changed = scenes()
    changed[2, 5, 7, 2] ^= 1
    plain, named = mark(), mark(labels=[0, 1, 1], class_names=["a", "b"])
    assert plain == mark() == mark(columns={"x": [1, 2, 3]}) == mark(list(scenes()))
    masked = mark(masks=np.zeros((3, 6, 8), int), concepts=["", "cat"])
    assert plain == masked
    others = [
        mark(changed),
        mark(scenes()[::-1]),
        mark(scenes()[:2]),
        mark(scenes().reshape(3, 8, 6, 3)),
        mark(torch.from_numpy(scenes())),
        mark(names=list("abc")),
        named,
        mark(labels=[0, 1, 0], class_names=["a", "b"]),
        mark(labels=[0, 1, 1], class_names=["a", "c"]),
    ]
    assert len({plain, *others}) == 1 + len(others)
    whole = ProbeSet.from_arrays(scenes())
    assert whole.subset(range(3)).fingerprint() == plain != whole.subset([1, 0, 2]).fingerprint()


def test_fingerprint_of_files_is_their_content_not_their_place_or_date(tmp_path):
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        for name, pixels in zip(("a.png", "b.png"), scenes(2), strict=True):
            Image.fromarray(pixels).save(tmp_path / folder / name)
    here, there = (ProbeSet.from_folder(tmp_path / folder) for folder in ("here", "there"))
    before = here.fingerprint()
    assert before == there.fingerprint() != ProbeSet.from_folder(tmp_path / "here", mode="L").fingerprint()
    (tmp_path / "here" / "a.png").touch()
    assert here.fingerprint() == before
    (tmp_path / "here" / "a.png").write_bytes((tmp_path / "here" / "b.png").read_bytes())
    assert here.fingerprint() != before


def test_a_source_of_ones_own():
    class Squares(ImageSource):
        """Grey squares, made when asked for."""

        origin = "squares"

        def __len__(self):
            return 4

        def image(self, index):
            return Image.new("RGB", (8, 8), (index * 10,) * 3)

        def digest(self, index):
            return bytes([index])

        def label_maps(self, index):
            return {"colour": np.full((8, 8), index % 2)}

    probe = ProbeSet(Squares(), names=list("abcd"), labels=[0, 0, 1, 1], concepts={"colour": ("dark", "bright")})
    assert probe.pixels(2)[0, 0].tolist() == [20, 20, 20] and probe.thumbnail(1, 4).shape == (4, 4, 3)
    assert probe.subset([3]).label_maps(0)["colour"][0, 0] == 1
    assert probe.fingerprint() != probe.subset([0, 1, 2]).fingerprint() and "squares" in repr(probe)
