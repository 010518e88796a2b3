"""`make bench`: every figure that the project promises, measured now."""

from itertools import chain

from tests.benchmarks import (
    batches,
    full_checks,
    gradient_checks,
    heaviest,
    load,
    many_trainings,
    maps,
    numbers,
    page,
    training_page,
    trainings,
)
from tests.benchmarks.table import print_table

print_table(
    chain(
        numbers.rows(),
        batches.rows(),
        gradient_checks.rows(),
        trainings.rows(),
        full_checks.rows(),
        many_trainings.rows(),
        maps.rows(),
        heaviest.rows(),
        page.rows(),
        training_page.rows(),
        load.rows(),
    )
)
