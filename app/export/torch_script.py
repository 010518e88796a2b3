"""One run as a script for PyTorch alone: its optimizer there, its autograd, and the same hyperparameters."""

from collections.abc import Mapping

from app.compute.cached_simulation import build_schedule
from app.export.python_literals import format_call, format_literal, format_value
from app.export.source_extraction import Dependencies, add_function, sort_imports
from app.export.surface_code import write_noise, write_torch
from app.model import display_names
from app.model.call_syntax import write_number
from app.model.scene import Call, Run, Scene, UserError
from optimizers.catalogue import SCHEDULES
from optimizers.traits import TorchOptimizer

SCRIPT_TEMPLATE = '''\
"""{title} with PyTorch: {steps} steps from ({x}, {y}).

Run it where {libraries} installed. It ends where the same run of Descent ends, to 1e-9, unless the run is
chaotic: where it swings about for ever, rounding errors grow and decide where it is.
"""

{imports}

torch.set_default_dtype(torch.float64)


{functions}

x = torch.tensor({start}, requires_grad=True)
{before}optimizer = torch.optim.{optimizer}
for t in range(1, {steps} + 1):
{scheduled}    optimizer.zero_grad()
    f(x{rows}).backward()
{gradient}    last = x.detach().clone()
    optimizer.step()
    if not {goes_on}.all():  # it has diverged: the run ends at its last finite point
        x = last
        break
{after}
print({end}.tolist())
'''


def make_torch_script(scene: Scene, run: Run, counterpart: TorchOptimizer) -> str:
    """The script of `run`; `UserError` with the reason where PyTorch takes other steps."""
    check_supported(scene, run)
    surface = write_torch(scene.surface)
    needs = Dependencies()
    for _, value in run.optimizer.arguments:
        if isinstance(value, Call):
            add_function(SCHEDULES[value.name], needs)
    imports = {*surface.imports, *needs.imports, *({"import numpy as np"} if scene.noise else ())}
    x, y = scene.start
    before, after, end = write_wrapper(run)
    return SCRIPT_TEMPLATE.format(
        title=f"{display_names.format_title(run)} on {display_names.get_display_name(scene.surface.name)}",
        steps=format_literal(scene.steps),
        x=write_number(x),
        y=write_number(y),
        libraries="PyTorch and NumPy are" if "import numpy as np" in imports else "PyTorch is",
        imports=sort_imports(imports),
        functions="\n\n".join((*needs.functions.values(), *surface.functions)),
        start=f"[{format_literal(x)}, {format_literal(y)}]",
        before=write_schedules(run) + before,
        optimizer=write_constructor(run, counterpart),
        scheduled=write_schedule_updates(run, counterpart),
        rows=", batch(t)" if surface.has_batches else "",
        gradient=write_gradient_changes(scene, run),
        goes_on="(x.isfinite() & ~x.grad.isnan())" if counterpart.takes_signs else "x.isfinite()",
        after=after,
        end=end,
    )


def check_supported(scene: Scene, run: Run) -> None:
    """Raise if PyTorch's run would differ."""
    given = dict(run.optimizer.arguments)
    if not given.get("root", True):
        raise UserError("PyTorch's Adagrad always takes the root.")
    if not given.get("bias_correction", True):
        raise UserError("PyTorch's Adam always corrects the bias of its means.")
    if "mu" in given:
        if isinstance(given["lr"], Call):
            raise UserError(
                "PyTorch keeps the velocity in units of the gradient: a change of the learning rate rescales all "
                "of it there, but only its newest part here."
            )
        mu = given["mu"]
        if isinstance(mu, Call) and not all(build_schedule(mu)(t) > 0 for t in range(1, scene.steps + 1)):
            raise UserError("PyTorch discards its velocity where μ is 0.")
    if run.wrapper and run.wrapper.name == "reduce_on_plateau":
        raise UserError(
            "PyTorch's ReduceLROnPlateau compares with the best loss times 1 - threshold, and changes the learning "
            "rate; here an improvement is a fraction of the loss itself, and the step is multiplied."
        )


def write_schedules(run: Run) -> str:
    """A line for each hyperparameter that follows a schedule."""
    return "".join(
        f"{name} = {format_call(value)}\n" for name, value in run.optimizer.arguments if isinstance(value, Call)
    )


def write_group_entries(run: Run, entries: Mapping[str, str], t: str) -> dict[str, str]:
    """The entries of PyTorch's parameter group as expressions; what follows a schedule at step `t`."""
    given = {name: f"{name}({t})" if isinstance(v, Call) else format_value(v) for name, v in run.optimizer.arguments}
    found: dict[str, list[str]] = {}
    for name, entry in entries.items():
        found.setdefault(entry, []).append(given[name])
    return {entry: said[0] if len(said) == 1 else f"({', '.join(said)})" for entry, said in found.items()}


def write_constructor(run: Run, counterpart: TorchOptimizer) -> str:
    given = write_group_entries(run, counterpart.entries, "1")
    if given.get("etas") != write_group_entries(run, counterpart.entries, "t").get("etas"):
        del given["etas"]  # set before the first step; until then PyTorch wants them on either side of 1
    arguments = [f"{entry}={value}" for entry, value in given.items()]
    if counterpart.extra and given.get("momentum") != "0.0":  # PyTorch refuses Nesterov's momentum where it is 0
        arguments.append(counterpart.extra)
    return f"{counterpart.name}([x], {', '.join(arguments)})"


def write_schedule_updates(run: Run, counterpart: TorchOptimizer) -> str:
    """The lines that put scheduled values into the parameter group."""
    fixed, now = (write_group_entries(run, counterpart.entries, t) for t in ("1", "t"))
    changed = [entry for entry in now if now[entry] != fixed[entry]]
    return "".join(f'    optimizer.param_groups[0]["{entry}"] = {now[entry]}\n' for entry in changed)


def write_gradient_changes(scene: Scene, run: Run) -> str:
    """The lines that change the gradient: noise, weight decay, clipping."""
    lines = []
    if scene.noise:
        lines.append(f"x.grad += torch.from_numpy({write_noise(scene.noise, scene.seed, 't')})  # the scene's noise")
    if run.wrapper and run.wrapper.name == "weight_decayed":
        lines.append(f"x.grad += {format_value(run.wrapper['rate'])} * x.detach()  # weight decay")
    if run.wrapper and run.wrapper.name == "clipped":
        norm = format_value(run.wrapper["norm"])
        lines.append(f"x.grad *= {norm} / torch.hypot(*x.grad).clamp(min={norm})  # clipped")
    return "".join(f"    {line}\n" for line in lines)


def write_wrapper(run: Run) -> tuple[str, str, str]:
    """For a wrapper that averages or steps back: lines before the loop, at the end of a step, the iterate's name."""
    if run.wrapper is None or run.wrapper.name in {"weight_decayed", "clipped"}:
        return "", "", "x"
    if run.wrapper.name == "lookahead":
        back = f"slow + {format_value(run.wrapper['alpha'])} * (x.detach() - slow)"
        go_back = (
            f"    if t % {format_value(run.wrapper['k'])} == 0:\n        slow = {back}\n        x.data = slow.clone()\n"
        )
        return "slow = x.detach().clone()\n", go_back, "x"
    if run.wrapper.name == "polyak":
        return "mean = x.detach().clone()\n", "    mean += (x.detach() - mean) / t\n", "mean"
    decay = run.wrapper["decay"]
    step = f"    mean = {format_literal(decay)} * mean + (1 - {format_literal(decay)}) * x.detach()\n"
    return "mean = x.detach().clone()\n", step, "mean"
