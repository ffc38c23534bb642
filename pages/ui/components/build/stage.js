// The Build page in one stage: drawing, totals, list and panel all show the same answer. A choice is seen at once in
// drawing and list; the panel follows with the answer, which is here already for the neighbours of what is under the hand.

const SETTLE_MS = 300; // a choice goes into the link when the keys or the mouse have stopped
const VIEWS = ["Layers", "Code"];

const STAGE = {
  isForm: true, // its controls stand in the panel, on narrow screens too

  mount(root, tools) {
    root.classList.add("build");
    const build = (root.build = { root, tools, settling: 0, hovering: 0 });
    const act = (name, details) => {
      clearTimeout(build.settling);
      tools.act(name, details);
    };
    const expect = (ids) => {
      clearTimeout(build.hovering);
      build.hovering = setTimeout(() => tools.expect("selected", ids), HOVER_MS);
    };
    const on = { choose: (id) => choose(build, id), act, expect, enter: () => enterPanel(build), get busy() { return tools.busy; } };
    build.drawing = mountDrawing(root, on);
    const overview = element("div", "overview", undefined, root);
    const figures = element("div", "figures", undefined, overview);
    build.totals = element("dl", "totals", undefined, figures);
    build.trouble = mountTrouble(figures, act);
    const switches = element("div", "switches", undefined, overview);
    switches.append(tools.parts.bar);
    buildViews(build, switches);
    build.work = element("div", "work", undefined, root);
    build.list = mountList(build.work, on);
    build.panel = mountPanel(build.work, tools, act);
    build.work.addEventListener("focusin", () => expectNeighbours(build));
    build.drawing.svg.onfocus = () => expectNeighbours(build);
  },

  draw(root, picture, { values }) {
    const { build } = root;
    build.picture = picture;
    const { rows } = picture.network;
    const selected = rows.some(({ id }) => id === values.selected) ? values.selected : picture.panel.id;
    drawDrawing(build.drawing, picture, selected);
    drawTotals(build.totals, picture.totals);
    drawTrouble(build.trouble, rows, selected);
    build.views[picture.view].checked = true;
    build.work.hidden = picture.view !== "Layers";
    if (build.work.hidden) return;
    drawList(build.list, picture.network, selected);
    if (build.panelFacts !== picture.panel || build.panelRows !== rows) drawPanel(build.panel, picture.panel, rows);
    fillExtra(build.panel, picture.panel, rows);
    build.panelFacts = picture.panel;
    build.panelRows = rows;
  },
};

function choose(build, id) {
  const { tools } = build;
  clearTimeout(build.settling);
  if (tools.values.selected !== id) tools.send({ selected: id }, { final: false });
  STAGE.draw(build.root, build.picture, tools);
  settleLater(build, id);
  expectNeighbours(build);
}

// Never together with a field that is on its way: that one is settled when the hand lets go of it.
function settleLater(build, id) {
  build.settling = setTimeout(() => {
    if (build.tools.values.selected !== id) return;
    if (build.tools.busy) settleLater(build, id);
    else build.tools.send({ selected: id });
  }, SETTLE_MS);
}

// The next and the one before, for whoever walks through the layers with the arrow keys.
function expectNeighbours({ picture, tools }) {
  const ids = picture.network.rows.map((row) => row.id);
  const at = ids.indexOf(tools.values.selected);
  tools.expect("selected", [ids[at + 1], ids[at - 1]].filter(Boolean));
}

function enterPanel({ panel }) {
  const field = panel.place.querySelector(".live-controls :is(input, select)");
  field?.focus();
  field?.select?.(); // so that typing replaces what stands there
}

function buildViews(build, parent) {
  const set = element("div", "live-set", undefined, parent);
  set.setAttribute("role", "radiogroup");
  set.setAttribute("aria-label", "Show");
  build.views = {};
  for (const view of VIEWS) {
    const option = element("label", "live-option", undefined, set);
    const input = (build.views[view] = element("input", "", undefined, option));
    input.type = "radio";
    input.name = "build-view";
    input.onchange = () => build.tools.send({ view });
    element("span", "", view, option);
  }
}

// The whole network in four numbers, each with its help.
function drawTotals(place, totals) {
  if (place.childElementCount !== totals.length) place.replaceChildren(...totals.map(newTotal));
  totals.forEach(({ value, help }, at) => {
    const { number, about, button } = place.children[at].parts;
    setText(number, value);
    setText(about, help);
    setAttributes(button, { title: help });
  });
}

function newTotal({ label }, at) {
  const total = element("div", "total");
  const term = element("dt", "", undefined, total);
  element("span", "", label, term);
  const button = element("button", "live-help", "?", term);
  button.type = "button";
  button.setAttribute("aria-label", `About ${label}`);
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", `total-${at}`);
  const number = element("dd", "total-value", "", total);
  const about = element("dd", "total-about", "", total);
  about.id = `total-${at}`;
  about.hidden = true;
  button.onclick = () => {
    about.hidden = !about.hidden;
    button.setAttribute("aria-expanded", String(!about.hidden));
  };
  total.parts = { number, about, button };
  return total;
}
