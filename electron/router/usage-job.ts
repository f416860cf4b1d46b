import { judgeUsage } from '#shared/analysis/usage/judge.ts';
import { usagePage } from '#shared/analysis/usage/page.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import type { EntitlementUsage, UsageReport } from '#shared/domain/usage.ts';
import type { ParsedInputOf } from '#shared/ipc/contract.ts';
import { chosenBundles } from './bundles-in-force.ts';
import type { Engine } from './engine.ts';

/** Answers of more rows than this are made anew for each page. */
const mostKept = 200_000;

/** What is granted beside what was used. The last answer is kept, since a table asks for it page by page. */
export class UsageJob {
  readonly #engine: Engine;
  #last: { readonly key: string; readonly rows: readonly EntitlementUsage[] } | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async run(
    { subject, bundle, asOf: at, ...question }: ParsedInputOf<'usage.run'>,
    signal: AbortSignal,
  ): Promise<UsageReport> {
    const asOf = await this.#engine.referenceTime(at, signal);
    const bundles = await chosenBundles(this.#engine, bundle, asOf, signal);
    const key = JSON.stringify([this.#engine.state, subject, bundles, asOf]);
    const known = this.#last?.key === key ? this.#last.rows : null;
    const rows = known ?? (await this.#judged(bundles, subject, asOf, signal));
    this.#last = rows.length > mostKept ? null : { key, rows };
    return { bundle: bundles.join(', '), asOf, ...usagePage(rows, question) };
  }

  async #judged(
    bundles: readonly string[],
    subject: string | null,
    asOf: string | null,
    signal: AbortSignal,
  ): Promise<EntitlementUsage[]> {
    const held: (readonly Entitlement[])[] = [];
    for (const id of bundles) {
      const kept = await this.#engine.keptBundle(id, signal);
      held.push(await this.#engine.policy('entitlements', { kept, subject }, { signal }));
    }
    const subjects = subject === null ? null : subjectsOf(subject, held.flat());
    const { uses, reaches } = await this.#engine.accessUses(asOf, subjects, signal);
    return held.flatMap((entitlements) => judgeUsage(entitlements, uses, reaches));
  }
}

/** Permissions are those of the user or role, also where one of its sessions was named. */
export function subjectsOf(named: string, held: readonly Entitlement[]): string[] {
  return [...new Set([named, ...held.map(({ subject }) => subject.id)])];
}
