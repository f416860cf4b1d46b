import { z } from 'zod';
import type { AccessEvent } from '../domain/event.ts';
import type { Decision, Duties, Ownership } from '../domain/decision.ts';
import type { AgreementReport } from '../domain/agreement.ts';
import { type DirectorySnapshot, identityKinds } from '../domain/directory.ts';
import type { CaseBundle } from '../domain/bundle.ts';
import type { PermissionChange } from '../domain/drift.ts';
import { type UsageReport, usageStates } from '../domain/usage.ts';
import type { Finding } from '../domain/finding.ts';
import { type DoubtfulMatch, type Identity, identityOrders } from '../domain/identity.ts';
import type { LineageNode } from '../domain/lineage.ts';
import type { BundleProblem, PolicyText, WhoAnswer } from '../domain/policy-system.ts';
import type { DecisionTrace } from '../domain/trace.ts';
import { type PolicyTestResult, policyTestsName } from '../policy-tests/policy-test.ts';
import { accessOperations } from './access-operations.ts';
import { confirmOperations } from './confirm-operations.ts';
import { decisionInput } from './decision-input.ts';
import { type Operation, operation } from './operation.ts';
import { respondOperations } from './respond-operations.ts';
import type {
  AppInfo,
  CaseSummary,
  CountRow,
  CustodyView,
  DoctorCheck,
  EventPage,
  EvaluateReport,
  EvidenceItem,
  ExpectReport,
  Facet,
  FileToken,
  FolderListing,
  Histogram,
  IngestProgress,
  IngestReport,
  Overview,
  PolicyTestsEntry,
  PolicyTestsText,
  PolicyTextChange,
  RawRecord,
  RelatedEvents,
  ReplayProgress,
  ReplayReport,
  RejectedItem,
  VerifyProgress,
  VerifyReport,
} from './views.ts';
import { pickPurposes } from './pick-purposes.ts';

const token = z.string().min(8).max(128);
const nothing = z.strictObject({});
const index = z
  .int()
  .min(0)
  .max(2 ** 40);
/** The parser says of a query that it is too long, and where. */
const queryText = z.string().max(200_000);
/** RFC 3339; inclusive. Null leaves the range open. */
const instant = z.string().max(40).nullable().default(null);
const filter = { query: queryText.default(''), from: instant, to: instant };
const field = z.string().min(1).max(64);
const sort = z.enum(['time', '-time']);
/** SECURITY: in operations of the command line alone; the page has no paths. */
const path = z.string().min(1).max(4_096);
const bundleId = z.string().max(64);
/** Files of a bundle with another text, whole or at one place (`PolicyEdit`): what would be if. */
const edits = z
  .array(
    z.strictObject({
      path: z.string().max(1_024),
      pointer: z.string().max(4_096).nullable().default(null),
      was: z.string().max(1_000_000).nullable().default(null),
      text: z.string().max(1_000_000),
    }),
  )
  .max(1_000)
  .default([]);
/** Of a file of policy tests in the case. SECURITY: names a file, so it can lead nowhere else. */
const testsName = z.string().regex(policyTestsName);
/** What is known of a request beyond what it says: a logged event may have carried more than it shows. */
const knowledge = z
  .strictObject({
    complete: z.boolean(),
    absent: z.array(z.string().max(256)).max(1_000).default([]),
    hidden: z
      .array(z.array(z.string().max(4_096)).max(200))
      .max(1_000)
      .default([]),
  })
  .default({ complete: true, absent: [], hidden: [] });
const fileName = z.string().min(1).max(200);
const bundlePath = z.strictObject({ path, system: z.string().max(64).nullable().default(null) });

/**
 * Every operation, once. The router, the preload object, the renderer's client, the loopback protocol and the
 * command line are derived from this list. No operation takes a path from the page: files come as one-use tokens.
 */
