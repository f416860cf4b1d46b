import { describe, expect, test } from 'vitest';
import { parsePolicyTests } from '#shared/policy-tests/parse.ts';
import { policySystems } from '#shared/policy/index.ts';
import { systems } from '../../../renderer/features/traces/systems.ts';
import { rangeOfRef } from '../../../renderer/features/traces/trace/policy-range.ts';
import { traceText } from '../../../renderer/features/traces/trace/trace-text.ts';
import { draftOf, knowledgeOf, withAttribute } from '../../../renderer/features/traces/what-if/draft.ts';
import { type Screen, consoleOfThisFile, testAccessibility } from '../../support/console-suite.ts';
import { failing } from '../../support/fake-answers.ts';
import type { FakeAnswers } from '../../support/fake-bridge.ts';
import { inputsOf, lastInputOf } from '../../support/fake-calls.ts';
import { deniedTrace, divergingTrace, recordedTrace } from '../../support/fake-policies.ts';

const browser = consoleOfThisFile();

const explained = (value: unknown): FakeAnswers => ({
  'policy.explain': { result: { ok: true, value }, delay: 0 },
});
const noBundles: FakeAnswers = { 'bundles.list': { result: { ok: true, value: [] }, delay: 0 } };
const trace = '#/traces/event/00000000000000000000000000000003';

const screens: readonly Screen[] = [
  ['view without an event', '#/traces', {}, 'No decision is chosen'],
  ['trace', trace, {}, 'decides'],
  ['trace under two bundles', `${trace}/after`, {}, 'Under the other bundle'],
  ['divergence', trace, explained(divergingTrace), 'the policy of that time is not known'],
  [
    'trace without a bundle',
    trace,
    { ...noBundles, ...explained(recordedTrace) },
    'has no bundle of aws-iam',
  ],
  ['failed trace', trace, { 'policy.explain': failing('crashed', 'It ended.') }, 'It ended.'],
  ['bundles', '#/traces/bundles', {}, 'aws-before'],
  ['case without bundles', '#/traces/bundles', noBundles, 'no policies yet'],
  ['bundle', '#/traces/bundles/after', {}, 'Text of release'],
  ['difference', '#/traces/bundles/before/after', {}, '1 added, 0 removed, 1 changed'],
  ['what-if', '#/traces/what-if', {}, 'Could they do that?'],
  ['what-if without bundles', '#/traces/what-if', noBundles, 'no policy to ask'],
  [
    'what-if of an event',
    '#/traces/what-if/event/00000000000000000000000000000003',
    {},
    'The verdict of the change',
  ],
  ['policy tests', '#/traces/tests', {}, 'Release'],
  [
    'case without policy tests',
    '#/traces/tests',
    { 'policyTests.list': { result: { ok: true, value: [] }, delay: 0 } },
    'no policy tests yet',
  ],
  ['policy tests’ editor', '#/traces/tests/Release', {}, 'Not run yet'],
  ['replay', '#/traces/replay', {}, 'Nothing has been replayed yet'],
  ['replay without bundles', '#/traces/replay', noBundles, 'no policy to replay'],
];

testAccessibility(browser, screens);

test('an event leads to its trace, where the rule that decides is lit in the policy', async () => {
  const page = await browser.open('#/events?selected=event:00000000000000000000000000000003');
  const detail = page.getByRole('complementary', { name: 'the detail panel' });
  await detail.getByRole('tab', { name: 'Decision' }).click();
  await detail.getByText(/OnlyFromInside” of “release” denies/).waitFor();
  const asked = (await inputsOf(page, 'policy.explain')).length;
  await detail.getByRole('link', { name: 'Open the trace' }).press('Enter');
  const text = page.getByRole('region', { name: 'Text of release' });
  await text.locator('.lit').first().waitFor();
  const lit = (await text.locator('.lit').allInnerTexts()).join('\n');
  expect(lit).toContain('"Sid": "OnlyFromInside"');
  expect(lit).not.toContain('"Sid": "Read"');
  // The page shows what the panel had been told.
  expect(await inputsOf(page, 'policy.explain')).toHaveLength(asked);
  expect(await page.getByText('ec2:*').count()).toBe(0);
  await page.getByRole('button', { name: 'Show 1 rule that does not match' }).press('Enter');
  await page.getByText('ec2:*').waitFor();
  await page.getByRole('button', { name: /· Read$/ }).press('Enter');
  await expect
    .poll(async () => (await text.locator('.lit').allInnerTexts()).join('\n'))
    .toContain('"Sid": "Read"');
  await page.close();
});

