"""Files of every kind: a documented conversion, or an error that names the file."""

import json
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from nbinterp.data import ImageError, MaskError, ProbeSet
from nbinterp.data import images as images_module


def scene(height=12, width=20, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def one(tmp_path, name="x.png", **options):
    probe = ProbeSet.from_folder(tmp_path, **options)
    return np.asarray(probe.image(probe.names.index(name)))


def test_rgb_is_exact_and_upright(tmp_path):
    Image.fromarray(scene()).save(tmp_path / "x.png")
    assert np.array_equal(one(tmp_path), scene())


def test_grey_becomes_rgb_or_stays_grey_on_request(tmp_path):
    grey = scene()[..., 0]
    Image.fromarray(grey).save(tmp_path / "x.png")
    assert np.array_equal(one(tmp_path), np.repeat(grey[..., None], 3, 2))
    assert np.array_equal(one(tmp_path, mode="L"), grey)


def test_transparency_is_composited_on_white(tmp_path):
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0] = (200, 100, 0, 255)
    pixels[0, 1] = (200, 100, 0, 0)
    pixels[1, 0] = (0, 0, 0, 128)
    Image.fromarray(pixels).save(tmp_path / "x.png")
    found = one(tmp_path)
    assert found[0, 0].tolist() == [200, 100, 0] and found[0, 1].tolist() == [255] * 3
    assert np.abs(found[1, 0].astype(int) - 127).max() <= 1


def test_grey_with_alpha_is_composited_too(tmp_path):
    Image.fromarray(np.array([[[0, 0], [90, 255]]], np.uint8)).save(tmp_path / "x.png")
    assert one(tmp_path)[0, :, 0].tolist() == [255, 90]


def test_palette_with_and_without_transparency(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    image.save(tmp_path / "x.png")
    assert one(tmp_path)[0].tolist() == [[255, 0, 0], [0, 0, 255]]
    image.save(tmp_path / "x.png", transparency=0)
    assert one(tmp_path)[0].tolist() == [[255, 255, 255], [0, 0, 255]]


def test_sixteen_bit_grey_is_scaled(tmp_path):
    Image.fromarray(np.array([[0, 128, 129, 257, 511, 65535]], np.uint16)).save(tmp_path / "x.png")
    assert one(tmp_path)[0, :, 0].tolist() == [0, 0, 1, 1, 2, 255]


def test_float_tiff_is_scaled_or_refused(tmp_path):
    Image.fromarray(np.array([[0, 0.5, 1]], np.float32)).save(tmp_path / "x.tif")
    assert one(tmp_path, "x.tif")[0, :, 0].tolist() == [0, 128, 255]
    Image.fromarray(np.array([[0, 300.0]], np.float32)).save(tmp_path / "x.tif")
    with pytest.raises(ImageError, match=r"x\.tif holds floats from 0 to 300; expected \[0, 1\]"):
        one(tmp_path, "x.tif")


def test_integers_beyond_sixteen_bits_are_refused(tmp_path):
    Image.fromarray(np.array([[0, 70000]], np.int32)).save(tmp_path / "x.tif")
    with pytest.raises(ImageError, match=r"x\.tif holds integers from 0 to 70000"):
        one(tmp_path, "x.tif")


def test_cmyk_and_one_bit(tmp_path):
    Image.new("CMYK", (2, 2), (0, 255, 255, 0)).save(tmp_path / "x.jpg", quality=100)
    red = one(tmp_path, "x.jpg")[0, 0].astype(int)
    assert red[0] > 240 and red[1:].max() < 20
    Image.new("1", (2, 2), 1).save(tmp_path / "y.png")
    assert one(tmp_path, "y.png").min() == 255


@pytest.mark.parametrize(("orientation", "undo"), [(3, 2), (6, -1), (8, 1)])
def test_exif_orientation_is_applied(tmp_path, orientation, undo):
    upright = np.zeros((64, 96, 3), np.uint8)
    upright[:32, :48] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(np.rot90(upright, -undo)).save(tmp_path / "x.jpg", quality=95, exif=exif)
    probe = ProbeSet.from_folder(tmp_path)
    found = np.asarray(probe.image(0))
    assert found.shape == upright.shape
    assert np.abs(found.astype(int) - upright).mean() < 3
    small = probe.pixels(0, size=(16, 24))
    assert small.shape == (16, 24, 3) and small[:7, :11].min() > 200 and small[9:, 13:].max() < 55


def test_reduced_decoding_of_a_rotated_file_stays_large_enough(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100)).save(tmp_path / "x.jpg", exif=exif)  # upright: 200 high, 100 wide
    path = tmp_path / "x.jpg"
    assert images_module.image_size(path) == (200, 100)
    assert images_module.read_image(path, "RGB", at_least=(10, 100)).size == (100, 200)
    assert images_module.read_image(path, "RGB", at_least=(100, 10)).size == (50, 100)


