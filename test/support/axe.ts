import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

interface Checker {
  run(
    context: Document,
    options: { resultTypes: string[]; runOnly?: { type: 'rule'; values: string[] } },
  ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

let source: Promise<string> | null = null;

/** What axe finds on the page, as `rule: element`. `only` names rules; all that axe holds by default otherwise. */
export async function violations(page: Page, only: string[] | null = null): Promise<string[]> {
  source ??= readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  await page.evaluate(await source);
  return page.evaluate(async (rules) => {
    const { axe: checker } = window as unknown as { axe: Checker };
    const found = await checker.run(document, {
      resultTypes: ['violations'],
      ...(rules === null ? {} : { runOnly: { type: 'rule', values: rules } }),
    });
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }, only);
}

/**
 * What axe finds on the page in either theme, as `theme rule: element`. Themes are tokens of colour and nothing else
 * (`renderer/ui/tokens.css`), so the second is held to the rules on colours only.
 */
export async function violationsInBothThemes(page: Page): Promise<string[]> {
  // Colours that are still on their way from one theme to the other are nobody's.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const first = await page.evaluate(() => document.documentElement.dataset['theme'] ?? '');
  const second = first === 'dark' ? 'light' : 'dark';
  const found = (await violations(page)).map((violation) => `${first} ${violation}`);
  await page.evaluate((theme) => {
    document.documentElement.dataset['theme'] = theme;
  }, second);
  const colours = await violations(page, ['color-contrast', 'link-in-text-block']);
  return [...found, ...colours.map((violation) => `${second} ${violation}`)];
}
