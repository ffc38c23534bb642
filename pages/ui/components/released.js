// A click is a press and a release on one element: a drawing that would replace the element in between waits for the
// release, or the click would be lost.

const TAP_MS = 100; // a finger's click follows its release

function onceReleased(root, draw) {
  const press = (root.labPress ??= watchPress(root));
  press.draw = draw;
  if (!press.isDown) drawNow(press);
}

function drawNow(press) {
  press.draw?.();
  press.draw = null;
}

function watchPress(root) {
  const press = { isDown: false, draw: null };
  root.addEventListener("pointerdown", () => {
    press.isDown = true;
    const ended = new AbortController();
    const release = ({ pointerType }) => {
      ended.abort();
      setTimeout(() => { press.isDown = false; drawNow(press); }, pointerType === "mouse" ? 0 : TAP_MS);
    };
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, release, { capture: true, signal: ended.signal });
  });
  return press;
}
