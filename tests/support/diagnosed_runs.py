"""A run of an optimizer of the catalogue on a surface of the catalogue, diagnosed."""

from optimizers.analysis.run_curves_and_verdict import Diagnosis, diagnose
from optimizers.catalogue import OPTIMIZERS
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES


def diagnose_run(word, hyper, surface, start=None, steps=300, **parameters) -> Diagnosis:
    f = SURFACES[surface](**parameters)
    place = f.start if start is None else start

    def again(factor):
        return trajectory(OPTIMIZERS[word](**(hyper | {"lr": factor * hyper["lr"]})), f, place, steps)

    path = trajectory(OPTIMIZERS[word](**hyper), f, place, steps)
    widths = tuple(high - low for low, high in f.box)
    rerun = again if "lr" in hyper else None
    return diagnose(path, f, f.minima, hyper=hyper, optimizer_name=word, widths=widths, rerun=rerun)
