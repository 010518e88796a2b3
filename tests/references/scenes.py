"""Scenes whose runs are exported and compared with other libraries: led paths, so that rounding decides nothing.

Between them are every optimizer that PyTorch has, every schedule and wrapper that a script can hold, every surface,
noise, minibatches and a run that diverges.
"""

from app.export.torch_or_scipy_script import make_standalone_script
from app.model.formula_source import FORMULA_EXAMPLES
from app.scene_text.reader import parse_scene
from optimizers.catalogue import SCHEDULES, TRAITS
from optimizers.method_traits import TorchOptimizer
from surfaces.catalogue import SURFACES
from tests.references.cases import TORCH

LOWEST = {"powell_badly_scaled", "bukin6"}  # so steep that a small step is wanted
TORCH_WORDS = {word for word, traits in TRAITS.items() if isinstance(traits.counterpart, TorchOptimizer)}
WRAPPED = ("polyak", "ema(decay=0.8)", "lookahead(k=4,alpha=0.4)", "clipped(norm=0.5)", "weight_decayed(rate=0.1)")

TYPED = {
    **{example.name: example.text for example in FORMULA_EXAMPLES},
    "bounds and maxima": "max(0,x)+max(x,-y)+min(3,x*y)+min(y,0)+max(x-1,-2)+x**2+y**2",
    "signs": "(-2)**2*x**2+2**x+y**-2-x**2+(-x)**4-(-e)*y-2*-3*x-(x-(y-1))",
    "one variable": "(x-1)**2*exp(-5)",
    "functions": "sinh(x/3)**2+cosh(y/3)+arctan(x)+log(4+x**2)+log2(9+y)+log10(5+x)+sqrt(x**2+1)+tan(y/9)"
    "+arcsin(x/9)+arccos(y/9)+abs(x)**1.5+exp(-x)",
    "networks": "softplus(x-y)+sigmoid(3*y)*relu(x+1)+erf(x*y/3)+max(x,y,1)*0.3+x**2+y**2",
    "pieces": "where(0<x<=1 and y>-9,x**2,where(y>=x or x==7,1,(x-2)**2))+floor(x/3)*0.1+y**2",
    "turns and roots": "atan2(y,x+4)**2+cbrt(x-0.3)**4+cbrt(y)*0.1+mod(x,5)*0.2+sign(y)*y**2+where(x>9,x,2)",
    "at a kink": "max(0,x+1)+max(y-1.7+x,0)+x**2",
}


def scene(surface: str, run: str, steps: int = 120, rest: str = "") -> str:
    return f"surface={surface}\nsteps={steps}\n{rest}run={run}"


def wrapped(wrapper: str, run: str) -> str:
    word, _, arguments = wrapper.rstrip(")").partition("(")
    return f"{word}({run}{',' if arguments else ''}{arguments})"


def torch_scenes() -> dict[str, str]:
    """The text of a scene of one run, by a name."""
    found = {}
    for case in TORCH:
        for _, surface, hyper in case.runs():
            condition = "condition=100" if surface == "bowl" else ""
            arguments = ",".join(f"{name}={value!r}" for name, value in hyper.items())
            steps = 30 if case.word == "rmsprop" else 120  # it soon swings about the floor of a valley
            found[f"{case.word} on {surface}"] = scene(f"{surface}({condition})", f"{case.word}({arguments})", steps)
    for word in sorted(TORCH_WORDS):
        found[f"{word} as it comes"] = scene("himmelblau()", f"{word}()", 60)
    for word in SCHEDULES:
        found[f"lr follows {word}"] = scene("beale()", f"adam(lr={word}())", 90)
    for wrapper in WRAPPED:
        found[f"sgd in {wrapper}"] = scene("beale()", wrapped(wrapper, "sgd(lr=0.002)"), rest="noise=0.3\nseed=5\n")
        found[f"adam in {wrapper}"] = scene("rosenbrock(b=10)", wrapped(wrapper, "adam(lr=0.02)"))
    ramp = "linear(start=0.5,end=0.95,steps=80)"
    for word in ("momentum", "nesterov"):
        found[f"mu of {word} follows a ramp"] = scene("ravine()", f"{word}(lr=0.004,mu={ramp})")
        found[f"mu of {word} is 0"] = scene("ravine()", f"{word}(lr=0.01,mu=0)")
    every = f"lr=cosine(peak=0.05,steps=60),beta1={ramp},beta2={ramp},eps=exponential(start=0.01,rate=0.1)"
    for word in ("adam", "adamax", "nadam", "amsgrad", "radam"):
        found[f"all of {word} follows a schedule"] = scene("himmelblau()", f"{word}({every})", 60)
    for name, typed in TYPED.items():
        found[f"typed: {name}"] = scene(f'formula("{typed}",x=(-3,4))', "adam(lr=0.02)", 60)
    found["etas of rprop cross 1"] = scene(
        "beale()", "rprop(grow=warmup(then=1.2,steps=40),shrink=linear(start=0.9,end=0.5,steps=40))", 60
    )
    found["etas of rprop stay"] = scene(
        "beale()", "rprop(lr=0.02,shrink=0.6,grow=1.1,smallest=linear(start=1e-5,end=1e-6,steps=40))", 60
    )
    for word in ("log", "log2", "log10"):
        typed = f"x-{word}(x)+0.5*(y-1)**2"
        for start in ("-0.6,1.2", "0,1.2", "0.05,1.2"):
            begun = scene(f'formula("{typed}",x=(-1,5))', "rprop()", 20, f"start={start}\n")
            found[f"{word} from {start}"] = begun
    found["diverging"] = scene("rosenbrock()", "momentum(lr=0.1)", 300)
    for surface in SURFACES:
        found[f"on {surface}"] = scene(f"{surface}()", "sgd(lr=1e-06)" if surface in LOWEST else "adam(lr=0.01)", 80)
    for surface in ("least_squares_line", "logistic_regression", "tanh_neuron", "linear_svm"):
        at = f"{surface}(batch_size=3,seed=7)"
        found[f"minibatches of {surface}"] = scene(at, "momentum(lr=0.01)", rest="noise=0.05\nseed=3\n")
    return found


def script_of(text: str) -> str:
    """The script of the first run of a scene for another library."""
    now = parse_scene(text)
    return make_standalone_script(now, now.runs[0]).text
