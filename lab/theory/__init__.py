"""The mathematics of one layer: sizes, costs, receptive fields; later the functions themselves."""
