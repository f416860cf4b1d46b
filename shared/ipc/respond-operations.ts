import { z } from 'zod';
import { confirmTheme } from './confirm-operations.ts';
import { operation } from './operation.ts';
import type {
  DryRunView,
  JournalReport,
  NewOrderView,
  PlanFileView,
  PlanSummary,
  PlanView,
  ProviderTestView,
  ProviderTypeView,
  ProviderView,
  ReceiptReport,
  ReceiptView,
  RosterView,
  RunProgress,
  RunStatus,
  SignedOrderView,
  SignedRosterView,
} from './respond-views.ts';

const nothing = z.strictObject({});
/** A one-use handle of the page for a file that the analyst chose. */
const token = z.string().min(8).max(128);
const name = z.string().min(1).max(64);
const text = z.string().max(2_000);
/** Only the command line names files; the page names plans of the open case by their id. */
const file = z.string().min(1).max(4_096);
const plan = z.union([z.strictObject({ id: name }), z.strictObject({ file })]);
const run = z
  .string()
  .regex(/^run-[0-9a-f]+-[0-9a-f]+$/, 'is no run: they are named run-…, see “rescind respond runs”');
const instant = z.string().max(40);
const reference = z.strictObject({
  kind: z.enum(['identity', 'credential', 'session']),
  id: z.string().min(1).max(2_000),
  aliases: z.array(text).max(20).default([]),
  /** Of a held credential: what it is, e.g. `refresh_token`. */
  credentialType: z.string().max(64).nullable().default(null),
});
/** Characters of a plan's file that a page hands over. */
const planText = z.string().max(1_500_000);
const passphrase = z.string().max(1_000).nullable().default(null);

/** What a standing order covers. */
const orderScope = {
  playbook: name,
  providers: z.array(name).min(1).max(100),
  mostTargets: z.int().min(1).max(100_000),
  operatorRoles: z.array(name).max(20).default([]),
  days: z.int().min(1).max(90),
};
const signing = z.strictObject({ token, keyToken: token, passphrase });

