import type { Key } from "../i18n";
import type { Column } from "./model";

/** A column of the table of shipments: `from` is the width of the pane, in pixels, that it needs to be worth its room. */
export interface GridColumn {
  id: Column;
  title: Key;
  size: string;
  from: number;
  end?: boolean;
}

export const COLUMNS: GridColumn[] = [
  { id: "ref", title: "views.ref", size: "minmax(88px, 1fr)", from: 0 },
  { id: "name", title: "views.place", size: "minmax(90px, 1.6fr)", from: 520 },
  { id: "member", title: "split.member", size: "minmax(80px, 1.3fr)", from: 860 },
  { id: "vehicle", title: "routes.vehicle", size: "minmax(104px, 1.3fr)", from: 0 },
  { id: "begins", title: "views.begins", size: "58px", from: 0, end: true },
  { id: "window", title: "views.window", size: "102px", from: 640, end: true },
  { id: "slack", title: "views.slack", size: "92px", from: 740, end: true },
  { id: "weight", title: "routes.fill.weight", size: "72px", from: 740, end: true },
];
