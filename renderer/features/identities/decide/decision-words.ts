import type { DecisionData } from '#shared/domain/decision.ts';

/** What was decided, in words; `nameOf` gives an appearance its name. */
export function decisionWords(data: DecisionData, nameOf: (appearance: string) => string): string {
  let found: string;
  switch (data.kind) {
    case 'merge':
      found = `one identity: ${data.appearances.map(nameOf).join(' and ')}`;
      break;
    case 'split':
      found = `an identity of its own: ${data.appearances.map(nameOf).join(', ')}`;
      break;
    case 'distinct':
      found = `not the same: ${data.appearances.map(nameOf).join(' and ')}`;
      break;
    case 'rename':
      found = `named ${data.name}`;
      break;
    case 'owner':
      found = data.owner === null ? 'no owner' : `owner: ${data.owner}`;
      break;
    case 'kind':
      found = data.as === null ? 'kind as the sources say' : `kind: ${data.as}`;
      break;
    case 'standing':
      found = data.until === null ? data.as : `${data.as} until ${data.until}`;
      break;
    case 'ownership':
      found = `${data.rows.length} rows of owners`;
      break;
    case 'undo':
      found = `takes decision ${data.number} back`;
      break;
  }
  return found;
}

/** The appearances that a decision is about. */
export function appearancesOf(data: DecisionData): readonly string[] {
  let found: readonly string[];
  switch (data.kind) {
    case 'merge':
    case 'split':
    case 'distinct':
      found = data.appearances;
      break;
    case 'rename':
    case 'owner':
    case 'kind':
    case 'standing':
      found = [data.appearance];
      break;
    case 'ownership':
    case 'undo':
      found = [];
      break;
  }
  return found;
}
