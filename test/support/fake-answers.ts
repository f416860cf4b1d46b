import type { OperationName, OutputOf } from '#shared/ipc/contract.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { EventRow, EvidenceItem, IngestProgress, Overview, RejectedItem } from '#shared/ipc/views.ts';
import { type Result, failure, success } from '#shared/util/result.ts';
import type { FakeAnswer, FakeAnswers } from './fake-bridge.ts';
import { peopleAnswers } from './fake-people.ts';
import { policyAnswers } from './fake-policies.ts';

const outcomes = [
  'allow',
  'allow',
  'allow',
  'deny',
  'allow',
  'error',
  'allow',
  'unknown',
  'challenge',
] as const;
const actions = [
  's3:GetObject',
  'sts:AssumeRole',
  'iam:CreateAccessKey',
  'ec2:DescribeInstances',
  'secrets:get',
];
const hash = (seed: number): string =>
  Array.from({ length: 64 }, (_, at) => ((seed * 31 + at * at * 7 + at) % 16).toString(16)).join('');
const at = (minutes: number): string => new Date(Date.UTC(2026, 4, 1) + minutes * 60_000).toISOString();
const answer = <K extends OperationName>(value: OutputOf<K>, delay = 20): FakeAnswer => ({
  result: success(value),
  delay,
});

const rows: EventRow[] = Array.from({ length: 500 }, (_, index) => ({
  id: index.toString(16).padStart(32, '0'),
  time: at(index).replace('Z', `${index % 1000}`.padStart(3, '0') + 'Z'),
  format: index % 3 === 0 ? 'kubernetes-audit' : 'aws-cloudtrail',
  outcome: outcomes[index % outcomes.length] ?? 'unknown',
  reason: null,
  subject: {
    type: 'role',
    id: `arn:aws:iam::021345678901:role/deploy-${index % 7}`,
    name: `deploy-${index % 7}`,
    account: '021345678901',
  },
  actor: null,
  session: null,
  credential: { id: 'ASIAEXAMPLE000000001', type: 'temporary' },
  action: actions[index % actions.length] ?? null,
  operation: 'GetObject',
  service: 's3',
  resource: { type: 'AWS::S3::Object', id: `arn:aws:s3:::acme-invoices/2026/05/${index}.pdf` },
  ip: `203.0.113.${index % 250}`,
  account: '021345678901',
  region: 'eu-central-1',
}));

const files: EvidenceItem[] = Array.from({ length: 35 }, (_, index) => ({
  sha256: hash(index + 1),
  path: `AWSLogs/021345678901/CloudTrail/eu-central-1/2026/05/${String(index + 1).padStart(2, '0')}/trail.json.gz`,
  format: index % 9 === 8 ? null : index % 3 === 0 ? 'kubernetes-audit' : 'aws-cloudtrail',
  encoding: 'gzip, UTF-8',
  bytes: 48_213 * (index + 1),
  parent: null,
  status: index % 9 === 8 ? 'skipped' : index === 4 ? 'partial' : 'complete',
  reason: index % 9 === 8 ? 'CloudTrail digest: says what the log files should be, holds no events' : null,
  records: index % 9 === 8 ? 0 : 12_045 + index,
  events: index % 9 === 8 ? 0 : 12_000,
  duplicates: index % 9 === 8 ? 0 : 40 + index,
  rejected: index % 9 === 8 ? 0 : 5,
  from: index % 9 === 8 ? null : at(index * 1440),
  to: index % 9 === 8 ? null : at(index * 1440 + 1439),
  importedAt: at(50_000),
  leftOut:
    index === 2
      ? [
          {
            reason: 'From byte 91234 on nothing was read: the file ends in the middle of its data',
            records: 0,
          },
        ]
      : [],
}));

/** The evidence files as the detail panel names them. */
export const fileIds = files.map(({ sha256, path }) => `${sha256}:${path}`);

const rejected: RejectedItem[] = Array.from({ length: 155 }, (_, index) => ({
  path: files[index % 8]?.path ?? '',
  sha256: hash(index % 8),
  offset: 91_234 * index,
  length: 512 + index,
  reason:
    index % 2 === 0 ? 'The record ends in the middle of a string.' : 'The field “eventTime” is no time.',
  excerpt: `{"eventTime":"yesterday","userAgent":"curl\u0000\u001b[31m \u202egnp.exe"\n ${index}`,
}));

