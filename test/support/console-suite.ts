import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { violationsInBothThemes } from './axe.ts';
import { type ConsoleBrowser, launchConsole } from './console-page.ts';
import type { FakeAnswers } from './fake-bridge.ts';

/** A state of the console: its name, its address, what the host answers, and a text by which it is there. */
export type Screen = readonly [name: string, address: string, answers: FakeAnswers, sign: string];

/** The console for the tests of one file. A page that reports an error fails the test in which it did. */
export function consoleOfThisFile(): Pick<ConsoleBrowser, 'open'> {
  let browser: ConsoleBrowser | null = null;
  beforeAll(async () => {
    browser = await launchConsole();
  }, 120_000);
  afterAll(() => browser?.close());
  afterEach(() => {
    const errors = browser?.errors.splice(0) ?? [];
    if (errors.length > 0) throw new Error(`The page reported: ${errors.join('; ')}`);
  });
  return {
    open(...how) {
      if (browser === null) throw new Error('The console opens pages within tests only.');
      return browser.open(...how);
    },
  };
}

/** One test a screen: axe finds nothing on it, in either theme. */
export function testAccessibility(browser: Pick<ConsoleBrowser, 'open'>, screens: readonly Screen[]): void {
  test.each(screens)('axe finds nothing in either theme: %s', async (_name, address, answers, sign) => {
    const page = await browser.open(address, answers);
    await page.getByText(sign).or(page.getByLabel(sign)).filter({ visible: true }).first().waitFor();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    expect(await violationsInBothThemes(page)).toEqual([]);
    await page.close();
  });
}
