"""Looking inside a network: what every layer makes of one picture, and how each single map came to be.

Table of contents:

- :mod:`~lab.inspection.maps`: one forward pass, every layer's maps with their statistics.
- :mod:`~lab.inspection.blocks`: which layers belong together, and the colour scale they share.
- :mod:`~lab.inspection.wiring`: which channels of a layer's inputs one of its channels is made of.
- :mod:`~lab.inspection.colour`, :mod:`~lab.inspection.mosaic`: maps as one small picture.
- :mod:`~lab.inspection.windows`: which rows and columns of its input an output row or column reads.
- :mod:`~lab.inspection.receptive_field`: the part of the picture that one unit can see.
- :mod:`~lab.inspection.channel`: one map taken apart: inputs, kernels, intermediate results, sum and bias.
"""