export const contract = {
  'app.info': operation<AppInfo>()('read', nothing),
  'app.doctor': operation<readonly DoctorCheck[]>()('read', nothing),

  'files.pick': operation<readonly FileToken[]>()('act', z.strictObject({ purpose: z.enum(pickPurposes) })),
  'files.browse': operation<FolderListing>()('read', z.strictObject({ token: token.nullable() })),
  /** Writes text or bytes to a file that the analyst names in the system's dialog; false where the dialog was left. */
  'files.save': operation<{ readonly saved: boolean }>()(
    'act',
    z.union([
      z.strictObject({ name: fileName, text: z.string().max(1_900_000) }),
      z.strictObject({ name: fileName, base64: z.base64().max(1_900_000) }),
    ]),
  ),

  'case.current': operation<CaseSummary | null>()('read', nothing),
  'case.create': operation<CaseSummary>()(
    'act',
    z.strictObject({ token, name: z.string().trim().min(1).max(120) }),
  ),
  'case.open': operation<CaseSummary>()('act', z.strictObject({ token })),
  'case.openRecent': operation<CaseSummary>()('act', z.strictObject({ id: z.string().max(64) })),
  'case.openSample': operation<CaseSummary, IngestProgress>()('act', nothing, { streaming: true }),
  'case.close': operation<null>()('act', nothing),

  'ingest.start': operation<IngestReport, IngestProgress>()(
    'write',
    z.strictObject({
      tokens: z.array(token).min(1).max(10_000),
      format: z.string().max(64).nullable().default(null),
      timeZone: z.string().max(64).nullable().default(null),
      /** What exports of directories do not say themselves: what columns mean, and when they were made. */
      mapping: z.record(z.string().max(64), z.unknown()).nullable().default(null),
      takenAt: instant,
    }),
    { streaming: true },
  ),

  'evidence.list': operation<readonly EvidenceItem[]>()('read', nothing),
  'evidence.rejected': operation<{ total: number; rows: readonly RejectedItem[] }>()(
    'read',
    z.strictObject({
      sha256: z.string().length(64).nullable().default(null),
      offset: index.default(0),
      limit: z.int().min(1).max(5_000).default(200),
    }),
  ),
  'evidence.custody': operation<CustodyView>()(
    'read',
    z.strictObject({ offset: index.default(0), limit: z.int().min(1).max(5_000).default(200) }),
  ),
  'evidence.verify': operation<VerifyReport, VerifyProgress>()('read', nothing, { streaming: true }),

  'events.page': operation<EventPage>()(
    'read',
    z.strictObject({
      ...filter,
      sort: sort.default('-time'),
      offset: index.default(0),
      limit: z.int().min(1).max(1_000).default(100),
    }),
  ),
  'events.count': operation<{ rows: readonly CountRow[]; total: number; groups: number }>()(
    'read',
    z.strictObject({
      ...filter,
      by: z.array(field).max(4).default([]),
      bucket: z.enum(['hour', 'day']).nullable().default(null),
      limit: z.int().min(1).max(1_000_000).default(1_000),
    }),
  ),
  'events.histogram': operation<Histogram>()(
    'read',
    z.strictObject({
      ...filter,
      buckets: z.int().min(1).max(2_000).default(120),
      split: field.default('outcome'),
    }),
  ),
  'events.facets': operation<readonly Facet[]>()(
    'read',
    z.strictObject({
      ...filter,
      fields: z.array(field).min(1).max(20),
      limit: z.int().min(1).max(1_000).default(10),
    }),
  ),
  'events.get': operation<AccessEvent>()('read', z.strictObject({ id: z.string().max(64) })),
  'events.raw': operation<RawRecord>()('read', z.strictObject({ id: z.string().max(64) })),
  /** The events of the same session, credential or subject: how many, and those around this one in time. */
  'events.related': operation<RelatedEvents>()(
    'read',
    z.strictObject({
      id: z.string().max(64),
      by: z.enum(['session', 'credential', 'subject']),
      limit: z.int().min(1).max(200).default(50),
    }),
  ),
  'events.stream': operation<{ total: number }, AccessEvent>()(
    'read',
    z.strictObject({ ...filter, sort: sort.default('time'), limit: index.nullable().default(null) }),
    { streaming: true, audience: 'command-line' },
  ),

  /** Values of a field that hold `prefix`, most frequent first: completion of the query bar. */
  'query.values': operation<readonly string[]>()(
    'read',
    z.strictObject({ field, prefix: z.string().max(200), limit: z.int().min(1).max(100).default(20) }),
  ),
  'overview.get': operation<Overview>()('read', z.strictObject({ from: instant, to: instant })),

  /** Exports of directories that are in the case, in the order of import. */
  'directories.list': operation<readonly DirectorySnapshot[]>()('read', nothing),
  /** Every identity of the case, judged at `asOf` (default: the end of the evidence). */
  'identities.list': operation<{ asOf: string | null; total: number; rows: readonly Identity[] }>()(
    'read',
    z.strictObject({
      asOf: instant,
      dormantAfterDays: z.int().min(1).max(10_000).default(90),
      dormancy: z.enum(['active', 'dormant', 'never-seen', 'cannot-know']).nullable().default(null),
      /** Part of the id, name or account. */
      text: z.string().max(1_000).default(''),
      orphan: z.boolean().nullable().default(null),
      kind: z.enum(identityKinds).nullable().default(null),
      /** Only those that stand for a time, or for good. */
      ends: z.boolean().nullable().default(null),
      /** Only those that appear in this log format or directory. */
      source: z.string().max(64).nullable().default(null),
      /** Only those with this id anywhere, one an account. */
      id: z.string().max(2_000).nullable().default(null),
      sort: z.enum(identityOrders).default('id'),
      offset: index.default(0),
      limit: z.int().min(1).max(1_000_000).default(200),
    }),
  ),

  /** Pairs of appearances that may be one identity and that nobody has decided about. */
  'identities.review': operation<{ total: number; rows: readonly DoubtfulMatch[] }>()(
    'read',
    z.strictObject({ offset: index.default(0), limit: z.int().min(1).max(10_000).default(200) }),
  ),
  /** Every decision about identities and owners, in its order, with those that were taken back. */
  'identities.decisions': operation<readonly Decision[]>()('read', nothing),
  /** Keeps a decision in the case and its journal, in the name of whoever is at the keyboard. */
  'identities.decide': operation<Decision>()('write', decisionInput),

  /** The matrix of owners: later rows go before earlier ones. */
  'ownership.list': operation<readonly Ownership[]>()('read', nothing),
  /** Who writes, approves, monitors and answers for a policy (its path) or an identity (its id): name one. */
  'ownership.of': operation<Duties>()(
    'read',
    z.strictObject({
      policy: z.string().max(4_096).nullable().default(null),
      identity: z.string().max(2_000).nullable().default(null),
    }),
  ),
  /** Takes rows in from a CODEOWNERS file or a table; each takes the place of the one with its pattern. */
  'ownership.import': operation<{
    decision: Decision;
    rows: number;
    problems: readonly { line: number; message: string }[];
  }>()('write', z.strictObject({ token, why: z.string().trim().min(1).max(2_000) })),

  /** What descends from one credential, session or event: name one of the three. */
  'lineage.get': operation<{ roots: readonly LineageNode[] }>()(
    'read',
    z.strictObject({
      credential: z.string().max(2_000).nullable().default(null),
      session: z.string().max(2_000).nullable().default(null),
      event: z.string().max(64).nullable().default(null),
    }),
  ),
  /**
   * What detection rules find in the events. Without `rules` those that come with the program; a rule file that is
   * not understood is listed under `problems`.
   */
  'findings.run': operation<{
    findings: readonly Finding[];
    problems: readonly { path: string; position: string; message: string }[];
    rules: number;
    unreadable: number;
    /** Analyses that could not be made: what they would have found is not known. */
    unanswered: readonly { what: string; why: string }[];
  }>()(
    'read',
    z.strictObject({
      rules: z
        .array(z.strictObject({ path: z.string().max(4_096), text: z.string().max(1_000_000) }))
        .max(5_000)
        .default([]),
      /** Only the rule of this id or name. */
      rule: z.string().max(200).nullable().default(null),
    }),
  ),

  'sql.run': operation<{ columns: readonly string[]; rows: number }, Readonly<Record<string, unknown>>>()(
    'read',
    z.strictObject({ text: z.string().min(1).max(100_000) }),
    { streaming: true, audience: 'command-line' },
  ),

  /** Policy bundles of the case, in the order in which they were added. */
  'bundles.list': operation<readonly CaseBundle[]>()('read', nothing),
  'bundles.get': operation<CaseBundle>()('read', z.strictObject({ id: bundleId })),
  /** Policies as text. */
  'bundles.text': operation<readonly PolicyText[]>()('read', z.strictObject({ id: bundleId })),
  /**
   * What differs as text: policies, who holds them, and the files beside them; what that means for permissions
   * is told by `drift`.
   */
  'bundles.diff': operation<readonly PolicyTextChange[]>()(
    'read',
    z.strictObject({ from: bundleId, to: bundleId }),
  ),
  /** Keeps a bundle in the open case. `inForceFrom` is RFC 3339. */
  'bundles.add': operation<CaseBundle>()(
    'write',
    z.strictObject({
      token,
      system: z.string().max(64).nullable().default(null),
      inForceFrom: instant,
      /** Of the file with the key that verifies a signed bundle. */
      verificationKey: token.nullable().default(null),
    }),
  ),
  /** Keeps an edited bundle as a new one; that which was edited stays as it is. */
  'bundles.saveEdited': operation<CaseBundle>()(
    'write',
    z.strictObject({ bundle: bundleId, edits, inForceFrom: instant }),
  ),
  /** What is wrong in an edited bundle. */
  'bundles.problems': operation<readonly BundleProblem[]>()(
    'read',
    z.strictObject({ bundle: bundleId, edits }),
  ),
  /** The files of an edited bundle that differ from the kept ones, whole. */
  'bundles.edited': operation<readonly { readonly path: string; readonly text: string }[]>()(
    'read',
    z.strictObject({ bundle: bundleId, edits }),
  ),

  /** Files of policy tests that the case keeps, by name. */
  'policyTests.list': operation<readonly PolicyTestsEntry[]>()('read', nothing),
  'policyTests.get': operation<PolicyTestsText>()('read', z.strictObject({ name: testsName })),
  /** Reads a file that the analyst chose, without keeping it. */
  'policyTests.open': operation<PolicyTestsText>()('read', z.strictObject({ token })),
  'policyTests.save': operation<PolicyTestsEntry>()(
    'write',
    z.strictObject({ name: testsName, text: z.string().max(1_000_000) }),
  ),
  'policyTests.remove': operation<null>()('write', z.strictObject({ name: testsName })),

  /**
   * The trace of a logged event: what was recorded, what the bundle says, and where the two differ. Without a bundle
   * the one that was in force at the event's time is taken.
   */
  'policy.explain': operation<DecisionTrace>()(
    'read',
    z.strictObject({ event: z.string().max(64), bundle: bundleId.nullable().default(null) }),
  ),
  /** The trace of a question that a person asks of a bundle, or of what it would be with some files changed. */
  'policy.ask': operation<DecisionTrace>()(
    'read',
    z.strictObject({
      bundle: bundleId,
      edits,
      request: z.record(z.string().max(64), z.unknown()),
      knowledge,
    }),
  ),
  /** Runs policy tests (YAML) against a bundle. */
  'policy.check': operation<readonly PolicyTestResult[]>()(
    'read',
    z.strictObject({ bundle: bundleId, edits, tests: z.string().max(1_000_000) }),
  ),
  /** Subjects that can do something, each with its path. */
  'policy.whoCan': operation<readonly WhoAnswer[]>()(
    'read',
    z.strictObject({
      bundle: bundleId,
      edits,
      action: z.string().max(1_000),
      resource: z.string().max(10_000),
      context: z.record(z.string().max(256), z.unknown()).default({}),
    }),
  ),
  /** The distinct requests of the log under a bundle, beside another one or beside what was recorded. */
  'policy.replay': operation<ReplayReport, ReplayProgress>()(
    'read',
    z.strictObject({
      ...filter,
      bundle: bundleId,
      against: bundleId.nullable().default(null),
      limit: z.int().min(0).max(1_000_000).default(1_000),
    }),
    { streaming: true },
  ),

  /**
   * How often the policies of each moment say what was recorded, by log format. Worked out once for a revision of the
   * case, and kept in it.
   */
  'policy.agreement': operation<AgreementReport, ReplayProgress>()('read', nothing, { streaming: true }),
  /** What is known of it without working it out; null where nothing is. */
  'policy.knownAgreement': operation<AgreementReport | null>()('read', nothing),

  /** How effective permissions changed from one bundle to another, each change with the events that explain it. */
  'drift.run': operation<{ changes: readonly PermissionChange[]; total: number }>()(
    'read',
    z.strictObject({
      from: bundleId,
      to: bundleId,
      offset: index.default(0),
      limit: z.int().min(1).max(1_000_000).default(1_000),
    }),
  ),
  /** What a bundle gives, and what of it the log shows used. Without a bundle the latest that was in force. */
  'usage.run': operation<UsageReport>()(
    'read',
    z.strictObject({
      subject: z.string().max(2_000).nullable().default(null),
      bundle: bundleId.nullable().default(null),
      asOf: instant,
      usage: z.enum(usageStates).nullable().default(null),
      /** Part of the action or of the resource. */
      text: z.string().max(2_000).default(''),
      offset: index.default(0),
      limit: z.int().min(1).max(1_000_000).default(1_000),
    }),
  ),

  /**
   * Answers requests: those of a file (or of the standard input, `-`) by one bundle, or those of a batch, in which
   * each line names its own. Items are JSON Lines as text: traces are serialised on the thread that made them.
   */
  'policy.evaluate': operation<EvaluateReport, string>()(
    'read',
    z.strictObject({
      bundle: bundlePath.nullable().default(null),
      requests: path.nullable().default(null),
      batch: path.nullable().default(null),
    }),
    { streaming: true, audience: 'command-line' },
  ),
  /** Runs policy tests; items are JSON Lines, one result each. */
  'policy.expect': operation<ExpectReport, string>()('read', z.strictObject({ bundle: bundlePath, path }), {
    streaming: true,
    audience: 'command-line',
  }),
  /** Subjects that can do something; items are JSON Lines, one subject and path each. `context` is a file. */
  'policy.who': operation<{ answers: number }, string>()(
    'read',
    z.strictObject({
      bundle: bundlePath,
      action: z.string().max(1_000),
      resource: z.string().max(10_000),
      context: path.nullable().default(null),
    }),
    { streaming: true, audience: 'command-line' },
  ),
  ...accessOperations,
  ...respondOperations,
  ...confirmOperations,
} as const satisfies Record<string, Operation<z.ZodType, unknown, unknown>>;

export type Contract = typeof contract;
export type OperationName = keyof Contract;
/** What a caller gives: defaults may be left out. */
export type InputOf<K extends OperationName> = z.input<Contract[K]['input']>;
/** What a handler gets: validated, with defaults. */
export type ParsedInputOf<K extends OperationName> = z.output<Contract[K]['input']>;
export type OutputOf<K extends OperationName> = NonNullable<Contract[K]['types']>['output'];
export type ItemOf<K extends OperationName> = NonNullable<Contract[K]['types']>['item'];
