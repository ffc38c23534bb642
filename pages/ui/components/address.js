// Streamlit makes every change of the address a step for Back. Here the address follows what is set, so that it can be
// copied at any time, and only another page is a step. The last address is kept in this browser, for `last_time.js`.

export default function () {
  if (Object.hasOwn(history, "pushState")) return;
  history.pushState = function pushState(state, unused, address) {
    const isSamePage = address === undefined || new URL(address, location.href).pathname === location.pathname;
    (isSamePage ? History.prototype.replaceState : History.prototype.pushState).call(history, state, unused, address);
    keepAddress();
  };
}

// A browser that keeps nothing offers nothing next time; all else goes on.
function keepAddress() {
  try {
    if (sessionStorage.getItem(BEFORE) === null) sessionStorage.setItem(BEFORE, localStorage.getItem(LAST) ?? "");
    if (new URLSearchParams(location.search).has("s")) localStorage.setItem(LAST, location.pathname + location.search);
  } catch (error) {
    console.info("This browser does not keep the last address.", error);
  }
}
