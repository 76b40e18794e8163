// Texts that run out of the screen, or are cut off by their box without saying so.
() => {
  const faults = [];
  const scrolls = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (["auto", "scroll"].includes(style.overflowX) && at.scrollWidth > at.clientWidth) return true;
    }
    return false;
  };
  const hidden = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const box = at.getBoundingClientRect();
      if (box.width <= 2 || box.height <= 2 || getComputedStyle(at).clipPath !== "none") return true;
    }
    return false;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (text === "" || element === null || element.closest("svg, canvas, script, style, option, .maplibregl-map") !== null) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || hidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    const style = getComputedStyle(element);
    const told = text.slice(0, 60);
    if (box.right > innerWidth + 1 && style.textOverflow !== "ellipsis" && !scrolls(element)) faults.push(`beyond the screen: ${told}`);
    const cuts = ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis";
    if (cuts && element.scrollWidth > element.clientWidth + 1 && !scrolls(element)) faults.push(`cut off: ${told}`);
  }
  return faults;
};
