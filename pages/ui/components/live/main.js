// The entry of every live stage: mounts it once, takes the server's answers, sends what the visitor does. `STAGE` is the
// stage's own object; everything else comes from the files beside this one.

const HISTORY = [
  ["undo", "Undo", "M9 5 4 10l5 5M4 10h9a6 6 0 0 1 0 12h-3"],
  ["redo", "Redo", "M15 5l5 5-5 5M20 10h-9a6 6 0 0 0 0 12h3"],
  ["reset", "Back to the start", "M5 12a7 7 0 1 0 2.5-5.3M5 4v4h4"],
];

function mountLive(parent) {
  const live = { controls: new Map(), groups: new Map(), homes: new Map(), values: {}, n: 0, ahead: makeAhead() };
  element("style", "", SHEET, parent);
  const frame = element("div", "live", undefined, element("div", "live-room", undefined, parent));
  live.frame = frame;
  const side = element("div", "live-side", undefined, frame);
  const top = element("div", "live-top", undefined, side);
  buildFold(frame, top);
  live.bar = element("div", "live-bar", undefined, top);
  live.bar.setAttribute("role", "group");
  live.bar.setAttribute("aria-label", "History");
  live.place = element("div", "live-controls", undefined, side);
  const body = element("div", "live-body", undefined, frame);
  live.message = element("p", "live-message", "", body);
  live.message.setAttribute("role", "status");
  live.root = element("div", "live-stage", undefined, body);
  live.voice = element("p", "live-voice", "", body);
  live.voice.setAttribute("aria-live", "polite");
  live.send = (values, { final = true } = {}) => {
    const kept = findAhead(live, values);
    Object.assign(live.values, values);
    postValues(live.wire, values, final, kept !== null && !final);
    if (kept) showAhead(live, kept);
    else holdField(live, values);
  };
  live.tools = makeTools(live);
  frame.liveBusy = () => live.tools.busy;
  buildHistory(live);
  frame.onkeydown = (event) => onHistoryKey(live, event);
  return live;
}

// On a narrow screen the controls lie over the lower edge of the picture; who wants to see all of it folds them away.
function buildFold(frame, parent) {
  const button = element("button", "live-fold", undefined, parent);
  button.type = "button";
  button.setAttribute("aria-expanded", "true");
  const icon = make("svg", { viewBox: "0 0 24 24", width: 16, height: 16, "aria-hidden": "true" }, button);
  make("path", { d: "m5 9 7 7 7-7", fill: "none", stroke: "currentColor", "stroke-width": 2.5, "stroke-linecap": "round", "stroke-linejoin": "round" }, icon);
  element("span", "", "Controls", button);
  button.onclick = () => button.setAttribute("aria-expanded", String(!frame.classList.toggle("live-folded")));
}

// Whether something of the stage around a node has no answer yet: keys may be faster, and each counts from the one before.
const isBusy = (node) => node.closest(".live")?.liveBusy() ?? false;

function makeTools(live) {
  return {
    send: (values, options) => {
      live.send(values, options);
      showValues({ ...live, wire: { flying: [] } });
    },
    act: (name, details = {}, { latest = false } = {}) => postAct(live.wire, name, details, latest),
    expect: (field, values) => expectAhead(live, field, values),
    say: (text) => { live.voice.textContent = text; },
    drawn: () => countDrawn(live),
    house: (group, home) => houseGroup(live, group, home),
    parts: { bar: live.bar, controls: live.place },
    get values() { return live.values; },
    get still() { return matchMedia("(prefers-reduced-motion: reduce)").matches; },
    get busy() { return live.wire.flying.length > 0; },
  };
}

function buildHistory(live) {
  live.history = {};
  for (const [name, label, path] of HISTORY) {
    const button = element("button", "live-history", undefined, live.bar);
    button.type = "button";
    button.title = name === "undo" ? `${label} (Ctrl+Z)` : name === "redo" ? `${label} (Ctrl+Shift+Z)` : label;
    button.setAttribute("aria-label", label);
    const icon = make("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" }, button);
    make("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" }, icon);
    // Not `disabled`: the focus would jump away when the last step is taken back.
    button.onclick = () => { if (button.getAttribute("aria-disabled") !== "true") askHistory(live, name); };
    live.history[name] = button;
  }
}

// The boxes show what comes back, also the one that was typed into last.
function askHistory(live, name) {
  for (const control of live.controls.values()) {
    clearTimeout(control.idle);
    control.isDirty = false;
    control.owed = null;
    showProblem(control, "");
  }
  postAct(live.wire, `live:${name}`, {}, false);
}

function onHistoryKey(live, event) {
  const isZ = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
  const isY = event.key.toLowerCase() === "y" && event.ctrlKey;
  if (!isZ && !isY) return;
  const field = event.composedPath()[0];
  const control = [...live.controls.values()].find((row) => row.box === field);
  if (control?.isDirty || (field.matches?.("input[type=text], input[type=search], textarea") && field.value !== "")) return; // its own undo
  event.preventDefault();
  askHistory(live, isY || event.shiftKey ? "redo" : "undo");
}

function receiveLive(live, data) {
  acknowledge(live.wire, data.seq);
  keepAhead(live, data);
  if (isOld(live, data)) { askAhead(live); return; }
  const kept = Object.entries(live.values).filter(([field]) => isOnItsWay(live.wire, field));
  live.values = { ...data.values, ...Object.fromEntries(kept) };
  arrangeControls(live, live.place, data.controls);
  showValues(live);
  for (const [field, control] of live.controls) {
    const sentence = data.errors[field];
    if (sentence) showProblem(control, sentence);
    else if (!control.isDirty && live.errors?.[field]) showProblem(control, "");
  }
  live.errors = data.errors;
  const hasSide = data.controls.length > 0;
  live.frame.classList.toggle("live-bare", !hasSide);
  live.frame.classList.toggle("live-tray", hasSide && !STAGE.isForm);
  for (const [name, button] of Object.entries(live.history)) {
    button.hidden = !(name in data.history);
    button.setAttribute("aria-disabled", String(!data.history[name]));
  }
  say(live, data.message);
  const isShown = isShownAhead(live, data);
  if (data.picture !== null) live.picture = data.picture;
  if (live.picture !== undefined && !isShown) drawLive(live, data.seq);
  askAhead(live);
}

function say(live, message) {
  if (live.message.textContent !== message) live.message.textContent = message;
}

function drawLive(live, seq) {
  if (!live.isMounted) {
    live.isMounted = true;
    STAGE.mount(live.root, live.tools);
  }
  STAGE.draw(live.root, live.picture, live.tools);
  live.root.dataset.seq = seq;
  countDrawn(live);
}

// Also called by a stage that shows several pictures of one answer, one after the other.
function countDrawn(live) {
  live.n += 1;
  live.root.dataset.drawn = live.n;
}

// What the loader calls with every answer: the component that Streamlit gave it, and the answer as JSON.
export function show(component, text) {
  const { parentElement, setStateValue } = component;
  const live = (parentElement.labLive ??= mountLive(parentElement));
  live.wire ??= makeWire((changes) => live.transmit(changes));
  live.transmit = (changes) => setStateValue("change", live.ahead.asked ? { changes, ahead: live.ahead.asked } : { changes });
  if (live.text !== text) {
    live.text = text;
    receiveLive(live, JSON.parse(text));
  }
  reopenWire(live.wire);
}

export function close({ parentElement }) {
  if (parentElement.labLive) closeWire(parentElement.labLive.wire);
}