def test_animation_gives_its_first_frame(tmp_path):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "x.gif", save_all=True, append_images=frames[1:])
    assert one(tmp_path, "x.gif")[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("kind", ["jpg", "png"])
def test_truncated_file_is_named(tmp_path, kind):
    path = tmp_path / f"cut.{kind}"
    Image.fromarray(scene(200, 200)).save(path)
    path.write_bytes(path.read_bytes()[:4000])
    probe = ProbeSet.from_folder(tmp_path)
    for read in (probe.image, lambda i: probe.pixels(i, (32, 32)), lambda i: probe.thumbnail(i, 32)):
        with pytest.raises(ImageError, match=rf"cut\.{kind} is truncated.*leave the image out with probe\.subset"):
            read(0)


def test_empty_foreign_and_vanished_files_are_named(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"")
    (tmp_path / "b.jpg").write_text("this is no image")
    Image.new("RGB", (2, 2)).save(tmp_path / "c.png")
    probe = ProbeSet.from_folder(tmp_path)
    (tmp_path / "c.png").unlink()
    for index, text in enumerate((r"a\.jpg is empty \(0 bytes\)", r"b\.jpg is not an image", r"c\.png was there")):
        with pytest.raises(ImageError, match=text):
            probe.image(index)
    with pytest.raises(ImageError, match=r"c\.png"):
        probe.fingerprint()


# folders


def tree(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4)).save(path)


def test_flat_folder_has_no_labels(tmp_path):
    tree(tmp_path, "b.png", "a.jpg", ".hidden.png", "__MACOSX/._a.jpg", ".ipynb_checkpoints/a.png")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "empty").mkdir()
    probe = ProbeSet.from_folder(tmp_path)
    assert probe.names == ("a.jpg", "b.png")
    assert probe.labels is None and probe.class_names is None


def test_subfolders_are_classes_in_sorted_order(tmp_path):
    tree(tmp_path, "zebra/1.png", "ant/x/9.png", "ant/2.PNG", "ant/.DS_Store.png")
    (tmp_path / "classes.json").write_text("{}")
    probe = ProbeSet.from_folder(str(tmp_path), class_names={"ant": "Ameise"})
    assert probe.names == ("ant/2.PNG", "ant/x/9.png", "zebra/1.png")
    assert probe.class_names == ("Ameise", "zebra")
    assert probe.labels is not None and probe.labels.dtype == np.int64 and probe.labels.tolist() == [0, 0, 1]
    assert ProbeSet.from_folder(tmp_path, class_names=["a", "b"]).class_names == ("a", "b")


def test_class_without_images_is_kept_with_a_warning(tmp_path):
    tree(tmp_path, "a/1.png", "c/1.png")
    (tmp_path / "b").mkdir()
    with pytest.warns(UserWarning, match="no images in the class subfolder 'b'"):
        probe = ProbeSet.from_folder(tmp_path)
    assert probe.class_names == ("a", "b", "c") and probe.labels is not None and probe.labels.tolist() == [0, 2]


def test_folders_without_images_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"holds no images.*found: nothing.*\.jpg"):
        ProbeSet.from_folder(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "notes.txt").write_text("")
    with pytest.raises(ValueError, match=r"holds no images.*found: 'a', 'b'"):
        ProbeSet.from_folder(tmp_path)
    with pytest.raises(FileNotFoundError, match="nowhere is not there"):
        ProbeSet.from_folder(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"notes\.txt is a file"):
        ProbeSet.from_folder(tmp_path / "b" / "notes.txt")


