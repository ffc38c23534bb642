// The clock of an exam and the overview of its questions. The server is asked for nothing while the clock runs.

const LAST_WORD_S = 0.5; // what is being typed when the time is up is told first (reply_box.js)

function clockText(seconds) {
  const two = (value) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const WORDS = { open: "no answer yet", answered: "answered", unreadable: "cannot be read yet" };
const SIGNS = { open: "", answered: "•", unreadable: "?" };

function build(root, n) {
  root.replaceChildren();
  const clock = element("div", "clock", undefined, root);
  const word = element("span", "word", undefined, clock);
  const time = element("span", "time", undefined, clock);
  time.setAttribute("role", "timer");
  time.setAttribute("aria-live", "off");
  const strip = element("nav", "strip", undefined, root);
  strip.setAttribute("aria-label", "Questions");
  const buttons = Array.from({ length: n }, (_, i) => {
    const button = element("button", "", undefined, strip);
    button.type = "button";
    element("span", "number", String(i + 1), button);
    element("span", "sign", "", button).setAttribute("aria-hidden", "true");
    return button;
  });
  element("p", "count", undefined, root);
  return { word, time, buttons };
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".exam-bar");
  if (root.bar?.buttons.length !== data.standings.length) root.bar = build(root, data.standings.length);
  const { word, time, buttons } = root.bar;
  const limit = data.limit_s;
  word.textContent = limit ? "Time left" : "Time";
  time.setAttribute("aria-label", limit ? "Time left" : "Time since the start");
  let isOver = false;
  const began = performance.now() - data.elapsed_s * 1000;
  const tick = () => {
    const elapsed = (performance.now() - began) / 1000;
    const text = clockText(Math.max(0, limit ? Math.ceil(limit - elapsed) : elapsed));
    if (time.textContent !== text) time.textContent = text;
    if (!limit || isOver || elapsed < limit + LAST_WORD_S) return;
    isOver = true;
    setTriggerValue("over", true);
  };
  clearInterval(root.timer);
  root.timer = setInterval(() => (root.isConnected ? tick() : clearInterval(root.timer)), 250);
  tick();
  data.standings.forEach((standing, i) => {
    const button = buttons[i];
    button.className = standing;
    button.setAttribute("aria-label", `Question ${i + 1}, ${WORDS[standing]}`);
    if (i === data.at) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    button.querySelector(".sign").textContent = SIGNS[standing];
    button.onclick = () => setTriggerValue("go", i);
  });
  const done = data.standings.filter((standing) => standing === "answered").length;
  root.querySelector(".count").textContent = `${done} of ${data.standings.length} answered`;
}
