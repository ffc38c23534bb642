// Keeps one short text in this browser and tells the server what was kept, once for each time the page is loaded.

function kept(name, write) {
  try {
    if (write) localStorage.setItem(name, write);
    else if (write === "") localStorage.removeItem(name);
    return localStorage.getItem(name) ?? "";
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
