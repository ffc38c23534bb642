// Which layer is chosen, known to every component of the page at once: nobody waits for the server to see a choice.
// Put before the code of the components that show or make it; they share one object, because each is its own module.
// `n` counts the choices and actions made here. The server gives it back with what it holds to be chosen, so that an answer to an
// older choice is never shown over a newer one.

const chosenLayer = (globalThis.labChosenLayer ??= { id: "", n: 0, shown: {}, send: null, waiting: 0, sentAt: -1e9 });

// Time between two choices while an arrow key is held down: the server draws the last one, not dozens.
const HELD_MS = 120;

function showChosen(id) {
  chosenLayer.id = id;
  for (const show of Object.values(chosenLayer.shown)) show(id);
}

function chooseLayer(id) {
  chosenLayer.n += 1;
  showChosen(id);
  clearTimeout(chosenLayer.waiting);
  const send = () => {
    chosenLayer.sentAt = performance.now();
    chosenLayer.send?.({ id: chosenLayer.id, n: chosenLayer.n });
  };
  if (performance.now() - chosenLayer.sentAt > HELD_MS) send();
  else chosenLayer.waiting = setTimeout(send, HELD_MS);
}

// An action takes a choice that still waits along, or the two would overtake each other. It has a number of its own,
// by which the server knows an action that reaches it twice.
function withChoice(action) {
  clearTimeout(chosenLayer.waiting);
  chosenLayer.n += 1;
  return { ...action, chosen: chosenLayer.id, n: chosenLayer.n };
}
