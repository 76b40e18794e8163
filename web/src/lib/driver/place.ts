export interface Here {
  lat: number;
  lon: number;
  accuracy_m: number | null;
}

const WAIT_MS = 4000;
/** A position of the last half minute is as good as a new one. */
const AGE_MS = 30_000;

/** Where the phone is; null where the driver does not allow it, or it cannot tell soon. */
export function here(): Promise<Here | null> {
  if (!("geolocation" in navigator)) return Promise.resolve(null);
  return new Promise((resolve) => {
    // Some browsers leave both answers out while their question to the reader stands open.
    const late = setTimeout(() => resolve(null), WAIT_MS + 500);
    const done = (found: Here | null) => {
      clearTimeout(late);
      resolve(found);
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done(read(coords)),
      () => done(null),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: AGE_MS },
    );
  });
}

function read(coords: Pick<GeolocationCoordinates, "latitude" | "longitude" | "accuracy">): Here {
  // Six decimals are a tenth of a metre.
  const six = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  return {
    lat: six(coords.latitude),
    lon: six(coords.longitude),
    accuracy_m: Number.isFinite(coords.accuracy) ? Math.min(Math.round(coords.accuracy), 100_000) : null,
  };
}
