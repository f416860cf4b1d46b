import type { IamEntity } from '../bundle/entity.ts';
import type { Estate } from '../bundle/estate.ts';
import { parseArn } from '../match/arn.ts';
import { type Edge, edgeOf, isServiceLinked } from './edge.ts';
import type { Gain } from './gain.ts';
import type { Prober } from './prober.ts';
import { assumptionTags } from './techniques.ts';

export const assumeRole = { id: 'sts-assume-role', title: 'Assume a role', tags: assumptionTags };

/** Roles by whom their trust policies name, so that only those are asked that may answer. */
export class TrustIndex {
  readonly #byAccount = new Map<string, IamEntity[]>();
  readonly #byArn = new Map<string, IamEntity[]>();
  readonly #byService = new Map<string, IamEntity[]>();
  readonly #open: IamEntity[] = [];

  constructor(estate: Estate) {
    for (const { entity: role } of estate.entities()) {
      for (const { effect, principal } of role.trust?.statements ?? []) {
        if (effect === 'deny' || principal === null) continue;
        if (principal.not) add(this.#open, role);
        for (const entry of principal.not ? [] : principal.entries) {
          if (entry.kind === 'everyone') add(this.#open, role);
          else if (entry.kind === 'account') add(listAt(this.#byAccount, entry.account), role);
          else if (entry.kind === 'user' || entry.kind === 'role') add(listAt(this.#byArn, entry.arn), role);
          else if (entry.kind === 'unique-id') add(listAt(this.#byArn, entry.name), role);
          else if (entry.kind === 'service') add(listAt(this.#byService, entry.name), role);
        }
      }
    }
  }

  /** Roles that may trust a user or role: those that name it, and where it holds the right, those that name its account. */
  mayTrust(entity: IamEntity, holdsRight: boolean): IamEntity[] {
    const account = parseArn(entity.arn)?.account ?? '';
    const named = [...(this.#byArn.get(entity.arn) ?? []), ...(this.#byArn.get(entity.id ?? '') ?? [])];
    const wide = holdsRight ? [...(this.#byAccount.get(account) ?? []), ...this.#open] : [];
    return [...new Set([...named, ...wide])].filter((role) => role !== entity);
  }

  /** Roles that may trust a service. */
  ofService(service: string): readonly IamEntity[] {
    return this.#byService.get(service) ?? [];
  }

  get open(): readonly IamEntity[] {
    return this.#open;
  }
}

function listAt(map: Map<string, IamEntity[]>, key: string): IamEntity[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, (list = []));
  return list;
}

function add(list: IamEntity[], role: IamEntity): void {
  if (list.at(-1) !== role) list.push(role);
}

/** Roles that a user or role can assume and that have more than it. */
export function assumptions(prober: Prober, gain: Gain, trust: TrustIndex, entity: IamEntity): Edge[] {
  const holdsRight = prober.holdings(entity).holding('sts:AssumeRole').length > 0;
  return trust.mayTrust(entity, holdsRight).flatMap((role) => {
    if (isServiceLinked(role)) return [];
    const step = prober.probe(entity, 'sts:AssumeRole', role.arn);
    if (step === null) return [];
    const gives = gain.over(entity, role) ?? 'nothing';
    return [
      edgeOf({
        technique: assumeRole,
        to: role,
        target: { type: 'role', id: role.arn },
        gives,
        steps: [step],
      }),
    ];
  });
}
