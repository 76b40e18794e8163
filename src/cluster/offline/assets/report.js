
(() => {
  "use strict";
  const root = document.documentElement;
  const parts = [...document.querySelectorAll("[data-route]")];
  let chosen = null;

  function show(route) {
    root.classList.toggle("focused", route !== null);
    for (const part of parts) {
      const on = part.dataset.route === route;
      part.classList.toggle("on", on);
      if (part.tagName === "BUTTON") part.setAttribute("aria-pressed", String(on && route === chosen));
    }
    const front = document.querySelector("#map .route.on");
    if (front) {
      const last = [...front.parentNode.querySelectorAll(".route")].pop();
      if (last !== front) last.after(front);
    }
  }

  function choose(route) {
    chosen = chosen === route ? null : route;
    for (const part of parts) {
      if (part.tagName === "DETAILS" && part.dataset.route === chosen) part.open = true;
    }
    show(chosen);
    if (chosen === null) { view = { ...all }; draw(); } else fit(chosen);
  }

  for (const part of parts) {
    if (part.tagName === "DETAILS") continue;
    part.addEventListener("click", (event) => { event.stopPropagation(); if (!dragged) choose(part.dataset.route); });
    // Moving an element under the pointer (to draw it on top) enters it again: only a real change redraws.
    part.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse" && chosen === null && !part.classList.contains("on")) show(part.dataset.route);
    });
    part.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && chosen === null) show(null);
    });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen !== null) choose(chosen); });

  const map = document.getElementById("map");
  let dragged = false;
  const full = map ? map.viewBox.baseVal : { x: 0, y: 0, width: 1, height: 1 };
  const all = { x: full.x, y: full.y, width: full.width, height: full.height };
  let view = { ...all };

  function fit(route) {
    const front = map && map.querySelector(`.route[data-route="${route}"]`);
    if (!front) return;
    const pins = [...front.querySelectorAll(".pin")];
    if (!pins.length) return;
    const xs = pins.map((pin) => Number(pin.dataset.x)), ys = pins.map((pin) => Number(pin.dataset.y));
    for (const base of map.querySelectorAll(".base")) { xs.push(Number(base.dataset.x)); ys.push(Number(base.dataset.y)); }
    const left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys);
    const width = Math.max((right - left) * 1.2, (bottom - top) * 1.2 * all.width / all.height, all.width / 6);
    view = { x: (left + right) / 2 - width / 2, y: (top + bottom) / 2 - width * all.height / all.width / 2, width };
    draw();
  }

  function draw() {
    // Before the first layout there is no width to draw for; the observer below calls again.
    if (!map || !map.clientWidth) return;
    view.width = Math.min(view.width, all.width);
    view.height = view.width * all.height / all.width;
    view.x = Math.min(Math.max(view.x, all.x), all.x + all.width - view.width);
    view.y = Math.min(Math.max(view.y, all.y), all.y + all.height - view.height);
    map.setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
    map.classList.toggle("near", view.width < all.width);
    // Pins keep their size on the screen, whatever the zoom and the width of the window.
    const narrow = map.clientWidth < 600;
    const unit = view.width / map.clientWidth * (narrow ? 0.72 : 1);
    for (const pin of map.querySelectorAll(".pin")) {
      pin.setAttribute("transform", `translate(${pin.dataset.x} ${pin.dataset.y}) scale(${unit})`);
    }
    scale(map.clientWidth / view.width * Number(map.dataset.metre));
  }

  // A bar of a round length, as long as fits into a quarter of the map.
  function scale(pixelsAMetre) {
    const room = Math.min(map.clientWidth / 4, 200) / pixelsAMetre;
    const unit = 10 ** Math.floor(Math.log10(room));
    const length = unit * [5, 2, 1].find((factor) => factor * unit <= room);
    const bar = document.getElementById("scale");
    bar.querySelector("path").setAttribute("d", `M1 15v6h${length * pixelsAMetre}v-6`);
    bar.querySelector("text").textContent = length >= 1000 ? `${length / 1000} km` : `${length} m`;
  }

  function zoom(factor, x, y) {
    const width = Math.min(Math.max(view.width * factor, all.width / 40), all.width);
    const real = width / view.width;
    view = { x: x - (x - view.x) * real, y: y - (y - view.y) * real, width, height: view.height * real };
    draw();
  }

  if (!map) return;
  map.addEventListener("click", () => { if (!dragged) { chosen = null; show(null); } });
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      if (button.dataset.zoom === "all") { view = { ...all }; draw(); return; }
      zoom(button.dataset.zoom === "in" ? 0.6 : 1 / 0.6, view.x + view.width / 2, view.y + view.height / 2);
    });
  }
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = map.getBoundingClientRect();
    const x = view.x + (event.clientX - box.left) / box.width * view.width;
    const y = view.y + (event.clientY - box.top) / box.height * view.height;
    zoom(event.deltaY < 0 ? 0.8 : 1.25, x, y);
  }, { passive: false });

  let from = null;
  map.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (view.width < all.width) from = { x: event.clientX, y: event.clientY, view: { ...view } };
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const dx = event.clientX - from.x, dy = event.clientY - from.y;
    if (Math.hypot(dx, dy) > 4) dragged = true;
    if (!dragged) return;
    view.x = from.view.x - dx * view.width / map.clientWidth;
    view.y = from.view.y - dy * view.width / map.clientWidth;
    draw();
  });
  window.addEventListener("pointerup", () => { from = null; });
  window.addEventListener("pointercancel", () => { from = null; });
  new ResizeObserver(draw).observe(map);
  draw();
})();
