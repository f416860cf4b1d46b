import type { Locator, Page } from 'playwright-core';

/** The console as its user names things. */
export class ConsoleObjects {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async openSample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open the sample case' }).click();
    await this.page.getByRole('navigation', { name: 'Views' }).waitFor({ timeout: 120_000 });
  }

  async goTo(view: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
    await this.page.getByRole('heading', { name: view, level: 1 }).waitFor();
  }

  async runCommand(words: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.getByRole('combobox', { name: 'Command' }).fill(words);
    await this.page.keyboard.press('Enter');
  }

  /** The page's address behind `#`. */
  get address(): URLSearchParams {
    return new URLSearchParams(new URL(this.page.url()).hash.split('?')[1] ?? '');
  }

  get query(): Locator {
    return this.page.getByRole('combobox', { name: 'Query' });
  }

  get histogram(): Locator {
    return this.page.getByRole('figure', { name: 'Events over time' });
  }

  get brush(): Locator {
    return this.page.getByRole('slider', { name: /^Events over time/ });
  }

  get table(): Locator {
    return this.page.getByRole('grid', { name: 'Events' });
  }

  row(index: number): Locator {
    return this.table.locator(`[role=row][aria-rowindex="${index + 2}"]`);
  }

  facet(name: string): Locator {
    return this.page
      .getByRole('complementary', { name: 'Facets' })
      .getByRole('region', { name, exact: true });
  }

  get detail(): Locator {
    return this.page.getByRole('complementary', { name: 'the detail panel' });
  }

  /** How many events the query finds, as the histogram says. */
  async total(): Promise<number> {
    const text = await this.histogram.getByText(/^[\d\u2009]+ events?(?: ·|$)/).innerText();
    return Number(/^[\d\u2009]+/.exec(text)?.[0].replaceAll('\u2009', ''));
  }

  async filter(query: string): Promise<void> {
    await this.query.fill(query);
    await this.query.press('Enter');
  }
}
