import type { Page } from 'playwright-core';

/** The confirm surface that a browser opens from a plan's page, once it shows the plan. */
export async function openSurface(page: Page): Promise<Page> {
  const [surface] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: 'To execution …' }).click(),
  ]);
  await surface.getByLabel('Code of the plan').waitFor();
  return surface;
}

/** Holds the key down on the surface until the console has the run. */
export async function holdToRun(page: Page, surface: Page): Promise<void> {
  await surface.getByRole('button', { name: /^Hold to / }).focus();
  await surface.keyboard.down('Enter');
  await page.getByRole('heading', { name: 'Run', level: 1 }).waitFor({ timeout: 60_000 });
}
