// Numbers as every stage writes and reads them. Nothing is computed here.

// A true minus, no trailing zeros, at most `digits` significant digits; small and large ones with a power of ten.
function numberText(value, digits = 4) {
  if (value === null || value === undefined) return "–";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  let text;
  if (Number.isInteger(value) && size < 1e7) text = String(value);
  else if (size >= 1e6 || size < 1e-4) text = value.toExponential(Math.max(0, digits - 2)).replace(/\.?0+e/, "e").replace("e+", "e");
  else text = String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−");
}

// A share of one as a percentage of at most `digits` digits.
const percentText = (share, digits = 3) => (share === null || share === undefined ? "–" : `${numberText(100 * share, digits)} %`);

// What stands in a number box: full precision without the noise of binary fractions.
const boxText = (value) => (value === null || value === undefined ? "" : String(Number(Number(value).toPrecision(12))));

// A sentence on what a box takes.
function wantedText(fact) {
  if (fact.only) {
    const words = fact.stops.map((stop) => numberText(stop, 12));
    return `${fact.label} takes ${[words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(" or ")}.`;
  }
  const kind = fact.whole ? "a whole number" : "a number";
  const least = fact.least === null ? "" : `${fact.above ? "above" : "of at least"} ${numberText(fact.least, 12)}`;
  const most = fact.most === null ? "" : `${fact.below ? "below" : "of at most"} ${numberText(fact.most, 12)}`;
  if (least && most && !fact.above && !fact.below) {
    return `${fact.label} takes ${kind} from ${numberText(fact.least, 12)} to ${numberText(fact.most, 12)}.`;
  }
  return `${[fact.label, "takes", kind, [least, most].filter(Boolean).join(" and ")].filter(Boolean).join(" ")}.`;
}

// Typed text to {value} or {problem}. A comma counts as the decimal point, a true minus as minus.
function readNumber(text, fact) {
  const plain = text.trim().replace("−", "-").replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
  if (plain === "" && fact.optional) return { value: null };
  const value = plain === "" ? NaN : Number(plain);
  if (!Number.isFinite(value)) return { problem: `${wantedText(fact)} The last good value stays.` };
  const isLow = fact.least !== null && (value < fact.least || (fact.above && value === fact.least));
  const isHigh = fact.most !== null && (value > fact.most || (fact.below && value === fact.most));
  const isOther = fact.only && !fact.stops.includes(value);
  if (isLow || isHigh || isOther || (fact.whole && !Number.isInteger(value))) return { problem: `${wantedText(fact)} The last good value stays.` };
  return { value };
}
