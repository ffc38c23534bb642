// Between a stage and the server: at most one change on its way, newer values replace waiting ones, the last one always
// arrives. A change is sent again when no answer came; its number tells the server that it has had it already.

const RESEND_MS = 3000;
const MAX_ACTS = 50;

function makeWire(transmit) {
  // Numbers only grow, also when the stage is mounted anew: a number used twice would be taken for old news.
  return { n: Date.now(), flying: null, waiting: null, timer: 0, transmit };
}

function post(wire, values, final, act) {
  const waiting = (wire.waiting ??= { values: {}, final: false, acts: [] });
  Object.assign(waiting.values, values);
  waiting.final ||= final;
  if (act) {
    if (act.latest) waiting.acts = waiting.acts.filter((old) => old.name !== act.name);
    waiting.acts = [...waiting.acts, { name: act.name, details: act.details }].slice(-MAX_ACTS);
  }
  flush(wire);
}

function flush(wire) {
  if (wire.flying || !wire.waiting) return;
  wire.n = Math.max(wire.n + 1, Date.now());
  wire.flying = { n: wire.n, ...wire.waiting };
  wire.waiting = null;
  dispatch(wire, RESEND_MS);
}

function dispatch(wire, patience) {
  wire.transmit(wire.flying);
  wire.timer = setTimeout(() => dispatch(wire, 2 * patience), patience);
}

// The server has worked on everything up to `seq`; what waits goes out before anything is drawn.
function acknowledge(wire, seq) {
  if (!wire.flying || seq < wire.flying.n) return;
  closeWire(wire);
  wire.flying = null;
  flush(wire);
}

const isOnItsWay = (wire, field) => [wire.flying, wire.waiting].some((change) => change && field in change.values);

// A page that goes away takes its timers along, or it would go on sending into nothing.
function closeWire(wire) {
  clearTimeout(wire.timer);
  wire.timer = 0;
}

function reopenWire(wire) {
  if (wire.flying && !wire.timer) wire.timer = setTimeout(() => dispatch(wire, 2 * RESEND_MS), RESEND_MS);
}
