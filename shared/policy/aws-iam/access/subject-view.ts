import type { IamEntity } from '../bundle/entity.ts';
import type { Estate } from '../bundle/estate.ts';
import type { Context } from '../condition/condition.ts';
import type { LayerInput } from '../evaluate/layers.ts';
import { RequestContext } from '../request/context.ts';
import { deriveFrom } from '../request/derive.ts';
import { readSubject } from '../request/subject.ts';

/** What is known of every request of one user or role. */
export interface SubjectView {
  readonly context: Context;
  /** Levels of service control policies that bind it. */
  readonly levels: readonly LayerInput[];
}

export function subjectView(estate: Estate, entity: IamEntity): SubjectView {
  const subject = readSubject({ type: entity.kind, id: entity.arn });
  if (subject === null)
    return { context: new RequestContext(undefined, incomplete, () => undefined), levels: [] };
  const facts = estate.facts(subject, { type: '', id: '' }, null);
  return {
    context: new RequestContext(undefined, incomplete, deriveFrom(facts)),
    levels: estate.serviceControlLevels(facts.subject),
  };
}

const incomplete = { complete: false } as const;
