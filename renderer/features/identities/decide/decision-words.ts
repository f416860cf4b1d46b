import type { DecisionData } from '#shared/domain/decision.ts';

/** What was decided, in words; `nameOf` gives an appearance its name. */
export function decisionWords(data: DecisionData, nameOf: (appearance: string) => string): string {
  switch (data.kind) {
    case 'merge':
      return `one identity: ${data.appearances.map(nameOf).join(' and ')}`;
    case 'split':
      return `an identity of its own: ${data.appearances.map(nameOf).join(', ')}`;
    case 'distinct':
      return `not the same: ${data.appearances.map(nameOf).join(' and ')}`;
    case 'rename':
      return `named ${data.name}`;
    case 'owner':
      return data.owner === null ? 'no owner' : `owner: ${data.owner}`;
    case 'kind':
      return data.as === null ? 'kind as the sources say' : `kind: ${data.as}`;
    case 'standing':
      return data.until === null ? data.as : `${data.as} until ${data.until}`;
    case 'ownership':
      return `${data.rows.length} rows of owners`;
    case 'undo':
      return `takes decision ${data.number} back`;
  }
}

/** The appearances that a decision is about. */
export function appearancesOf(data: DecisionData): readonly string[] {
  switch (data.kind) {
    case 'merge':
    case 'split':
    case 'distinct':
      return data.appearances;
    case 'rename':
    case 'owner':
    case 'kind':
    case 'standing':
      return [data.appearance];
    case 'ownership':
    case 'undo':
      return [];
  }
}
