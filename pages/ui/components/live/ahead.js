// Pictures sent ahead: what the server computed for the next positions of the control under the hand, and what it answered
// at those where the hand has been. Nothing is computed here, and an answer is drawn only where the rest of the state and
// the stage's epoch are those it was computed for.

const HOVER_MS = 100;
const REACH = { hovered: 160, held: 400, box: 8 }; // positions around the present one that are asked for
const PER_WISH = 96;
const PATIENCE_MS = 3000;
const REST_MS = 300; // after an answer that the server had no time for
const CALM_MS = 400; // after an action: while one follows the other, as in training, nothing that is sent ahead lasts
const MAX_KEPT_CHARS = 8e6;

const makeAhead = () => ({ kept: new Map(), rests: new Map(), size: 0, awaited: new Map(), held: null, asked: null, n: 0, shown: 0, timer: 0, restsUntil: 0 });

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

// A value that was not kept, and is on its way now: more of its neighbours will follow.
function holdField(live, values) {
  const [field, ...others] = Object.keys(values);
  if (others.length || !live.controls.has(field)) return;
  live.ahead.held = field;
  if (isAlone(live, field)) live.ahead.awaited.set(live.wire.n, aheadKeys(live, live.values, field)(values[field]));
  askAhead(live);
}

// What the stage's own drawing will send next, as far as one can tell; a control under the hand goes first.
function expectAhead(live, field, values) {
  live.ahead.expected = { field, values };
  askAhead(live);
}

// Nothing else is on its way that may change what is shown.
const isAlone = ({ epoch, wire }, field) => epoch !== undefined
  && wire.flying.every((change) => !change.acts.length && Object.keys(change.values).every((name) => name === field));

// --- asking -----------------------------------------------------------------------------------------------------------

function askAhead(live) {
  const { ahead } = live;
  if (live.epoch === undefined || ahead.asked || document.hidden || Date.now() < ahead.restsUntil) return;
  const { field, positions } = nextPositions(live);
  const keyOf = aheadKeys(live, live.values, field);
  const values = positions.filter((value) => !ahead.kept.has(keyOf(value))).slice(0, PER_WISH);
  if (!values.length) return;
  ahead.n = Math.max(ahead.n + 1, Date.now());
  ahead.asked = { n: ahead.n, field, values };
  ahead.timer = setTimeout(() => { ahead.asked = null; }, PATIENCE_MS);
  transmit(live.wire);
}

// Ask nothing for a while, and then again.
function restAhead(live, ms) {
  live.ahead.restsUntil = Date.now() + ms;
  clearTimeout(live.ahead.rest);
  live.ahead.rest = setTimeout(() => askAhead(live), ms + 10);
}

// The field that is likely to change next, and to what.
function nextPositions(live) {
  const { held, expected } = live.ahead;
  const control = live.controls.get(held);
  if (!control) return { field: expected?.field, positions: expected?.values ?? [] };
  if (control.fact.kind === "number") return { field: held, positions: live.wire.flying.length ? [] : neighbours(control.fact, live.values[held]) };
  const reach = control.isGrasped || control.row.matches(":focus-within") ? REACH.held : REACH.hovered;
  return { field: held, positions: positionsAround(control, live.values[held], reach) };
}

// Of a box of whole numbers what its arrows and arrow keys reach next; whoever types through many of them asks for nothing.
function neighbours({ whole, least, most }, now) {
  if (!whole || !Number.isInteger(now)) return [];
  const order = Array.from({ length: REACH.box }, (_, i) => [now + i + 1, now - i - 1]).flat();
  return [now, ...order].filter((value) => value >= (least ?? -Infinity) && value <= (most ?? Infinity));
}

// All positions within reach, the nearest first.
function positionsAround(control, now, reach) {
  const { fact } = control;
  if (control.positionsOf !== fact) {
    control.positionsOf = fact;
    control.positions = fact.choices ? fact.choices.map((choice) => choice.value) : POSITIONS[fact.kind]?.(fact) ?? [];
  }
  const all = control.positions;
  const found = all.findIndex((value) => (typeof now === "number" && !fact.choices ? value >= now : same(value, now)));
  const at = found < 0 ? all.length : found;
  const order = [all[at], ...all.flatMap((_, i) => [all[at + i + 1], all[at - i - 1]])];
  return order.filter((value) => value !== undefined).slice(0, reach);
}

const POSITIONS = {
  switch: () => [false, true],
  slider({ least, most, step, stops }) {
    if (stops) return stops;
    // A range input names its positions exactly as it will while it is dragged.
    const probe = Object.assign(document.createElement("input"), { type: "range" });
    setAttributes(probe, { min: least, max: most, step });
    const n = Math.floor((most - least) / step + 1e-6) + 1;
    return Array.from({ length: Math.min(n, 5000) }, (_, i) => { probe.value = least + i * step; return probe.valueAsNumber; });
  },
};

// --- keeping ----------------------------------------------------------------------------------------------------------