test('every part stays within a window of 1024 × 700', async () => {
  for (const address of [
    trace,
    `${trace}/after`,
    '#/traces/bundles/after',
    '#/traces/bundles/before/after',
    '#/traces/what-if/event/00000000000000000000000000000003',
    '#/traces/tests/Release',
  ]) {
    const page = await browser.open(address);
    await page.locator('.cm-content').first().waitFor();
    const wide = await page.evaluate(
      () =>
        [...document.querySelectorAll('.trace-page, .bundle-page, .tests-page, .replay')].filter(
          (part) => part.scrollWidth > part.clientWidth,
        ).length,
    );
    expect(wide, address).toBe(0);
    await page.close();
  }
});

test('what differs between two bundles is shown below or beside each other, and nothing hides in it', async () => {
  const page = await browser.open('#/traces/bundles/before/after');
  const text = page.getByRole('region', { name: 'Changes of release' });
  await text.locator('.cm-deletedChunk', { hasText: '10.0.0.0/8' }).waitFor();
  await text.locator('.cm-changedLine', { hasText: '192.168.0.0/16' }).waitFor();
  await page.getByRole('button', { name: 'Side by side' }).press('Enter');
  await text.getByLabel('Changes of release, before').getByText('10.0.0.0/8').waitFor();
  expect(await text.locator('.cm-editor').count()).toBe(2);
  await page.getByRole('button', { name: /new$/ }).click();
  const other = page.getByRole('region', { name: 'Changes of new' });
  await other.getByText('\\u{202e}').first().waitFor();
  await page.close();
});

