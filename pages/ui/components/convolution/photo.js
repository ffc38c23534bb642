// The photo stage: the nine numbers are dragged or typed, the picture follows. Python computed every pixel.

const STAGE = {
  mount(root, tools) {
    const shot = { root, tools };
    root.shot = shot;
    const flow = element("div", "shot-flow", undefined, root);
    shot.photo = captioned(flow, "shot-photo", "Photo");
    shot.image = element("img", "", undefined, shot.photo);
    shot.result = captioned(flow, "shot-photo", "Result");
    shot.canvas = element("canvas", "", undefined, shot.result);
    shot.canvas.setAttribute("role", "img");
    shot.scale = element("p", "shot-scale", "", shot.result);
    const below = element("div", "shot-below", undefined, root);
    shot.kernel = element("div", "shot-kernel", undefined, below);
    const words = element("div", "", undefined, below);
    shot.presets = element("div", "shot-presets", undefined, words);
    shot.presets.setAttribute("role", "group");
    shot.presets.setAttribute("aria-label", "Classic kernels");
    shot.sentence = element("p", "shot-told", "", words);
    element("p", "shot-told", HOW_TO_EDIT, words);
    shot.code = element("code", "shot-code", "", words);
    shot.table = element("div", "", undefined, root);
  },
  draw(root, picture, tools) {
    const { shot } = root;
    const { result } = picture;
    setAttributes(shot.image, { src: picture.photo, alt: picture.title });
    shot.image.style.aspectRatio = `${picture.size[1]} / ${picture.size[0]}`;
    drawMatrix(shot.kernel, {
      values: picture.weights, label: "Kernel", editable: true, step: 0.25, digits: 3, least: -9999, most: 9999,
      onEdit: (y, x, value, { final }) => tools.send({ weights: edited(tools.values.weights, 3 * y + x, value), kernel: "own" }, { final }),
    });
    drawPresets(shot, picture, tools);
    paintResult(shot, result);
    const [least, most] = picture.range.map((value) => numberText(value, 5));
    shot.canvas.setAttribute("aria-label", `The photo after the kernel: ${result.width} by ${result.height} pixels, values from ${least} to ${most}`);
    shot.scale.textContent = result.limit === null
      ? `${result.width}×${result.height}, values ${least} … ${most}, shown from 0 black to 255 white`
      : `${result.width}×${result.height}, values ${least} … ${most}; red is below 0, blue above, full colour at ±${numberText(result.limit)}`;
    shot.sentence.textContent = picture.sentence || "Your own kernel.";
    shot.code.textContent = picture.code;
    drawTable(shot.table, { caption: "The kernel", head: ["Row", "Left", "Middle", "Right"], rows: picture.weights.map((row, y) => [String(y + 1), ...row]) });
  },
};

const edited = (weights, at, value) => weights.map((old, i) => (i === at ? value : old));

function captioned(parent, className, caption) {
  const box = element("figure", className, undefined, parent);
  element("figcaption", "", caption, box);
  return box;
}

function drawPresets(shot, picture, tools) {
  if (shot.presets.childElementCount !== picture.presets.length) {
    shot.presets.replaceChildren(...picture.presets.map((preset) => {
      const button = element("button", "shot-preset", preset.title);
      button.type = "button";
      button.dataset.name = preset.name;
      button.onclick = () => tools.send({ kernel: preset.name, weights: preset.weights, shows: preset.shows }, { final: true });
      return button;
    }));
  }
  for (const button of shot.presets.children) button.setAttribute("aria-pressed", String(button.dataset.name === picture.kernel));
}

function paintResult(shot, { width, height, channels, pixels, limit }) {
  const bytes = bytesOf(pixels);
  const table = STEPS[getComputedStyle(shot.root).colorScheme.includes("dark") ? 1 : 0];
  const { canvas } = shot;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const colourOf = limit !== null ? (i) => table[bytes[i]] : channels === 3 ? (i) => bytes.subarray(3 * i, 3 * i + 3) : (i) => [bytes[i], bytes[i], bytes[i]];
  for (let i = 0; i < width * height; i += 1) {
    const colour = colourOf(i);
    image.data[4 * i] = colour[0];
    image.data[4 * i + 1] = colour[1];
    image.data[4 * i + 2] = colour[2];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  canvas.style.aspectRatio = shot.image.style.aspectRatio;
}
