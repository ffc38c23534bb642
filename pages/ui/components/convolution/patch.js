// The photo that the input is cut from: the frame on it is dragged, or moved by arrow keys.

function buildPatch(conv, root, tools) {
  conv.patch = element("div", "conv-patch", undefined, root);
  conv.patchFrame = element("div", "conv-patch-photo", undefined, conv.patch);
  conv.patchImage = element("img", "", undefined, conv.patchFrame);
  conv.patchBox = element("div", "conv-patch-box", undefined, conv.patchFrame);
  conv.patchBox.tabIndex = 0;
  conv.patchBox.setAttribute("role", "group");
  conv.patchBox.setAttribute("aria-label", "Patch of the photo; arrow keys move it");
  element("p", "conv-told", "Drag the frame: its pixels are the input, 0 black to 255 white.", conv.patch);
  const move = (event, final) => {
    const area = conv.patchFrame.getBoundingClientRect();
    const [, , width, height] = conv.picture.patch.box;
    const x = shareOf((event.clientX - area.left) / area.width - width / 2, 1 - width);
    const y = shareOf((event.clientY - area.top) / area.height - height / 2, 1 - height);
    tools.send({ patch_x: x, patch_y: y }, { final });
  };
  conv.patchFrame.onpointerdown = (event) => {
    event.preventDefault();
    conv.patchFrame.setPointerCapture(event.pointerId);
    move(event, false);
  };
  conv.patchFrame.onpointermove = (event) => { if (conv.patchFrame.hasPointerCapture(event.pointerId)) move(event, false); };
  conv.patchFrame.onpointerup = (event) => move(event, true);
  conv.patchBox.onkeydown = (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const [fx, fy] = conv.picture.patch.free;
    const pixels = event.shiftKey ? 4 : 1;
    const { patch_x: x, patch_y: y } = tools.values;
    const [columns, rows] = [conv.picture.patch.width * fx, conv.picture.patch.height * fy];
    tools.send({ patch_x: clip(x + (pixels * arrow[1]) / columns, 0, 1), patch_y: clip(y + (pixels * arrow[0]) / rows, 0, 1) }, { final: true });
  };
}

const shareOf = (part, whole) => (whole > 0 ? clip(part / whole, 0, 1) : 0);

function drawPatch(conv, patch) {
  conv.patch.hidden = !patch;
  if (!patch) return;
  if (conv.patchImage.getAttribute("src") !== patch.src) conv.patchImage.src = patch.src;
  conv.patchImage.alt = patch.title;
  conv.patchFrame.style.aspectRatio = `${patch.width} / ${patch.height}`;
  ["left", "top", "width", "height"].forEach((side, i) => { conv.patchBox.style[side] = `${100 * patch.box[i]}%`; });
}
