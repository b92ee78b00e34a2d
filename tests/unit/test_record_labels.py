"""Labels brought into the classifier's numbering, and what follows from them."""

from __future__ import annotations

import numpy as np
import pytest
from record_helpers import random_images, small_classifier

from nbinterp.analyses import align_labels, record
from nbinterp.data import ProbeSet

CLASSES = ("tench", "English springer", "church", "crane", "crane")


def aligned(labels, label_names, class_names=CLASSES, n_classes=5):
    return align_labels(np.array(labels), label_names, class_names, len(labels), n_classes)


def test_names_are_matched_whatever_their_capitals():
    found = aligned([0, 1, -1, 1], ("Church", "english springer"))
    assert found.labels.tolist() == [2, 1, -1, 1] and found.aligned and found.names == CLASSES


def test_classes_without_images_need_no_match():
    found = aligned([1, 1], ("unheard of", "tench"))
    assert found.labels.tolist() == [0, 0] and found.aligned


def test_one_unmatched_class_leaves_the_labels_as_they_are():
    found = aligned([0, 1], ("unheard of", "tench"))
    assert found.labels.tolist() == [0, 1] and not found.aligned and found.names == ("unheard of", "tench")


def test_an_ambiguous_name_is_no_match_but_identical_lists_are():
    assert not aligned([0], ("crane",)).aligned
    found = aligned([4, 3], tuple(name.upper() for name in CLASSES))
    assert found.labels.tolist() == [4, 3] and found.aligned and found.names == CLASSES


def test_as_many_classes_are_taken_in_order():
    found = aligned([4, 0], ("n01", "n02", "n03", "n04", "n05"))
    assert found.labels.tolist() == [4, 0] and found.aligned and found.names == CLASSES
    found = aligned([4, 0], ("n01", "n02", "n03", "n04", "n05"), class_names=None)
    assert found.aligned and found.names == ("n01", "n02", "n03", "n04", "n05")


def test_names_win_over_the_order():
    found = aligned([0, 1], ("church", "tench", "x", "y", "z"))
    assert found.labels.tolist() == [2, 0]


def test_labels_without_names_are_the_classifiers_if_they_fit():
    assert aligned([4, -1], None).aligned
    found = aligned([5, 0], None)
    assert not found.aligned and found.names is None


def test_no_labels():
    for labels in (None, np.array([-1, -1])):
        found = align_labels(labels, None, CLASSES, 2, 5)
        assert found.labels.tolist() == [-1, -1] and not found.aligned


def recorded(labels, class_names, classes=CLASSES):
    probe = ProbeSet.from_arrays(random_images(len(labels)), labels, class_names=class_names)
    return record(small_classifier(classes=classes), probe, "head", progress=False)


def test_a_recording_knows_right_from_wrong():
    recording = recorded([0, 1, -1, 0], ("church", "tench"))
    assert recording.labels.tolist() == [2, 0, -1, 2] and recording.class_names == CLASSES
    expected = recording.logits.argmax(1) == recording.labels
    np.testing.assert_array_equal(recording.correct, expected)
    assert recording.correct.dtype == bool and not recording.correct[2]
    frame = recording.frame
    assert frame["label"].tolist()[:2] == ["church", "tench"] and frame["label"].isna().tolist() == [0, 0, 1, 0]
    assert frame["correct"].isna().tolist() == [False, False, True, False]
    assert frame["prediction"].tolist() == [CLASSES[p] for p in recording.predictions]
    assert recording.predictions.dtype == np.int64 and recording.labels.dtype == np.int64


@pytest.mark.parametrize("labels", [[0, 1, 1, 0], None])
def test_labels_that_cannot_be_aligned_make_nothing_right_or_wrong(labels):
    probe = ProbeSet.from_arrays(random_images(4), labels, class_names=("cat", "dog") if labels else None)
    recording = record(small_classifier(classes=CLASSES), probe, "head", progress=False)
    assert recording.correct is None and recording.frame["correct"].isna().all()
    assert recording.frame["label"].tolist() == (["cat", "dog", "dog", "cat"] if labels else [None] * 4)


def test_a_classifier_without_names_borrows_those_of_the_probe_set():
    assert recorded([0, 4], tuple("vwxyz"), None).class_names == tuple("vwxyz")
    assert recorded([0, 1], ("cat", "dog"), None).class_names is None
