import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => vi.resetModules());

const fresh = async () => (await import("../src/lib/steps")).steps;

test("the first page is not talked over, those that follow are", async () => {
  const steps = await fresh();
  expect([steps.taken(), steps.taken()]).toEqual([false, true]);
});

test("whoever goes on before the first page is there has taken a step", async () => {
  const steps = await fresh();
  steps.go();
  expect(steps.taken()).toBe(true);
});
