// How the drawing fills its frame. The frame's height follows from the window's (drawing.css), never from the layers' sizes,
// so that nothing below it moves while a field is dragged; the drawing grows to fill it, and width that is left over goes
// between the blocks. A network that is too long for that keeps its size and scrolls.

const GROWS_FROM_PX = 758; // 760 in drawing.css, less the border: narrower, the panel is a tray and the drawing keeps its size
const MOST_BETWEEN_PX = 44; // with more, neighbours would no longer look like neighbours
const SLICE_GAP_PX = 5; // a slice stands closer than this to its block

function watchFrame(view) {
  view.room = view.tall = 0;
  new ResizeObserver(() => {
    const { clientWidth, clientHeight } = view.scroller;
    if (view.room === clientWidth && view.tall === clientHeight) return;
    [view.room, view.tall] = [clientWidth, clientHeight];
    if (view.network) paintNetwork(view);
  }).observe(view.scroller);
}

// Sets the part of the drawing that is seen; says by how much each block moves to the right.
function fitIntoFrame({ svg, room, tall, network }) {
  const [width, height] = network.size;
  svg.style.setProperty("--wide", width);
  svg.style.setProperty("--tall", height);
  const order = gapsBefore(network.blocks);
  const isWide = room >= GROWS_FROM_PX && room > width;
  const scale = isWide ? Math.max(1, Math.min(room / width, tall / height)) : 1;
  const between = isWide ? Math.min(MOST_BETWEEN_PX, (room / scale - width) / Math.max(1, order.at(-1))) : 0;
  setAttributes(svg, { viewBox: `0 0 ${width + between * order.at(-1)} ${height}` });
  return order.map((n) => n * between);
}

// How many gaps that can grow stand before each block.
function gapsBefore(blocks) {
  let n = 0;
  return blocks.map(([left], at) => {
    if (at > 0 && left - blocks[at - 1][2] > SLICE_GAP_PX) n += 1;
    return n;
  });
}

function shiftedBlock([left, top, right, bottom, back, up, labelX], shift) {
  return [left + shift, top, right + shift, bottom, back, up, labelX < 0 ? labelX - shift : labelX + shift];
}

// The first half of a path hangs on its source, the second on its target.
function shiftedPath(path, from, to) {
  if (!to) return path;
  const across = /([MLQH ])([\d.]+)/g;
  const n = path.match(across).length;
  let at = 0;
  return path.replace(across, (_, order, x) => {
    const shift = at < n / 2 ? from : to;
    at += 1;
    return `${order}${Math.round(10 * (Number(x) + shift)) / 10}`;
  });
}
