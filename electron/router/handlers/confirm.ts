import type { RespondCase } from '#electron/platform/respond-service.ts';
import type { ConfirmView } from '#shared/ipc/confirm-operations.ts';
import type { PlanView, RosterView } from '#shared/ipc/respond-views.ts';
import { actedOn, isMild } from '#shared/respond/approval.ts';
import { isOpen } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import type { ConfirmRequest, Confirmations } from '../confirmations.ts';
import type { ConfirmPlace } from '../host.ts';
import type { OperatorKey } from '../operator-key.ts';
import { listFolder } from './files.ts';
import type { HandlerServices, Handlers } from './handler.ts';

type ConfirmOperation =
  | 'respond.confirm'
  | 'respond.keepKey'
  | 'respond.keptKey'
  | 'respond.dropKey'
  | 'confirm.show'
  | 'confirm.pick'
  | 'confirm.browse'
  | 'confirm.hold'
  | 'confirm.leave';

/** The confirm surface: opened for a page that wants to execute a plan, and what the surface itself asks. */
export function confirmHandlers(
  { engine, host, tokens }: HandlerServices,
  confirmations: Confirmations,
  operator: OperatorKey,
): Handlers<ConfirmOperation> {
  const places = new Map<string, ConfirmPlace>();
  const link = () => engine.respond(host.secrets);
  const openCase = async (): Promise<RespondCase> => {
    const summary = await engine.current();
    if (summary === null) throw new FailureError('no-case', 'No case is open. Create one or open one first.');
    const { id, name, folder } = summary;
    return { id, name, folder };
  };
  const shownView = async ({ plan, hash }: ConfirmRequest): Promise<PlanView> => {
    const view = await link().call('preview', { plan: { id: plan }, case: await openCase() });
    if (view.hash === hash) return view;
    throw new FailureError(
      'refused',
      'The plan is not the one that was shown: its hash differs. Look again.',
    );
  };
  /** The operator's signature, of which a standing order wants one. */
  const sign = async (
    { plan }: ConfirmRequest,
    { keyToken, passphrase }: { readonly keyToken: string | null; readonly passphrase: string | null },
  ): Promise<void> => {
    const key = keyToken === null ? operator.kept : { path: tokens.take(keyToken).path, passphrase };
    if (key === null) throw new FailureError('refused', 'No key is kept ready: choose your key file.');
    await link().call('approve', {
      plan: { id: plan },
      key: key.path,
      passphrase: key.passphrase,
      decision: 'approve',
      reason: null,
      case: await openCase(),
    });
  };
  return {
    'respond.keepKey': ({ keyToken, passphrase }) => {
      const { path, name } = tokens.take(keyToken);
      operator.kept = { path, name, passphrase };
      return { name };
    },
    'respond.keptKey': () => ({ name: operator.kept?.name ?? null }),
    'respond.dropKey': () => {
      operator.kept = null;
      return null;
    },
    'respond.confirm': async ({ plan, hash, theme }, { signal, emit }) => {
      const request = { plan: plan.id, hash, theme };
      await shownView(request);
      const { ticket, outcome } = confirmations.ask(request);
      const place = host.confirm(ticket);
      places.set(ticket, place);
      const leave = (): void => confirmations.leave(ticket);
      signal.addEventListener('abort', leave, { once: true });
      void place.closed.then(leave);
      try {
        await emit({ address: place.address });
        return { confirmation: signal.aborted ? null : await outcome };
      } finally {
        leave();
        signal.removeEventListener('abort', leave);
        places.delete(ticket);
        place.close();
      }
    },
    'confirm.show': async ({ ticket }) => {
      const request = confirmations.requestOf(ticket);
      const view = await shownView(request);
      confirmations.shown(ticket);
      const roster = await link().call('roster', {});
      const order = roster?.orders.find((each) => seemsCovered(view, each, Date.now())) ?? null;
      return confirmView(view, request, {
        nativeDialogs: host.nativeDialogs,
        order: view.refusal === null ? null : (order?.people ?? null),
        keptKey: operator.kept?.name ?? null,
      });
    },
    'confirm.pick': async ({ ticket }) => {
      confirmations.requestOf(ticket);
      const [token = null] = await tokens.givePaths((await places.get(ticket)?.pickKey()) ?? []);
      return token;
    },
    'confirm.browse': async ({ ticket, token }) => {
      confirmations.requestOf(ticket);
      if (host.nativeDialogs) {
        throw new FailureError('refused', 'Files are chosen in the system’s dialog here.');
      }
      return listFolder(token, tokens);
    },
    'confirm.hold': async ({ ticket, emergency, signature }) => {
      const request = confirmations.requestOf(ticket);
      if (signature !== null) await sign(request, signature);
      const view = await shownView(request);
      if (emergency === null && view.refusal !== null) throw new FailureError('refused', view.refusal);
      if (emergency !== null && emergencyOf(view) !== 'possible') {
        throw new FailureError('refused', 'This plan cannot be executed by one person alone.');
      }
      const { keyToken = null, passphrase = null, reason = '' } = emergency ?? {};
      confirmations.hold(ticket, {
        emergency: emergency === null ? null : { reason },
        key: keyToken === null ? null : tokens.take(keyToken).path,
        passphrase,
      });
      return null;
    },
    'confirm.leave': ({ ticket }) => {
      confirmations.leave(ticket);
      return null;
    },
  };
}

/**
 * Whether an order looks as if it covered the plan. What counts is decided with the order itself, when the operator has
 * signed.
 */
function seemsCovered({ plan }: PlanView, order: RosterView['orders'][number], now: number): boolean {
  return (
    plan.kind === 'revoke' &&
    order.playbook === plan.playbook.name &&
    plan.providers.every(({ name }) => order.providers.includes(name)) &&
    actedOn(plan).length <= order.mostTargets &&
    plan.actions.every(({ spec }) => isMild(spec.reversibility)) &&
    Date.parse(order.notAfter) > now
  );
}

function confirmView(
  view: PlanView,
  { theme }: ConfirmRequest,
  more: Pick<ConfirmView, 'nativeDialogs' | 'order' | 'keptKey'>,
): ConfirmView {
  const { plan, hash, code, approvals, requirement, refusal } = view;
  return {
    hash,
    code,
    kind: plan.kind,
    actions: plan.actions.length,
    targets: actedOn(plan).length,
    providers: plan.providers.map(({ name }) => name),
    reversibilities: [...new Set(plan.actions.flatMap(({ spec }) => spec.reversibility ?? []))].toSorted(),
    refusals: plan.refusals.length,
    gaps: plan.gaps.filter(isOpen).length,
    missing: plan.missing.length,
    residualSeconds: plan.residual.seconds,
    signed: approvals.filter(({ decision, objection }) => decision === 'approve' && objection === null)
      .length,
    needed: requirement?.needed ?? null,
    mayExecute: refusal === null,
    emergency: emergencyOf(view),
    ...more,
    theme,
  };
}

function emergencyOf({ plan }: PlanView): ConfirmView['emergency'] {
  if (plan.kind === 'restore') return 'never';
  return plan.actions.every(({ spec }) => isMild(spec.reversibility)) ? 'possible' : 'too-hard';
}