test('a request and a policy are changed, and what comes of it stands beside what is', async () => {
  const page = await browser.open('#/traces/what-if/event/00000000000000000000000000000003');
  const summary = page.getByRole('region', { name: 'What the change does' });
  await summary.getByText('Nothing is changed yet').waitFor();
  // As it is asked: what the log does not tell may have been there.
  expect(await lastInputOf(page, 'policy.ask')).toMatchObject({
    edits: [],
    request: { context: { 'aws:SourceIp': '203.0.113.3' } },
    knowledge: { complete: false, absent: ['aws:TokenIssueTime'] },
  });
  await page.getByRole('textbox', { name: 'Value of aws:SourceIp' }).fill('10.0.0.7');
  await summary.getByText('The decision is another.').waitFor();
  await summary.getByText('Identity policies: denies → allows').waitFor();
  await expect
    .poll(() => lastInputOf(page, 'policy.ask'))
    .toMatchObject({
      request: { context: { 'aws:SourceIp': '10.0.0.7' } },
    });
  const attributes = page.getByRole('list', { name: 'Attributes of the request' });
  expect(await attributes.getByText('given by you').count()).toBe(1);
  const was = page.getByRole('region', { name: 'As it is', exact: true });
  await was
    .getByRole('listitem')
    .filter({ hasText: 'OnlyFromInside' })
    .getByText('only here')
    .first()
    .waitFor();

  await was.getByRole('button', { name: /OnlyFromInside/ }).click();
  await page.getByRole('button', { name: 'Remove the lit rule' }).click();
  const statements = async (): Promise<unknown> => {
    const asked = (await lastInputOf(page, 'policy.ask')) as {
      edits: { pointer: string | null; text: string }[];
    };
    return asked.edits.map(({ text }) => (JSON.parse(text) as { Statement: unknown[] }).Statement.length);
  };
  await expect.poll(statements).toEqual([1]);
  await page
    .getByText('warning: ', { exact: false })
    .getByText('It allows every resource.')
    .first()
    .waitFor();
  await page.getByRole('textbox', { name: 'Text of release, to be changed' }).press('Control+Home');
  await page.keyboard.type('x');
  await summary.getByText(/waits: release is no JSON/).waitFor();
  await page.keyboard.press('Control+z');
  await expect.poll(() => summary.getByText(/waits/).count()).toBe(0);

  await page.getByRole('button', { name: 'Save as a new bundle …' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('region', { name: 'Text of release' }).waitFor();
  expect(await lastInputOf(page, 'bundles.saveEdited')).toMatchObject({ inForceFrom: null });
  await page.close();
});

test('policy tests are edited with problems at their lines, run, and lead to traces', async () => {
  const page = await browser.open('#/traces/tests/Release');
  const text = page.getByRole('textbox', { name: 'Text of Release' });
  await text.getByText('the release pipeline').waitFor();
  await text.press('Control+a');
  await page.keyboard.insertText('tests: [{ request: 1 }, { request: {}, expect: perhaps }]');
  await text.getByText('error: “request” is an evaluation request.').waitFor();
  await text.getByText('error: “expect” is allow, deny or indeterminate').waitFor();
  const run = page.getByRole('button', { name: 'Run', exact: true });
  expect(await run.isDisabled()).toBe(true);
  // Letters typed here are no commands of the console.
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  expect(page.url()).toContain('#/traces/tests/Release');
  await expect
    .poll(async () => {
      await page.keyboard.press('Control+z');
      return text.getByText('the release pipeline').count();
    })
    .toBe(1);
  await expect.poll(() => run.isEnabled()).toBe(true);
  await page.keyboard.press('Control+Enter');
  await text.getByText('failed: expected allow, got deny').waitFor();
  const offers = page.getByRole('region', { name: 'Checks that can be made of these tests' });
  await offers.getByText('resource.properties.account', { exact: true }).click();
  await offers.getByRole('button', { name: 'Make them at every run' }).click();
  await text.getByText('scopes:').waitFor();
  await page.keyboard.press('Control+s');
  await expect.poll(() => lastInputOf(page, 'policyTests.save')).toMatchObject({ name: 'Release' });
  await page.getByRole('grid', { name: 'Results' }).press('Enter');
  await page.getByRole('region', { name: 'What the change does' }).waitFor();
  await page.close();
});

test('a decision becomes a test in a file of the case', async () => {
  const page = await browser.open(trace);
  await page.getByRole('button', { name: 'Add as a test …' }).click();
  await page.getByRole('textbox', { name: 'Note' }).fill('not from outside');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('region', { name: 'Text of Release' }).waitFor();
  await expect.poll(() => lastInputOf(page, 'policyTests.save')).toBeDefined();
  const saved = (await lastInputOf(page, 'policyTests.save')) as { text: string };
  const parsed = parsePolicyTests(saved.text);
  expect(parsed.ok && parsed.value.tests).toMatchObject([
    {},
    {
      note: 'not from outside',
      expected: { decision: 'deny' },
      request: { action: { name: 's3:GetObject' } },
    },
  ]);
  await page.close();
});

test('a bundle is added from a file of the host, for a time that is one', async () => {
  const page = await browser.open('#/traces/bundles');
  await page.getByRole('button', { name: 'Add a bundle' }).click();
  await page.getByRole('button', { name: 'Choose a file or folder …' }).click();
  await page.getByLabel('Choose cloudtrail').check();
  await page.getByRole('button', { name: 'Use 1 chosen' }).click();
  await page.getByRole('textbox', { name: 'In force from' }).fill('yesterday');
  await page.getByText('This is no time.').waitFor();
  expect(await page.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'In force from' }).fill('2026-05-01T10:00:00Z');
  await page.getByRole('combobox', { name: 'System' }).selectOption({ label: 'AWS IAM' });
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('region', { name: 'Text of release' }).waitFor();
  expect(await lastInputOf(page, 'bundles.add')).toEqual({
    token: 'folder-token',
    system: 'aws-iam',
    inForceFrom: '2026-05-01T10:00:00Z',
    verificationKey: null,
  });
  await page.close();
});

test('a replay shows its progress, can be cancelled, and lists who would break', async () => {
  const page = await browser.open('#/traces/replay?query=outcome:allow');
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  await page
    .getByRole('status')
    .getByText(/events · \d+ kinds of request/)
    .waitFor();
  await page.locator('.replay').getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Nothing has been replayed yet').waitFor();
  await page.getByLabel('compared with').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByText('87.5 %').waitFor();
  await page.getByText('Compared with the other bundle.').waitFor();
  await page.getByRole('button', { name: 'Newly allowed' }).click();
  const impact = page.getByRole('grid', { name: 'Impact' });
  await expect.poll(() => impact.getAttribute('aria-rowcount')).toBe('11');
  await impact.press('Enter');
  await page.getByText('decides').first().waitFor();
  expect(await lastInputOf(page, 'policy.replay')).toMatchObject({
    query: 'outcome:allow',
    bundle: 'after',
    against: 'before',
  });
  await page.close();
});

test('a shared trace says the verdict, each deciding rule with its place, and how sure it is', () => {
  const text = traceText(divergingTrace);
  expect(text.split('\n')[0]).toBe(deniedTrace.evaluation?.verdict);
  expect(text).toContain('context.aws:SourceIp = 203.0.113.3 (from the log)');
  expect(text).toContain('context.aws:TokenIssueTime = – (certainly absent)');
  expect(text).toContain('/RoleDetailList/4/RolePolicyList/0/PolicyDocument/Statement/1');
  expect(text).toContain('1 rule does not match');
  expect(text).toContain('Differs from the log: the policy of that time is not known.');
  expect(traceText(recordedTrace)).toContain('Denied, as recorded.');
});

test('the systems that can be chosen are those that are known', () => {
  expect(systems).toEqual(policySystems.map(({ name, title }) => ({ name, title })));
});

describe('the place of a rule in its policy’s text', () => {
  const json = '{\n  "Statement": [\n    { "Sid": "a,{" },\n    {\n      "Sid": "b"\n    }\n  ]\n}';
  const text = { policyId: 'p', title: 'p', path: 'f.json', language: 'json', text: json } as const;
  const at = (locator: string) => rangeOfRef(text, { path: 'f.json', policyId: 'p', locator });

  test('is found by the end of a pointer that counts from the file', () => {
    expect(at('/RoleDetailList/3/PolicyDocument/Statement/0')).toEqual({ first: 3, last: 3 });
    expect(at('/Statement/1')).toEqual({ first: 4, last: 6 });
  });
  test('is told by its position where the file holds the document as a string', () => {
    const held = { ...text, pointer: '/Policies/2/Document' };
    const ref = { path: 'f.json', policyId: 'p', locator: '/Policies/2/Document', index: 1 };
    expect(rangeOfRef(held, ref)).toEqual({ first: 4, last: 6 });
  });
  test('is the rows that are named', () => {
    expect(at('3:5-3:19')).toEqual({ first: 3, last: 3 });
  });
  test('is not guessed', () => {
    expect(at('')).toBeNull();
    expect(at('900:1-901:2')).toBeNull();
  });
});

describe('a decision whose log tells the bundle and masks a part of the input', () => {
  const trace = {
    ...divergingTrace,
    request: { ...divergingTrace.request, context: { user: { id: 'ann', mail: '***' } } },
    attributes: { 'context.user': 'log', 'context.user.mail': 'hidden' },
    knowledge: { complete: true, hidden: [['user', 'mail']] },
    recorded: {
      decision: 'allow',
      policies: ['shop@r1'],
      bundles: [{ name: 'shop', revision: 'r1' }],
      result: { allowed: true },
    },
  } as const;

  test('says so as text', () => {
    const text = traceText(trace);
    expect(text).toContain('by bundle shop of revision r1 · the answer was {"allowed":true}');
    expect(text).toContain('context.user.mail = – (masked)');
  });

  test('is asked again under the same doubt, until the analyst writes the value', () => {
    const draft = draftOf(trace);
    expect(knowledgeOf(draft)).toEqual({ complete: true, absent: [], hidden: [['user', 'mail']] });
    const at = draft.attributes.findIndex(({ name }) => name === 'user');
    const attribute = draft.attributes[at];
    if (attribute === undefined) throw new Error('There is no such attribute.');
    const changed = withAttribute(draft, at, { ...attribute, text: '{"id":"ann","mail":"a@example.com"}' });
    expect(knowledgeOf(changed).hidden).toEqual([]);
  });
});
