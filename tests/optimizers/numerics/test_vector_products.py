"""Products of vectors and matrices: rounded as Python rounds them, in a run alone and in a batch of any size."""

import numpy as np
import pytest

from optimizers.numerics.vector_products import dot, matvec, norm, transposed_matvec

RNG = np.random.default_rng(4)


def in_python(a, b):
    """Two products, each rounded, and their rounded sum. Fused multiply-add would round once less."""
    return float(a[0]) * float(b[0]) + float(a[1]) * float(b[1])


@pytest.mark.parametrize("lanes", [1, 2, 7, 64, 1000])
def test_products_are_the_same_in_every_lane_as_in_a_run_alone(lanes):
    a, b, A = RNG.normal(size=(2, lanes)), RNG.normal(size=(2, lanes)), RNG.normal(size=(2, 2, lanes))
    for k in range(lanes):
        u, v, M = a[:, k], b[:, k], A[..., k]
        assert dot(a, b)[k] == dot(u, v) == in_python(u, v)
        assert norm(a)[k] == norm(u)
        assert matvec(A, b)[:, k].tolist() == matvec(M, v).tolist() == [in_python(row, v) for row in M]
        assert transposed_matvec(A, b)[:, k].tolist() == transposed_matvec(M, v).tolist()
        assert transposed_matvec(M, v).tolist() == matvec(M.T, v).tolist()


@pytest.mark.parametrize("d", [1, 3, 10])
def test_products_of_any_number_of_coordinates(d):
    a, A = RNG.normal(size=(d, 5)), RNG.normal(size=(d, d, 5))
    np.testing.assert_allclose(dot(a, a), (a * a).sum(axis=0))
    for k in range(5):
        np.testing.assert_allclose(matvec(A, a)[:, k], A[..., k] @ a[:, k])
        np.testing.assert_allclose(transposed_matvec(A, a)[:, k], A[..., k].T @ a[:, k])