// The key of each value of a field, while the rest of the state is this.
function aheadKeys(live, values, field) {
  const rest = JSON.stringify([live.epoch, field, { ...values, [field]: null }]);
  const { rests } = live.ahead;
  if (!rests.has(rest)) rests.set(rest, `${rests.size} `);
  const name = rests.get(rest); // short, because hundreds of keys are looked up at every step of a drag
  return (value) => name + JSON.stringify(value);
}

function keepAhead(live, data) {
  const { ahead } = live;
  if (live.epoch !== undefined && live.epoch !== data.epoch) {
    dropAhead(live);
    restAhead(live, CALM_MS);
  }
  live.epoch = data.epoch;
  if (data.picture !== null) data.picture = shared(live.picture, data.picture);
  data.controls = shared(live.facts, data.controls);
  keepOwn(live, data);
  if (data.ahead) keepAnswers(live, data);
  // An answer that was overtaken by this one on the way will not come any more.
  if (ahead.asked && data.wished >= ahead.asked.n) endAsking(ahead);
  for (const [key, { chars }] of ahead.kept) {
    if (ahead.size <= MAX_KEPT_CHARS) break;
    ahead.kept.delete(key);
    ahead.size -= chars;
  }
}

function endAsking(ahead) {
  clearTimeout(ahead.timer);
  ahead.asked = null;
}

function keepAnswers(live, data) {
  const { ahead } = live;
  if (data.ahead.n === ahead.asked?.n) {
    endAsking(ahead);
    if (!data.ahead.answers.length) restAhead(live, REST_MS);
  }
  const keyOf = aheadKeys(live, data.values, data.ahead.field);
  const { controls, picture, values } = data;
  for (const [value, change] of data.ahead.answers) {
    const answer = change && patched({ controls, picture, values, message: null }, change);
    keepAnswer(ahead, keyOf(value), answer, JSON.stringify(change).length);
  }
}

// The server's answer to one value stands for it when the hand comes back.
function keepOwn({ ahead, text }, data) {
  const key = ahead.awaited.get(data.seq);
  for (const n of [...ahead.awaited.keys()].filter((sent) => sent <= data.seq)) ahead.awaited.delete(n);
  if (key === undefined || data.picture === null || data.message || Object.keys(data.errors).length) return;
  const { controls, picture, values, message } = data;
  keepAnswer(ahead, key, { controls, picture, values, message }, text.length);
}

function keepAnswer(ahead, key, answer, size) {
  const chars = key.length + size;
  ahead.size += chars - (ahead.kept.get(key)?.chars ?? 0);
  ahead.kept.set(key, { answer, chars });
}

function dropAhead({ ahead }) {
  ahead.kept.clear();
  ahead.rests.clear();
  ahead.awaited.clear();
  ahead.size = 0;
}

// --- differences ------------------------------------------------------------------------------------------------------

// What `live_patch.difference` took apart, put together again; parts without a difference are the very same objects.
function patched(before, change) {
  if ("value" in change) return change.value;
  const made = Array.isArray(before) ? [...before] : { ...before };
  for (const [name, part] of Object.entries(change.parts)) made[name] = patched(before[name], part);
  return made;
}

// The same value as `now`, with every part that equals the one before being that very object: a drawing can tell at a
// glance what it has drawn already.
function shared(before, now) {
  if (before === now || typeof before !== "object" || typeof now !== "object" || !before || !now) return now;
  if (Array.isArray(before) !== Array.isArray(now)) return now;
  let isSame = true;
  if (Array.isArray(now)) {
    isSame = before.length === now.length;
    for (let i = 0; i < now.length; i += 1) {
      now[i] = shared(before[i], now[i]);
      isSame &&= now[i] === before[i];
    }
    return isSame ? before : now;
  }
  const names = Object.keys(now);
  isSame = names.length === Object.keys(before).length;
  for (const name of names) {
    now[name] = shared(before[name], now[name]);
    isSame &&= now[name] === before[name] && name in before;
  }
  return isSame ? before : now;
}

// --- showing ----------------------------------------------------------------------------------------------------------

// The kept answer to one changed field, unless something else is on its way that may change what it shows.
function findAhead(live, values) {
  const [[field, value], ...others] = Object.entries(values);
  if (others.length || !isAlone(live, field)) return null;
  const key = aheadKeys(live, live.values, field)(value);
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
  live.ahead.text = JSON.stringify(answer.values);
  drawLive(live, live.wire.n);
  askAhead(live);
}

// An answer to what was sent before that which is shown.
const isOld = (live, data) => data.seq < live.ahead.shown;

// Whether the server's answer is what the stage shows already. If it is another, nothing that was kept is to be trusted.
function isShownAhead(live, data) {
  const { ahead } = live;
  if (live.epoch === undefined) return false; // a stage that is not sent ahead
  const text = JSON.stringify(data.values);
  const isSamePicture = data.picture === null || data.picture === live.picture;
  const isSame = isSamePicture && text === ahead.text && data.seq <= Number(live.root.dataset.seq);
  if (!isSame && ahead.shown && data.seq === ahead.shown) dropAhead(live);
  ahead.shown = 0;
  ahead.text = text;
  return isSame;
}
