import type { RespondCase } from '#electron/platform/respond-service.ts';
import type { ConfirmView } from '#shared/ipc/confirm-operations.ts';
import type { PlanView } from '#shared/ipc/respond-views.ts';
import { actedOn, isMild } from '#shared/respond/approval.ts';
import { isOpen } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import type { ConfirmRequest, Confirmations } from '../confirmations.ts';
import type { ConfirmPlace } from '../host.ts';
import { listFolder } from './files.ts';
import type { HandlerServices, Handlers } from './handler.ts';

type ConfirmOperation =
  | 'respond.confirm'
  | 'confirm.show'
  | 'confirm.pick'
  | 'confirm.browse'
  | 'confirm.hold'
  | 'confirm.leave';

/** The confirm surface: opened for a page that wants to execute a plan, and what the surface itself asks. */
export function confirmHandlers(
  { engine, host, tokens }: HandlerServices,
  confirmations: Confirmations,
): Handlers<ConfirmOperation> {
  const places = new Map<string, ConfirmPlace>();
  const viewOf = async (plan: string): Promise<PlanView> => {
    const summary = await engine.current();
    if (summary === null) throw new FailureError('no-case', 'No case is open. Create one or open one first.');
    const { id, name, folder } = summary;
    const open: RespondCase = { id, name, folder };
    return engine.respond(host.secrets).call('preview', { plan: { id: plan }, case: open });
  };
  const shownView = async ({ plan, hash }: ConfirmRequest): Promise<PlanView> => {
    const view = await viewOf(plan);
    if (view.hash === hash) return view;
    throw new FailureError(
      'refused',
      'The plan is not the one that was shown: its hash differs. Look again.',
    );
  };
  return {
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
      return confirmView(view, request, host.nativeDialogs);
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
    'confirm.hold': async ({ ticket, emergency }) => {
      const view = await shownView(confirmations.requestOf(ticket));
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

function confirmView(view: PlanView, { theme }: ConfirmRequest, nativeDialogs: boolean): ConfirmView {
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
    nativeDialogs,
    theme,
  };
}

function emergencyOf({ plan }: PlanView): ConfirmView['emergency'] {
  if (plan.kind === 'restore') return 'never';
  return plan.actions.every(({ spec }) => isMild(spec.reversibility)) ? 'possible' : 'too-hard';
}
