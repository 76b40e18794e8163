import {
  AmbientLight,
  BoxGeometry,
  CanvasTexture,
  Color,
  DirectionalLight,
  EdgesGeometry,
  Group,
  LineBasicMaterial,
  LineDashedMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  Object3D,
  PerspectiveCamera,
  PlaneGeometry,
  Raycaster,
  RepeatWrapping,
  Scene,
  Sprite,
  SpriteMaterial,
  SRGBColorSpace,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { type Box, type By, type Door, type Figures, groupOf, groups, type Load, type Step, whereabouts } from "./model";
import { hatch } from "./hatch";

const METRE = 1000;
/** A tile of hatching and number is about this wide on a unit, in metres. */
const TILE = 0.36;
/** Room around the hold for names. */
const MARGIN = 1.06;

/** Colours of a theme, and names of what is not cargo. */
export interface Look {
  words: { front: string; doors: Record<Door["side"], string>; axle: (id: string) => string };
  colour: (position: number) => string;
  ink: string;
  quiet: string;
  wall: string;
  door: string;
  chosen: string;
  under: string;
}

export interface Pointed {
  hover: (index: number | null) => void;
  pick: (index: number | null) => void;
}

/** Things that hold memory of the graphics card until they are told to let go. */
interface Held {
  dispose(): void;
}

/**
 * A hold in three dimensions, drawn again only when something changed.
 *
 * The hold's x stays x; its z (up) is y here, and its y (from left to right) runs towards negative z.
 *
 * Throws where the browser has no WebGL.
 */
export class HoldScene {
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(35, 1, 0.05, 200);
  readonly #controls: OrbitControls;
  readonly #container: HTMLElement;
  readonly #load: Load;
  #look: Look;
  #solids: Mesh<BoxGeometry, MeshLambertMaterial>[] = [];
  #outlines: LineSegments<EdgesGeometry, LineBasicMaterial>[] = [];
  #ghosts: LineSegments<EdgesGeometry, LineDashedMaterial>[] = [];
  #frame = new Group();
  #held: Held[] = [];
  #due = 0;
  #pressed: [number, number] | null = null;
  #gone = false;
  #from: "side" | "top" = "side";
  /** Whoever turned the hold keeps the view when the window changes. */
  #turned = false;

  constructor(container: HTMLElement, load: Load, look: Look, by: By, pointed: Pointed) {
    this.#container = container;
    this.#load = load;
    this.#look = look;
    this.#renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.#renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    container.append(this.#renderer.domElement);
    this.#controls = new OrbitControls(this.#camera, this.#renderer.domElement);
    this.#controls.maxPolarAngle = Math.PI / 2 - 0.02;
    this.#controls.enablePan = false;
    this.#controls.addEventListener("start", () => (this.#turned = true));
    this.#controls.addEventListener("change", () => this.#soon());
    this.#listen(pointed);
    const sun = new DirectionalLight(0xffffff, 1.5);
    sun.position.set(-2, 9, 5);
    this.#scene.add(new AmbientLight(0xffffff, 1.9), sun, this.#frame);
    this.#build(by);
    this.resize();
  }

  /** Colours of another theme, or by something else. */
  recolour(look: Look, by: By): void {
    this.#look = look;
    this.#build(by);
  }

  /** What is on board after a step; the unit chosen, and what it stands on. */
  show(step: Step, chosen: number | null, axles: Figures["axles"]): void {
    const under = new Set(chosen === null ? [] : (this.#load.boxes[chosen]?.on ?? []));
    for (const box of this.#load.boxes) {
      const where = whereabouts(box, step);
      const [solid, outline, ghost] = [this.#solids[box.index], this.#outlines[box.index], this.#ghosts[box.index]];
      if (!solid || !outline || !ghost) continue;
      solid.visible = outline.visible = where === "aboard";
      ghost.visible = where === "gone";
      const colour = box.index === chosen ? this.#look.chosen : under.has(box.index) ? this.#look.under : null;
      outline.material.color.set(colour ?? (box === step.box ? this.#look.ink : this.#look.quiet));
      // The chosen unit shows through what hides it.
      outline.material.depthTest = box.index !== chosen;
      outline.renderOrder = box.index === chosen ? 2 : 0;
      solid.material.emissive.set(colour ?? "#000000");
      solid.material.emissiveIntensity = colour === null ? 0 : 0.35;
    }
    for (const axle of axles) {
      const found = this.#frame.getObjectByName(`axle ${axle.id}`);
      if (found instanceof Mesh && found.material instanceof MeshBasicMaterial)
        found.material.color.set(axle.within ? this.#look.quiet : this.#look.chosen);
    }
    this.#soon();
  }

  /** Turns by an angle about the vertical, and comes nearer by a factor. */
  move(turn: number, nearer = 1): void {
    const offset = this.#camera.position.clone().sub(this.#controls.target);
    offset.applyAxisAngle(new Vector3(0, 1, 0), turn).multiplyScalar(1 / nearer);
    this.#camera.position.copy(this.#controls.target).add(offset);
    this.#controls.update();
    this.#soon();
  }

  /** From the left and behind, front at the left; or straight from above. */
  home(from: "side" | "top" = "side"): void {
    this.#from = from;
    const [length, width, height] = this.#edges();
    const axles = (this.#load.hold.chassis?.axles ?? []).map((axle) => axle.at_mm / METRE);
    const [front, rear] = [Math.min(0, ...axles), Math.max(length, ...axles)];
    const middle = new Vector3((front + rear) / 2, height * 0.45, -width / 2);
    const back = (from === "top" ? new Vector3(0, 1, 0.001) : new Vector3(0.5, 0.52, 0.9)).normalize();
    const right = new Vector3(0, 1, 0).cross(back).normalize();
    const up = back.clone().cross(right);
    const high = Math.tan((this.#camera.fov * Math.PI) / 360);
    // As near as every corner allows: a corner may be as far from the axis as the view is wide where the corner is.
    const near = [front, rear].flatMap((x) =>
      [0, height].flatMap((y) =>
        [0, -width].map((z) => {
          const corner = new Vector3(x, y, z).sub(middle);
          const aside = Math.max(
            Math.abs(corner.dot(right)) / (high * this.#camera.aspect),
            Math.abs(corner.dot(up)) / high,
          );
          return aside + corner.dot(back);
        }),
      ),
    );
    this.#controls.target.copy(middle);
    this.#camera.position.copy(middle).addScaledVector(back, Math.max(...near) * MARGIN);
    this.#controls.update();
    this.#soon();
  }

  resize(): void {
    const { clientWidth, clientHeight } = this.#container;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.#camera.aspect = clientWidth / clientHeight;
    this.#camera.updateProjectionMatrix();
    this.#renderer.setSize(clientWidth, clientHeight);
    if (!this.#turned) this.home(this.#from);
    this.#soon();
  }

  remove(): void {
    this.#gone = true;
    cancelAnimationFrame(this.#due);
    this.#letGo();
    this.#controls.dispose();
    this.#renderer.dispose();
    this.#renderer.domElement.remove();
  }

  #edges(): [number, number, number] {
    const { length_mm, width_mm, height_mm } = this.#load.hold;
    return [length_mm / METRE, width_mm / METRE, height_mm / METRE];
  }

  #soon(): void {
    if (this.#due !== 0 || this.#gone) return;
    this.#due = requestAnimationFrame(() => {
      this.#due = 0;
      this.#renderer.render(this.#scene, this.#camera);
    });
  }

  #letGo(): void {
    for (const held of this.#held) held.dispose();
    this.#held = [];
    for (const object of [...this.#solids, ...this.#outlines, ...this.#ghosts]) object.removeFromParent();
    this.#frame.clear();
  }

  #keep<T extends Held>(held: T): T {
    this.#held.push(held);
    return held;
  }

  #build(by: By): void {
    this.#letGo();
    const positions = groups(this.#load, by);
    const textures = new Map(
      [...positions].map(([key, position]) => [
        key,
        this.#keep(tile(key, this.#look.colour(position), hatch(position))),
      ]),
    );
    this.#solids = this.#load.boxes.map((box) => this.#solid(box, textures.get(groupOf(box, by)) ?? null));
    this.#outlines = this.#solids.map((solid) => this.#outline(solid));
    this.#ghosts = this.#solids.map((solid, index) => this.#ghost(solid, this.#outlines[index]!));
    this.#scene.add(...this.#solids, ...this.#outlines, ...this.#ghosts);
    this.#hold();
  }

  #solid(box: Box, map: CanvasTexture | null): Mesh<BoxGeometry, MeshLambertMaterial> {
    const [x, y, z] = box.edges_mm.map((edge) => edge / METRE) as [number, number, number];
    const geometry = this.#keep(new BoxGeometry(x, z, y));
    const uv = geometry.getAttribute("uv");
    const tiles = [x, z, y].map((edge) => Math.max(1, Math.round(edge / TILE))) as [number, number, number];
    // Faces come in the order +x, -x, +y, -y, +z, -z with four corners each.
    const spans: [number, number][] = [[2, 1], [0, 2], [0, 1]].map(([u, v]) => [tiles[u!]!, tiles[v!]!]);
    for (let corner = 0; corner < uv.count; corner++) {
      const [across, up] = spans[Math.floor(corner / 8)]!;
      uv.setXY(corner, uv.getX(corner) * across, uv.getY(corner) * up);
    }
    const solid = new Mesh(geometry, this.#keep(new MeshLambertMaterial({ map, polygonOffset: true, polygonOffsetFactor: 1 })));
    solid.position.set(box.low[0] / METRE + x / 2, box.low[2] / METRE + z / 2, -(box.low[1] / METRE + y / 2));
    solid.userData["index"] = box.index;
    return solid;
  }

  #outline(solid: Mesh<BoxGeometry>): LineSegments<EdgesGeometry, LineBasicMaterial> {
    const edges = this.#keep(new EdgesGeometry(solid.geometry));
    const outline = new LineSegments(edges, this.#keep(new LineBasicMaterial({ color: this.#look.quiet })));
    outline.position.copy(solid.position);
    return outline;
  }

  #ghost(solid: Object3D, outline: LineSegments<EdgesGeometry>): LineSegments<EdgesGeometry, LineDashedMaterial> {
    const material = this.#keep(
      new LineDashedMaterial({ color: this.#look.quiet, dashSize: 0.05, gapSize: 0.06, transparent: true, opacity: 0.55 }),
    );
    const ghost = new LineSegments(outline.geometry, material);
    ghost.computeLineDistances();
    ghost.position.copy(solid.position);
    return ghost;
  }

  /** Floor, walls as edges, doors, axles, and their names. */
  #hold(): void {
    const [length, width, height] = this.#edges();
    const { quiet, wall, door, words } = this.#look;
    const floor = this.#plane(length, width, wall, 1);
    floor.rotation.x = -Math.PI / 2;
    floor.position.set(length / 2, -0.004, -width / 2);
    const body = this.#keep(new BoxGeometry(length, height, width));
    const rim = new LineSegments(this.#keep(new EdgesGeometry(body)), this.#keep(new LineBasicMaterial({ color: quiet })));
    rim.position.set(length / 2, height / 2, -width / 2);
    this.#frame.add(rim, floor, this.#name(words.front, [0, -0.02, 0]));
    for (const entry of this.#load.hold.doors ?? [{ side: "rear" as const }]) {
      const from = entry.side === "rear" ? 0 : (entry.from_mm ?? 0) / METRE;
      const to = entry.side === "rear" ? width : (entry.to_mm ?? length * METRE) / METRE;
      const opening = this.#plane(to - from, height, door, 0.16);
      const middle = (from + to) / 2;
      if (entry.side === "rear") opening.rotation.y = Math.PI / 2;
      opening.position.set(...([entry.side === "rear" ? length : middle, height / 2, entry.side === "rear" ? -width / 2 : entry.side === "left" ? 0 : -width] as const));
      const { x, z } = opening.position;
      this.#frame.add(opening, this.#name(words.doors[entry.side], [x, height + 0.12, z]));
    }
    for (const axle of this.#load.hold.chassis?.axles ?? []) {
      const geometry = this.#keep(new BoxGeometry(0.05, 0.05, width));
      const beam = new Mesh(geometry, this.#keep(new MeshBasicMaterial({ color: quiet })));
      beam.name = `axle ${axle.id}`;
      beam.position.set(axle.at_mm / METRE, -0.12 * height, -width / 2);
      this.#frame.add(beam, this.#name(words.axle(axle.id), [axle.at_mm / METRE, -0.12 * height - 0.1, 0.1]));
    }
  }

  #plane(width: number, height: number, color: string, opacity: number): Mesh {
    const material = new MeshBasicMaterial({ color, opacity, transparent: opacity < 1, side: 2, depthWrite: opacity === 1 });
    return new Mesh(this.#keep(new PlaneGeometry(width, height)), this.#keep(material));
  }

  #name(text: string, at: [number, number, number]): Sprite {
    const map = this.#keep(written(text, this.#look.ink));
    const sprite = new Sprite(this.#keep(new SpriteMaterial({ map, depthTest: false, sizeAttenuation: false })));
    sprite.scale.set(0.026 * (map.userData["aspect"] as number), 0.026, 1);
    sprite.position.set(...at);
    sprite.renderOrder = 3;
    return sprite;
  }

  #listen(pointed: Pointed): void {
    const canvas = this.#renderer.domElement;
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && event.buttons === 0) pointed.hover(this.#under(event));
    });
    canvas.addEventListener("pointerleave", () => pointed.hover(null));
    canvas.addEventListener("pointerdown", (event) => (this.#pressed = [event.clientX, event.clientY]));
    canvas.addEventListener("click", (event) => {
      const [x, y] = this.#pressed ?? [event.clientX, event.clientY];
      if (Math.hypot(event.clientX - x, event.clientY - y) < 5) pointed.pick(this.#under(event));
    });
  }

  #under(event: MouseEvent): number | null {
    const frame = this.#renderer.domElement.getBoundingClientRect();
    const x = ((event.clientX - frame.left) / frame.width) * 2 - 1;
    const y = 1 - ((event.clientY - frame.top) / frame.height) * 2;
    const ray = new Raycaster();
    ray.setFromCamera(new Vector2(x, y), this.#camera);
    const hit = ray.intersectObjects(this.#solids.filter((solid) => solid.visible), false)[0];
    return hit === undefined ? null : (hit.object.userData["index"] as number);
  }
}

function canvasOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no drawing surface");
  return context;
}

/** A tile of a group's colour with its hatching and its name. */
function tile(text: string, colour: string, path: string): CanvasTexture {
  const size = 128;
  const context = canvasOf(size, size);
  context.fillStyle = colour;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = "rgb(255 255 255 / 45%)";
  context.lineWidth = 1;
  context.save();
  context.scale(size / 32, size / 32);
  context.stroke(new Path2D(path));
  context.restore();
  const shown = text.length > 9 ? `${text.slice(0, 8)}…` : text;
  context.font = `650 ${shown.length > 3 ? 26 : 58}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 5;
  context.strokeStyle = "rgb(0 0 0 / 45%)";
  context.strokeText(shown, size / 2, size / 2);
  context.fillStyle = "#ffffff";
  context.fillText(shown, size / 2, size / 2);
  const texture = new CanvasTexture(context.canvas);
  texture.wrapS = texture.wrapT = RepeatWrapping;
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 8;
  return texture;
}

function written(text: string, colour: string): CanvasTexture {
  const font = "500 40px system-ui, sans-serif";
  const measure = canvasOf(1, 1);
  measure.font = font;
  const width = Math.ceil(measure.measureText(text).width) + 8;
  const context = canvasOf(width, 52);
  context.font = font;
  context.fillStyle = new Color(colour).getStyle();
  context.textBaseline = "middle";
  context.fillText(text, 4, 26);
  const texture = new CanvasTexture(context.canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.userData["aspect"] = width / 52;
  return texture;
}
