// A loss and its slope side by side over the same axis, each curve with a point where the prediction stands.

const CURVE_PARTS = ["loss", "slope"];

// Two plots under their titles; returns {loss, slope}, the places that drawBoth fills.
function placeBoth(host, titles) {
  return Object.fromEntries(CURVE_PARTS.map((part) => {
    const half = element("div", "loss-half", undefined, host);
    element("div", "loss-title", titles[part], half);
    return [part, element("div", "", undefined, half)];
  }));
}

// `lines` are {title, colour, dash, losses, slopes, loss, slope}, the last two at `here`; a point out of sight has no mark.
function drawBoth(places, { over, x, here, lines, height, ranges = {} }) {
  for (const part of CURVE_PARTS) {
    const [low, high] = ranges[part] ?? [-Infinity, Infinity];
    const shown = Math.abs(here) <= x.at(-1) ? lines.filter((line) => line[part] >= low && line[part] <= high) : [];
    drawPlot(places[part], {
      label: part === "loss" ? `Losses over the ${over.name}` : `Slopes over the ${over.name}`,
      height,
      x: { label: over.label, range: [x[0], x.at(-1)] },
      y: { label: part, range: ranges[part] },
      lines: lines.map((line) => ({ name: line.title, x, y: part === "loss" ? line.losses : line.slopes, colour: line.colour, dash: DASHES[line.dash] })),
      marks: shown.map((line) => ({ x: here, y: line[part], colour: line.colour, label: line.title })),
    });
  }
}
