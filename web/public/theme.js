// Runs before the first paint, so that a chosen theme never flashes in the other one.
(function () {
  let chosen = null;
  try {
    chosen = localStorage.getItem("cluster.theme");
  } catch {
    // Storage may be forbidden; the system's preference then rules.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
