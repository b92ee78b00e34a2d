"""Map-style datasets as probe sets: items of every kind, labels, names, and what is refused."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader, IterableDataset, Subset, TensorDataset
from torchvision.datasets import FakeData, ImageFolder
from torchvision.transforms import ToTensor

from nbinterp.data import ImageError, ProbeSet


def scenes(n=3, height=6, width=8, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, height, width, 3), dtype=np.uint8)


class Items:
    """A dataset of given items."""

    def __init__(self, items, **attributes):
        self.items, self.read = items, []
        self.__dict__.update(attributes)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        self.read.append(index)
        return self.items[index]


def pictures(n=3):
    return [Image.fromarray(pixels) for pixels in scenes(n)]


@pytest.mark.parametrize("label", [1, np.int64(1), torch.tensor(1), torch.tensor([1]), np.array([1])])
def test_single_labels_of_any_integer_kind(label):
    probe = ProbeSet.from_dataset(Items([(image, label) for image in pictures()]), class_names=["a", "b"])
    assert probe.labels is not None and probe.labels.tolist() == [1, 1, 1]


@pytest.mark.parametrize("label", [torch.tensor([0, 1]), "cat", 1.5, {"boxes": []}])
def test_other_labels_are_refused(label):
    with pytest.raises(ImageError, match=r"item 0 \('0000'\) of the dataset has the label .*target_transform"):
        ProbeSet.from_dataset(Items([(image, label) for image in pictures()]))


def test_dict_items_and_bare_images():
    dictionaries = Items([{"img": image, "label": i} for i, image in enumerate(pictures())])
    probe = ProbeSet.from_dataset(dictionaries, names=["x", "y", "z"])
    assert probe.labels is not None and probe.labels.tolist() == [0, 1, 2] and probe.names == ("x", "y", "z")
    bare = Items(pictures(), classes=["unused"])
    probe = ProbeSet.from_dataset(bare)
    assert probe.labels is None and probe.class_names is None and set(bare.read) == {0, 2}
    with pytest.raises(ImageError, match=r"keys \['photo'\]; expected an image under 'image' or 'img'"):
        ProbeSet.from_dataset(Items([{"photo": image} for image in pictures()]))


def test_targets_spare_reading_every_item_but_only_if_they_agree():
    items = [(image, 2 - i) for i, image in enumerate(pictures())]
    agreeing = Items(items, targets=[2, 1, 0], classes=["a", "b", "c"])
    probe = ProbeSet.from_dataset(agreeing)
    assert probe.labels is not None and probe.labels.tolist() == [2, 1, 0] and set(agreeing.read) == {0, 2}
    assert probe.class_names == ("a", "b", "c")
    agreeing.read.clear()
    part = ProbeSet.from_dataset(Subset(agreeing, [1, 2, 0]))  # type: ignore[arg-type]
    assert part.labels is not None and part.labels.tolist() == [1, 0, 2] and set(agreeing.read) == {1, 0}
    other = ProbeSet.from_dataset(Items(items, targets=[0, 1, 2]))
    assert other.labels is not None and other.labels.tolist() == [2, 1, 0]


def test_image_folder_its_subset_and_its_loader(tmp_path):
    for name in ("a/1.png", "b/2.png", "b/3.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (5, 4)).save(tmp_path / name)
    whole = ProbeSet.from_dataset(ImageFolder(tmp_path))
    assert whole.names == ("a/1.png", "b/2.png", "b/3.png") == ProbeSet.from_folder(tmp_path).names
    part = ProbeSet.from_dataset(Subset(ImageFolder(tmp_path), [2, 0]))
    assert part.names == ("b/3.png", "a/1.png") and part.class_names == ("a", "b")
    assert part.labels is not None and part.labels.tolist() == [1, 0]
    loader = DataLoader(ImageFolder(tmp_path, ToTensor()), batch_size=2, shuffle=True)
    assert ProbeSet.from_dataset(loader).names == whole.names
    (tmp_path / "b" / "2.png").write_bytes(b"")
    with pytest.raises(ImageError, match=r"item 1 \('b/2.png'\) of the dataset cannot be read: UnidentifiedImageError"):
        whole.image(1)


def test_tensor_datasets_keep_dtype_and_display():
    stack = torch.from_numpy(scenes()).permute(0, 3, 1, 2)
    for images in (stack, stack / 255):
        probe = ProbeSet.from_dataset(TensorDataset(images, torch.arange(3)))
        image = probe.image(1)
        assert isinstance(image, torch.Tensor) and image.dtype == images.dtype
        assert np.array_equal(probe.pixels(1), scenes()[1])


def test_normalized_floats_are_refused_with_the_fix():
    images = (torch.rand(3, 3, 8, 8) - 0.45) / 0.225
    with pytest.raises(ImageError, match=r"item 0 .*look normalized: take Normalize out of .*preprocess=Normalize"):
        ProbeSet.from_dataset(TensorDataset(images, torch.arange(3)))


def test_random_and_streaming_datasets_are_refused():
    class Noisy(Items):
        def __getitem__(self, index):
            return torch.rand(3, 5, 5), 0

    class Stream(IterableDataset):
        def __iter__(self):
            return iter(())

    with pytest.raises(ValueError, match="augments at random"):
        ProbeSet.from_dataset(Noisy([1]))
    with pytest.raises(TypeError, match=r"Stream is no map-style dataset: expected len\(dataset\)"):
        ProbeSet.from_dataset(Stream())
    with pytest.raises(ValueError, match="has no items"):
        ProbeSet.from_dataset(Items([]))


def test_torchvision_dataset_of_pil_images():
    probe = ProbeSet.from_dataset(FakeData(size=4, image_size=(3, 9, 7), num_classes=3))
    assert isinstance(probe.image(0), Image.Image) and probe.pixels(3).shape == (9, 7, 3)
    assert probe.labels is not None and len(probe.labels) == 4 and probe.class_names is None


def test_fingerprint_reads_a_dataset_once():
    dataset = Items([(image, i) for i, image in enumerate(pictures())], targets=[0, 1, 2])
    probe = ProbeSet.from_dataset(dataset)
    dataset.read.clear()
    assert probe.fingerprint() == probe.fingerprint()
    assert sorted(dataset.read) == [0, 1, 2]
