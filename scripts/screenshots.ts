// `npm run screenshots`: the console's views in both themes, from the sample case, into resources/screenshots.
// `npm run screenshots -- trace`: those alone whose names begin so.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Page, chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';
import { serveConsole } from './served-console.ts';
import { take } from './take-screenshot.ts';

function isWanted(name: string): boolean {
  return wanted.length === 0 || wanted.some((each) => name.startsWith(each));
}

/** A view to show: its name in the file's name, its address, and what is there when it is complete. */
interface Shot {
  readonly name: string;
  readonly address: string;
  readonly ready: (page: Page) => Promise<void>;
}

/** The user of the sample's incident. */
const leaked = 'arn:aws:iam::048261937510:user/ci-deploy';
/** Only the views whose names begin so, where the command says some. */
const wanted = process.argv.slice(2);

const shots: readonly Shot[] = [
  { name: 'overview', address: '#/overview', ready: wholeOverview },
  { name: 'events', address: '#/events?query=ip%3A192.0.2.66', ready: openFirstEvent },
  { name: 'trace-allowed', address: '#/traces', ready: traceOf('action:ecr:PutImage outcome:allow') },
  { name: 'trace-implicit-deny', address: '#/traces', ready: traceOf('action:iam:ListUsers outcome:deny') },
  { name: 'trace-scp-deny', address: '#/traces', ready: traceOf('action:cloudtrail:StopLogging') },
  { name: 'trace-undecidable', address: '#/traces', ready: traceOf('action:kms:Decrypt outcome:allow') },
  { name: 'trace-under-two', address: '#/traces', ready: underTwoBundles },
  { name: 'what-if', address: '#/traces', ready: whatIf },
  { name: 'policy-tests', address: '#/traces/tests', ready: policyTests },
  { name: 'bundles', address: '#/traces/bundles', ready: (page) => sees(page, 'kubernetes-rbac') },
  { name: 'replay', address: '#/traces/replay', ready: replay },
  { name: 'identities', address: '#/identities?sort=-denied', ready: openFirstIdentity },
  { name: 'graph', address: grantPaths(), ready: openGraph },
  { name: 'drift', address: '#/drift', ready: openDrift },
  { name: 'findings', address: '#/findings', ready: openFirstFinding },
  { name: 'ownership', address: '#/ownership', ready: (page) => sees(page, 'policies/accounts/*') },
  { name: 'evidence', address: '#/evidence', ready: (page) => sees(page, 'Custody journal') },
];

const themes = ['dark', 'light'] as const;

async function sees(page: Page, text: string): Promise<void> {
  await page.getByText(text, { exact: true }).first().waitFor();
}

/** With the agreement of each source, which has to be worked out at first. */
async function wholeOverview(page: Page): Promise<void> {
  await sees(page, 'Quiet identities');
  const panel = page.getByRole('region', { name: 'Agreement with the policies' });
  await panel.getByRole('table').waitFor({ timeout: 60_000 });
}

async function openFirstEvent(page: Page): Promise<void> {
  await page.getByRole('grid', { name: 'Events' }).press('Enter');
  await page.getByRole('tab', { name: 'Fields' }).waitFor();
}

async function openFirstIdentity(page: Page): Promise<void> {
  await page.getByRole('grid', { name: 'Identities' }).press('Enter');
  await page.getByRole('figure', { name: 'Activity' }).waitFor();
}

/** The worst of those that rest on events. */
async function openFirstFinding(page: Page): Promise<void> {
  const grid = page.getByRole('grid', { name: 'Findings' });
  await grid.getByText('Administrator rights were granted').first().click();
  await page.getByRole('region', { name: 'Evidence' }).waitFor();
}

/** The decision of the newest event that a query finds. */
function traceOf(query: string): Shot['ready'] {
  return async (page) => {
    await page.goto(new URL(`#/events?query=${encodeURIComponent(query)}`, page.url()).href);
    await page.getByRole('grid', { name: 'Events' }).press('Enter');
    await page.getByRole('tab', { name: 'Decision' }).click();
    await page.getByRole('link', { name: 'Open the trace' }).click();
    await page.getByRole('list', { name: 'Layers in the order of evaluation' }).waitFor();
    await page.locator('.cm-content, .trace-body.narrow').first().waitFor();
  };
}

async function underTwoBundles(page: Page): Promise<void> {
  await traceOf('action:cloudtrail:StopLogging')(page);
  await page.getByRole('combobox', { name: 'Beside it, under' }).selectOption({ index: 1 });
  await page.getByRole('region', { name: 'Under the other bundle' }).locator('.layers').first().waitFor();
}

/** The attempt to end logging, had the organization not forbidden it. */
async function whatIf(page: Page): Promise<void> {
  await traceOf('action:cloudtrail:StopLogging')(page);
  await page.getByRole('link', { name: 'What if …' }).click();
  await page.getByRole('button', { name: 'Remove the lit rule' }).click();
  await page.getByText(/The decision (?:is another|stays)/).waitFor();
  await page.getByRole('button', { name: 'What changed' }).click();
  await page.locator('.cm-deletedChunk').first().waitFor();
}

