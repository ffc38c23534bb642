// Streamlit makes every change of the address a step for Back. Here the address follows what is set, so that it can be
// copied at any time, and only another page is a step.

export default function () {
  if (Object.hasOwn(history, "pushState")) return;
  history.pushState = function pushState(state, unused, address) {
    const isSamePage = address === undefined || new URL(address, location.href).pathname === location.pathname;
    (isSamePage ? History.prototype.replaceState : History.prototype.pushState).call(history, state, unused, address);
  };
}
