// The one place where the choice of a layer goes to the server and comes back from it. Shows nothing itself.

export default function (component) {
  const { data, setTriggerValue } = component;
  chosenLayer.send = (choice) => setTriggerValue("chosen", choice);
  // Numbers only grow, also when this is mounted anew: a number used twice would be taken for old news.
  if (data.n < chosenLayer.n) return;
  chosenLayer.n = data.n;
  if (data.id !== chosenLayer.id) showChosen(data.id);
}
