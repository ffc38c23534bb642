// Where this browser keeps the address of the lab: the last one, and the one from before this tab was opened.

const LAST = "lab:last";
const BEFORE = "lab:before";