async function policyTests(page: Page): Promise<void> {
  for (const [query, note] of [
    ['action:ecr:PutImage outcome:allow', 'The pipeline pushes images'],
    ['action:cloudtrail:StopLogging', 'Nobody ends logging'],
    ['action:iam:ListUsers outcome:deny', 'The pipeline lists users'],
  ] as const) {
    await traceOf(query)(page);
    await page.getByRole('button', { name: 'Add as a test …' }).click();
    await page.getByRole('textbox', { name: 'Note' }).fill(note);
    if (note === 'The pipeline lists users') {
      await page.getByRole('combobox', { name: 'Expected decision' }).selectOption('allow');
    }
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  }
  await page.getByRole('combobox', { name: 'Run against' }).selectOption({ index: 2 });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('grid', { name: 'Results' }).waitFor();
}

/** Where the grant paths of the leaked key's user stand. */
function grantPaths(): string {
  return `#/identities/${new URLSearchParams({ identity: leaked, part: 'paths' }).toString()}`;
}

async function openGraph(page: Page): Promise<void> {
  const graph = page.getByRole('application', { name: /Ways to what it may do/ });
  await graph.getByRole('img', { name: /^sts:AssumeRole/ }).click();
}

/** What the incident changed in the accounts, with the change of most weight beside. */
async function openDrift(page: Page): Promise<void> {
  for (const [label, last] of [
    ['To', true],
    ['From', false],
  ] as const) {
    const choice = page.getByLabel(label, { exact: true });
    await choice.waitFor();
    const options = await choice.locator('option').all();
    const values: string[] = [];
    for (const option of options) {
      if ((await option.innerText()).includes('aws-iam'))
        values.push((await option.getAttribute('value')) ?? '');
    }
    await choice.selectOption(values.at(last ? -1 : 0) ?? '');
  }
  // Below the first identity.
  await page.getByRole('grid', { name: 'Changes' }).locator('[role=row][aria-rowindex="3"]').click();
  await page.getByRole('heading', { name: 'How it came about' }).waitFor();
}

/** Owners and an exception, as an analyst would have entered them. */
async function enterOwners(page: Page): Promise<void> {
  await page.goto(new URL('#/ownership', page.url()).href);
  await page.getByRole('button', { name: 'Import CODEOWNERS or CSV …' }).click();
  await page.getByRole('checkbox', { name: 'owners.csv' }).check();
  await page.getByRole('button', { name: 'Use 1 chosen' }).click();
  await page.getByLabel('Reason').fill('From the platform team.');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.goto(
    new URL(`#/identities/${new URLSearchParams({ identity: leaked }).toString()}`, page.url()).href,
  );
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('menuitem', { name: /^Standing/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Standing', { exact: true }).selectOption('exception');
  await dialog.getByLabel('Until').fill('2026-09-15T00:00:00Z');
  await dialog.getByLabel('Reason').fill('Until the pipeline signs in by OIDC.');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

const owners = `about,pattern,writes,approves,monitors,answers
policy,policies/*,@halden/platform,@halden/security,@halden/soc,ines.moreau
policy,policies/accounts/*,@halden/cloud,@halden/security,@halden/soc,anton.castell
policy,policies/clusters/*,@halden/cloud @halden/security,@halden/security,@halden/soc,anton.castell
identity,arn:aws:iam::*:user/ci-*,@halden/build,@halden/platform,@halden/soc,amara.dahl
identity,arn:aws:iam::*:role/halden-*,@halden/platform,@halden/security,@halden/soc,ines.moreau
identity,system:serviceaccount:legacy:*,,,,
`;

async function replay(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByRole('grid', { name: 'Impact' }).waitFor({ timeout: 60_000 });
}

async function choose(page: Page, theme: string): Promise<void> {
  await page.evaluate((wanted) => {
    const kept = JSON.parse(localStorage.getItem('rescind.preferences') ?? '{}') as object;
    localStorage.setItem('rescind.preferences', JSON.stringify({ ...kept, theme: wanted, detailWidth: 400 }));
  }, theme);
}

const executablePath = findChromium();
if (executablePath === null) throw new Error('There is no Chromium: see “npm test”.');
const home = mkdtempSync(join(tmpdir(), 'rescind-screenshots-'));
const served = await serveConsole(home);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(served.address);
  await page.getByRole('button', { name: 'Open the sample case' }).click();
  await page.getByRole('navigation', { name: 'Views' }).waitFor({ timeout: 120_000 });
  writeFileSync(join(home, 'owners.csv'), owners);
  await enterOwners(page);
  for (const theme of themes) {
    await choose(page, theme);
    for (const { name, address, ready } of shots.filter((shot) => isWanted(shot.name))) {
      await page.goto(new URL(address, page.url()).href);
      await page.reload();
      await ready(page);
      await take(page, `${name}-${theme}`);
    }
  }
  // Last, so that there is a case to come back to.
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command' }).fill('close the case');
  await page.keyboard.press('Enter');
  for (const theme of isWanted('start') ? themes : []) {
    await sees(page, 'Recent cases');
    await choose(page, theme);
    await page.reload();
    await sees(page, 'Recent cases');
    await take(page, `start-${theme}`);
  }
} finally {
  await browser.close();
  await served.close();
  rmSync(home, { recursive: true });
}
