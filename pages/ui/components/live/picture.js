// A picture that can be pointed at: by mouse or finger, and by arrow keys.

function drawPicture(host, options) {
  const view = (host.livePicture ??= newPicture(host));
  view.options = options;
  const { img, frame } = view;
  setAttributes(img, { alt: options.alt ?? "", src: options.src, width: options.width, height: options.height });
  img.classList.toggle("pixelated", Boolean(options.pixelated));
  frame.classList.toggle("pointable", Boolean(options.onPoint));
  setAttributes(frame, options.onPoint
    ? { tabindex: 0, role: "group", "aria-label": `${options.alt ?? "Picture"}. Arrow keys move the place pointed at.` }
    : { tabindex: null, role: null, "aria-label": null });
}

function newPicture(host) {
  host.classList.add("live-picture");
  const frame = element("div", "live-picture-frame", undefined, host);
  const view = { frame, img: element("img", "", undefined, frame), at: [0.5, 0.5] };
  view.cross = element("span", "live-cross", "", frame);
  view.cross.hidden = true;
  const point = (fx, fy, withCross) => {
    view.at = [clip(fx, 0, 0.9999), clip(fy, 0, 0.9999)];
    view.cross.hidden = !withCross;
    view.cross.style.left = `${100 * view.at[0]}%`;
    view.cross.style.top = `${100 * view.at[1]}%`;
    view.options.onPoint?.(...view.at);
  };
  frame.onpointermove = frame.onpointerdown = (event) => {
    if (!view.options.onPoint) return;
    const box = view.img.getBoundingClientRect();
    point((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, false);
  };
  frame.onpointerleave = () => { if (view.options.onPoint && view.cross.hidden) view.options.onPoint(null); };
  frame.onkeydown = (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || !view.options.onPoint) return;
    event.preventDefault();
    const steps = view.options.steps ?? 28;
    const far = (event.shiftKey ? 5 : 1) / steps;
    point(view.at[0] + far * arrow[1], view.at[1] + far * arrow[0], true);
  };
  frame.onblur = () => { view.cross.hidden = true; };
  return view;
}
