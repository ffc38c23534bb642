"""64 feature maps of 28 × 28, redrawn at every key press: as one mosaic, or as 64 ``st.image`` (``?as=images``)."""

import sys
from pathlib import Path

import numpy as np
import streamlit as st
import torch

sys.path.insert(0, str(Path(__file__).parents[2]))

from lab.inspection.mosaic import mosaic
from pages.ui.picture import data_uri

N_MAPS, SIDE_PX = 64, 28

st.set_page_config(layout="wide")
turn = st.number_input("turn", 0, 10_000, 0, key="turn")
maps = torch.randn(N_MAPS, SIDE_PX, SIDE_PX, generator=torch.Generator().manual_seed(int(turn)))
if st.query_params.get("as") == "images":
    columns = st.columns(8)
    for index, values in enumerate(maps.numpy()):
        grey = np.clip(values * 40 + 128, 0, 255).astype(np.uint8)
        columns[index % 8].image(grey, output_format="PNG", width=56)
else:
    picture = data_uri(mosaic(maps, limit=3.0, columns=8, gap_px=1).png())
    st.html(f'<img class="maps" src="{picture}" style="image-rendering:pixelated;width:464px" alt="64 maps">')
