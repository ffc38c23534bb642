// Pictures sent ahead: what the server computed for the next positions of the control under the hand. Nothing is computed
// here, and an answer is drawn only where the rest of the state and the stage's epoch are those it was computed for.

const HOVER_MS = 100;
const REACH = { hovered: 60, held: 240 }; // positions around the present one that are asked for
const PER_WISH = 48;
const PATIENCE_MS = 3000;
const REST_MS = 1000; // after an answer that the server had no time for
const MAX_KEPT_CHARS = 8e6;

const makeAhead = () => ({ kept: new Map(), size: 0, held: null, asked: null, n: 0, shown: 0, timer: 0, restsUntil: 0 });

// --- who is under the hand --------------------------------------------------------------------------------------------

function bindAhead({ row, live, fact }) {
  let timer = 0;
  const hold = () => { live.ahead.held = fact.field; askAhead(live); };
  for (const name of ["pointerdown", "focusin"]) row.addEventListener(name, hold);
  row.addEventListener("pointerenter", () => { timer = setTimeout(hold, HOVER_MS); });
  const letGo = () => {
    clearTimeout(timer);
    if (live.ahead.held === fact.field && !row.matches(":focus-within, :hover")) live.ahead.held = null;
  };
  row.addEventListener("pointerleave", letGo);
  row.addEventListener("focusout", () => setTimeout(letGo));
}

// A value that was not kept: more of its neighbours will follow.
function holdField(live, values) {
  const fields = Object.keys(values);
  if (fields.length !== 1 || !live.controls.has(fields[0])) return;
  live.ahead.held = fields[0];
  askAhead(live);
}

// --- asking -----------------------------------------------------------------------------------------------------------

function askAhead(live) {
  const { ahead } = live;
  const control = live.controls.get(ahead.held);
  if (live.epoch === undefined || ahead.asked || !control || document.hidden || Date.now() < ahead.restsUntil) return;
  const reach = control.isGrasped || control.row.matches(":focus-within") ? REACH.held : REACH.hovered;
  const values = positionsAround(control.fact, live.values[ahead.held], reach)
    .filter((value) => !ahead.kept.has(aheadKey(live, live.values, ahead.held, value)))
    .slice(0, PER_WISH);
  if (!values.length) return;
  ahead.n = Math.max(ahead.n + 1, Date.now());
  ahead.asked = { n: ahead.n, field: ahead.held, values };
  ahead.timer = setTimeout(() => { ahead.asked = null; }, PATIENCE_MS);
  transmit(live.wire);
}

// All positions within reach, the nearest first.
function positionsAround(fact, now, reach) {
  const all = fact.choices ? fact.choices.map((choice) => choice.value) : POSITIONS[fact.kind]?.(fact) ?? [];
  const at = all.findIndex((value) => (typeof now === "number" && !fact.choices ? value >= now : same(value, now)));
  const order = all.map((value, i) => [Math.abs(i - (at < 0 ? all.length : at)), value]);
  return order.sort(([a], [b]) => a - b).slice(0, reach).map(([, value]) => value);
}

const POSITIONS = {
  switch: () => [false, true],
  slider({ least, most, step }) {
    // A range input names its positions exactly as it will while it is dragged.
    const probe = Object.assign(document.createElement("input"), { type: "range" });
    setAttributes(probe, { min: least, max: most, step });
    const n = Math.floor((most - least) / step + 1e-6) + 1;
    return Array.from({ length: Math.min(n, 5000) }, (_, i) => { probe.value = least + i * step; return probe.valueAsNumber; });
  },
};

// --- keeping ----------------------------------------------------------------------------------------------------------

const aheadKey = (live, values, field, value) => JSON.stringify([live.epoch, field, value, { ...values, [field]: null }]);

function keepAhead(live, data) {
  const { ahead } = live;
  if (live.epoch !== data.epoch) dropAhead(live);
  live.epoch = data.epoch;
  if (!data.ahead) return;
  if (data.ahead.n === ahead.asked?.n) {
    clearTimeout(ahead.timer);
    ahead.asked = null;
    if (!data.ahead.answers.length) ahead.restsUntil = Date.now() + REST_MS;
  }
  for (const [value, answer] of data.ahead.answers) {
    if (answer) answer.controls ??= data.controls;
    const key = aheadKey(live, data.values, data.ahead.field, value);
    const chars = key.length + JSON.stringify(answer).length;
    if (!ahead.kept.has(key)) ahead.size += chars;
    ahead.kept.set(key, { answer, chars });
  }
  for (const [key, { chars }] of ahead.kept) {
    if (ahead.size <= MAX_KEPT_CHARS) break;
    ahead.kept.delete(key);
    ahead.size -= chars;
  }
}

function dropAhead({ ahead }) {
  ahead.kept.clear();
  ahead.size = 0;
}

// --- showing ----------------------------------------------------------------------------------------------------------

// The kept answer to one changed field, unless something else is on its way that may change what it shows.
function findAhead(live, values) {
  const [[field, value], ...others] = Object.entries(values);
  if (others.length || live.epoch === undefined) return null;
  if (live.wire.flying.some((change) => change.acts.length || Object.keys(change.values).some((name) => name !== field))) return null;
  const key = aheadKey(live, live.values, field, value);
  const found = live.ahead.kept.get(key);
  if (!found?.answer) return null;
  live.ahead.kept.delete(key); // and back again: the longest unused are the first to go
  live.ahead.kept.set(key, found);
  return found.answer;
}

function showAhead(live, answer) {
  live.ahead.shown = live.wire.n;
  live.values = { ...answer.values };
  arrangeControls(live, live.place, answer.controls);
  showValues(live);
  say(live, answer.message);
  if (answer.picture !== null) live.picture = answer.picture;
  live.ahead.text = JSON.stringify([answer.values, live.picture]);
  drawLive(live, live.wire.n);
  askAhead(live);
}

// An answer to what was sent before that which is shown.
const isOld = (live, data) => data.seq < live.ahead.shown;

// Whether the server's answer is what the stage shows already. If it is another, nothing that was kept is to be trusted.
function isShownAhead(live, data) {
  const { ahead } = live;
  if (live.epoch === undefined) return false; // a stage that is not sent ahead
  const text = JSON.stringify([data.values, data.picture ?? live.picture]);
  const isSame = text === ahead.text && data.seq <= Number(live.root.dataset.seq);
  if (!isSame && ahead.shown && data.seq === ahead.shown) dropAhead(live);
  ahead.shown = 0;
  ahead.text = text;
  return isSame;
}
