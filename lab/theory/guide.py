"""The numbers of the worked figures in the guide that most courses show.

Source:
    Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, figures 1.1 and 1.5.
"""

GUIDE_INPUT = ((3, 3, 2, 1, 0), (0, 0, 1, 3, 1), (3, 1, 2, 2, 3), (2, 0, 0, 2, 2), (2, 0, 0, 0, 1))
GUIDE_KERNEL = ((0, 1, 2), (2, 2, 0), (0, 1, 2))
