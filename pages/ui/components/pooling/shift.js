// How much each kind's output changes when the picture moves: curves, a point to drag, and the pictures behind it.

const PARTS = [["strip", "div"], ["measure", "p"], ["plot", "div"], ["verdict", "p"], ["said", "p"], ["table", "div"]];

const STAGE = {
  mount(root) {
    root.classList.add("pool-shift");
    for (const [name, tag] of PARTS) root[name] = element(tag, `pool-${name}`, "", root);
    root.figures = [];
  },
  draw(root, picture, tools) {
    drawStrip(root, picture);
    const { shifts, shift, shown } = picture;
    root.measure.textContent = picture.measure;
    drawPlot(root.plot, {
      label: "Change of the output for each shift",
      height: 300,
      x: { label: "Shift, pixels", range: [0, shifts[shifts.length - 1]] },
      y: { label: "Change, % of the contrast", range: [0, Math.max(1, ...picture.lines.flatMap((line) => line.y))] },
      lines: picture.lines.map((line, i) => ({ name: line.name, x: shifts, y: line.y, width: line.kind === shown.kind ? 3.5 : 2, ...lookOfKind(i) })),
      marks: [{
        x: shift, y: shown.y[shift], label: `Shift, on the line of ${shown.name}`,
        colour: lookOfKind(picture.lines.findIndex((line) => line.kind === shown.kind)).colour,
        drag: (x, _y, options) => tools.send({ shift: nearestShift(shifts, shift, x) }, options),
      }],
    });
    root.verdict.textContent = picture.verdict;
    root.said.textContent = picture.sentence;
    drawTable(root.table, {
      caption: "Change of the output in percent of the picture's contrast",
      head: ["Shift, px", ...picture.lines.map((line) => line.name)],
      rows: shifts.map((px, i) => [px, ...picture.lines.map((line) => line.y[i])]),
    });
  },
};

// The first line is the picture without any pooling: grey dots, so that each of the eight kinds has a colour of its own.
const lookOfKind = (i) => (i ? { colour: i - 1, dash: DASHES[i - 1] } : { colour: "var(--muted)", dash: "1 3" });

// Whole pixels; the first push of an arrow key must not be lost to rounding.
function nearestShift(shifts, now, x) {
  const near = Math.round(x);
  const pushed = near === now && Math.abs(x - now) > 0.01 ? now + Math.sign(x - now) : near;
  return clip(pushed, shifts[0], shifts[shifts.length - 1]);
}

function drawStrip(root, picture) {
  while (root.figures.length < picture.pictures.length) {
    const figure = element("figure", "pool-card", undefined, root.strip);
    root.figures.push({ img: element("img", "", undefined, figure), caption: element("figcaption", "", "", figure) });
  }
  root.strip.style.setProperty("--ratio", picture.ratio);
  picture.pictures.forEach((one, i) => {
    const { img, caption } = root.figures[i];
    if (img.getAttribute("src") !== one.src) img.src = one.src;
    img.alt = `${one.name}, shift ${picture.shift} pixels`;
    caption.textContent = one.name;
  });
}
