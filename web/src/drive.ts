import "./app.css";
import { mount } from "svelte";
import DrivePage from "./components/driver/DrivePage.svelte";
import { journey } from "./lib/driver/journey.svelte";
import { words } from "./lib/driver/words.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("the page has no #app");
// The token stands behind the `#`, so that no server's log of addresses has it.
const token = decodeURIComponent(location.hash.slice(1));
window.addEventListener("hashchange", () => location.reload());
void words.begin().finally(() => mount(DrivePage, { target }));
void journey.begin(token);
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("/drive-worker.js", { scope: "/drive" }).catch((error: unknown) => {
    console.warn("the page will not open without reception", error);
  });
}