/** Operations of emergency revocation. `act` reaches outside of the case: providers, keys, the workstation's settings. */
export const respondOperations = {
  /** All types, or the one that is named: loading each takes its time. */
  'provider.types': operation<readonly ProviderTypeView[]>()(
    'read',
    z.strictObject({ type: name.nullable().default(null) }),
  ),
  'provider.list': operation<readonly ProviderView[]>()('read', nothing),
  /** Secrets go in once and come out nowhere. */
  'provider.add': operation<ProviderView>()(
    'act',
    z.strictObject({
      name,
      type: name,
      settings: z.record(name, z.string().max(100_000)),
      secrets: z.record(name, z.string().max(100_000)).default({}),
    }),
  ),
  'provider.test': operation<ProviderTestView>()('act', z.strictObject({ name })),
  'provider.remove': operation<null>()('act', z.strictObject({ name })),
  /** Keeps a credential that the operator holds; from here on it goes by its fingerprint. */
  'provider.hold': operation<{ fingerprint: string }>()(
    'act',
    z.strictObject({ name, credential: z.string().min(1).max(100_000) }),
  ),

  'respond.roster': operation<RosterView | null>()('read', nothing),
  'respond.pinRoster': operation<RosterView>()('act', z.strictObject({ file }), { audience: 'command-line' }),
  'respond.signRoster': operation<SignedRosterView>()(
    'act',
    z.strictObject({ file, key: file, passphrase, out: file }),
    { audience: 'command-line' },
  ),
  'respond.createKey': operation<{ publicKey: string }>()('act', z.strictObject({ file, passphrase }), {
    audience: 'command-line',
  }),
  'respond.createOrder': operation<NewOrderView>()(
    'act',
    z.strictObject({ ...orderScope, key: file, passphrase, out: file }),
    { audience: 'command-line' },
  ),
  'respond.signOrder': operation<SignedOrderView>()(
    'act',
    z.strictObject({ file, key: file, passphrase, out: file }),
    { audience: 'command-line' },
  ),
  'respond.addOrder': operation<SignedOrderView>()('act', z.strictObject({ file }), {
    audience: 'command-line',
  }),
  /** The page's forms of these: files and keys were chosen in a dialog; what comes of it is saved by a dialog. */
  'respond.pinChosenRoster': operation<RosterView>()('act', z.strictObject({ token })),
  'respond.signChosenRoster': operation<SignedRosterView>()('act', signing),
  'respond.makeOrder': operation<NewOrderView>()(
    'act',
    z.strictObject({ ...orderScope, keyToken: token, passphrase }),
  ),
  'respond.signChosenOrder': operation<SignedOrderView>()('act', signing),
  'respond.addChosenOrder': operation<SignedOrderView>()('act', z.strictObject({ token })),
  'respond.removeOrder': operation<null>()('act', z.strictObject({ id: name })),

  /** Resolves, snapshots and orders; changes nothing. */
  'respond.plan': operation<PlanView>()(
    'act',
    z.strictObject({
      references: z.array(reference).min(1).max(10_000),
      playbook: name.default('contain'),
      /** A CACAO 2.0 playbook with our extension, instead of a built-in one. */
      playbookFile: file.nullable().default(null),
      /** Empty for all. */
      providers: z.array(name).max(100).default([]),
      incident: text.nullable().default(null),
      since: instant.nullable().default(null),
      out: file.nullable().default(null),
    }),
  ),
  /** A plan or a built-in playbook as CACAO 2.0. */
  'respond.exportPlaybook': operation<{ file: string }>()(
    'act',
    z.strictObject({
      plan: plan.nullable().default(null),
      playbook: name.nullable().default(null),
      out: file,
    }),
    { audience: 'command-line' },
  ),
  'respond.preview': operation<PlanView>()('read', z.strictObject({ plan })),
  'respond.approve': operation<PlanView>()(
    'act',
    z.strictObject({
      plan,
      key: file,
      passphrase,
      decision: z.enum(['approve', 'reject']).default('approve'),
      reason: text.nullable().default(null),
    }),
    { audience: 'command-line' },
  ),
  /** The page's form of `respond.approve`: the key's file was chosen in a dialog, the hash is the one that was shown. */
  'respond.sign': operation<PlanView>()(
    'act',
    z.strictObject({
      plan: z.strictObject({ id: name }),
      hash: z.string().length(64),
      keyToken: token,
      passphrase,
      decision: z.enum(['approve', 'reject']).default('approve'),
      reason: text.nullable().default(null),
    }),
  ),
  /** The operator's key file, kept ready until the host ends: under a standing order the held control signs with it. */
  'respond.keepKey': operation<{ readonly name: string }>()(
    'act',
    z.strictObject({ keyToken: token, passphrase }),
  ),
  'respond.keptKey': operation<{ readonly name: string | null }>()('read', nothing),
  'respond.dropKey': operation<null>()('act', nothing),
  /** A plan of another machine, as text (its file, or the QR codes of it). It does not become part of the case. */
  'respond.readPlan': operation<PlanView>()('read', z.strictObject({ text: planText })),
  /** Signs such a plan; what comes of it goes back as a file or QR code. */
  'respond.signPlan': operation<{ readonly envelope: string }>()(
    'act',
    z.strictObject({
      text: planText,
      hash: z.string().length(64),
      keyToken: token,
      passphrase,
      decision: z.enum(['approve', 'reject']).default('approve'),
      reason: text.nullable().default(null),
    }),
  ),
  /** A plan's file as text, for a co-approver on another machine. */
  'respond.planFile': operation<PlanFileView>()(
    'read',
    z.strictObject({ plan: z.strictObject({ id: name }) }),
  ),
  /** Plans of the open case, newest first. */
  'respond.plans': operation<readonly PlanSummary[]>()('read', nothing),
  /** Takes signed decisions that came as text (a file or QR code of a co-approver) into a plan. */
  'respond.addApproval': operation<PlanView>()(
    'act',
    z.strictObject({ plan, envelope: z.string().max(1_000_000) }),
  ),
  'respond.dryRun': operation<DryRunView>()('act', z.strictObject({ plan })),
  /**
   * Opens the confirm surface for the plan with the hash that was shown. The item says where it is, for a page that has
   * to open it; the answer comes when its control was held (a confirmation for `respond.execute`) or it was left.
   */
  'respond.confirm': operation<
    { readonly confirmation: string | null },
    { readonly address: string | null }
  >()(
    'act',
    z.strictObject({ plan: z.strictObject({ id: name }), hash: z.string().length(64), theme: confirmTheme }),
    { streaming: true },
  ),
  'respond.execute': operation<RunStatus, RunProgress>()(
    'act',
    z.strictObject({
      plan,
      /** The hash that was shown: another plan is refused. Null where the file itself was named. */
      hash: z.string().length(64).nullable().default(null),
      emergency: z.strictObject({ reason: text }).nullable().default(null),
      key: file.nullable().default(null),
      passphrase,
      /** What the page needs, and all that counts where it is given. */
      confirmation: z.string().max(128).nullable().default(null),
    }),
    { streaming: true },
  ),
  'respond.stop': operation<null>()('act', nothing),
  'respond.runs': operation<readonly { run: string; status: string; startedAt: string; plan: string }[]>()(
    'read',
    nothing,
  ),
  'respond.status': operation<RunStatus>()(
    'read',
    z.union([z.strictObject({ run }), z.strictObject({ plan })]),
  ),
  'respond.resume': operation<RunStatus, RunProgress>()(
    'act',
    z.strictObject({ run, plan: plan.nullable().default(null) }),
    { streaming: true },
  ),
  'respond.verify': operation<RunStatus, RunProgress>()('act', z.strictObject({ run }), { streaming: true }),
  'respond.restore': operation<PlanView>()(
    'act',
    z.strictObject({
      run,
      observeSeconds: z.int().min(0).max(604_800).default(300),
      out: file.nullable().default(null),
    }),
  ),
  'respond.receipt': operation<ReceiptView>()(
    'act',
    z.strictObject({ run, out: file.nullable().default(null) }),
  ),
  /** Of the open case; of every case of this workstation where none is open. */
  'journal.verify': operation<readonly JournalReport[]>()('read', nothing),
  /** The page's form of `receipt.check`: the receipt that the case keeps of a run, or one chosen in a dialog. */
  'receipt.checkOf': operation<ReceiptReport>()(
    'read',
    z.union([z.strictObject({ run }), z.strictObject({ token })]),
  ),
  'receipt.check': operation<ReceiptReport>()(
    'read',
    z.strictObject({ file, key: z.string().max(1_000).nullable().default(null) }),
    { audience: 'command-line' },
  ),
} as const;
