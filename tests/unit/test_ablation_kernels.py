"""Editing units, counting predictions, halving images, and projected gradient descent."""

import numpy as np
import pytest
import torch
from sklearn.metrics import balanced_accuracy_score, confusion_matrix

from nbinterp.kernels.ablation import (
    UnitEdit,
    accuracy,
    balanced_accuracy,
    confusion,
    count_classes,
    edit_units,
    predict,
    stratified_halves,
    stratified_order,
)
from nbinterp.kernels.adversarial import pgd


def edit(set_units=(), values=(), scaled_units=(), factors=()):
    return UnitEdit(
        torch.tensor(set_units, dtype=torch.int64),
        torch.tensor(values, dtype=torch.float64),
        torch.tensor(scaled_units, dtype=torch.int64),
        torch.tensor(factors, dtype=torch.float64),
    )


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shape,axis", [((3, 5), 1), ((3, 5, 2, 4), 1), ((3, 2, 4, 5), -1), ((3, 7, 5), -1)])
def test_units_are_set_and_scaled_and_nothing_else_changes(shape, axis):
    given = random(*shape)
    before = given.clone()
    found = edit_units(given, edit([3, 0], [7.0, -1.0], [2], [0.5]), axis=axis).movedim(axis, 1)
    was = before.movedim(axis, 1)
    assert (found[:, 3] == 7).all()
    assert (found[:, 0] == -1).all()
    assert torch.equal(found[:, 2], was[:, 2] * 0.5)
    assert torch.equal(found[:, [1, 4]], was[:, [1, 4]])
    assert torch.equal(given, before)
    assert torch.equal(edit_units(given, edit(), axis=axis), given)


def test_a_unit_that_does_not_exist_is_refused():
    with pytest.raises(IndexError, match="0 to 4, not -1 to 2"):
        edit_units(random(2, 5), edit([-1, 2], [0.0, 0.0]))
    with pytest.raises(IndexError, match="0 to 4, not 5 to 5"):
        edit_units(random(2, 5), edit(scaled_units=[5], factors=[0.5]))


def test_predictions_of_ties_and_nan():
    logits = torch.tensor([[1.0, 2.0, 2.0], [torch.nan, 0.0, 1.0], [torch.inf, 0.0, 0.0]])
    assert predict(logits).tolist() == [1, -1, 0]


def test_accuracies_are_those_of_scikit_learn():
    logits, labels = random(200, 5), torch.randint(0, 5, (200,), generator=torch.Generator().manual_seed(1))
    labels[::9] = -1
    counts = count_classes(logits, labels)
    known = labels >= 0
    truth, guess = labels[known].numpy(), logits[known].argmax(1).numpy()
    assert accuracy(counts) == pytest.approx((truth == guess).mean())
    for class_, found in enumerate(balanced_accuracy(counts).tolist()):
        assert found == pytest.approx(balanced_accuracy_score(truth == class_, guess == class_))
    own = logits[known].softmax(1)[torch.arange(len(truth)), truth].double()
    np.testing.assert_allclose(counts.probability, [own[truth == c].sum() for c in range(5)], rtol=1e-6)
    table = confusion(predict(logits), labels, n_classes=5)
    np.testing.assert_array_equal(table, confusion_matrix(truth, guess, labels=range(5)))


def test_counts_add_over_batches():
    logits, labels = random(50, 4), torch.arange(50) % 4
    parts = count_classes(logits[:7], labels[:7]) + count_classes(logits[7:], labels[7:])
    whole = count_classes(logits, labels)
    assert torch.equal(parts.hits, whole.hits)
    assert torch.equal(parts.predicted, whole.predicted)
    assert torch.equal(parts.images, whole.images)
    torch.testing.assert_close(parts.probability, whole.probability)
    with pytest.raises(ValueError, match="4 classes cannot be added to counts of 5"):
        whole + count_classes(random(2, 5), torch.tensor([0, 1]))


