"""Random changes of basis, whole and in part: whether units are special among the directions of their layer.

Bau et al., CVPR 2017, arXiv:1704.05796, section 3.2: activations r become Q·r with Q drawn uniformly from SO(n), or
Q^α on the way there; what a network can tell apart stays the same, its units' interpretability falls.
Axes: row, column.
"""

import math

import scipy.linalg
import torch
from jaxtyping import Float64
from torch import Tensor

_ORTHOGONAL_TO = 1e-8


def random_rotation(n: int, *, generator: torch.Generator | None = None) -> Float64[Tensor, "row column"]:
    """Draw a rotation uniformly from SO(n).

    The orthogonal factor of a Gaussian matrix, signs such that the triangular one has a positive diagonal (which makes
    it uniform); one row negated where the determinant was −1.

    Args:
        n: number of units, at least 1.
        generator: on the CPU; None takes the global one.

    Returns:
        Q with QᵀQ = 1 and determinant 1, on the CPU.

    Raises:
        ValueError: if `n` is below 1.
    """
    if n < 1:
        raise ValueError(f"a rotation needs at least one unit, got {n}")
    q, r = torch.linalg.qr(torch.randn(n, n, dtype=torch.float64, generator=generator))
    q = q * torch.where(r.diagonal() < 0, -1.0, 1.0)
    q[0] = q[0] * torch.linalg.det(q).sign()
    return q


def fractional_rotation(q: Float64[Tensor, "row column"], alpha: float) -> Float64[Tensor, "row column"]:
    """Go a part of the way from no rotation to Q, along the shortest path: Q^α.

    The real Schur form of Q turns planes; every angle, in (−π, π], is multiplied by α. (The authors' code takes the
    angles' cosines and so loses their signs: its Q¹ is another rotation than Q.)

    Args:
        q: a rotation, determinant 1.
        alpha: 0 is no rotation, 1 is Q.

    Returns:
        Q^α, a rotation too.

    Raises:
        ValueError: if `q` is no rotation, or `alpha` not finite.
    """
    n = len(q)
    if q.ndim != 2 or q.shape[1] != n or not math.isfinite(alpha):
        raise ValueError(f"expected a square matrix and a finite alpha, got {tuple(q.shape)} and {alpha}")
    matrix = q.detach().cpu()
    error = float((matrix.T @ matrix - torch.eye(n, dtype=matrix.dtype)).abs().max())
    if error > _ORTHOGONAL_TO or float(torch.linalg.det(matrix)) < 0:
        raise ValueError(
            f"expected a rotation; QᵀQ differs from 1 by {error:.1g}, the determinant is "
            f"{float(torch.linalg.det(matrix)):.3g}. random_rotation draws one"
        )
    schur, basis = (torch.from_numpy(part) for part in scipy.linalg.schur(matrix.numpy(), output="real"))
    turned = torch.eye(n, dtype=matrix.dtype)
    for first, second, angle in _planes(schur):
        cosine, sine = math.cos(alpha * angle), math.sin(alpha * angle)
        turned[first, first] = turned[second, second] = cosine
        turned[second, first], turned[first, second] = sine, -sine
    return (basis @ turned @ basis.T).to(q.device)


def _planes(schur: Tensor) -> list[tuple[int, int, float]]:
    """The planes that turn, as two axes and an angle; axes that are reversed form planes turned by π."""
    planes, reversed_axes, row = [], [], 0
    while row < len(schur):
        if row + 1 < len(schur) and float(schur[row + 1, row]) != 0:
            planes.append((row, row + 1, math.atan2(float(schur[row + 1, row]), float(schur[row, row]))))
            row += 2
            continue
        if float(schur[row, row]) < 0:
            reversed_axes.append(row)
        row += 1
    return planes + [(a, b, math.pi) for a, b in zip(reversed_axes[::2], reversed_axes[1::2], strict=True)]
