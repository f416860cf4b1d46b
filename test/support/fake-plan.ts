import type { PlanView, RosterView } from '#shared/ipc/respond-views.ts';
import type { Plan } from '#shared/respond/plan.ts';

const hash = 'a1'.repeat(32);

const plan: Plan = {
  format: 'rescind-plan',
  version: 1,
  kind: 'revoke',
  id: 'plan-1',
  created: '2026-06-01T00:00:00Z',
  case: { id: 'case-1', name: 'Leaked CI key' },
  journal: 'journal-1',
  incident: null,
  since: '2026-05-31T00:00:00Z',
  playbook: { name: 'contain', digest: hash },
  proposer: 'ana',
  references: [],
  providers: [],
  targets: [],
  actions: [
    {
      id: 'a1',
      target: 'cloud/user/1',
      group: 'g1',
      spec: {
        id: 'user.lock',
        title: 'Lock the user',
        verb: 'identity.disable',
        reversibility: 'R0',
        stops: [],
        doesNotStop: [],
        idempotency: 'state_convergent',
        precondition: null,
        nativeDryRun: false,
        requiredPermissions: [],
        rateLimit: null,
        settle: { typicalMs: 0, maxMs: 0 },
        beyondReach: true,
        undo: { possible: true, waitSeconds: 0, note: '' },
      },
      snapshot: { takenAt: '2026-06-01T00:00:00Z', inState: false, version: null, state: {} },
      calls: [],
      after: [],
      stage: 1,
      notBefore: null,
      undoes: null,
    },
  ],
  refusals: [],
  gaps: [],
  missing: [],
  forecast: [],
  residual: { seconds: 0, items: [] },
  snapshotDigest: hash,
  restores: null,
  observeSeconds: 0,
};

/** A plan that may be executed at once, as under a standing order. */
export const readyPlan: PlanView = {
  plan,
  hash,
  code: 'a1a1-a1a1-a1a1-a1a1-a1a1',
  approvals: [],
  requirement: { needed: 2, roles: [], selfApproval: false, reversibilityMax: 'R0' },
  refusal: null,
  runs: [],
};

/** A roster with an order that stands for the usual playbook at one provider. */
export const rosterWithOrder: RosterView = {
  version: 1,
  quorum: 2,
  people: [],
  rules: [],
  clockSkewSeconds: 60,
  orders: [
    {
      id: 'order-1',
      playbook: 'contain',
      providers: ['cloud'],
      mostTargets: 5,
      operatorRoles: [],
      people: ['ben', 'cleo'],
      notAfter: '2030-01-01T00:00:00Z',
      objection: null,
    },
  ],
};
