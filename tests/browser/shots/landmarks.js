// Where the parts of a page stand that data do not move, within what the screen shows.
() => {
  const SELECTORS = ["header", "nav", "main", "aside", "h1", "[role=tablist]", "[role=separator]", ".timeline", ".map", ".board"];
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  const clipped = (element) => {
    const box = element.getBoundingClientRect();
    const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
    const [left, top] = [within(box.left, innerWidth), within(box.top, innerHeight)];
    return [left, top, within(box.right, innerWidth) - left, within(box.bottom, innerHeight) - top];
  };
  const found = {};
  for (const selector of SELECTORS) {
    const element = [...document.querySelectorAll(selector)].find(shown);
    if (element !== undefined) found[selector] = clipped(element);
  }
  return found;
};
