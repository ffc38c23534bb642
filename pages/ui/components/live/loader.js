// Streamlit sends this with every answer, so it is short. The stage's code comes with the first answers only, after the
// line of JSON, and is kept for as long as the page lives; a browser that has lost it asks for it.

const decoder = new TextDecoder();

export default function (component) {
  const shelf = (globalThis.labStages ??= {});
  const text = decoder.decode(component.data);
  const cut = text.indexOf("\n");
  const [answer, code] = [text.slice(0, cut), text.slice(cut + 1)];
  if (code && !shelf[VERSION]) {
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const entry = (shelf[VERSION] = { module: null });
    entry.loading = import(address).then((module) => { entry.module = module; });
  }
  const entry = shelf[VERSION];
  if (!entry) component.setStateValue("change", { needs_code: Date.now() });
  else if (entry.module) entry.module.show(component, answer);
  else entry.loading.then(() => entry.module.show(component, answer));
  return () => entry?.module?.close(component);
}
