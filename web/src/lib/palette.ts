/** Colours of routes, in light and dark: neighbours in the list differ in hue and lightness, for all kinds of eyes. */
const LIGHT = [
  "#3653d8",
  "#d4490f",
  "#0a8464",
  "#a7248a",
  "#8a6100",
  "#1779ab",
  "#7a3fd6",
  "#c22552",
  "#4a7710",
  "#0b7a80",
  "#9c4a1d",
  "#5a6472",
];
const DARK = [
  "#7d93ff",
  "#ff8b57",
  "#3ccf9f",
  "#ee7ad3",
  "#e3b341",
  "#5cc0f0",
  "#b791ff",
  "#ff7d9e",
  "#a4d65e",
  "#4fd0d6",
  "#e79a6b",
  "#aab4c2",
];

/** The colour of a route by its number, counted from one. */
export function routeColour(number: number, dark: boolean): string {
  const colours = dark ? DARK : LIGHT;
  return colours[(number - 1) % colours.length] ?? "#888888";
}

/** What the map is drawn with. */
export interface MapColours {
  ground: string;
  grid: string;
  ring: string;
  text: string;
  paper: string;
  muted: string;
  bad: string;
  accent: string;
}

export function mapColours(dark: boolean): MapColours {
  return dark
    ? {
        ground: "#0f1217",
        grid: "#181c23",
        ring: "#2b313c",
        text: "#edf0f4",
        paper: "#14171d",
        muted: "#78828f",
        bad: "#ff8478",
        accent: "#98a0ff",
      }
    : {
        ground: "#eef0f3",
        grid: "#e4e7ec",
        ring: "#cbd1da",
        text: "#14181f",
        paper: "#ffffff",
        muted: "#7c8696",
        bad: "#c1352b",
        accent: "#4450e6",
      };
}