const progress: IngestProgress[] = Array.from({ length: 40 }, (_, step) => ({
  phase: step === 39 ? 'finishing' : 'reading',
  file: 'trail.json.gz',
  filesDone: Math.floor(step / 2),
  filesTotal: 20,
  bytesDone: (step + 1) * 26_000_000,
  bytesTotal: 1_040_000_000,
  events: (step + 1) * 50_000,
  rejected: step,
  eventsPerSecond: 184_000,
  secondsLeft: 42 - step,
}));

/** What a host would answer for a believable case. `change` puts other answers in their place. */
export function fakeAnswers(change: FakeAnswers = {}): FakeAnswers {
  return {
    'app.info': answer<'app.info'>({
      version: '0.1.0',
      host: 'headless',
      platform: 'linux',
      nativeDialogs: false,
      readOnly: false,
      recent: [
        {
          id: 'a',
          name: 'Leaked CI key',
          folder: '/home/ana/cases/ci-key',
          openedAt: at(52_000),
          missing: false,
        },
        { id: 'b', name: 'Old case', folder: '/mnt/stick/old', openedAt: at(40_000), missing: true },
      ],
    }),
    'case.current': answer<'case.current'>(caseSummary),
    'case.openRecent': answer<'case.openRecent'>(caseSummary),
    'case.openSample': { ...answer<'case.openSample'>(caseSummary), items: progress, every: 30 },
    'case.create': answer<'case.create'>({ ...caseSummary, name: 'New', events: 0, files: 0, rejected: 0 }),
    'case.close': answer<'case.close'>(null),
    'files.browse': answer<'files.browse'>({
      folder: '/srv/exports',
      self: { token: 'self-token', name: 'exports', kind: 'folder', bytes: null },
      parent: { token: 'parent-token', name: 'srv', kind: 'folder', bytes: null },
      entries: [
        { token: 'folder-token', name: 'cloudtrail', kind: 'folder', bytes: null },
        { token: 'file-token-1', name: 'audit.log', kind: 'file', bytes: 8_123_456 },
        { token: 'file-token-2', name: 'evil\u202egnp.json', kind: 'file', bytes: 12 },
      ],
      truncated: false,
    }),
    'evidence.list': answer<'evidence.list'>(files),
    'evidence.rejected': { list: 'rows', rows: rejected, total: rejected.length, delay: 20 },
    'evidence.custody': {
      list: 'entries',
      rows: Array.from({ length: 120 }, (_, index) => ({
        index,
        time: at(50_000 + index),
        type: index === 0 ? 'case-created' : 'evidence-imported',
        summary: `${files[index % 35]?.path}: 12 000 events`,
        leafHash: hash(index),
      })),
      total: 120,
      more: { checkpoint: { size: 120, rootHash: hash(3), time: at(50_121), key: hash(9).slice(0, 44) } },
      delay: 20,
    },
    'evidence.verify': {
      ...answer<'evidence.verify'>({
        ok: true,
        evidence: { files: 35, bytes: 1_040_000_000 },
        offsets: { events: 372_000 },
        custody: { entries: 120, checkpoints: 3, rootHash: hash(3) },
        sources: [{ path: 'digest.json.gz', ok: null, message: 'The signing key is not in the case.' }],
        problems: [],
      }),
      items: Array.from({ length: 10 }, (_, step) => ({ checked: step + 1, total: 10, what: 'evidence' })),
      every: 30,
    },
    'ingest.start': {
      ...answer<'ingest.start'>({
        files: 20,
        skipped: [],
        bytes: 1_040_000_000,
        records: 2_000_045,
        events: 2_000_000,
        duplicates: 40,
        rejected: 5,
        outcomes: { allow: 1_900_000, deny: 50_000, error: 50_000, challenge: 0, unknown: 0 },
        sources: [],
        directories: [],
        seconds: 11,
        cancelled: false,
      }),
      items: progress,
      every: 50,
    },
    'events.page': { list: 'rows', rows, total: 1_000_000, delay: 20 },
    'events.histogram': answer<'events.histogram'>({
      fromMs: Date.UTC(2026, 4, 1),
      toMs: Date.UTC(2026, 4, 31),
      stepMs: 64_800_000,
      series: [
        {
          value: 'allow',
          counts: Array.from({ length: 40 }, (_, index) =>
            index > 17 && index < 21 ? 0 : 900 + 90 * (index % 7),
          ),
        },
        { value: 'deny', counts: Array.from({ length: 40 }, (_, index) => (index === 28 ? 700 : 0)) },
      ],
      total: 60_000,
    }),
    'events.get': answer<'events.get'>(event),
    'events.raw': answer<'events.raw'>({
      position: event.evidence,
      base64: Buffer.from(record).toString('base64'),
      text: record,
    }),
    'events.related': answer<'events.related'>({ total: 80, rows: rows.slice(0, 31) }),
    'events.facets': answer<'events.facets'>([
      {
        field: 'outcome',
        distinct: 2,
        values: [
          { value: 'allow', count: 59_300 },
          { value: 'deny', count: 700 },
        ],
      },
      {
        field: 'subject.id',
        distinct: 210_000,
        values: [
          { value: 'arn:aws:iam::021345678901:role/deploy-1', count: 40_000 },
          { value: 'mallory\u202e', count: 12 },
          { value: null, count: 3 },
        ],
      },
      { field: 'action', distinct: 0, values: [] },
    ]),
    'query.values': answer<'query.values'>(['s3:GetObject', 's3:PutObject', 'sts:Assume Role']),
    'overview.get': answer<'overview.get'>(overview),
    ...peopleAnswers,
    ...policyAnswers,
    ...change,
  };
}

