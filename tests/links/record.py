"""Write down what links open: `python -m tests.links.record` adds the links below that `links.json` does not have yet.

Run it only when a new kind of link is added; never to make the test pass. What is recorded was opened by an earlier
version and is a promise to everybody who has such a link: the recorder never changes it. `test_links.py` says which
records of faulty links may be changed by hand.
"""

import json
import re
import zlib
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterator
from inspect import Parameter, signature
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from app.lessons.catalogue import LESSONS
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES
from tests.links.opening import open_link, unpack_playlist_text

FILE = Path(__file__).with_name("links.json")

# A value that is no default of any maker, and in its range, by the name of the argument.
VALUES = {
    "lr": 0.0123, "mu": 0.87, "beta1": 0.83, "beta2": 0.9876, "decay_rate": 0.77, "rho": 0.93, "eps": 2e-7,
    "weight_decay": 0.003, "momentum_decay": 0.02, "shrink": 0.35, "grow": 1.45, "smallest": 1e-5, "largest": 7,
    "damping": 0.25, "memory": 4, "radius": 0.6, "max_radius": 300, "accept": 0.03, "gtol": 0.22, "tolerance": 1e-7,
    "size": 0.33, "decay": 0.96, "k": 8, "alpha": 0.45, "norm": 0.125, "patience": 23, "threshold": 0.003, "every": 37,
    "factor": 0.65, "power": 3.25, "stretch": 1.25, "rise": 0.4, "divide": 5, "divide_end": 500, "steps": 91,
    "condition": 17.5, "angle": 72.5, "a": -1.3, "b": 31.5, "steepness": 6.5, "depth": 0.75, "amplitude": 3.5,
    "l2": 0.002, "batch_size": 7, "seed": 11, "value": 0.034, "end": 0.0021, "peak": 0.056, "low": 0.0045,
    "floor": 0.0007, "then": 0.067, "rate": 0.043,
}  # fmt: skip
CATALOGUE_KINDS = ("surface and optimizer", "schedule", "wrapper", "defaults")  # their links go through the catalogues
STARTS = {"surface": 2, "schedule": 0.078}  # `start` is a number of a published start, or the level of a schedule

