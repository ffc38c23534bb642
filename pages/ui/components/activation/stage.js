// The stage of Activation: curves above, a real layer below. What has not changed is not drawn again.

const STAGE = {
  mount(root, tools) {
    root.classList.add("act-stage");
    root.labParts = { curves: mountCurves(root), layer: mountLayer(root, tools) };
    root.labShown = {};
  },
  draw(root, { curves, layer }, tools) {
    if (root.labShown.curves !== curves) drawCurves(root.labParts.curves, curves, tools);
    if (root.labShown.layer !== layer) drawLayer(root.labParts.layer, layer);
    root.labShown = { curves, layer };
  },
};
