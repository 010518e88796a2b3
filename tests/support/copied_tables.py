"""Tables of a visitor in the browser's copy of a visit: one as measured, and a packed text that is none."""

import numpy as np

BOMB = "packed:eJzLSM3JyQcABiwCFQ"  # "hello"


def make_table(rows: int, seed: int = 0) -> str:
    """Numbers of five digits, as measured: a class that depends on them."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(rows, 4))
    lines = (",".join(f"{x:.4f}" for x in row) + f",{'a' if row.sum() > 0 else 'b'}" for row in numbers)
    return "p,q,r,s,kind\n" + "\n".join(lines) + "\n"
