// Between a stage and the server: nothing queues, the last value always arrives, every click counts once.
//
// What changes goes out together with whatever has no answer yet. Values and streamed acts that were dragged past are
// replaced, here and on the way (Streamlit joins the requests that wait), so the server begins each run with the newest.
// A few may be on their way at a time while answers are quick: on a busy machine, waiting for each answer doubles the age
// of what is shown. What got no answer for a while is sent again; numbers tell the server what it has had already.

const RESEND_MS = 3000;
const QUICK_MS = 90;
const SLOW_MS = 200;
const MAX_FLYING = 60;
// A value whose picture is shown already may wait a little for newer ones, and does not disturb the hand meanwhile.
const LAZY_MS = 250;

function makeWire(transmit) {
  // Numbers only grow, also when the stage is mounted anew: a number used twice would be taken for old news.
  return { n: Date.now(), flying: [], timer: 0, lazy: 0, isDue: false, sent: [], roundtrip: QUICK_MS, transmit };
}

const VALUES = "values";

function postValues(wire, values, final, isLazy = false) {
  post(wire, VALUES, final, (old) => ({ values: { ...old?.values, ...values }, acts: [] }), isLazy);
}

function postAct(wire, name, details, latest) {
  post(wire, `act ${name}`, !latest, () => ({ values: {}, acts: [{ name, details }] }));
}

// A sealed change is kept as it is: a click, a value that was settled. All others give way to the next of their kind.
function post(wire, kind, isSealed, content, isLazy = false) {
  wire.n = Math.max(wire.n + 1, Date.now());
  const lastSealed = wire.flying.findLastIndex((change) => change.isSealed);
  const at = wire.flying.findIndex((change, i) => i > lastSealed && change.kind === kind);
  const old = at < 0 ? null : wire.flying.splice(at, 1)[0];
  wire.flying.push({ n: wire.n, kind, isSealed, isLazy, final: isSealed && kind === VALUES, ...content(old) });
  wire.flying = wire.flying.slice(-MAX_FLYING);
  if (isLazy) wait(wire);
  else flush(wire);
}

function wait(wire) {
  wire.lazy ||= setTimeout(() => {
    wire.lazy = 0;
    for (const change of wire.flying) change.isLazy = false;
    flush(wire);
  }, LAZY_MS);
}

const mostOnTheWay = (wire) => (wire.roundtrip < QUICK_MS ? 3 : wire.roundtrip < SLOW_MS ? 2 : 1);
const hasNews = (wire) => wire.sent.length < mostOnTheWay(wire) && wire.flying.some((change) => !change.isSent && !change.isLazy);

// What is posted within one turn of the browser goes out together.
function flush(wire) {
  if (wire.isDue || !hasNews(wire)) return;
  wire.isDue = true;
  queueMicrotask(() => { wire.isDue = false; dispatch(wire, RESEND_MS); });
}

function dispatch(wire, patience) {
  closeWire(wire);
  if (!wire.flying.length) return;
  wire.sent.push({ n: wire.n, at: Date.now() });
  for (const change of wire.flying) change.isSent = true;
  transmit(wire);
  wire.timer = setTimeout(() => dispatch(wire, 2 * patience), patience);
}

// All that is on its way goes along each time: Streamlit keeps only the last of the messages that wait.
function transmit(wire) {
  const sent = wire.flying.filter((change) => change.isSent);
  wire.transmit(sent.map(({ n, values, acts, final }) => ({ n, values, acts, final })));
}

// The server has worked on everything up to `seq`.
function acknowledge(wire, seq) {
  const answered = wire.sent.findLast(({ n }) => n <= seq);
  if (answered !== undefined) wire.roundtrip += 0.3 * (Date.now() - answered.at - wire.roundtrip);
  wire.flying = wire.flying.filter((change) => change.n > seq);
  wire.sent = wire.sent.filter(({ n }) => n > seq);
  if (!wire.flying.length) closeWire(wire);
  if (hasNews(wire)) dispatch(wire, RESEND_MS);
}

const isOnItsWay = (wire, field) => wire.flying.some((change) => field in change.values);

// A page that goes away takes its timer along, or it would go on sending into nothing.
function closeWire(wire) {
  clearTimeout(wire.timer);
  clearTimeout(wire.lazy);
  wire.timer = wire.lazy = 0;
}

function reopenWire(wire) {
  if (wire.flying.some((change) => change.isLazy)) wait(wire);
  if (wire.flying.length && !wire.timer) wire.timer = setTimeout(() => dispatch(wire, 2 * RESEND_MS), RESEND_MS);
}
