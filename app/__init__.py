"""The laboratory in the browser: the only place that knows Streamlit and Plotly."""

from os import environ

# The matrices here are small, and several are computed at once: threads of BLAS that wait for each other take ten times
# as long as one. It is read when NumPy is imported.
environ.setdefault("OPENBLAS_NUM_THREADS", "1")
