import type { Page } from 'playwright-core';

/** The inputs of the page's calls of an operation so far, on a host with fixed answers. */
export async function inputsOf(page: Page, name: string): Promise<Record<string, unknown>[]> {
  return page.evaluate((wanted) => {
    const { fakeCalls } = window as unknown as {
      fakeCalls: { name: string; input: Record<string, unknown> }[];
    };
    return fakeCalls.filter((call) => call.name === wanted).map(({ input }) => input);
  }, name);
}

/** The input of the page's latest call of an operation; undefined where there was none. */
export async function lastInputOf(page: Page, name: string): Promise<Record<string, unknown> | undefined> {
  return (await inputsOf(page, name)).at(-1);
}
