// The one place where the choice of a layer goes to the server and comes back from it. Shows nothing itself.

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const isNew = !parentElement.labKnown;
  parentElement.labKnown = true;
  chosenLayer.send = (choice) => setTriggerValue("chosen", choice);
  if (isNew) chosenLayer.n = data.n;
  if (data.n >= chosenLayer.n) {
    chosenLayer.n = data.n;
    if (data.id !== chosenLayer.id || isNew) showChosen(data.id);
  }
}
