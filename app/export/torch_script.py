"""Export a run as a script that needs only PyTorch: its optimizer, its autograd, and the same hyperparameters."""

from collections.abc import Collection, Mapping

from app.compute.cached_simulation import build_schedule
from app.export.python_literals import format_call, format_literal, format_value
from app.export.source_extraction import Dependencies, add_function, sort_imports
from app.export.surface_code import write_noise, write_torch
from app.model import display_names
from app.model.call_syntax import write_number
from app.model.scene import Call, Run, Scene, UserError
from optimizers.catalogue import SCHEDULES
from optimizers.method_traits import TorchOptimizer

SCRIPT_TEMPLATE = '''\
"""{title} with PyTorch: {steps} steps from ({x}, {y}).

Run it where {libraries} installed. It ends where the same run of Descent ends, to 1e-9, unless the run is
chaotic: if it oscillates without settling, rounding errors grow until the two differ.
"""

{imports}

torch.set_default_dtype(torch.float64)


{functions}

x = torch.tensor({start}, requires_grad=True)
{before}optimizer = torch.optim.{optimizer}
for t in range(1, {steps} + 1):
{scheduled}    optimizer.zero_grad()
    f(x{rows}).backward()
{gradient}    previous = x.detach().clone()
    optimizer.step()
    if not {is_finite}.all():  # diverged: the run ends at its last finite point
        x = previous
        break
{after}
print({end}.tolist())
'''


def make_torch_script(scene: Scene, run: Run, counterpart: TorchOptimizer) -> str:
    """The script of `run`. Raises `UserError` with the reason if PyTorch takes other steps."""
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
        before=write_schedules(run.optimizer) + before,
        optimizer=write_constructor(run.optimizer, counterpart, "[x]"),
        scheduled=write_entry_updates(run.optimizer, counterpart),
        rows=", batch(t)" if surface.has_batches else "",
        gradient=write_gradient_changes(scene, run),
        is_finite="(x.isfinite() & ~x.grad.isnan())" if counterpart.takes_signs else "x.isfinite()",
        after=after,
        end=end,
    )


def check_supported(scene: Scene, run: Run) -> None:
    """Raise `UserError` if PyTorch's run would differ."""
    check_arguments(run.optimizer, scene.steps)
    if run.wrapper and run.wrapper.name == "reduce_on_plateau":
        raise UserError(
            "PyTorch's ReduceLROnPlateau compares the loss with the best loss times 1 - threshold, and changes the "
            "learning rate. Here an improvement is a fraction of the loss itself, and the step is scaled instead."
        )


def check_arguments(optimizer: Call, steps: int, changed: Collection[str] = ()) -> None:
    """Raise `UserError` if PyTorch's optimizer would take other steps with these arguments.

    `changed` are the arguments that get other values in the middle.
    """
    arguments = dict(optimizer.arguments)
    if not arguments.get("root", True):
        raise UserError("PyTorch's Adagrad always takes the square root.")
    if not arguments.get("bias_correction", True):
        raise UserError("PyTorch's Adam always applies bias correction.")
    if "mu" in arguments:
        if isinstance(arguments["lr"], Call) or "lr" in changed:
            raise UserError(
                "PyTorch keeps the velocity in units of the gradient: there a changing learning rate rescales the "
                "whole velocity, here only its newest part."
            )
        mu = arguments["mu"]
        if isinstance(mu, Call) and not all(build_schedule(mu)(t) > 0 for t in range(1, steps + 1)):
            raise UserError("PyTorch discards its velocity when μ is 0.")


def write_schedules(optimizer: Call) -> str:
    """Write a line for each schedule."""
    return "".join(f"{name} = {format_call(value)}\n" for name, value in optimizer.arguments if isinstance(value, Call))


def write_group_entries(
    optimizer: Call, entries: Mapping[str, str], t: str, variables: Collection[str] = ()
) -> dict[str, str]:
    """The entries of PyTorch's parameter group as expressions, with schedules at step `t`.

    `variables` are the arguments whose value the script has in a variable of that name.
    """
    values = {
        name: f"{name}({t})" if isinstance(v, Call) else name if name in variables else format_value(v)
        for name, v in optimizer.arguments
    }
    group: dict[str, list[str]] = {}
    for name, entry in entries.items():
        group.setdefault(entry, []).append(values[name])
    return {entry: parts[0] if len(parts) == 1 else f"({', '.join(parts)})" for entry, parts in group.items()}


def write_constructor(
    optimizer: Call, counterpart: TorchOptimizer, parameters: str, variables: Collection[str] = ()
) -> str:
    """Write the call that makes PyTorch's optimizer of the tensors `parameters`."""
    first, current = (write_group_entries(optimizer, counterpart.entries, t, variables) for t in ("1", "t"))
    if first.get("etas") != current.get("etas"):
        del first["etas"]  # set before the first step; PyTorch's constructor may refuse the schedule's first values
    arguments = [f"{entry}={value}" for entry, value in first.items()]
    if counterpart.extra and first.get("momentum") != "0.0":  # PyTorch refuses Nesterov's method with momentum 0
        arguments.append(counterpart.extra)
    return f"{counterpart.name}({parameters}, {', '.join(arguments)})"


def write_entry_updates(
    optimizer: Call, counterpart: TorchOptimizer, variables: Collection[str] = (), indentation: str = "    "
) -> str:
    """Write the lines that put scheduled values, and those of variables, into the parameter group."""
    first, current = (write_group_entries(optimizer, counterpart.entries, t, variables) for t in ("1", "t"))
    of_variables = {counterpart.entries[name] for name in variables if name in counterpart.entries}
    changed = [entry for entry in current if current[entry] != first[entry] or entry in of_variables]
    return "".join(f'{indentation}optimizer.param_groups[0]["{entry}"] = {current[entry]}\n' for entry in changed)


def write_gradient_changes(scene: Scene, run: Run) -> str:
    """Write the lines that change the gradient: noise, weight decay, clipping."""
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
    """For an averaging wrapper: the lines before the loop and at the end of a step, and the name of the result."""
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
