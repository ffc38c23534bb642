// Play, pause, one step on or back, and a slider over all steps. It walks here, at once; `onStep(i)` says where it is.
// Places are counted from 1; what begins with nothing done, as a training does, says `first: 0`.

const PLAYER_ICONS = { play: "M7 4v16l13-8z", pause: "M6 4h4v16H6zM14 4h4v16h-4z", back: "M18 4v16L8 12zM5 4h2v16H5z", on: "M6 4v16l10-8zM17 4h2v16h-2z" };

function player(host, options) {
  const play = (host.livePlayer ??= newPlayer(host));
  const isFirst = !play.options;
  play.options = { label: "Steps", every: 600, first: 1, ...options };
  play.bar.setAttribute("aria-label", play.options.label);
  play.range.max = Math.max(0, play.options.n - 1);
  if (!play.isHeld && options.at !== undefined) showStep(play, options.at);
  else showStep(play, Math.min(play.at, play.options.n - 1));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (isFirst && options.playing && !still) setPlaying(play, true);
  return play.handle;
}

function newPlayer(host) {
  host.classList.add("live-player");
  const play = { host, at: 0, timer: 0 };
  play.bar = element("div", "live-player-bar", undefined, host);
  play.bar.setAttribute("role", "group");
  play.back = playerButton(play, "back", "One step back", () => go(play, play.at - 1));
  play.toggle = playerButton(play, "play", "Play", () => setPlaying(play, !play.timer));
  play.on = playerButton(play, "on", "One step on", () => go(play, play.at + 1));
  play.range = element("input", "live-range", undefined, play.bar);
  play.range.type = "range";
  play.range.min = 0;
  play.range.step = 1;
  play.range.setAttribute("aria-label", "Step");
  play.range.oninput = () => go(play, play.range.valueAsNumber);
  play.range.onpointerdown = () => { play.isHeld = true; };
  play.range.onpointerup = play.range.onpointercancel = () => { play.isHeld = false; };
  play.count = element("output", "live-output", "", play.bar);
  play.handle = {
    play: () => setPlaying(play, true),
    pause: () => setPlaying(play, false),
    go: (i) => go(play, i),
    get at() { return play.at; },
    get playing() { return Boolean(play.timer); },
  };
  return play;
}

function playerButton(play, icon, label, onClick) {
  const button = element("button", "live-player-button", undefined, play.bar);
  button.type = "button";
  button.onclick = onClick;
  const picture = make("svg", { viewBox: "0 0 24 24", width: 16, height: 16, "aria-hidden": "true" }, button);
  make("path", { d: "", fill: "currentColor" }, picture);
  nameButton(button, icon, label);
  return button;
}

function nameButton(button, icon, label) {
  button.setAttribute("aria-label", label);
  button.title = label;
  button.querySelector("path").setAttribute("d", PLAYER_ICONS[icon]);
}

function setPlaying(play, wanted) {
  clearInterval(play.timer);
  play.timer = 0;
  if (wanted && play.options.n > 1) {
    if (play.at >= play.options.n - 1) step(play, 0);
    play.timer = setInterval(() => {
      if (!play.host.isConnected) setPlaying(play, false);
      else if (document.hidden) return;
      else if (play.at < play.options.n - 1) step(play, play.at + 1);
      else if (play.options.loop) step(play, 0);
      else setPlaying(play, false);
    }, play.options.every);
  }
  nameButton(play.toggle, play.timer ? "pause" : "play", play.timer ? "Pause" : "Play");
}

// By hand: the walking stops.
function go(play, at) {
  setPlaying(play, false);
  step(play, clip(at, 0, play.options.n - 1));
}

function step(play, at) {
  showStep(play, at);
  play.options.onStep?.(at);
}

function showStep(play, at) {
  play.at = Math.max(0, at);
  setRange(play.range, play.at);
  const { n, first } = play.options;
  play.count.textContent = `${play.at + first} of ${n - 1 + first}`;
  play.range.setAttribute("aria-valuetext", play.count.textContent);
}
