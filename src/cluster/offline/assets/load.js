
// A loaded hold, drawn as solid boxes seen from any side above the floor; no library, no network.
(() => {
  "use strict";
  const panel = document.getElementById("load");
  if (!panel) return;
  const holds = JSON.parse(document.getElementById("load-data").textContent).map(read);
  const at = (id) => document.getElementById(id);
  const svg = at("load-view"), scene = at("load-scene"), time = at("load-time");
  const COLOURS = 12, HATCHES = 6, PAD = 34;
  const first = { yaw: -1.02, pitch: 0.46, zoom: 1 };
  let hold = holds[0], by = "stop", frame = 0, camera = { ...first }, picked = null, pointed = null, timer = null, waiting = 0;

  function read(row) {
    const boxes = row.boxes.map((one, index) => ({
      index, order: one[0], unit: one[1], number: one[2], low: one.slice(3, 6),
      high: [one[3] + one[6], one[4] + one[7], one[5] + one[8]], edges: one.slice(6, 9),
      weight: one[9], since: one[10], until: one[11], onTop: one[12], on: one[13],
    }));
    return { ...row, boxes, frames: frames(boxes), sorted: {}, groups: groups(boxes) };
  }

  // What happens one after another: at each stop all that leaves at once, then what is loaded one by one.
  function frames(boxes) {
    const steps = [{ stop: null, loaded: 0, box: null, left: 0 }];
    const stops = [...new Set(boxes.flatMap((box) => [box.since, box.until]))].sort((one, other) => one - other);
    let loaded = 0;
    for (const stop of stops) {
      const left = boxes.filter((box) => box.until === stop).length;
      if (left) steps.push({ stop, loaded, box: null, left });
      for (; loaded < boxes.length && boxes[loaded].since === stop; ) {
        steps.push({ stop, loaded: loaded + 1, box: boxes[loaded], left: 0 });
        loaded += 1;
      }
    }
    return steps;
  }

  function groups(boxes) {
    const stops = [...new Set(boxes.map((box) => box.until))].sort((one, other) => one - other);
    const orders = [...new Set(boxes.map((box) => box.order))];
    // A stop has the same colour in every hold.
    return { stop: new Map(stops.map((key) => [key, Math.max(0, key - 1)])), order: new Map(orders.map((key, k) => [key, k])) };
  }

  const groupOf = (box) => hold.groups[by].get(by === "stop" ? box.until : box.order);
  const stopName = (stop) => hold.stops[stop] ? `${stop}, ${hold.stops[stop]}` : String(stop);
  const shortName = (box) => by === "stop" ? String(box.until) : box.order;
  const gone = (box, step) => step.stop !== null && box.until <= step.stop && box.index < step.loaded;
  const aboard = (box, step) => box.index < step.loaded && !gone(box, step);

  // Boxes from the farthest to the nearest. One may hide another only if it is nearer along every axis that parts them.
  function sorted(signs) {
    const key = signs.join();
    if (hold.sorted[key]) return hold.sorted[key];
    const boxes = hold.boxes, behind = boxes.map(() => 0), before = boxes.map(() => []);
    for (let i = 0; i < boxes.length; i++) {
      for (let j = i + 1; j < boxes.length; j++) {
        const nearer = side(boxes[i], boxes[j], signs);
        if (nearer > 0) { before[j].push(i); behind[i]++; } else if (nearer < 0) { before[i].push(j); behind[j]++; }
      }
    }
    const depth = boxes.map((box) => signs.reduce((sum, sign, axis) => sum + sign * (box.low[axis] + box.high[axis]), 0));
    const order = [], open = boxes.map((_, i) => i).filter((i) => !behind[i]), done = boxes.map(() => false);
    while (order.length < boxes.length) {
      // Boxes that hide one another in a ring have no order; the farthest of them then comes first.
      if (!open.length) open.push(boxes.map((_, i) => i).filter((i) => !done[i]).sort((i, j) => depth[i] - depth[j])[0]);
      const next = open.pop();
      if (done[next]) continue;
      done[next] = true;
      order.push(next);
      for (const i of before[next]) if (!--behind[i] && !done[i]) open.push(i);
    }
    return (hold.sorted[key] = order);
  }

  // Above 0 where `one` is nearer than `other`, below 0 where it is farther, 0 where neither can hide the other.
  function side(one, other, signs) {
    let found = 0;
    for (let axis = 0; axis < 3; axis++) {
      const parted = one.low[axis] >= other.high[axis] ? signs[axis] : one.high[axis] <= other.low[axis] ? -signs[axis] : 0;
      if (!parted) continue;
      if (found && found !== parted) return 0;
      found = parted;
    }
    return found;
  }

  function view() {
    const { yaw, pitch, zoom } = camera;
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    const flat = ([x, y, z]) => [-sy * x + cy * y, sp * cy * x + sp * sy * y - cp * z];
    const [l, w, h] = hold.edges, corners = [];
    for (const x of [0, l]) for (const y of [0, w]) for (const z of [0, h]) corners.push(flat([x, y, z]));
    for (const axle of hold.chassis ? hold.chassis.axles : []) for (const y of [0, w]) corners.push(flat([axle.at_mm, y, drop()]));
    const xs = corners.map((p) => p[0]), ys = corners.map((p) => p[1]);
    const width = svg.clientWidth || 800, height = svg.clientHeight || 400;
    const scale = zoom * Math.min((width - 2 * PAD) / (Math.max(...xs) - Math.min(...xs)),
      (height - 2 * PAD) / (Math.max(...ys) - Math.min(...ys)));
    const mx = (Math.max(...xs) + Math.min(...xs)) / 2, my = (Math.max(...ys) + Math.min(...ys)) / 2;
    const to = (p) => { const [u, v] = flat(p); return [width / 2 + (u - mx) * scale, height / 2 + (v - my) * scale]; };
    return { to, width, height, signs: [cy >= 0 ? 1 : -1, sy >= 0 ? 1 : -1, 1] };
  }

  const path = (points) => points.map((p) => `${p[0].toFixed(1)},${p[1].toFixed(1)}`).join(" ");
  const shape = (cls, points) => `<polygon class="${cls}" points="${path(points)}"/>`;
  const safe = (text) => String(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

  // The rectangle in which axis `fixed` has one value.
  function rectangle(fixed, value, low, high) {
    const [a, b] = [0, 1, 2].filter((axis) => axis !== fixed);
    return [[low[a], low[b]], [high[a], low[b]], [high[a], high[b]], [low[a], high[b]]].map(([one, other]) => {
      const point = [0, 0, 0];
      point[fixed] = value; point[a] = one; point[b] = other;
      return point;
    });
  }

  function drawBox(box, seen, cls) {
    const { to, signs } = seen, k = groupOf(box), parts = [];
    for (const [axis, kind] of [[2, "top"], [0, "end"], [1, "flank"]]) {
      const points = rectangle(axis, signs[axis] > 0 ? box.high[axis] : box.low[axis], box.low, box.high).map(to);
      parts.push(shape(`face ${kind}`, points));
      if (kind !== "end" && k % HATCHES) parts.push(`<polygon class=hatch fill="url(#hatch${k % HATCHES})" points="${path(points)}"/>`);
      if (kind !== "end") parts.push(label(points, shortName(box)));
    }
    return `<g class="box c${k % COLOURS}${cls}" data-box="${box.index}">${parts.join("")}</g>`;
  }

  // Text that lies on a face, where it is large enough to be read.
  function label([a, b, , d], text) {
    const along = [b[0] - a[0], b[1] - a[1]], up = [d[0] - a[0], d[1] - a[1]];
    const wide = Math.hypot(...along), high = Math.hypot(...up);
    const area = Math.abs(along[0] * up[1] - along[1] * up[0]);
    const size = Math.min(area / wide * 0.62, 1.5 * wide / Math.max(text.length, 1.4), 26);
    if (size < 9 || !high) return "";
    const turn = along[0] < 0 ? -1 : 1, lean = (up[1] > 0 ? 1 : -1);
    const x = [turn * along[0] / wide, turn * along[1] / wide], y = [lean * up[0] / high, lean * up[1] / high];
    const [mx, my] = [a[0] + (along[0] + up[0]) / 2, a[1] + (along[1] + up[1]) / 2];
    const matrix = [...x, ...y, mx, my].map((value) => value.toFixed(3)).join(" ");
    return `<text transform="matrix(${matrix})" dy=".36em" font-size="${size.toFixed(1)}">${safe(text)}</text>`;
  }

  function drawHold({ to, signs }) {
    const high = hold.edges, low = [0, 0, 0], back = [], front = [];
    back.push(shape("wall ground", rectangle(2, 0, low, high).map(to)));
    for (const axis of [0, 1]) {
      back.push(shape("wall", rectangle(axis, signs[axis] > 0 ? 0 : high[axis], low, high).map(to)));
      front.push(shape("rim", rectangle(axis, signs[axis] > 0 ? high[axis] : 0, low, high).map(to)));
    }
    front.push(shape("rim", rectangle(2, high[2], low, high).map(to)));
    for (const door of hold.doors) {
      const [axis, value] = door.side === "rear" ? [0, high[0]] : [1, door.side === "left" ? 0 : high[1]];
      const from = door.side === "rear" ? low : [door.from_mm ?? 0, 0, 0];
      const to_ = door.side === "rear" ? high : [door.to_mm ?? high[0], high[1], high[2]];
      const points = rectangle(axis, value, from, to_);
      const near = (signs[axis] > 0) === (value > 0);
      (near ? front : back).push(shape("door", points.map(to)));
      const [x, y] = to([0, 1, 2].map((one) => (points[0][one] + points[1][one]) / 2));
      front.push(`<text class=mark x="${x.toFixed(1)}" y="${(y + 17).toFixed(1)}">${door.side} door</text>`);
    }
    const [x, y] = to([0, signs[1] > 0 ? high[1] : 0, 0]);
    front.push(`<text class=mark x="${x.toFixed(1)}" y="${(y + 17).toFixed(1)}">front</text>`);
    return [back.join(""), front.join("")];
  }

  // Loads by the lever, as the checker has them: two supports, and a kingpin that hands its part on to the tractor.
  function axleLoads(step) {
    const chassis = hold.chassis;
    if (!chassis) return [];
    const on = hold.boxes.filter((box) => aboard(box, step)), axles = chassis.axles;
    const weight = on.reduce((sum, box) => sum + box.weight, 0);
    const moment = on.reduce((sum, box) => sum + box.weight * (box.low[0] + box.high[0]) / 2, 0);
    const pin = chassis.kingpin_mm ?? null, fore = pin ?? axles[0].at_mm, rear = axles[axles.length - 1];
    const back = (moment - weight * fore) / (rear.at_mm - fore), rest = weight - back;
    const lever = pin === null ? 0 : (pin - axles[0].at_mm) / (axles[1].at_mm - axles[0].at_mm);
    const parts = pin === null ? [rest, back] : [rest * (1 - lever), rest * lever, back];
    return axles.map((axle, k) => ({ ...axle, load: (axle.tare_g ?? 0) + parts[k] }));
  }

  const drop = () => -0.06 * hold.edges[2];

  function drawAxles({ to, signs }, axles) {
    const near = signs[1] > 0 ? hold.edges[1] : 0;
    return axles.map((axle) => {
      const [a, b] = [to([axle.at_mm, 0, drop()]), to([axle.at_mm, hold.edges[1], drop()])];
      const bad = axle.load > axle.max_g || axle.load < (axle.min_g ?? 0);
      const [x, y] = to([axle.at_mm, near, drop()]);
      return `<line class="axle${bad ? " over" : ""}" x1="${a[0]}" y1="${a[1]}" x2="${b[0]}" y2="${b[1]}"/>` +
        `<text class=mark x="${x.toFixed(1)}" y="${(y + 19).toFixed(1)}">axle ${safe(axle.id)}</text>`;
    }).join("");
  }

  function draw() {
    if (!svg.clientWidth) return;
    const step = hold.frames[frame], seen = view(), order = sorted(seen.signs), [back, front] = drawHold(seen);
    const chosen = picked ?? pointed, under = new Set(chosen === null ? [] : hold.boxes[chosen].on);
    const ghosts = [], solid = [];
    for (const index of order) {
      const box = hold.boxes[index];
      if (gone(box, step)) for (const axis of [0, 1, 2]) {
        ghosts.push(shape("ghost", rectangle(axis, seen.signs[axis] > 0 ? box.high[axis] : box.low[axis], box.low, box.high).map(seen.to)));
      } else if (aboard(box, step)) {
        const cls = index === chosen ? " picked" : under.has(index) ? " under" : box === step.box ? " last" : "";
        solid.push(drawBox(box, seen, cls));
      }
    }
    const axles = axleLoads(step);
    let outline = "";
    if (chosen !== null && aboard(hold.boxes[chosen], step)) {
      const box = hold.boxes[chosen];
      outline = [0, 1, 2].map((axis) => shape("outline",
        rectangle(axis, seen.signs[axis] > 0 ? box.high[axis] : box.low[axis], box.low, box.high).map(seen.to))).join("");
    }
    svg.setAttribute("viewBox", `0 0 ${seen.width} ${seen.height}`);
    scene.innerHTML = back + drawAxles(seen, axles) + ghosts.join("") + solid.join("") + front + outline;
    tell(step, axles);
  }

  function soon() {
    if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; draw(); });
  }

  const kg = (grams) => `${(grams / 1000).toLocaleString("en", { maximumFractionDigits: grams < 1e5 ? 1 : 0 })} kg`;
  const name = (box) => `${box.order} / ${box.unit} no. ${box.number}`;

  function tell(step, axles) {
    const on = hold.boxes.filter((box) => aboard(box, step)), all = hold.boxes.length;
    let said = `Empty: ${all} units to load`;
    if (step.box) said = `${step.stop ? `At stop ${stopName(step.stop)}: l` : "L"}oaded ${step.loaded} of ${all}: ${name(step.box)}`;
    else if (step.stop !== null) said = `At stop ${stopName(step.stop)}: ${step.left} unloaded, ${on.length} on board`;
    at("load-step").textContent = said;
    time.setAttribute("aria-valuetext", said);
    const weight = on.reduce((sum, box) => sum + box.weight, 0);
    const volume = on.reduce((sum, box) => sum + box.edges[0] * box.edges[1] * box.edges[2], 0);
    const room = hold.edges[0] * hold.edges[1] * hold.edges[2];
    const rows = [["Space", `${(100 * volume / room).toFixed(1)} %`, volume, room, false]];
    if (hold.weight_max_g) rows.push(["Weight", `${kg(weight)} of ${kg(hold.weight_max_g)}`, weight, hold.weight_max_g, weight > hold.weight_max_g]);
    else rows.push(["Weight", kg(weight), 0, 0, false]);
    for (const axle of axles) {
      const bad = axle.load > axle.max_g || axle.load < (axle.min_g ?? 0);
      rows.push([`Axle ${axle.id}`, `${kg(axle.load)} of ${kg(axle.max_g)}`, axle.load, axle.max_g, bad]);
    }
    at("load-figures").innerHTML = rows.map(([title, text, value, most, over]) =>
      `<div><dt>${safe(title)}</dt><dd${over ? " class=over" : ""}>${safe(text)}${over ? " (outside its limits)" : ""}</dd>` +
      (most ? `<meter min="0" max="${most}" value="${Math.max(0, value)}"></meter>` : "") + "</div>").join("");
    for (const button of at("load-stops").children) {
      button.classList.toggle("over", button.dataset.stop !== undefined && step.stop !== null && Number(button.dataset.stop) <= step.stop);
    }
    describe();
  }

  function describe() {
    const chosen = picked ?? pointed, place = at("load-unit");
    if (chosen === null) { place.textContent = "Point at a unit, or choose it, to see what it is."; return; }
    const box = hold.boxes[chosen];
    const on = box.on.length ? box.on.map((index) => name(hold.boxes[index])).join("; ") : "the floor";
    const bears = { anything: "", fragile: " Only fragile units may stand on it.", nothing: " Nothing may stand on it." }[box.onTop];
    place.innerHTML = `<b>${safe(name(box))}</b>: ${box.edges.join(" × ")} mm, ${safe(kg(box.weight))}, ` +
      `unloaded at stop ${safe(stopName(box.until))}. Stands on ${safe(on)}, at ${box.low.join(", ")} mm.${bears}`;
  }

  function legend() {
    const rows = [...hold.groups[by]].slice(0, 40).map(([key, k]) => {
      const text = by === "stop" ? `stop ${stopName(key)}` : key;
      const count = hold.boxes.filter((box) => (by === "stop" ? box.until : box.order) === key).length;
      return `<button type=button class="c${k % COLOURS}"${by === "stop" ? ` data-stop="${key}" title="Go to this stop"` : ""}>` +
        `<svg aria-hidden=true><rect class=plain width=22 height=16 rx=3 /><rect width=22 height=16 rx=3 fill="${k % HATCHES ? `url(#hatch${k % HATCHES})` : "none"}"/></svg>` +
        `${safe(text)} <small>(${count})</small></button>`;
    });
    const more = hold.groups[by].size - rows.length;
    at("load-stops").innerHTML = rows.join("") + (more > 0 ? `<small>and ${more} more</small>` : "");
  }

  function choose(index) {
    hold = holds[index];
    by = hold.groups.stop.size > 1 || hold.groups.order.size < 2 ? "stop" : "order";
    at("load-by").value = by;
    at("load-pick").value = String(index);
    picked = pointed = null;
    camera = { ...first };
    time.max = String(hold.frames.length - 1);
    legend();
    go(hold.boxes.length ? hold.frames.findLastIndex((step) => step.box !== null && step.stop === hold.boxes[0].since) : 0);
  }

  function go(to) {
    frame = Math.min(Math.max(to, 0), hold.frames.length - 1);
    time.value = String(frame);
    soon();
  }

  function play(on) {
    clearInterval(timer);
    timer = null;
    at("load-play").textContent = on ? "Pause" : "Play";
    at("load-play").setAttribute("aria-pressed", String(on));
    if (!on) return;
    if (frame === hold.frames.length - 1) go(0);
    const pace = Math.min(450, Math.max(40, 24_000 / hold.frames.length));
    timer = setInterval(() => { if (frame >= hold.frames.length - 1) play(false); else go(frame + 1); }, pace);
  }

  function turn(how) {
    if (how === "left") camera.yaw -= Math.PI / 8;
    else if (how === "right") camera.yaw += Math.PI / 8;
    else if (how === "top") camera = { yaw: -Math.PI / 2, pitch: 1.56, zoom: 1 };
    else if (how === "all") camera = { ...first };
    else camera.zoom = Math.min(8, Math.max(0.5, camera.zoom * (how === "in" ? 1.25 : 0.8)));
    soon();
  }

  at("load-pick").addEventListener("change", (event) => choose(Number(event.target.value)));
  at("load-by").addEventListener("change", (event) => { by = event.target.value; legend(); soon(); });
  at("load-play").addEventListener("click", () => play(timer === null));
  time.addEventListener("input", () => { play(false); go(Number(time.value)); });
  at("load-stops").addEventListener("click", (event) => {
    const button = event.target.closest("[data-stop]");
    if (button) { play(false); go(hold.frames.findIndex((step) => step.stop === Number(button.dataset.stop) && step.left)); }
  });
  for (const button of panel.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => { play(false); go(frame + Number(button.dataset.step)); });
  }
  for (const button of panel.querySelectorAll("[data-turn]")) button.addEventListener("click", () => turn(button.dataset.turn));
  svg.addEventListener("keydown", (event) => {
    const does = { ArrowRight: () => go(frame + 1), ArrowLeft: () => go(frame - 1), ArrowUp: () => turn("right"),
      ArrowDown: () => turn("left"), Home: () => go(0), End: () => go(Infinity), "+": () => turn("in"), "-": () => turn("out"),
      Escape: () => { picked = null; soon(); } }[event.key];
    if (!does || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    play(false);
    does();
  });

  let held = null, moved = false;
  // A drawing made anew between press and release has other elements: what counts is what lies there now.
  const under = (event) => {
    const target = document.elementFromPoint(event.clientX, event.clientY);
    const box = target && target.closest("[data-box]");
    return box ? Number(box.dataset.box) : null;
  };
  svg.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY, ...camera };
    moved = false;
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held) {
      const now = event.pointerType === "mouse" ? under(event) : null;
      if (now !== pointed) { pointed = now; soon(); }
      return;
    }
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    if (Math.hypot(dx, dy) > 4) moved = true;
    if (!moved) return;
    svg.classList.add("held");
    camera.yaw = held.yaw - dx / 160;
    camera.pitch = Math.min(1.56, Math.max(0.03, held.pitch + dy / 200));
    soon();
  });
  const release = () => { held = null; svg.classList.remove("held"); };
  window.addEventListener("pointerup", release);
  window.addEventListener("pointercancel", release);
  svg.addEventListener("pointerleave", () => { if (pointed !== null) { pointed = null; soon(); } });
  svg.addEventListener("click", (event) => {
    if (moved) return;
    const now = under(event);
    picked = now === picked ? null : now;
    soon();
  });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    turn(event.deltaY < 0 ? "in" : "out");
  }, { passive: false });
  for (const list of document.querySelectorAll("details[data-load]")) {
    list.addEventListener("toggle", () => { if (list.open && holds.length > 1) choose(Number(list.dataset.load)); });
  }
  panel.hidden = false;
  new ResizeObserver(soon).observe(svg);
  choose(0);
})();
