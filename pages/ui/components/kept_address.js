// What this browser keeps of the lab: the last address, and those of the last networks that were built here, newest first,
// so that a network of one's own is not lost to a preset in another tab. A tab keeps what there was before it was opened.

const LAST = "lab:last";
const BUILT = "lab:built";
const BEFORE = "lab:before";
const MAX_BUILT = 3;

// [{ name, address }]
const builtNow = () => JSON.parse(localStorage.getItem(BUILT) ?? "[]");

const keptNow = () => ({ last: localStorage.getItem(LAST) ?? "", built: builtNow() });
