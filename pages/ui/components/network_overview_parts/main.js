// Entry: one stage per mounted drawing. The overview comes as this component's data; what a click asks for comes through
// a second, invisible component (channel_detail), so that the large overview is not sent again at every click.

const FOLD_FROM = 30;

function makeStage(root) {
  const find = (name) => root.querySelector(`.${name}`);
  const els = {};
  for (const name of ["host", "bar", "body", "scroller", "sheet", "columns", "scales", "minimap", "tip", "overlay"]) els[name] = find(name);
  [els.threads, els.hover] = ["threads", "hover"].map(find);
  const stage = { root, host: els.host, els, data: null, planes: new Map(), folded: new Set(), focus: { id: "", row: 0 }, scale: "block", opened: null, detail: null, position: null, wantedEpoch: null, askedEpoch: null };
  els.host.onkeydown = (event) => {
    if (event.key === "Escape" && !els.overlay.hidden) { event.preventDefault(); closeDetail(stage); return; }
    if (els.overlay.hidden) onStageKey(stage, event);
  };
  bindMinimap(stage);
  stage.resize = new ResizeObserver(() => {
    const width = els.scroller.clientWidth;
    if (!stage.layout || !width || Math.abs(width - stage.builtFor) < 2) return;
    stage.builtFor = width;
    buildStage(stage);
  });
  stage.resize.observe(els.host);
  watchTheme(stage);
  return stage;
}

// Streamlit changes its colours without telling anybody; a transition on an unseen dot tells us.
function watchTheme(stage) {
  const probe = element("i", "probe");
  stage.probe = probe;
  stage.els.host.append(probe);
  probe.ontransitionend = () => {
    if (!stage.layout) return;
    buildScales(stage);
    paintStage(stage);
    drawMinimap(stage);
    if (stage.detail) showMail(stage, stage.detail);
  };
}

async function receive(stage, data) {
  const turn = (stage.turn = (stage.turn ?? 0) + 1);
  const planes = new Map();
  await Promise.all(data.columns.map(async (column) => planes.set(column.id, await readPlane(column.png))));
  if (turn !== stage.turn) return;
  const sameNetwork = stage.data && stage.data.network === data.network;
  stage.data = data;
  stage.planes = planes;
  if (!sameNetwork) {
    stage.folded = new Set(data.columns.length > FOLD_FROM ? data.blocks.map((ids, i) => (ids.length > 1 ? i : -1)).filter((i) => i >= 0) : []);
    stage.focus = { id: "", row: 0 };
    stage.els.scroller.scrollLeft = 0;
  }
  stage.builtFor = stage.els.scroller.clientWidth;
  const sliding = stage.els.bar.contains(stage.root.activeElement);
  if (!sameNetwork || !sliding) buildToolbar(stage);
  else stage.els.bar.querySelector(".whatitis").textContent = data.sentence ?? "";
  buildStage(stage);
  stage.els.host.dataset.shown = data.key;
  epochArrived(stage);
}

// Blocks of a deep network stand folded: then each column speaks for itself.
const firstScale = (data) => (data.scale !== "auto" ? data.scale : data.columns.length > FOLD_FROM ? "layer" : "block");

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement;
  const stage = (root.labStage ??= makeStage(root));
  stage.send = (name, value) => setStateValue(name, value);
  const mail = (globalThis.labMail ??= { boxes: {}, readers: {} });
  mail.readers[data.name] = (letter) => stage.layout && onceReleased(stage.els.overlay, () => readLetter(stage, letter));
  if (stage.data?.key !== data.key) {
    if (stage.data?.network !== data.network) stage.scale = firstScale(data);
    receive(stage, data).then(() => mail.boxes[data.name] && !stage.detail && showMail(stage, mail.boxes[data.name]));
  }
  return () => {
    clearInterval(stage.playing);
    stopSweep(stage);
    stage.resize.disconnect();
    delete mail.readers[data.name];
    delete root.labStage;
  };
}