const record =
  '{"eventVersion":"1.11","count":12345678901234567890,"userAgent":"curl\\u202e","empty":{},"list":[1,true]}';

const event: AccessEvent = {
  ...rows[3]!,
  vendorId: 'vendor-3',
  class: 'API Activity',
  reason: { class: 'explicit-deny', text: 'with an explicit deny', policy: 'service control policy' },
  actor: { type: 'user', id: 'ana@acme.example', name: null, account: null },
  session: { id: 'session-3', name: 'ana', startedAt: at(1), mfa: false },
  resources: [rows[3]!.resource!, { type: null, id: 'arn:aws:s3:::acme-invoices' }],
  userAgent: 'aws-cli/2.15 \u001b[31m',
  correlation: { requestId: 'request-3', traceId: null, spanId: null, sessionId: null, sharedId: null },
  evidence: { sha256: hash(1), path: files[0]!.path, offset: 91_234, length: record.length },
};

const overview: Overview = {
  coverage: [
    {
      format: 'aws-cloudtrail',
      events: 50_000,
      from: at(0),
      to: at(43_199),
      stepMs: 43_200_000,
      fromMs: Date.UTC(2026, 4, 1),
      counts: Array.from({ length: 60 }, (_, index) => (index > 20 && index < 25 ? 0 : 800 + index)),
    },
    {
      format: 'kubernetes-audit',
      events: 10_000,
      from: at(14_400),
      to: at(43_199),
      stepMs: 43_200_000,
      fromMs: Date.UTC(2026, 4, 11),
      counts: Array.from({ length: 40 }, () => 250),
    },
  ],
  outcomes: { allow: 59_300, deny: 700, error: 0, challenge: 0, unknown: 0 },
  topDenied: [
    {
      subject: 'arn:aws:iam::021345678901:role/deploy-1',
      action: 's3:GetObject',
      count: 700,
      last: at(30_000),
    },
    { subject: 'mallory', action: null, count: 3, last: at(20_000) },
  ],
  newIdentities: [{ subject: rows[1]!.subject, first: at(40_000), events: 12 }],
  quietIdentities: [
    { subject: { type: 'service', id: null, name: 'svc-old', account: null }, last: at(900), events: 4 },
  ],
  changes: [
    { field: 'outcome', value: 'deny', beforePerDay: 0, afterPerDay: 163 },
    { field: 'ip', value: '203.0.113.9', beforePerDay: 12.4, afterPerDay: 0 },
    { field: 'service', value: 's3', beforePerDay: 120, afterPerDay: 320 },
  ],
};

/** The case that the fake host has open. */
export const caseSummary = {
  id: 'case-1',
  name: 'Leaked CI key',
  folder: '/home/ana/cases/ci-key',
  created: at(49_000),
  schemaVersion: 1,
  events: 372_000,
  files: 35,
  rejected: 155,
  from: at(0),
  to: at(43_199),
  revision: 7,
};

/** The answer of a host where this operation fails. */
export function failing(...parameters: Parameters<typeof failure>): FakeAnswer {
  const result: Result<never> = failure(...parameters);
  return { result, delay: 20 };
}
