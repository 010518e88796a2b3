"""Random formulas for Hypothesis."""

from hypothesis import strategies as st

from surfaces.formula.expression_tree import ARITIES, COMPARISONS, FUNCTIONS, Apply, Name, Number, Tree

numbers = st.one_of(
    st.integers(0, 12).map(float), st.floats(0.01, 9).map(lambda v: round(v, 2)), st.floats(0, 1e300, allow_nan=False)
).map(lambda value: Number(abs(value)))  # no -0.0
names = st.sampled_from(["x", "y", "x", "y", "pi", "e"]).map(Name)


def applied(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    ones = st.sampled_from(["neg", *(word for word in FUNCTIONS if ARITIES[word] == range(1, 2))])
    twos = st.sampled_from(["+", "-", "*", "/", "**", "min", "max", "mod", "atan2"])
    compared = st.builds(lambda word, u, v: Apply(word, (u, v)), st.sampled_from(COMPARISONS), inner, inner)
    conditions = st.one_of(
        compared, st.builds(lambda word, u, v: Apply(word, (u, v)), st.sampled_from(["and", "or"]), compared, compared)
    )
    return st.one_of(
        st.builds(lambda word, u: Apply(word, (u,)), ones, inner),
        st.builds(lambda word, u, v: Apply(word, (u, v)), twos, inner, inner),
        st.builds(lambda word, *u: Apply(word, u), st.sampled_from(["max", "min"]), inner, inner, inner),
        st.builds(lambda c, u, v: Apply("where", (c, u, v)), conditions, inner, inner),
    )


trees = st.recursive(numbers | names, applied, max_leaves=14)
ordinary_trees = st.recursive(st.integers(1, 4).map(lambda n: Number(float(n))) | names, applied, max_leaves=8)