def test_balanced_accuracy_without_images_or_without_others():
    logits = torch.eye(3)[[0, 0, 1, 1]]
    found = balanced_accuracy(count_classes(logits, torch.tensor([0, 0, 1, 1])))
    assert found[:2].tolist() == [1, 1]
    assert found[2].isnan()
    assert balanced_accuracy(count_classes(logits, torch.tensor([1, 1, 1, 1]))).isnan().all()
    nothing = count_classes(logits, torch.tensor([-1, -1, -1, -1]))
    assert np.isnan(accuracy(nothing))
    never = balanced_accuracy(count_classes(torch.eye(3)[[0, 0, 0]], torch.tensor([0, 1, 1])))
    assert never[1] == 0.5


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(Exception, match=r"labels|shape"):
        count_classes(random(3, 4), torch.tensor([0, 4, 1]))
    with pytest.raises(Exception, match=r"labels|batch"):
        count_classes(random(3, 4), torch.tensor([0, 1]))


def test_halves_divide_every_class():
    labels = torch.tensor([0] * 31 + [1] * 8 + [2] * 5 + [-1] * 3)
    first, second = stratified_halves(labels, generator=torch.Generator().manual_seed(0))
    assert sorted([*first.tolist(), *second.tolist()]) == list(range(47))
    assert len(first) - len(second) == 1
    for class_ in (-1, 0, 1, 2):
        assert abs(int((labels[first] == class_).sum()) - int((labels[second] == class_).sum())) <= 1
    again, _ = stratified_halves(labels, generator=torch.Generator().manual_seed(0))
    other, _ = stratified_halves(labels, generator=torch.Generator().manual_seed(1))
    assert torch.equal(first, again)
    assert sorted(first.tolist()) != sorted(other.tolist())


def test_every_beginning_of_the_order_is_stratified():
    labels = torch.arange(400) % 4
    order = stratified_order(labels, generator=torch.Generator().manual_seed(0))
    assert sorted(order.tolist()) == list(range(400))
    for n in (20, 40, 100, 200):
        counts = torch.bincount(labels[order[:n]], minlength=4)
        assert (counts - n / 4).abs().max() <= 2
    assert not torch.equal(order[:50].sort().values, torch.arange(50))


def test_pgd_on_a_linear_loss_goes_straight_to_the_ball():
    images = torch.full((2, 1, 4, 4), 0.5)
    weights = random(2, 1, 4, 4)
    found = pgd(images, lambda x: weights, epsilon=0.3, step=0.1, steps=10)
    expected = images - 0.3 * weights / weights.flatten(1).norm(dim=1)[:, None, None, None]
    torch.testing.assert_close(found, expected)
    found = pgd(images, lambda x: weights, epsilon=0.3, step=0.1, steps=10, norm="linf")
    torch.testing.assert_close(found, images - 0.3 * weights.sign())


def test_pgd_stays_in_the_image_and_in_the_ball():
    images, calls = torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(0)), []
    before = images.clone()
    for norm, order in (("l2", 2), ("linf", torch.inf)):
        found = pgd(
            images, lambda x: random(*x.shape) + x, epsilon=0.4, step=0.2, steps=7, norm=norm, on_step=calls.append
        )
        assert found.min() >= 0
        assert found.max() <= 1
        assert ((found - images).flatten(1).norm(dim=1, p=order) <= 0.4 + 1e-5).all()
    assert calls == [*range(1, 8)] * 2
    assert torch.equal(images, before)


def test_pgd_leaves_an_image_without_slope():
    images = torch.rand(2, 1, 3, 3, generator=torch.Generator().manual_seed(0))
    slope = torch.stack([torch.zeros(1, 3, 3), torch.ones(1, 3, 3)])
    found = pgd(images, lambda x: slope, epsilon=1.0, step=0.1, steps=3)
    assert torch.equal(found[0], images[0])
    assert (found[1] < images[1]).any()


@pytest.mark.parametrize(
    "settings",
    [{"epsilon": 0.0}, {"step": -1.0}, {"steps": 0}, {"norm": "l1"}, {"images": torch.full((1, 1, 2, 2), 1.5)}],
)
def test_pgd_refuses_wrong_settings(settings):
    given = {"images": torch.zeros(1, 1, 2, 2), "epsilon": 1.0, "step": 0.1, "steps": 2, **settings}
    with pytest.raises(ValueError, match="must"):
        pgd(given.pop("images"), torch.zeros_like, **given)


def test_the_beginnings_of_both_halves_are_stratified_too():
    labels = torch.arange(400) % 4
    for half in stratified_halves(labels, generator=torch.Generator().manual_seed(0)):
        for n in (20, 40, 100):
            assert (torch.bincount(labels[half[:n]], minlength=4) - n / 4).abs().max() <= 2
