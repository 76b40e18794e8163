import "./app.css";
import "./pages.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { language } from "./lib/language.svelte";
import { router } from "./lib/router.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("the page has no #app");
router.begin();
// The page appears in its language at once.
void language.begin().finally(() => mount(App, { target }));
