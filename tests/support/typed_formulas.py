"""Formulas as visitors type them: the catalogue's functions, every function and rule, and the largest."""

# The catalogue's functions, written as a visitor would.
CATALOGUE_FORMULAS = {
    "ravine": "(x**2 + 50*y**2)/2",
    "rosenbrock": "(1 - x)**2 + 100*(y - x**2)**2",
    "beale": "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
    "himmelblau": "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    "booth": "(x + 2*y - 7)**2 + (2*x + y - 5)**2",
    "matyas": "0.26*(x**2 + y**2) - 0.48*x*y",
    "goldstein_price": "(1 + (x+y+1)**2*(19-14*x+3*x**2-14*y+6*x*y+3*y**2))"
    "*(30 + (2*x-3*y)**2*(18-32*x+12*x**2+48*y-36*x*y+27*y**2))",
    "three_hump_camel": "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
    "six_hump_camel": "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (-4 + 4*y**2)*y**2",
    "monkey_saddle": "x**3 - 3*x*y**2",
    "rastrigin": "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
    "ackley": "-20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20",
    "styblinski_tang": "(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2",
    "mccormick": "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
    "levy13": "sin(3*pi*x)**2 + (x-1)**2*(1 + sin(3*pi*y)**2) + (y-1)**2*(1 + sin(2*pi*y)**2)",
    "branin": "(y - 5.1/(4*pi**2)*x**2 + 5/pi*x - 6)**2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
    "griewank": "1 + (x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2))",
    "schaffer2": "0.5 + (sin(x**2 - y**2)**2 - 0.5)/(1 + 0.001*(x**2 + y**2))**2",
    "easom": "-cos(x)*cos(y)*exp(-(x - pi)**2 - (y - pi)**2)",
    "absolute": "abs(x) + 3*abs(y)",
    "hinge": "max(0, 1 - x - 2*y) + 0.1/2*(x**2 + y**2)",
    "relu_valley": "0.5*(y*max(0, x) - 1)**2 + 0.05/2*(x**2 + y**2)",
    "bukin6": "100*sqrt(abs(y - 0.01*x**2)) + 0.01*abs(x + 10)",
    "eggholder": "-(y + 47)*sin(sqrt(abs(x/2 + y + 47))) - x*sin(sqrt(abs(x - (y + 47))))",
    "freudenstein_roth": "(-13 + x + ((5 - y)*y - 2)*y)**2 + (-29 + x + ((y + 1)*y - 14)*y)**2",
    "brown_badly_scaled": "(x - 10**6)**2 + (y - 2*10**(-6))**2 + (x*y - 2)**2",
}
# Formulas in which every function and rule occurs, finite and smooth in the view [-1.2, 1.3] x [0.2, 1.9].
RULE_FORMULAS = [
    "x", "-y", "+x", "7", "pi", "x - x", "0*log(x)", "x**0", "x**1*y", "x**-1*0 + y", "--x*-y", "-(x*-2)*(-y)*3",
    "tan(x)", "log(y)", "log2(y) + x", "log10(y*3)*x", "sqrt(y)*x", "sinh(x)*cosh(y)", "tanh(3*x*y)",
    "arcsin(x/2)", "arccos(y/2)*x", "arctan(x*y)", "x**3", "(x + 2)**5*y**7", "y**-3", "(x + 3)**20", "y**-20.0",
    "(x**2 + y)**0.5", "y**1.5", "y**0.3*x", "2**x", "e**(x*y)", "y**x", "(y + x**2)**(x*y)", "exp(-x**2/2)/y",
    "x/y", "x/7/y", "1/(1 + exp(-x - y))", "max(x, 2)*y", "min(x + 9, y)", "max(x + 5, y**2)", "min(y, -3 - x)**2",
    "abs(x - 7)*y", "x - (y - (x - y))", "x - -y", "x*(2*y)*3", "y**(1/3)", "y**(x - x)", "min(x, 1/0)",
]  # fmt: skip

# As large as a formula may be, each in its own way.
LARGEST_FORMULAS = [
    "sin(" * 39 + "x*y" + ")" * 39,
    "x/(1+" * 24 + "y" + ")" * 24,
    "*".join(f"(x+{n}*y)" for n in range(1, 17)),
    "+".join(["x*y"] * 25),
    "exp(x)**" * 16 + "y",
    "-" * 59 + "x",
    "max(x*y," * 20 + "x" + ")" * 20,
    "tanh(" * 32 + "x*y" + ")" * 32,
    "sqrt(x*" * 24 + "y" + ")" * 24,
]
