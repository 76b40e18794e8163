/** Programs that find the way. `geo:` asks the phone for its own. */
export const NAVIGATORS = ["geo", "google", "apple", "osm", "amap"] as const;
export type Navigator = (typeof NAVIGATORS)[number];

const STORED = "cluster.driver.navigator";

interface Aim {
  lat: number;
  lon: number;
}

/** The link that leads a navigator to a point. It holds the point alone: no name, no address, no shipment. */
export function way(navigator: Navigator, { lat, lon }: Aim): string {
  const point = `${lat.toFixed(6)},${lon.toFixed(6)}`;
  switch (navigator) {
    case "google":
      return `https://www.google.com/maps/dir/?api=1&destination=${point}&travelmode=driving`;
    case "apple":
      return `https://maps.apple.com/?daddr=${point}&dirflg=d`;
    case "osm":
      return `https://www.openstreetmap.org/directions?to=${point}`;
    case "amap":
      return `https://uri.amap.com/navigation?to=${lon.toFixed(6)},${lat.toFixed(6)}&mode=car&coordinate=wgs84`;
    case "geo":
      return `geo:${point}?q=${point}`;
  }
}

export function chosenNavigator(): Navigator {
  try {
    const kept = localStorage.getItem(STORED);
    return NAVIGATORS.find((one) => one === kept) ?? "geo";
  } catch {
    return "geo";
  }
}

export function choose(navigator: Navigator): void {
  try {
    localStorage.setItem(STORED, navigator);
  } catch {
    // A browser that keeps nothing still leads there, for this page.
  }
}
