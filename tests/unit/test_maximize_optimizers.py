"""Our Adam and NAdam against PyTorch's."""

import pytest
import torch

from nbinterp.analyses.maximize.optimizers import Optimizer

THEIRS = {"adam": torch.optim.Adam, "nadam": torch.optim.NAdam}


def bowl(points: torch.Tensor) -> torch.Tensor:
    return ((points - torch.arange(points.shape[1])) ** 4).sum() + points.sin().sum()


@pytest.mark.parametrize("kind", THEIRS)
def test_steps_are_those_of_torch(kind):
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(3, 5, generator=generator, dtype=torch.float64)
    mine, theirs = start.clone(), start.clone().requires_grad_()
    ours, reference = Optimizer(kind, 0.05, {"x": mine}), THEIRS[kind]([theirs], lr=0.05)
    for _ in range(50):
        gradient = torch.autograd.grad(bowl(at := mine.clone().requires_grad_()), at)[0]
        ours.step({"x": gradient}, torch.ones(3, dtype=torch.bool))
        reference.zero_grad()
        bowl(theirs).backward()
        reference.step()
    assert not torch.allclose(mine, start)
    torch.testing.assert_close(mine, theirs.detach())


@pytest.mark.parametrize("kind", THEIRS)
def test_what_does_not_move_stays_whatever_its_gradient(kind):
    mine = torch.zeros(2, 3)
    optimizer = Optimizer(kind, 0.1, {"x": mine})
    optimizer.step({"x": torch.ones(2, 3)}, torch.tensor([True, True]))
    kept = mine[1].clone()
    for _ in range(3):
        optimizer.step({"x": torch.tensor([[1.0] * 3, [float("nan"), float("inf"), 1.0]])}, torch.tensor([True, False]))
    assert torch.equal(mine[1], kept)
    assert (mine[0] < kept).all() and mine.isfinite().all()


@pytest.mark.parametrize("kind", THEIRS)
def test_what_moves_does_not_notice_what_does_not(kind):
    generator = torch.Generator().manual_seed(0)
    both, alone = torch.zeros(2, 40), torch.zeros(1, 40)
    ours, single = Optimizer(kind, 0.1, {"x": both}), Optimizer(kind, 0.1, {"x": alone})
    for step in range(5):
        gradient = torch.randn(2, 40, generator=generator)
        ours.step({"x": gradient}, torch.tensor([True, step < 2]))
        single.step({"x": gradient[:1]}, torch.tensor([True]))
    assert torch.equal(both[:1], alone) and alone.any()