def test_flat_and_subfolders_together_are_refused(tmp_path):
    tree(tmp_path, "a/1.png", "stray.png")
    with pytest.raises(ValueError, match=r"1 images \(e.g. 'stray.png'\) beside subfolders with images \('a'\)"):
        ProbeSet.from_folder(tmp_path)


def test_bad_class_names_and_mode_are_refused(tmp_path):
    tree(tmp_path, "a/1.png", "b/1.png")
    with pytest.raises(ValueError, match="subfolder 'c', which is not there: the subfolders are 'a', 'b'"):
        ProbeSet.from_folder(tmp_path, class_names={"c": "x"})
    with pytest.raises(ValueError, match="3 names for 2 subfolders"):
        ProbeSet.from_folder(tmp_path, class_names=["x", "y", "z"])
    with pytest.raises(ValueError, match="is flat"):
        ProbeSet.from_folder(tmp_path / "a", class_names=["x"])
    with pytest.raises(ValueError, match=r'mode is .HSV.; expected "RGB" or "L"'):
        ProbeSet.from_folder(tmp_path, mode="HSV")


def test_construction_decodes_nothing(tmp_path, monkeypatch):
    Image.new("RGB", (4, 4)).save(tmp_path / "seed.png")
    (tmp_path / "many").mkdir()
    for index in range(1000):
        (tmp_path / "many" / f"{index:04d}.png").hardlink_to(tmp_path / "seed.png")
    opened = []
    monkeypatch.setattr(images_module.Image, "open", lambda *a, real=Image.open, **k: opened.append(a) or real(*a, **k))
    probe = ProbeSet.from_folder(tmp_path / "many")
    assert len(probe) == len(probe.names) == 1000 and repr(probe)
    probe.subset(range(10)).fingerprint()
    assert opened == []
    probe.image(3)
    assert len(opened) == 1


# masks


def with_masks(root, value=1, size=(4, 4), mode="L"):
    tree(root / "images", "a.jpg", "b.jpg")
    (root / "labels").mkdir(exist_ok=True)
    for name in "ab":
        Image.new(mode, size, value).save(root / "labels" / f"{name}.png")
    return {"path": root / "images", "masks": root / "labels", "concepts": ("", "cat")}


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16"])
def test_masks_are_read_from_every_label_mode(tmp_path, mode):
    probe = ProbeSet.from_folder(**with_masks(tmp_path, mode=mode))
    maps = probe.label_maps(1)
    assert probe.concepts == {"object": ("", "cat")} and probe.ignore == 255
    assert list(maps) == ["object"] and maps["object"].dtype == np.int64
    assert maps["object"].tolist() == [[1] * 4] * 4


@pytest.mark.parametrize("depth", [2, 4])
def test_packed_grey_masks_keep_their_label_numbers(tmp_path, depth):
    arguments = with_masks(tmp_path)
    packed = {2: [b"\0\x1b"] * 4, 4: [b"\0\x01\x23"] * 4}[depth]  # filter byte, then the labels 0 1 2 3

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 4, 4, depth, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(packed)))
    (tmp_path / "labels" / "a.png").write_bytes(png + chunk(b"IEND", b""))
    probe = ProbeSet.from_folder(**arguments | {"concepts": ("", "a", "b", "c")})
    assert probe.label_maps(0)["object"].tolist() == [[0, 1, 2, 3]] * 4


def test_ignored_pixels_pass_and_unknown_values_are_named(tmp_path):
    arguments = with_masks(tmp_path, value=255)
    assert (ProbeSet.from_folder(**arguments).label_maps(0)["object"] == 255).all()
    with pytest.raises(MaskError, match=r"a\.png holds the value 255, but concepts names 0 to 1 \(ignore is None\)"):
        ProbeSet.from_folder(**arguments, ignore=None).label_maps(0)
    with pytest.raises(ValueError, match="ignore value 1 is also the number of the object 'cat'"):
        ProbeSet.from_folder(**arguments, ignore=1)