FORMULAS = (
    'formula("x**2 + 3*y**2")',
    'formula("0.1*(x**2 + y**2) + sin(2*x)*sin(2*y)",x=(-3,3.5),y=(-2.25,1e2))',
    "formula('abs(x) + .5*abs(y - 0.3*x)', y=(-1,1))",
    'formula( "  x*y  +  1E-3*exp(-x)  " , x=(-2,2) )',
    'formula("max(x, -y) + min(1, y**2) - -x")',
    'formula("tanh(4*(x + y))/2+1.5e+2*pi*e",x=(1,1000000))',
    'formula("x^2")',  # refused until formulas were read as people write them
    'formula("x² + y²")',
    'formula("x − y; import os & #<b>%41")',
    'formula("2x + sin x")',
    'formula("where(0 < x <= 2, x**2, max(x, -y, 1)) + cbrt(y)*sigmoid(x)")',
    'formula("f(x,y) = 2xy + |x|³ + √(y²+1)", x=(0.5,2))',
    'formula("atan2(y,x)+softplus(x)*erf(y)+relu(x) + mod(x, 3)*sign(y) + floor(x)")',
    'formula("1/2x")',  # asked, and so a fault in a link
    'formula("x + y",x=(2,-2),z=(0,1))',
    'formula("x + y" + "z")',
)
DATA = (
    'data("line","1,2;2,3.5;4,4.25;7,9")',
    'data("line","speed,distance;4,2;7,4;8,16;9,10;10,18",standardized=True)',
    'data("logistic","dose,dead;1,0;2,0;3,1;4,0;5,1;6,1",batch_size=3,seed=5)',
    "data('svm','length,kind;1.4,0;1.3,0;4.7,1;4.5,1;4.9,1')",
    'data("neuron", "log dose,killed;1.69,0.1;1.72,0.22;1.76,0.3;1.78,0.5;1.81,0.83;1.86,0.98")',
    'data("logistic","u,v,c;1,2,0;2,1,0;3,5,1;5,3,1;4,4,0;2,4,1",standardized=True)',
    'data("line","größe,重さ;-1e-3,.5;2,+3;3.5,4")',
    "data(line,rows=200,mark=1234567)",  # from here on with faults
    'data("cubic","1,2;2,3")',
    'data("line","1,2;2,x;3,4")',
    'data("line","1,2;2,3;3,5",batch_size=-1,speed=3)',
)
VIEWS = (
    "space()",
    "space(loss=log,arrows=slope,step=12.5)",
    "contour(loss=linear,fit=kept,step=137)",
    "contour(strip=lr,over=gradients,pace=evaluations)",
    "contour(strip=step_length,over=evaluations)",
    "contour(strip=update_ratio,over=epochs)",
    "space(strip=rate_x,arrows=(pull,update,ahead))",
    "contour(strip=rate_y,arrows=(model,radius),step=0)",
    "contour(strip=hyper_mu,step=1e3)",
    "contour(arrows=(slope,pull,update,ahead,model,radius))",
    "contour(future=hidden)",
    "space(future=shown,step=20)",
)
LOOKS = (
    ("look(adam(lr=0.05),colour=5)", "look(sgd(),on=False)"),
    ("look(polyak(sgd(lr=0.02)),colour=16,on=False)", "look(clipped(look(adam())),colour=2)"),
    ("sgd()", "look(momentum(),colour=1)", "look(nesterov(),colour=1)", "look(adam(),colour=3,on=False)"),
    tuple(f"{word}()" for word in ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam") * 3),
)

# Links that the present version reads, but never writes.
SPELLINGS = (
    "surface=beale&run=adam",
    "run=adam()&steps=40&start=1,1&surface=beale()",
    "surface=rosenbrock(b=100,a=1)&start=(-1.2,%201)&run=adam(lr=0.1,bias_correction=True)",
    "surface=beale()&start=%E2%88%921.5,%20.25&run=sgd(lr=.01)",
    "surface=%20booth(%20)%20&steps=%2040%20&run=%20adam(%20lr%20=%201e-1%20,%20beta1=9e-1)",
    "surface=booth()&steps=1e2&noise=5e-1&seed=7.0&run=lbfgs(memory=5.0)",
    "surface=booth()&noise=0&seed=0&view=contour()&run=look(adam(),colour=1,on=True)",
    "surface=booth()&view=space&run=polyak(adam)",
    "surface=booth()&view=space(arrows=(update,slope,update),step=12.0,fit=all)&run=adam(lr=cosine)",
    "surface=booth()&view=contour(strip=mu,arrows=())&run=momentum(mu=linear(start=0.5,end=0.9,steps=50.0))",
    "surface=beale%28%29&start=1%2C1.5&run=adam%28lr%3D0.05%29&run=look%28sgd%28lr%3D0.02%29%2Ccolour%3D4%29",
    "run=none&surface=saddle()&run=newton()&run=none",
    "surface=&run=&steps=&start=",
    "surface=booth()&run=adam()#surface=beale()",
    "?surface=booth()&run=adam()",
    "surface=formula('x**2%2By**2')&run=sgd(lr=0.1)",
    "surface=booth()&surface=booth()&run=adam()&utm_source=mail&fbclid=x&left_out=1500",
)
DAMAGED = (
    "surface=foo()&run=adam()",
    "surface=Beale()&run=ADAM()&run=gd()&run=heavy_ball()",
    "surface=beale()&start=1,2&run=adam(lr=1e9)&run=foo()%3Cscript%3E&run=sgd()",
    "run=adam(learning_rate=0.1,b1=0.9,epsilon=1)&run=momentum(momentum=0.9)",
    "run=adam(0.1)&run=adam(lr=&run=polyak()&run=polyak(adam(),sgd())&run=__import__('os')",
    "run=adam(lr=sine())&run=adam(lr=cosine(peak=99,floor=-1,speed=2))&run=adam(lr=cosine(peak=cosine()))",
    "run=lbfgs(memory=2.5,line_search=1)&run=lbfgs(memory=cosine())&run=bfgs(lr=0.1)&run=ema(adam(),decay=2)",
    "start=1&steps=0&noise=-1&seed=100&run=adam()",
    "start=1e7,nan&steps=2001&noise=1e99&seed=1.5&run=adam()",
    "start=1,2,3&steps=1.5&noise=inf&seed=True&run=adam()",
    "view=globe()&language=xx&mode=cinema&run=adam()",
    "view=space(loss=3,zoom=3,arrows=(slope,north),step=-3,over=days)&run=adam()",
    "surface=beale()&surface=booth()&steps=10&steps=20&run=adam()",
    "run=look(adam(),colour=17,on=3,size=2)&run=look(adam(),colour=1.5)",
    "run=adam(lr=0.1,lr=0.2)&run=adam(**lr)&run=adam(*lr)&run=1&run=2x",
    "surface=ravine(condition=0,angle=3)&run=adam()",
    f"run=adam(lr=0.{'1' * 1000})&run=sgd()",
    f"surface=booth()&start={'9' * 1200}&run={'(' * 50}adam(){')' * 50}&run=sgd()",
    "&".join(["surface=booth()", *["run=sgd(lr=0.01)"] * 40]),
    "surface=booth(%00)&run=%F0%9F%90%8D()&run=ad%D0%B0m()&view=%E2%80%8B",
)
LANGUAGES = (
    "/?language=zh",
    "/?surface=beale()&run=adam()&language=en",
    "/?surface=beale()&run=adam()&mode=lecture",
    "/?surface=beale()&run=adam()&language=zh&mode=lecture&view=space(step=30)",
    "/?surface=beale()&run=adam()&embed=true",
    "/?surface=beale()&run=adam()&mode=lecture&embed=true&embed_options=light_theme&embed_options=disable_scrolling",
    "/",
)
RACERS = (
    "surface=himmelblau()&start=-0.5,-1&steps=12&run=newton()&run=momentum(lr=0.005)&run=clipped(adam(lr=cosine()))"
)
MAPS = (
    *("basins()", "basins(x=(-1,1),y=(0,2.5))", "basins(runs=(3,))", "basins(runs=2)"),
    "basins(runs=(3,1),x=(0,1),y=(0,1))",
    *("rates()", "rates(low=0.001,high=0.5)", "rates(tolerance=0.01,low=1e-3)", "rates(tolerance=1e-06)"),
    *("pairs()", "pairs(x=mu,y=lr,run=2)", "pairs(y=damping)", "pairs(x=(lr,peak),y=(clipped,norm),run=3)"),
    *("pairs(show=steps)", "pairs(show=rate,run=3,x=beta1)"),
    *("fair()", "fair(seed=7,budget=5000)", "fair(lr=0.02)", "fair(budget=320000,lr=1,seed=999)"),
    *("flow()", "flow(run=2)", "flow(run=1)"),
    *("flow", "basins", " rates( high = 1 , low = .01 ) "),
    *("nowhere()", "basins(x=(1,0),y=(0,1))", "basins(x=(0,1))", "basins(z=1,runs=(9,))", "rates(low=1,high=0.5)"),
    *("rates(tolerance=0.5)", "pairs(x=lr,y=lr,run=2)", "pairs(x=speed)", "pairs(show=all)", "fair(seed=1000)"),
    *("fair(budget=6000)", "flow(run=9)", "__import__('os')"),
)  # fmt: skip
OTHER_MAPS = (
    "/maps",
    "/maps?language=zh",
    "/maps?map=rates()",
    "/maps?surface=booth()&run=adam()",
    "/maps?map=basins()&surface=booth()&run=none",
    "/maps?map=pairs(show=rate)&surface=bowl(condition=20)&steps=30&noise=0&run=momentum()&view=space()&mode=lecture",
    "/maps?map=fair()&surface=foo()&steps=20&run=adam(lr=99)&language=zh",
    f"/maps?map=flow(run=2)&surface={quote(FORMULAS[0])}&start=1,1&steps=20&run=sgd(lr=0.1)&run=momentum(lr=0.01)",
)
CHECKS = (
    *("", "?language=zh", "?trap=kink", "?trap=deep&how=forward(h=1e-07)", "?of=rosenbrock(b=10)&at=1.2,0.7"),
    "?of=network(activation=relu,depth=3,width=8,samples=5)&how=centred(h=1e-06,precision=float32,entries=all)",
    "?of=svm(data=xor,l2=0.1)&how=forward(entries=flat,seed=3)&mode=lecture",
    "?of=formula&f=x**2*y&dx=2*x*y&dy=x**2&at=1,2",
    "?of=network(data=own,samples=3)&table=u,v,kind%0A1,2,a%0A3,4,b%0A2,1,a%0A4,3,b",
    *("?how=centred(h=7)", "?of=network(depth=99)&trap=nothing", "?of=nowhere()", "?of=formula&f=x**&dx=1&dy=1"),
)
HUNTS = (
    *("", "?hunt=0", "?hunt=7", "?hunt=9999&language=zh"),
    "?hunt=3&check=complex(steps=30,l2=0.1,count=20,blocks=(W3,b3))",
    "?hunt=4&check=forward(weights=too_small,steps=200,data=two_moons,samples=1,dropout=True,seed=99)",
    "?hunt=4&check=centred(h=1e-07,precision=float32,entries=flat,count=500)",
    "?hunt=5&check=centred(entries=all,l2=10,blocks=W1)",
    *("?check=centred()", "?hunt=07&check= centred( h = 3e-6 , l2 = .1 ) "),
    *(
        "?hunt=10000",
        "?hunt=x&check=backward()",
        "?hunt=7&check=complex()",
        "?hunt=1&check=centred(blocks=(W1,W9),h=2)",
    ),
    "?hunt=1&check=centred(bug=1,samples=1e9,data=own)",
)
TRAININGS = (
    "?train=network(wrapper=ema(decay=0.5))&train=svm(wrapper=lookahead(k=3),optimizer=sgd(lr=warmup(steps=5)))",
    "",
    "?language=zh",
    "?data=spirals(split=file,validation_fraction=0.4,sample_count=50,epochs=3,seed=5)",
    "?train=network()&train=svm(l2=0.5)&train=network(depth=3,width=7,dropout=0.3)&show=3",
    "?train=network(changes=((2,lr,0.001),(7,mu,0.5),))",
    "?data=xor(epochs=3)&train=network(width=5)&landscape=random(seed=3)&future=hidden",
    "?data=xor(epochs=3)&train=network(width=5)&landscape=round()&future=later",
    "?train=network(activation=tanh,initialization=glorot,optimizer=adam(lr=cosine(peak=0.01)))&data=xor()",
    "?data=own()&table=u,v,kind%0A1,2,a%0A3,4,b%0A2,1,a%0A4,3,b%0A1,1,a%0A4,4,b",
    *("?data=mnist()", "?data=own()", "?train=transformer()", "?train=network(width=-3)", "?show=7"),
    "?train=network(optimizer=newton())&train=network(changes=((99,lr,1),))",
)
NETWORK_LOSSES = (
    "network_loss(data=xor(epochs=3),train=network(width=5))",
    "network_loss(plane=random,seed=7,data=digits(epochs=1,sample_count=50),train=svm(l2=0.01))",
    "network_loss(plane=ends,data=two_moons(epochs=2),train=network(width=4),train2=network(width=4,weights_seed=1,"
    "optimizer=adam(lr=0.01),changes=((1,lr,0.001),)))",
    *("network_loss(data=own())", "network_loss(data=digits(epochs=200),train=network(width=200))"),
)
TALK = """# before the break
https://there.example/descent/?surface=beale()&steps=30&run=adam(lr=0.1)&embed=true#top
?surface=ravine()&start=-9,2.5&steps=40&run=momentum()&run=nesterov() Which of the two is in the valley first?

surface=saddle()&steps=20&run=newton()&language=zh predict
?surface=booth()&steps=25&run=sgd(lr=0.01)&view=space(step=7) 哪个更快？ = & #
"""
BROKEN_TALK = "# one\n?surface=beale()&run=adam(lr=1e9)\nhello\n?run=foo() Why?\n?surface=booth()&steps=9&run=sgd()\n"

MIXED_TALK = """?surface=beale()&steps=30&run=adam(lr=0.1)
https://there.example/gradient-check?of=network(data=xor,samples=8,width=4) Is this gradient right? | Yes | No
?trap=kink
https://there.example/gradient-check
?lesson=kinks
?of=nothing()
?surface=booth()&steps=25&run=sgd(lr=0.01) predict
"""

TRAINED_TALK = """# one scene of each kind
?surface=beale()&steps=30&run=adam(lr=0.1)
https://there.example/training?data=xor(epochs=4)&train=network(width=6)&train=svm(l2=0.5)&show=2#top
training?train=network(width=8,optimizer=sgd(lr=0.1),changes=((2,lr,0.01),))&data=digits(epochs=3) Which? | up | down
?trap=kink predict
?lesson=four
https://there.example/training
?train=transformer()
?data=spirals(split=file,epochs=2) predict
"""
OWN_TALK = "?data=own()&table=u,v,kind%0A1,2,a%0A3,4,b%0A2,1,a%0A4,3,b%0A1,1,a%0A4,4,b Will it learn?\n?lesson=zeros\n"


def packed(text: str) -> str:
    """A text as one word of a link."""
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()


def lectures() -> Iterator[str]:
    word, broken = packed(TALK), packed(BROKEN_TALK)
    yield from (f"/?playlist={word}&place={place}&mode=lecture" for place in (1, 2, 3, 4))
    yield f"/?playlist={word}"
    yield f"/?playlist={word}&place=4&mode=lecture&language=zh&view=contour(step=3)"
    yield f"/?playlist={word}&place=2&surface=bowl()&steps=15&run=adam()"
    yield from (f"/?playlist={word}&place={place}&mode=lecture" for place in ("5", "02", "x"))
    yield f"/?playlist={broken}&place=2&mode=lecture"
    yield from (f"/?playlist={damaged}&place=1&steps=30" for damaged in (word[:-9], "nonsense"))
    yield from (f"/playlist?playlist={each}" for each in (word, broken))
    yield f"/playlist?playlist={word}&language=zh"
    yield "/playlist"


def mixed_lectures() -> Iterator[str]:
    """Lectures of races and gradient checks."""
    word = packed(MIXED_TALK)
    yield from (f"/?playlist={word}&place={place}&mode=lecture" for place in (1, 2, 7))
    yield from (f"/gradient-check?playlist={word}&place={place}&mode=lecture" for place in (1, 2, 3, 4, 5, 9))
    yield f"/gradient-check?playlist={word}&place=2&of=bowl()&how=centred(h=0.001)"
    yield f"/playlist?playlist={word}"


def trained_lectures() -> Iterator[str]:
    """Lectures of races, gradient checks and trainings."""
    word, own = packed(TRAINED_TALK), packed(OWN_TALK)
    yield from (f"/?playlist={word}&place={place}&mode=lecture" for place in (1, 2, 4))
    yield from (f"/training?playlist={word}&place={place}&mode=lecture" for place in range(1, 9))
    yield f"/training?playlist={word}&place=3&data=xor(epochs=2)&train=network(width=4)"
    yield f"/training?playlist={word}&place=6&language=zh&mode=lecture"
    yield f"/gradient-check?playlist={word}&place=2"
    yield from (f"/training?playlist={own}&place={place}&mode=lecture" for place in (1, 2, 3))
    yield from (f"/playlist?playlist={each}" for each in (word, own))


def odd_call(word: str, make: Any, first: str = "", kind: str = "") -> str:
    """A maker's call in which no argument is at its default."""
    given = [first] if first else []
    for name, parameter in signature(make).parameters.items():
        if parameter.default is not Parameter.empty:
            is_switch = isinstance(parameter.default, bool)
            value = STARTS[kind] if name == "start" else not parameter.default if is_switch else find_value(name, word)
            given.append(f"{name}={value}")
    return f"{word}({','.join(given)})"


def find_value(name: str, word: str) -> float:
    """A value for this argument of a maker in a link."""
    if name not in VALUES:
        raise LookupError(f"{word} has a new argument {name!r}: give it a value in VALUES of tests/links/record.py")
    return VALUES[name]


def default_call(word: str, make: Any, first: str = "") -> str:
    """A maker's call that says every default."""
    known = signature(make).parameters.items()
    said = [f"{name}={parameter.default}" for name, parameter in known if parameter.default is not Parameter.empty]
    return f"{word}({','.join(([first] if first else []) + said)})"


def race(*parts: tuple[str, object]) -> str:
    return f"/?{urlencode([(name, str(value)) for name, value in parts], safe='(),=;')}"


def races() -> Iterator[str]:
    """Every surface and every optimizer, with noise, a seed, a start and a number of steps."""
    optimizers = cycle(OPTIMIZERS.items())
    for count, (word, make) in enumerate(SURFACES.items()):
        place = [("surface", odd_call(word, make, kind="surface"))]
        place += [("start", f"{0.25 * (count % 5 + 1)},{0.125 * (count % 3) - 0.5}")] if count % 2 else []
        place += [("steps", 3 * count + 1)] if count % 4 else []
        place += [("noise", f"{0.05 * count:g}"), ("seed", count)] if count % 3 == 0 else []
        yield race(*place, ("run", odd_call(*next(optimizers))))


def schedules() -> Iterator[str]:
    targets = cycle((("momentum", "lr"), ("adam", "lr"), ("nesterov", "mu")))
    for (word, make), (optimizer, name) in zip(SCHEDULES.items(), targets, strict=False):
        run = f"{optimizer}({name}={odd_call(word, make, kind='schedule')})"
        yield race(("surface", "beale()"), ("start", "1,1.5"), ("steps", 80), ("run", run))


def wrappers() -> Iterator[str]:
    for word, make in WRAPPERS.items():
        yield race(("surface", "beale()"), ("steps", 60), ("run", odd_call(word, make, "adam(lr=0.05)")))


def defaults() -> Iterator[str]:
    """Links that say what is left out of a canonical address: if a default changes, it is not left out any more."""
    beale = (("surface", "beale()"), ("steps", 20))
    optimizers = [default_call(*each) for each in OPTIMIZERS.items()]
    schedules = [f"adam(lr={default_call(*each)})" for each in SCHEDULES.items()]
    wrappers = [default_call(*each, first="adam()") for each in WRAPPERS.items()]
    for runs in (optimizers[:16], optimizers[16:], schedules, wrappers):
        yield race(*beale, *(("run", run) for run in runs))
    surfaces = [default_call(*each) for each in SURFACES.items() if signature(each[1]).parameters]
    yield f"/playlist?playlist={packed(''.join(f'?surface={each}&steps=9&run=sgd()' + chr(10) for each in surfaces))}"
    for place in (
        'formula("x*y",x=(-5,5),y=(-5,5))',
        'data("line","1,2;2,3;3,5",standardized=False,batch_size=0,seed=0)',
    ):
        yield race(("surface", place), ("start", "1,1"), ("run", "sgd()"))
    view = "contour(loss=auto,fit=all,strip=gradient_norm,over=steps,pace=steps,arrows=())"
    yield race(*beale, ("noise", 0), ("seed", 0), ("run", "look(sgd(),colour=1,on=True)"), ("view", view))
    maps = (
        "basins(runs=(1,2))",
        "rates(low=1e-06,high=10,tolerance=0.0001)",
        "pairs(run=1,show=loss)",
        "fair(seed=0,budget=80000)",
    )
    yield from (f"/maps?map={each}&{RACERS}" for each in maps)


def lessons() -> Iterator[str]:
    yield from (f"/lessons?lesson={word}" for word in LESSONS)
    yield from (
        "/lessons",
        "/lessons?lesson=nonsense",
        "/lessons?lesson=&language=zh",
        "/lessons?lesson=ball&language=zh",
    )


def links() -> Iterator[tuple[str, str]]:
    """The kind of each link, and the link."""
    beale = (("surface", "beale()"), ("steps", 20))
    tables: dict[str, Iterator[str]] = {
        "surface and optimizer": races(),
        "surface alone": (race(("surface", f"{word}()")) for word in ("bowl", "rosenbrock", "himmelblau", "boxbod")),
        "schedule": schedules(),
        "wrapper": wrappers(),
        "own formula": (race(("surface", said), ("start", "1.5,0.5"), ("run", "sgd(lr=0.01)")) for said in FORMULAS),
        "own data": (race(("surface", said), ("start", "0.5,-0.25"), ("run", "adam()")) for said in DATA),
        "defaults": defaults(),
        "view": (race(*beale, ("run", "adam()"), ("run", "newton()"), ("view", said)) for said in VIEWS),
        "look": (race(*beale, *(("run", said) for said in runs)) for runs in LOOKS),
        "language, lecture, embedded": iter(LANGUAGES),
        "playlist": lectures(),
        "playlist of races and checks": mixed_lectures(),
        "playlist of all kinds": trained_lectures(),
        "spelling": (f"/?{said}" for said in SPELLINGS),
        "damaged": (f"/?{said}" for said in DAMAGED),
        "lesson": lessons(),
        "map": (f"/maps?map={quote(said, safe='(),=')}&{RACERS}" for said in MAPS),
        "map of another scene": iter(OTHER_MAPS),
        "gradient check": (f"/gradient-check{said}" for said in CHECKS),
        "bug hunt": (f"/bug-hunt{quote(said, safe='?&=(),')}" for said in HUNTS),
        "training": (f"/training{said}" for said in TRAININGS),
        "training log": iter(("/training-log", "/training-log?language=zh", "/training-log?train=svm()")),
        "network loss": (
            race(("surface", said), ("start", "0.5,0.25"), ("run", "sgd(lr=0.01)")) for said in NETWORK_LOSSES
        ),
        "about": iter(("/about", "/about?language=zh")),
        "scene of another page": (f"/{page}?surface=booth()&run=adam()" for page in ("lessons", "playlist", "about")),
    }
    yield from ((kind, link) for kind, table in tables.items() for link in table)


def main() -> None:
    """Add the links that are not recorded yet; what is recorded stays as it is."""
    recorded = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []
    new = find_new_links(recorded)
    recorded += [{"kind": kind, "link": link, "opens": open_link(link)} for kind, link in new]
    FILE.write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(new)} links added, {len(recorded)} in all.")


def find_new_links(recorded: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The kind of each link that is to be added, and the link.

    A new maker changes which makers meet in a link of the catalogues: only the links that name it are added.
    """
    known = {readable(entry["link"]) for entry in recorded}
    named: dict[str, set[str]] = defaultdict(set)
    for entry in recorded:
        named[entry["kind"]] |= list_words(entry["link"])
    new = []
    for kind, link in links():
        is_covered = kind in CATALOGUE_KINDS and list_words(link) <= named[kind]
        if readable(link) not in known and not is_covered:
            new.append((kind, link))
            named[kind] |= list_words(link)
    return new


def list_words(link: str) -> set[str]:
    """The makers in a link, and their arguments."""
    return set(re.findall(r"[a-z]\w*(?=[=(])", readable(link)))


def readable(link: str) -> str:
    """A link with the text of its playlist, which two versions of zlib may pack in two ways."""
    path, _, parameters = link.partition("?")
    parts = (part.partition("=") for part in parameters.split("&"))
    return f"{path}?{[(name, unpack_playlist_text(value)) for name, _, value in parts]}"


if __name__ == "__main__":
    main()
