"""A scene as text: lines `name = value` with values in Python's call syntax, which are parsed and never run.

    surface = rosenbrock(b=10)
    start = -1.2, 1
    steps = 400
    noise = 0.5
    run = adam(lr=cosine(peak=0.1, steps=400))
    run = look(polyak(sgd(lr=0.02)), colour=5, on=False)
    surface = formula("x**2 + 3*y**2", x=(-2,2), y=(-2,2))
    surface = data("line", "1,2;2,3.5;4,4")
    view = space(strip=lr, arrows=(slope,update), step=137)
    language = zh
    mode = lecture

A link has the same parts as parameters. Arguments at their defaults are left out.
"""
