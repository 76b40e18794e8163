import type { Map as LibreMap } from "maplibre-gl";

const RATIO = 2;

/** Draws on a canvas of its own and hands the picture to the map under a name, once. */
function add(
  map: LibreMap,
  name: string,
  width: number,
  height: number,
  draw: (c: CanvasRenderingContext2D) => void,
): string {
  if (map.hasImage(name)) return name;
  const canvas = document.createElement("canvas");
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws no canvas");
  context.scale(RATIO, RATIO);
  draw(context);
  map.addImage(name, context.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: RATIO });
  return name;
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

function disc(c: CanvasRenderingContext2D, centre: number, radius: number, fill: string): void {
  c.beginPath();
  c.arc(centre, centre, radius, 0, 2 * Math.PI);
  c.fillStyle = fill;
  c.fill();
}

function centred(c: CanvasRenderingContext2D, text: string, x: number, y: number, size: number, fill: string): void {
  c.font = `600 ${size}px ${FONT}`;
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillStyle = fill;
  c.fillText(text, x, y + size * 0.05);
}

/** A numbered disc of 24 pixels in a route's colour with a thin edge of paper. */
export function paintStop(c: CanvasRenderingContext2D, label: string, colour: string, paper: string): void {
  disc(c, 12, 11, paper);
  disc(c, 12, 9.5, colour);
  centred(c, label, 12, 12, label.length > 2 ? 9 : 11, paper);
}

/** A place of several routes, 28 pixels wide: a white disc with an edge in all their colours. */
export function paintShared(
  c: CanvasRenderingContext2D,
  label: string,
  colours: string[],
  paper: string,
  text: string,
): void {
  disc(c, 14, 13.5, paper);
  colours.forEach((colour, index) => {
    c.beginPath();
    c.arc(
      14,
      14,
      10.6,
      (index / colours.length) * 2 * Math.PI - Math.PI / 2,
      ((index + 1) / colours.length) * 2 * Math.PI - Math.PI / 2,
    );
    c.lineWidth = 3;
    c.strokeStyle = colour;
    c.stroke();
  });
  centred(c, label, 14, 14, 10, text);
}

/** The hub, 32 pixels wide: a dark square with a house in it. */
export function paintHub(c: CanvasRenderingContext2D, fill: string, paper: string): void {
  c.beginPath();
  c.roundRect(2, 2, 28, 28, 8);
  c.fillStyle = paper;
  c.fill();
  c.beginPath();
  c.roundRect(4, 4, 24, 24, 6.5);
  c.fillStyle = fill;
  c.fill();
  c.strokeStyle = paper;
  c.lineWidth = 1.8;
  c.lineJoin = "round";
  c.lineCap = "round";
  c.stroke(new Path2D("M9.5 15.2 16 10l6.5 5.2V22a.8.8 0 0 1-.8.8H10.3a.8.8 0 0 1-.8-.8Z M13.5 22.5v-4.7h5v4.7"));
}

/** A shipment that no route carries, 22 pixels wide: an open disc with a cross. */
export function paintCross(c: CanvasRenderingContext2D, colour: string, paper: string): void {
  disc(c, 11, 10, paper);
  c.strokeStyle = colour;
  c.lineWidth = 1.8;
  c.lineCap = "round";
  c.stroke(new Path2D("M11 2.6a8.4 8.4 0 1 1 0 16.8 8.4 8.4 0 0 1 0-16.8Z M8.2 8.2l5.6 5.6 M13.8 8.2l-5.6 5.6"));
}

export function stopIcon(
  map: LibreMap,
  label: string,
  colour: string,
  paper: string,
  name = `stop|${label}|${colour}|${paper}`,
): string {
  return add(map, name, 24, 24, (c) => paintStop(c, label, colour, paper));
}

export function sharedIcon(
  map: LibreMap,
  label: string,
  colours: string[],
  paper: string,
  text: string,
  name = `shared|${label}|${colours.join()}|${paper}`,
): string {
  return add(map, name, 28, 28, (c) => paintShared(c, label, colours, paper, text));
}

export function hubIcon(map: LibreMap, fill: string, paper: string, name = `hub|${fill}`): string {
  return add(map, name, 32, 32, (c) => paintHub(c, fill, paper));
}

export function crossIcon(map: LibreMap, colour: string, paper: string, name = `cross|${colour}`): string {
  return add(map, name, 22, 22, (c) => paintCross(c, colour, paper));
}

/** A small text on the map's ground, such as "5 km" on a ring. */
export function textIcon(map: LibreMap, text: string, colour: string, ground: string, name = `text|${text}|${colour}`): string {
  const width = text.length * 7 + 10;
  return add(map, name, width, 16, (c) => {
    c.lineWidth = 4;
    c.lineJoin = "round";
    c.strokeStyle = ground;
    c.font = `500 10.5px ${FONT}`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.strokeText(text, width / 2, 8);
    c.fillStyle = colour;
    c.fillText(text, width / 2, 8);
  });
}

/** A drop-shaped pin whose tip is at the picked place. */
export function pinIcon(map: LibreMap, colour: string, paper: string): string {
  return add(map, `pin|${colour}`, 32, 64, (c) => {
    const drop = new Path2D("M16 32S5 21.5 5 13a11 11 0 1 1 22 0c0 8.5-11 19-11 19Z");
    c.fillStyle = colour;
    c.fill(drop);
    c.lineWidth = 1.5;
    c.strokeStyle = paper;
    c.stroke(drop);
    c.beginPath();
    c.arc(16, 13, 4, 0, 2 * Math.PI);
    c.fillStyle = paper;
    c.fill();
  });
}

/** A label with a time on it. */
export function timeIcon(map: LibreMap, text: string, colour: string, paper: string): string {
  return add(map, `time|${text}|${colour}`, 48, 22, (c) => {
    c.beginPath();
    c.roundRect(1, 1, 46, 20, 10);
    c.fillStyle = paper;
    c.fill();
    c.lineWidth = 1.5;
    c.strokeStyle = colour;
    c.stroke();
    centred(c, text, 24, 11, 11, colour);
  });
}
