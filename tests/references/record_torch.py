"""Records torch.optim's trajectories and schedules into torch.npz. By hand, where PyTorch is installed:

python -m tests.references.record_torch
"""

import json
from pathlib import Path

import numpy as np
import torch

from tests.references.cases import FUNCTIONS, STARTS, STEPS, SURFACE_ARGUMENTS, TORCH

torch.set_default_dtype(torch.float64)

MAKE = {
    "sgd": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.0),
    "momentum": lambda p, lr, mu: torch.optim.SGD(p, lr, momentum=mu),
    "nesterov": lambda p, lr, mu: torch.optim.SGD(p, lr, momentum=mu, nesterov=True),
    "adagrad": lambda p, lr, eps: torch.optim.Adagrad(p, lr, eps=eps),
    "rmsprop": lambda p, lr, decay_rate, eps: torch.optim.RMSprop(p, lr, alpha=decay_rate, eps=eps),
    "adadelta": lambda p, lr, rho, eps: torch.optim.Adadelta(p, lr, rho=rho, eps=eps),
    "adam": lambda p, lr, beta1, beta2, eps: torch.optim.Adam(p, lr, (beta1, beta2), eps),
    "adamw": lambda p, lr, beta1, beta2, eps, weight_decay: torch.optim.AdamW(
        p, lr, (beta1, beta2), eps, weight_decay=weight_decay
    ),
    "adamax": lambda p, lr, beta1, beta2, eps: torch.optim.Adamax(p, lr, (beta1, beta2), eps),
    "nadam": lambda p, lr, beta1, beta2, eps, momentum_decay: torch.optim.NAdam(
        p, lr, (beta1, beta2), eps, momentum_decay=momentum_decay
    ),
    "amsgrad": lambda p, lr, beta1, beta2, eps: torch.optim.Adam(p, lr, (beta1, beta2), eps, amsgrad=True),
    "radam": lambda p, lr, beta1, beta2, eps: torch.optim.RAdam(p, lr, (beta1, beta2), eps),
    "rprop": lambda p, lr, shrink, grow, smallest, largest: torch.optim.Rprop(
        p, lr, etas=(shrink, grow), step_sizes=(smallest, largest)
    ),
}

SCHEDULES = {  # word -> our arguments, theirs; a base learning rate of 0.2
    "linear": (
        {"start": 0.2, "end": 0.05, "steps": 60},
        lambda o: torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.25, 60),
    ),
    "polynomial": (
        {"start": 0.2, "end": 0.0, "steps": 60, "power": 0.9},
        lambda o: torch.optim.lr_scheduler.PolynomialLR(o, 60, 0.9),
    ),
    "step_decay": (
        {"start": 0.2, "factor": 0.3, "every": 17},
        lambda o: torch.optim.lr_scheduler.StepLR(o, 17, 0.3),
    ),
    "exponential": (
        {"start": 0.2, "rate": -float(np.log(0.97))},
        lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.97),
    ),
    "cosine": (
        {"peak": 0.2, "steps": 99, "floor": 0.01},
        lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 99, 0.01),
    ),
    "cosine_restarts": (
        {"peak": 0.2, "steps": 10, "floor": 0.01, "stretch": 2.0},
        lambda o: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(o, 10, 2, 0.01),
    ),
    "one_cycle": (  # PyTorch's phases end at steps 0.3 T - 1 and T - 1 for T steps in all
        {"peak": 0.2, "steps": 99, "rise": 29 / 99, "divide": 20.0, "divide_end": 500.0},
        lambda o: torch.optim.lr_scheduler.OneCycleLR(
            o, 0.2, 100, pct_start=0.3, div_factor=20.0, final_div_factor=500.0, cycle_momentum=False
        ),
    ),
    "triangular": (
        {"low": 0.02, "peak": 0.2, "steps": 13},
        lambda o: torch.optim.lr_scheduler.CyclicLR(o, 0.02, 0.2, 13, cycle_momentum=False),
    ),
}


def path(word, surface, hyper):
    x = torch.tensor(STARTS[surface], requires_grad=True)
    optimizer = MAKE[word]([x], **hyper)
    points = [x.detach().numpy().copy()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        FUNCTIONS[surface](x[0], x[1]).backward()
        optimizer.step()
        points.append(x.detach().numpy().copy())
    return np.array(points).T  # (2, STEPS + 1)


def learning_rates(make):
    optimizer = torch.optim.SGD([torch.zeros(2, requires_grad=True)], 0.2)
    schedule, rates = make(optimizer), []
    for k in range(100):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        if k < 99:
            optimizer.step()
            schedule.step()
    return np.array(rates)


if __name__ == "__main__":
    runs = {key: (case.word, surface, hyper) for case in TORCH for key, surface, hyper in case.runs()}
    about = {
        "library": "torch.optim",
        "version": torch.__version__,
        "runs": runs,
        "surfaces": SURFACE_ARGUMENTS,
        "schedules": {word: ours for word, (ours, _) in SCHEDULES.items()},
    }
    np.savez_compressed(
        Path(__file__).with_name("torch.npz"),
        about=np.array(json.dumps(about)),
        **{key: path(*run) for key, run in runs.items()},
        **{f"schedule/{word}": learning_rates(theirs) for word, (_, theirs) in SCHEDULES.items()},
    )
