// Keeps the driver's page on the phone, so that it opens without reception. What it answers is this page alone: the tour
// and the reports lie in the page's own store, and nothing of the API passes through here.
// The build writes the list of files, which have their content in their names, into the first line of code.
const FILES = ["__FILES__"];
const NAME = `drive-${FILES.map((name) => /-([\w-]{8})\.\w+$/.exec(name)?.[1] ?? "").join("")}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("drive-") && name !== NAME))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || pathname.startsWith("/v1/")) return;
  if (request.mode === "navigate") event.respondWith(page());
  else if (FILES.includes(pathname)) event.respondWith(kept(request));
});

/** Files have their content in their name: what is kept never grows old. */
async function kept(request) {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}

/** The page as the server has it now, or as it was kept where there is no reception, or too little of it. */
async function page() {
  const old = await caches.match("/drive/");
  if (old === undefined) return fetch("/drive/");
  try {
    const now = await fetch("/drive/", { signal: AbortSignal.timeout(3000) });
    return now.ok ? now : old;
  } catch {
    return old;
  }
}
