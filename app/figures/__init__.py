"""Draw figures from data, without Streamlit: the landscape for Plotly, scatter plots as SVG, and the palette."""
