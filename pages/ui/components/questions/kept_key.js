// Keeps one short text in this browser and tells the server what was kept, once for each time the page is loaded.
// What this tab wrote last stands in its sessionStorage: a tab writes only what is new, removes only what is its own,
// and a page loaded anew goes on with its own text before that of another tab.

function keep(name, write) {
  const own = sessionStorage.getItem(name);
  if (write === own) return;
  if (write) localStorage.setItem(name, write);
  else if (localStorage.getItem(name) === own) localStorage.removeItem(name);
  sessionStorage.setItem(name, write);
}

function kept(name, write) {
  try {
    if (write !== null) keep(name, write);
    return sessionStorage.getItem(name) || localStorage.getItem(name) || "";
  } catch {
    return ""; // a browser that keeps nothing: the exam goes on, only a reload does not find it
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector("span");
  const text = kept(data.name, data.write);
  if (data.write !== null) delete root.dataset.told; // a server that was restarted asks again
  if (data.write === null && text && root.dataset.told !== text) {
    root.dataset.told = text;
    setTriggerValue("found", text);
  }
}