def test_masks_of_wrong_name_size_or_kind_are_named(tmp_path):
    arguments = with_masks(tmp_path)
    Image.new("L", (5, 4)).save(tmp_path / "labels" / "a.png")
    Image.new("RGB", (4, 4)).save(tmp_path / "labels" / "b.png")
    probe = ProbeSet.from_folder(**arguments)
    with pytest.raises(MaskError, match=r"a\.png has shape \(4, 5\), its image \(4, 4\).*nearest"):
        probe.label_maps(0)
    with pytest.raises(MaskError, match=r"b\.png has PIL mode RGB; expected one label number per pixel"):
        probe.label_maps(1)
    (tmp_path / "labels" / "b.png").write_bytes(b"")
    with pytest.raises(MaskError, match=r"b\.png cannot be read as a label image"):
        probe.label_maps(1)
    (tmp_path / "labels" / "b.png").rename(tmp_path / "labels" / "c.png")
    with pytest.raises(MaskError, match=r"no label file for 1 of 2 images, e.g. for 'b.jpg'.*such as b\.png"):
        ProbeSet.from_folder(**arguments)
    with pytest.raises(FileNotFoundError, match=r"masks: .*nowhere is not a folder"):
        ProbeSet.from_folder(**arguments | {"masks": tmp_path / "nowhere"})


def test_masks_by_category_and_in_class_subfolders(tmp_path):
    for folder in ("object/x", "object/y", "colour"):
        (tmp_path / "masks" / folder).mkdir(parents=True)
    for value, folder in enumerate(("object/x", "object/y")):
        Image.new("L", (4, 4), value).save(tmp_path / "masks" / folder / "1.png")
    masks = {"object": tmp_path / "masks" / "object"}
    Image.new("L", (4, 4), 1).save(tmp_path / "masks" / "colour" / "1.png")
    tree(tmp_path / "set", "x/1.png", "y/1.png")
    probe = ProbeSet.from_folder(tmp_path / "set", masks=masks, concepts={"object": ["", "cat"]})
    assert [int(probe.label_maps(i)["object"][0, 0]) for i in range(2)] == [0, 1]
    with pytest.raises(MaskError, match=r"only label file for 'x/1.png' and for 'y/1.png'"):
        ProbeSet.from_folder(tmp_path / "set", masks={"colour": tmp_path / "masks" / "colour"}, concepts=["", "red"])


def test_concepts_are_asked_for_and_must_match(tmp_path):
    arguments = with_masks(tmp_path)
    for concepts, text in [
        (None, "no concepts"),
        ("cat", "must be a sequence of names"),
        ({"object": "cat"}, "must be a sequence of names"),
        ({"part": ["", "leg"]}, "concepts names 'part', masks 'object'"),
    ]:
        with pytest.raises(ValueError, match=text):
            ProbeSet.from_folder(**arguments | {"concepts": concepts})
    with pytest.raises(ValueError, match="concepts were given without masks"):
        ProbeSet.from_folder(arguments["path"], concepts=["", "cat"])


# the real photographs


@pytest.mark.real
def test_imagenette_photographs(shared_data):
    folder = shared_data / "imagenette224"
    named = {wnid: entry["name"] for wnid, entry in json.loads((folder / "classes.json").read_text()).items()}
    probe = ProbeSet.from_folder(folder, class_names=named)
    assert len(probe) == 1000 and probe.class_names is not None and probe.class_names[0] == "tench"
    assert probe.labels is not None and np.bincount(probe.labels).tolist() == [100] * 10
    image = probe.image(999)
    assert isinstance(image, Image.Image) and image.size == (224, 224) and image.mode == "RGB"
    exact, quick = (probe.pixels(5, size) for size in (None, (64, 64)))
    slow = np.asarray(Image.fromarray(exact).resize((64, 64), Image.Resampling.BICUBIC))
    assert np.abs(quick.astype(int) - slow).mean() < 4


@pytest.mark.real
def test_voc_animals_with_masks(shared_data):
    folder = shared_data / "segmentation" / "voc_animals"
    concepts = json.loads((folder / "classes.json").read_text())["classes"]
    probe = ProbeSet.from_folder(folder / "images", masks=folder / "labels", concepts=concepts)
    assert len(probe) == 400 and probe.labels is None and len(probe.concepts["object"]) == 21
    values: set[int] = set()
    for index in range(0, 400, 4):
        label_map = probe.label_maps(index)["object"]
        assert label_map.shape == probe.pixels(index).shape[:2]
        values |= set(np.unique(label_map).tolist())
    assert 255 in values and {probe.concepts["object"][v] for v in values - {255}} >= {
        "background",
        "dog",
        "cat",
        "horse",
    }
