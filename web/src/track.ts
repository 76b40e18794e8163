import "./app.css";
import { mount } from "svelte";
import TrackPage from "./components/track/TrackPage.svelte";
import { words } from "./lib/driver/words.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("the page has no #app");
// The token stands behind the `#`, so that no server's log of addresses has it.
const token = decodeURIComponent(location.hash.slice(1));
window.addEventListener("hashchange", () => location.reload());
void words.begin().finally(() => mount(TrackPage, { target, props: { token } }));
