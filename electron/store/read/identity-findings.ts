import { createHash } from 'node:crypto';
import { type KeyedFinding, identityFindings } from '#shared/analysis/identities/findings.ts';
import type { Finding } from '#shared/domain/finding.ts';
import { type IdentityEvidence, inventoryOf, referenceTime } from './identity-list.ts';
import type { QueryEngine } from './query-engine.ts';
import { idOf } from './rows.ts';

/** Events that a finding cites, the last ones. */
const cited = 50;
/** Each costs a pass over the events. */
const mostCiting = 200;

/** What is wrong with identities and credentials at a time, with an id that every run gives. */
export function findInIdentities(
  evidence: IdentityEvidence & { readonly engine: QueryEngine },
  { asOf: text, dormantAfterDays }: { readonly asOf: string | null; readonly dormantAfterDays: number },
): Finding[] {
  const asOf = referenceTime(evidence, text);
  if (asOf === null) return [];
  const options = { asOf, dormantAfterDays };
  const found = identityFindings(inventoryOf(evidence, options).identities, options);
  let citing = 0;
  return found.map(({ key, logIds, ...finding }) => {
    const events =
      logIds.length > 0 && citing++ < mostCiting ? eventsOf(evidence.engine, logIds, asOf.text) : {};
    return { id: digestOf(finding.rule, key), ...finding, ...events };
  });
}

function digestOf(rule: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([rule, key]))
    .digest('hex')
    .slice(0, 32);
}

/** The last events of an identity, as itself and behind others, oldest first. */
function eventsOf(
  engine: QueryEngine,
  ids: readonly string[],
  to: string,
): Pick<KeyedFinding, 'events' | 'count'> {
  const anyOf = ids.map((id) => `"${id.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(' OR ');
  const query = `subject.id:(${anyOf}) OR actor.id:(${anyOf})`;
  const matches = engine.matches({ query, from: null, to });
  const rows = engine.rows(matches, '-time', 0, cited).toReversed();
  return { events: rows.map((row) => idOf(engine.table, row)), count: matches.count };
}
