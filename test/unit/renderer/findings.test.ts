import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from '#shared/domain/finding.ts';
import { mappingOf } from '#renderer/features/findings/mappings.ts';
import {
  chosenFindings,
  findingRows,
  findingsAsCsv,
  formatFindingSettings,
  groupings,
  parseFindingSettings,
} from '#renderer/features/findings/settings.ts';

function finding(change: Partial<Finding>): Finding {
  return {
    id: 'f',
    rule: 'aws-key-made',
    title: 'A key was made',
    severity: 'high',
    subject: 'arn:aws:iam::021345678901:user/ana',
    events: [],
    count: 1,
    first: null,
    last: '2026-05-02T07:00:00Z',
    why: 'It was.',
    advice: null,
    tags: ['attack.t1098.001', 'owasp-nhi.7'],
    ...change,
  };
}

test('tags are read as the frameworks name them; others stand as they are', () => {
  // https://attack.mitre.org/techniques/T1098/001/, OWASP NHI Top 10 2025, NIST CSWP 29 table 1.
  expect(mappingOf('attack.t1098.001')).toMatchObject({
    id: 'T1098.001',
    address: 'https://attack.mitre.org/techniques/T1098/001/',
  });
  expect(mappingOf('attack.privilege_escalation')).toMatchObject({ id: 'TA0004' });
  expect(mappingOf('owasp-nhi.1')).toMatchObject({ id: 'NHI1:2025', title: 'Improper Offboarding' });
  expect(mappingOf('owasp-nhi.11')).toMatchObject({ framework: 'tag', id: 'owasp-nhi.11' });
  expect(mappingOf('nist-csf.pr.aa-05')).toMatchObject({ id: 'PR.AA-05' });
  expect(mappingOf('nist-csf.pr.aa-09')).toMatchObject({ framework: 'tag' });
  expect(mappingOf('attack.t10')).toMatchObject({ framework: 'tag', id: 'attack.t10' });
  expect(mappingOf('constructor')).toMatchObject({ framework: 'tag' });
  expect(mappingOf('attack.constructor')).toMatchObject({ framework: 'tag' });
});

test('what is shown survives the address', () => {
  fc.assert(
    fc.property(
      fc.record({
        severity: fc.constantFrom('low', 'medium', 'high', 'critical', 'informational', null),
        group: fc.constantFrom(...groupings, null),
        text: fc.string(),
      }),
      (settings) => {
        expect(parseFindingSettings(formatFindingSettings(settings))).toEqual(settings);
      },
    ),
  );
});

test('groups come by the worst in them, a finding stands under each of its mappings, a folded one is counted', () => {
  const low = finding({ id: 'a', severity: 'low', tags: ['owasp-nhi.1'] });
  const high = finding({ id: 'b', tags: ['owasp-nhi.7', 'owasp-nhi.1'] });
  const bare = finding({ id: 'c', severity: 'critical', tags: [], subject: null });
  const settings = { severity: null, group: null, text: '' } as const;
  const order = chosenFindings([low, high, bare], settings);
  expect(order.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  const rows = findingRows(order, 'mapping', new Set(['owasp-nhi.1']));
  expect(rows.map((row) => (row.type === 'group' ? `${row.name} ${row.count}` : row.finding.id))).toEqual([
    'no mapping 1',
    'c',
    'owasp-nhi.7 1',
    'b',
    'owasp-nhi.1 2',
  ]);
  expect(chosenFindings([low, high], { ...settings, text: 'NHI.7' }).map(({ id }) => id)).toEqual(['b']);
});

test('a table that leaves the program holds no formula and no broken row', () => {
  const csv = findingsAsCsv([finding({ title: '=HYPERLINK("http://x")', why: 'one\r\ntwo, "three"' })]);
  expect(csv).toContain(`"'=HYPERLINK(""http://x"")"`);
  expect(csv).toContain('"one\r\ntwo, ""three"""');
});
