// Play, pause, step, reset, and how far the training is. The page pulls: the next steps are asked for when the last picture
// has been drawn, in an animation frame, so that a hidden or closed tab computes nothing.

const PLAY = "M7 4.5v15l12-7.5z";
const PAUSE = "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z";
const STEP = "M6 5v14l9-7zM16.5 5H19v14h-2.5z";
const EPOCH = "M4 5v14l7-7zM11 5v14l7-7zM18.5 5H20v14h-1.5z";
const RESTART = "M12 5a7 7 0 1 1-6.6 4.7l1.7.6A5.2 5.2 0 1 0 12 6.8V10L7.5 5.9 12 2z";
// Twenty pictures a second are smooth; more would only take time from other visitors.
const PICTURE_MS = 50;
// Pictures an answer: what an answer costs is shared by them. The server may send fewer.
const FRAMES = 4;
// What the first view shows by itself, unless less motion is wanted: enough to see the circle learned, slowly.
const SELF_EPOCHS = 40;
const SPEEDS = [
  { text: "1 batch a picture", ask: { n: 1 } },
  { text: "1 epoch a picture", ask: { n: 1, to_epoch_end: true } },
  { text: "As fast as it goes", ask: { n: 1000 } },
];

function mountToolbar(view) {
  const bar = element("div", "n-bar", undefined, view.root);
  const buttons = element("div", "n-buttons", undefined, bar);
  buttons.setAttribute("role", "group");
  buttons.setAttribute("aria-label", "Training");
  const clock = (view.clock = { isPlaying: false, isSelf: false, asked: null, last: 0, speed: 1 });
  iconButton(buttons, "n-button", "Reset to the same first weights", RESTART, () => {
    view.tools.act("restart", { final: true });
    clock.asked = null;
    view.tools.say("Reset to the first weights.");
  });
  clock.button = iconButton(buttons, "n-button n-play", "Play", PLAY, () => setTraining(view, !clock.isPlaying));
  iconButton(buttons, "n-button", "Train on one batch", STEP, () => stepOnce(view, { n: 1 }));
  iconButton(buttons, "n-button", "Train to the end of the epoch", EPOCH, () => stepOnce(view, { n: 1, to_epoch_end: true }));
  const label = element("label", "n-speed", undefined, bar);
  element("span", "n-quiet", "Speed", label);
  const menu = element("select", "live-menu", undefined, label);
  menu.append(...SPEEDS.map((speed) => element("option", "", speed.text)));
  menu.selectedIndex = clock.speed;
  menu.onchange = () => { clock.speed = menu.selectedIndex; };
  view.counts = element("dl", "n-counts", undefined, bar);
  view.spark = make("svg", { class: "n-spark", viewBox: "0 0 200 50", preserveAspectRatio: "none", "aria-hidden": "true" }, bar);
  view.sparks = [1, 0].map((series) => make("path", { style: `stroke: var(--series-${series})` }, view.spark));
}

function textButton(parent, text, act) {
  const button = element("button", "n-text", text, parent);
  button.type = "button";
  button.onclick = act;
  return button;
}

function setTraining(view, isPlaying, isSelf = false) {
  const { clock } = view;
  if (clock.isPlaying === isPlaying) return;
  Object.assign(clock, { isPlaying, isSelf, asked: null });
  clock.button.classList.toggle("on", isPlaying);
  nameIcon(clock.button, isPlaying ? "Pause" : "Play", isPlaying ? PAUSE : PLAY);
  // The link and the undo history follow when the training rests.
  if (!isPlaying) {
    endFilm(view);
    view.tools.act("settle", { final: true });
  }
  pump(view);
}

const paceOf = ({ clock }) => (clock.isSelf ? 2 * PICTURE_MS : PICTURE_MS);

function stepOnce(view, ask) {
  if (view.clock.isPlaying) setTraining(view, false);
  view.tools.act("train", { ...ask, final: true });
}

// Ask for the next pictures, once; the answer to this question calls again. It is asked for as they are needed, while
// those of the answer before are shown.
function pump(view) {
  const { clock } = view;
  if (!clock.isPlaying || clock.asked !== null) return;
  clock.asked = view.received.steps;
  const ask = () => {
    if (!clock.isPlaying || !view.root.isConnected) { clock.asked = null; return; }
    clock.last = performance.now();
    view.tools.act("train", { ...SPEEDS[clock.isSelf ? 1 : clock.speed].ask, frames: FRAMES }, { latest: true });
  };
  const wait = (view.received.frames.length + 1) * paceOf(view) - (performance.now() - clock.last);
  setTimeout(() => requestAnimationFrame(ask), Math.max(0, wait));
}

function hearAnswer(view, picture) {
  const { clock } = view;
  if (picture.problem) setTraining(view, false);
  if (clock.asked !== null && clock.asked !== picture.steps) clock.asked = null;
  if (clock.isSelf && picture.epoch >= SELF_EPOCHS) setTraining(view, false);
  if (!view.isBegun) {
    view.isBegun = true;
    const isFirstView = picture.steps === 0 && picture.is_first_view;
    if (isFirstView && !view.tools.still) setTraining(view, true, true);
  }
  pump(view);
}

// Both losses in small beside the buttons; the curves below have axes and values.
function drawSpark(view, picture) {
  const moments = [...picture.history, picture.now];
  const values = moments.flatMap((moment) => [moment.train[0], moment.test[0]]).filter(Number.isFinite);
  const most = Math.max(1e-9, ...values);
  const last = Math.max(1, picture.now.epoch - moments[0].epoch);
  ["test", "train"].forEach((part, i) => {
    const good = moments.filter((moment) => Number.isFinite(moment[part][0]));
    const places = good.map((moment) => `${((200 * (moment.epoch - moments[0].epoch)) / last).toFixed(1)} ${(48 - (46 * moment[part][0]) / most).toFixed(1)}`);
    view.sparks[i].setAttribute("d", places.length > 1 ? `M${places.join("L")}` : "");
  });
}

function drawCounts(view, picture) {
  const [trainLoss, trainRight] = picture.now.train;
  const [testLoss, testRight] = picture.now.test;
  const rows = [
    ["Epoch", String(picture.epoch).padStart(4, "0"), `step ${picture.steps}`],
    ["Train loss", fixed(trainLoss), share(trainRight)],
    ["Test loss", fixed(testLoss), share(testRight)],
  ];
  if (!view.counts.children.length) {
    for (const [name] of rows) {
      const cell = element("div", "n-count", undefined, view.counts);
      element("dt", "", name, cell);
      element("dd", "n-big", "", cell);
      element("dd", "n-small", "", cell);
    }
  }
  rows.forEach(([, big, small], i) => {
    const [, first, second] = view.counts.children[i].children;
    first.textContent = big;
    second.textContent = small;
  });
}

const fixed = (value) => (value === null ? "–" : value.toFixed(3));
const share = (value) => (value === null ? "" : `${percentText(value)} right`);
