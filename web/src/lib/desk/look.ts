import type { TimelineLook } from "./draw";

/** Colours of what is drawn on a canvas, where the page's own variables do not reach. */
export function deskLook(dark: boolean): TimelineLook {
  return dark
    ? {
        dark,
        text: "#edf0f4",
        muted: "#a2acba",
        line: "#252a34",
        strong: "#4a5262",
        paper: "#14171d",
        sunken: "#1b1f27",
        accent: "#7f89ff",
        bad: "#ff8478",
      }
    : {
        dark,
        text: "#14181f",
        muted: "#566070",
        line: "#e3e6eb",
        strong: "#b9c0ca",
        paper: "#ffffff",
        sunken: "#f0f2f5",
        accent: "#4450e6",
        bad: "#c1352b",
      };
}
