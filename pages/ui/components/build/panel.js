// The panel beside the list: everything about the chosen layer. Its controls are the stage's own; what no control of a
// stage can be (which layers it reads, the usual inputs) stands here.

const KIND = Object.fromEntries(CATALOGUE.flatMap(({ kinds }) => kinds.map((kind) => [kind.kind, kind])));
const INPUT_SENTENCE = "The pictures that the network takes: channels × height × width. Grey pictures have 1 channel, colour has 3.";
const OTHER_SHAPE = "another size";
const COPIED_MS = 3000;

function mountPanel(parent, tools, act) {
  const place = element("section", "panel", undefined, parent);
  place.setAttribute("aria-label", "The chosen layer");
  const panel = { place, tools, act, key: "" };
  const head = element("div", "panel-head", undefined, place);
  panel.title = element("h2", "", undefined, head);
  panel.name = element("span", "panel-name", "", panel.title);
  panel.kind = element("span", "panel-kind", "", panel.title);
  panel.flow = element("p", "panel-flow", undefined, head);
  panel.arriving = element("span", "", "", panel.flow);
  element("span", "panel-arrow", "→", panel.flow);
  panel.leaving = element("b", "", "", panel.flow);
  buildFold(place, head);
  panel.sentence = element("p", "panel-sentence", "", place);
  panel.costs = element("p", "panel-costs", "", place);
  panel.extra = element("div", "panel-extra", undefined, place);
  place.append(tools.parts.controls);
  panel.reads = element("div", "panel-reads", undefined, place);
  // Below the controls: it comes and goes while one of them is dragged, which must stay under the hand.
  panel.trouble = element("div", "panel-trouble", undefined, place);
  panel.error = element("p", "", "", panel.trouble);
  panel.fixes = element("div", "fixes", undefined, panel.trouble);
  buildCode(panel);
  return panel;
}

function drawPanel(panel, facts, rows) {
  const row = rows.find(({ id }) => id === facts.id);
  const isInput = facts.id === "input";
  const kind = KIND[row.kind];
  setText(panel.name, facts.id);
  setText(panel.kind, isInput ? "" : kind.title);
  setText(panel.sentence, isInput ? INPUT_SENTENCE : kind.sentence);
  panel.trouble.hidden = !row.error;
  const told = JSON.stringify([facts.id, row.error, row.fixes]);
  if (panel.told !== told) {
    tellError(panel.error, row);
    fillFixes(panel.fixes, row, panel.act);
  }
  panel.told = told;
  panel.flow.hidden = panel.costs.hidden = isInput;
  setText(panel.arriving, facts.arriving || "?");
  setText(panel.leaving, row.output);
  setText(panel.costs, facts.costs ?? "");
  panel.code.hidden = !facts.code;
  setText(panel.line, facts.code ?? "");
}

// Built anew only when it is about something else, or shows a choice that was not taken.
function fillExtra(panel, facts, rows) {
  const isInput = facts.id === "input";
  const earlier = isInput ? [] : rows.slice(0, rows.findIndex(({ id }) => id === facts.id)).map(({ id }) => id);
  const now = isInput ? facts.shape : sourcesOf(panel, facts);
  const key = JSON.stringify([facts.id, now, earlier]);
  if (panel.key === key) return;
  panel.key = key;
  const hadFocus = panel.reads.contains(panel.reads.getRootNode().activeElement);
  panel.extra.replaceChildren();
  panel.reads.replaceChildren();
  if (isInput) usualInputs(panel, facts.shape);
  else if (KIND[rows[earlier.length].kind].sources[1] > 1) manySources(panel, facts, earlier, rows);
  else oneSource(panel, facts, earlier, rows);
  if (hadFocus) panel.reads.querySelector("select")?.focus();
}

function menuOf(place, label, options, chosen, onChange) {
  const wrap = element("label", "panel-field", undefined, place);
  element("span", "live-label", label, wrap);
  const menu = element("select", "live-menu", undefined, wrap);
  for (const [value, words] of options) element("option", "", words, menu).value = value;
  menu.value = chosen;
  menu.onchange = () => onChange(menu.value);
  return menu;
}

function usualInputs({ extra, tools }, shape) {
  const now = JSON.stringify(shape);
  const usual = USUAL_INPUTS.map(({ shape: one, words }) => [JSON.stringify(one), words]);
  const isUsual = usual.some(([one]) => one === now);
  const options = isUsual ? usual : [[now, `${shape.join("×")}, ${OTHER_SHAPE}`], ...usual];
  menuOf(extra, "Usual sizes", options, now, (value) => tools.send({ "input.shape": JSON.parse(value) }));
}

// --- its line of PyTorch --------------------------------------------------------------------------------------------

function buildCode(panel) {
  panel.code = element("div", "panel-code", undefined, panel.place);
  panel.line = element("code", "", "", element("pre", "", undefined, panel.code));
  const copy = element("button", "", undefined, panel.code);
  copy.type = "button";
  copy.title = "Copy";
  copy.setAttribute("aria-label", "Copy the line of PyTorch");
  const sign = icon("content_copy", copy);
  panel.said = element("p", "panel-said", "", panel.place);
  panel.said.setAttribute("role", "status");
  copy.onclick = async () => {
    const said = await copied(panel.line.textContent);
    sign.textContent = said === COPIED ? "check" : "content_copy";
    panel.said.textContent = said;
    copy.focus();
    clearTimeout(panel.saying);
    panel.saying = setTimeout(() => {
      sign.textContent = "content_copy";
      panel.said.textContent = "";
    }, COPIED_MS);
  };
}
