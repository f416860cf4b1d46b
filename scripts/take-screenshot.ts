import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from './fresh.mjs';
import { withPalette } from './small-png.ts';

const largest = 250_000;
const folder = join(root, 'resources', 'screenshots');

/** Writes the page as it is, once everything that was asked for has come and is drawn, as `NAME.png`. */
export async function take(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForFunction(() => !/Loading |Counting …|are running …/.test(document.body.innerText));
  await page.mouse.move(0, 0);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  const picture = withPalette(await page.screenshot({ animations: 'disabled' }));
  writeFileSync(path, picture);
  console.log(`${path} ${Math.round(picture.length / 1000)} kB`);
  if (picture.length > largest) throw new Error(`${name}.png is larger than ${largest} bytes`);
}
