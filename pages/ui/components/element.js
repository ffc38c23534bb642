// One element of HTML; Python puts it before the code of the components that use it. Text is never read as HTML: names of
// networks, classes and data sets are a user's.

function element(tag, className, text, parent) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}
