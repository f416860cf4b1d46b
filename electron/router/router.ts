import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Log, logIds } from '#electron/platform/log.ts';
import { type OperationName, contract } from '#shared/ipc/contract.ts';
import type { Audience, Operation } from '#shared/ipc/operation.ts';
import { type Failure, FailureError, type Result, failure, failureOf } from '#shared/util/result.ts';
import { appHandlers } from './handlers/app.ts';
import { agreementHandlers } from './handlers/agreement.ts';
import { bundleHandlers } from './handlers/bundles.ts';
import { caseHandlers } from './handlers/case.ts';
import { confirmHandlers } from './handlers/confirm.ts';
import { exchangeHandlers } from './handlers/exchange.ts';
import { fileHandlers } from './handlers/files.ts';
import { accessHandlers } from './handlers/access.ts';
import { findingsHandlers } from './handlers/findings.ts';
import type { HandlerContext, HandlerServices, Handlers } from './handlers/handler.ts';
import { identityHandlers } from './handlers/identities.ts';
import { ingestHandlers } from './handlers/ingest.ts';
import { permissionHandlers } from './handlers/permissions.ts';
import { policyHandlers } from './handlers/policy.ts';
import { policyTestHandlers } from './handlers/policy-tests.ts';
import { providerHandlers } from './handlers/provider.ts';
import { readHandlers } from './handlers/read.ts';
import { respondHandlers } from './handlers/respond.ts';
import { rosterHandlers } from './handlers/roster.ts';
import { Confirmations } from './confirmations.ts';
import { OperatorKey } from './operator-key.ts';
import { RateLimit } from './rate-limit.ts';

/** Who asks. The host knows, because each of its doors is for one of them. */
export type Sender = 'page' | 'command-line' | 'confirm';

interface RequestContext extends HandlerContext<unknown> {
  readonly sender: Sender;
}

/** The one door to everything that the program does. */
export interface Router {
  /** Checks name, sender, rate, size and input, then answers; never throws. */
  handle(name: unknown, input: unknown, context: RequestContext): Promise<Result<unknown>>;
}

/** Characters of a request's input as JSON. */
const largestInput = 2_000_000;
const mostAtOnce = 256;
/** Operations that change something without being of kind `write`: they reach beyond the case, to disk or to providers. */
const changesBeyond = new Set<string>([
  'files.save',
  'case.create',
  'case.openSample',
  'provider.add',
  'provider.remove',
  'provider.hold',
  'respond.pinRoster',
  'respond.signRoster',
  'respond.createKey',
  'respond.createOrder',
  'respond.signOrder',
  'respond.addOrder',
  'respond.pinChosenRoster',
  'respond.signChosenRoster',
  'respond.makeOrder',
  'respond.signChosenOrder',
  'respond.addChosenOrder',
  'respond.removeOrder',
  'respond.plan',
  'respond.exportPlaybook',
  'respond.approve',
  'respond.sign',
  'respond.signPlan',
  'respond.addApproval',
  'respond.keepKey',
  'respond.confirm',
  'respond.execute',
  'respond.resume',
  // What is read back is entered into the action journal.
  'respond.verify',
  'respond.restore',
  'respond.receipt',
] satisfies OperationName[]);

const opensCase = new Set<string>(['case.open', 'case.openRecent'] satisfies OperationName[]);

/**
 * A host that stays looks at the runs of a case again, also those that it did not make: asking for a run's status sets
 * its times. A case without an action journal has none.
 */
async function watchRuns({ engine, readOnly }: HandlerServices, handlers: Handlers): Promise<void> {
  const { folder } = engine;
  if (readOnly || folder === null || !existsSync(join(folder, 'journal', 'actions.db'))) return;
  const context = { signal: new AbortController().signal, emit: () => undefined };
  try {
    for (const { run } of await handlers['respond.runs']({}, context)) {
      await handlers['respond.status']({ run }, context);
    }
  } catch {
    // The runs are shown, and can be looked at by hand, all the same.
  }
}

