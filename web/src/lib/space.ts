import type { components } from "../api/schema";
import { mapColours, routeColour } from "./palette";

export type SpaceOffer = components["schemas"]["SpaceOffer"];
/** Ranges of positions as they come: pairs of the first and the last. */
export type SpaceStay = Omit<components["schemas"]["SpaceStay"], "positions"> & { positions: number[][] };
export type SpaceCalendar = Omit<components["schemas"]["SpaceCalendar"], "stays"> & { stays: SpaceStay[] };
export type SpaceBooking = components["schemas"]["SpaceBooking"];
export type SpaceAnswer = components["schemas"]["SpaceAnswer"];

/** So many days from a day `YYYY-MM-DD` on. */
export function after(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** How many days a day is behind another. */
export function between(first: string, second: string): number {
  return Math.round((Date.parse(`${second}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86_400_000);
}

/** Stays that hold space on a day, in the order of their positions. */
export function standing(calendar: SpaceCalendar, date: string): SpaceStay[] {
  return calendar.stays
    .filter((stay) => stay.first_on <= date && date <= stay.last_on)
    .sort((one, other) => (one.positions[0]?.[0] ?? 0) - (other.positions[0]?.[0] ?? 0));
}

/** Members of a calendar in the order in which they first come, to be told apart by colour. */
export function membersOf(calendar: SpaceCalendar): Map<string, { name: string; number: number }> {
  const found = new Map<string, { name: string; number: number }>();
  for (const stay of calendar.stays) {
    if (stay.member_id !== null && !found.has(stay.member_id)) {
      found.set(stay.member_id, { name: stay.member_name ?? "", number: found.size + 1 });
    }
  }
  return found;
}

/** Where a position is drawn: rows of `rowUnits`, as wide as there is room for. */
export interface Plan {
  columns: number;
  rows: number;
  cell: number;
  width: number;
  height: number;
}

const CELL_MAX = 22;
const CELL_MIN = 3;

export function planOf(units: number, rowUnits: number, width: number): Plan {
  // A narrow screen folds long rows rather than drawing what nobody can see.
  const fitting = Math.max(1, Math.floor(width / CELL_MIN));
  const columns = Math.min(rowUnits, units, fitting);
  const rows = Math.ceil(units / columns);
  const cell = Math.max(CELL_MIN, Math.min(CELL_MAX, Math.floor(width / columns)));
  return { columns, rows, cell, width: columns * cell, height: rows * cell };
}

/** The position under a point of the plan, counted from 1; null beside it. */
export function positionAt(plan: Plan, units: number, x: number, y: number): number | null {
  const column = Math.floor(x / plan.cell);
  const row = Math.floor(y / plan.cell);
  if (column < 0 || column >= plan.columns || row < 0) return null;
  const position = row * plan.columns + column + 1;
  return position <= units ? position : null;
}

/** The stay that has a position. */
export function stayAt(stays: readonly SpaceStay[], position: number): SpaceStay | null {
  return stays.find((stay) => stay.positions.some(([low = 0, high = 0]) => low <= position && position <= high)) ?? null;
}

type Drawing = CanvasRenderingContext2D;

function sized(canvas: HTMLCanvasElement, width: number, height: number): Drawing | null {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const drawing = canvas.getContext("2d");
  drawing?.scale(ratio, ratio);
  return drawing;
}

/** Draws each position: its member's colour where somebody stands whom the reader may see. */
export function drawPlan(
  canvas: HTMLCanvasElement,
  plan: Plan,
  units: number,
  stays: readonly SpaceStay[],
  colours: Map<string, { number: number }>,
  dark: boolean,
): void {
  const drawing = sized(canvas, plan.width, plan.height);
  if (drawing === null) return;
  const palette = mapColours(dark);
  const gap = plan.cell > 6 ? 1 : plan.cell > 4 ? 0.5 : 0;
  const cell = (position: number) => {
    const at = position - 1;
    const x = (at % plan.columns) * plan.cell;
    const y = Math.floor(at / plan.columns) * plan.cell;
    drawing.fillRect(x + gap, y + gap, plan.cell - 2 * gap, plan.cell - 2 * gap);
  };
  drawing.fillStyle = palette.ring;
  for (let position = 1; position <= units; position += 1) cell(position);
  for (const stay of stays) {
    const number = stay.member_id === null ? null : (colours.get(stay.member_id)?.number ?? null);
    drawing.fillStyle = number === null ? palette.accent : routeColour(number, dark);
    for (const [low = 1, high = 0] of stay.positions) for (let position = low; position <= high; position += 1) cell(position);
  }
}

/** Draws how much is taken on each day, with the chosen one marked. */
export function drawDays(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  calendar: SpaceCalendar,
  chosen: number,
  dark: boolean,
): void {
  const drawing = sized(canvas, width, height);
  if (drawing === null) return;
  const palette = mapColours(dark);
  const slot = width / Math.max(calendar.free.length, 1);
  calendar.free.forEach((free, day) => {
    const part = (calendar.units - free) / calendar.units;
    const x = day * slot;
    drawing.fillStyle = palette.grid;
    drawing.fillRect(x, 0, Math.max(slot - 1, 0.5), height);
    drawing.fillStyle = part >= 1 ? palette.bad : palette.accent;
    drawing.fillRect(x, height * (1 - part), Math.max(slot - 1, 0.5), height * part);
  });
  drawing.strokeStyle = palette.text;
  drawing.lineWidth = 2;
  drawing.strokeRect(chosen * slot + 1, 1, Math.max(slot - 3, 1), height - 2);
}