export function createRouter(services: HandlerServices, log: Log): Router {
  const confirmations = new Confirmations();
  const handlers: Handlers = {
    ...appHandlers(services),
    ...fileHandlers(services),
    ...caseHandlers(services),
    ...ingestHandlers(services),
    ...agreementHandlers(services),
    ...bundleHandlers(services),
    ...policyHandlers(services),
    ...policyTestHandlers(services),
    ...readHandlers(services),
    ...providerHandlers(services),
    ...exchangeHandlers(services),
    ...rosterHandlers(services),
    ...respondHandlers(services, confirmations),
    ...confirmHandlers(services, confirmations, new OperatorKey()),
    ...accessHandlers(services),
    ...findingsHandlers(services),
    ...permissionHandlers(services),
    ...identityHandlers(services),
  };
  const rate = new RateLimit(200, 1_000);
  let atOnce = 0;

  const refusalOf = (name: string, operation: Operation, sender: Sender): Failure | null => {
    if (!mayCall(sender, operation.audience)) {
      return refused(`“${name}” is for ${audienceWords[operation.audience]}.`);
    }
    if (services.readOnly && (operation.kind === 'write' || changesBeyond.has(name))) {
      return refused('This host is read-only: it changes nothing. Start it without --read-only.');
    }
    if (sender !== 'command-line' && (!rate.take() || atOnce >= mostAtOnce)) {
      return refused('Too many requests at once. Wait a moment and try again.');
    }
    return null;
  };

  return {
    async handle(name, input, context) {
      const operation = operationOf(name);
      if (operation === null) return failure('refused', 'There is no such operation.');
      const refusal = refusalOf(operation.name, operation.operation, context.sender);
      if (refusal !== null) {
        log.write('warning', logIds.requestRefused, refusal.message, { operation: operation.name });
        return { ok: false, error: refusal };
      }
      atOnce++;
      try {
        const parsed = parseInput(operation.name, operation.operation, input);
        if (context.sender === 'page' && namesFile(parsed)) {
          throw new FailureError('refused', 'The page names no files: choose them in a dialog.');
        }
        if (context.sender === 'page' && operation.name === 'respond.execute' && !isConfirmed(parsed)) {
          throw new FailureError('refused', 'A plan is executed from its confirm surface.');
        }
        const handler = handlers[operation.name] as (input: unknown, context: RequestContext) => unknown;
        const value = await handler(parsed, context);
        if (context.sender === 'page' && opensCase.has(operation.name)) void watchRuns(services, handlers);
        return { ok: true, value };
      } catch (thrown) {
        const error = failureOf(thrown);
        if (error.kind === 'internal') {
          log.write('error', logIds.requestFailed, error.message, { operation: operation.name });
        }
        return { ok: false, error };
      } finally {
        atOnce--;
      }
    },
  };
}

function operationOf(name: unknown): { name: OperationName; operation: Operation } | null {
  if (typeof name !== 'string' || !Object.hasOwn(contract, name)) return null;
  const known = name as OperationName;
  return { name: known, operation: contract[known] as unknown as Operation };
}

/** SECURITY: handlers see nothing that the schema does not describe. */
function parseInput(name: OperationName, { input: schema }: Operation, input: unknown): unknown {
  if (sizeOf(input) > largestInput) {
    throw new FailureError('invalid-input', `The input of “${name}” is too large.`);
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 3).map((issue) => {
    const place = issue.path.join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  throw new FailureError('invalid-input', `The input of “${name}” is not valid. ${issues.join('; ')}`);
}

/** SECURITY: the page cannot execute by itself; whether the confirmation is one, its handler finds out. */
function isConfirmed(input: unknown): boolean {
  return typeof (input as { readonly confirmation?: unknown }).confirmation === 'string';
}

const audienceWords: Readonly<Record<Audience, string>> = {
  everyone: 'the console and the command line',
  'command-line': 'the command line',
  confirm: 'the confirm surface',
};

function mayCall(sender: Sender, audience: Audience): boolean {
  if (audience === 'everyone') return sender !== 'confirm';
  return sender === audience;
}

const pathNames = ['out', 'key', 'file', 'playbookFile'];

/** SECURITY: no path crosses from the page. Members of these names are paths, for the command line alone. */
function namesFile(input: unknown): boolean {
  const { plan, ...paths } = input as Partial<Record<string, unknown>>;
  const isFilePlan = typeof plan === 'object' && plan !== null && 'file' in plan;
  return isFilePlan || pathNames.some((name) => typeof paths[name] === 'string');
}

function sizeOf(input: unknown): number {
  try {
    return JSON.stringify(input)?.length ?? 0;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function refused(message: string): Failure {
  return { kind: 'refused', message };
}
