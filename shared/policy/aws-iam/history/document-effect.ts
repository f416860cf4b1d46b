import { isObject, type Json } from '../../../domain/json.ts';
import type { PolicyEffect } from '../../../domain/policy-change.ts';
import { readDocument } from '../document/read-document.ts';
import { canonical } from './canonical.ts';

/**
 * A document that a call has written. CloudTrail leaves out or cuts off what is too large (a field beyond 100 KB), and
 * what it cuts off is no JSON any more: the content is not known then.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function documentEffect(element: string, document: Json | undefined): PolicyEffect {
  if (document === undefined || document === null) {
    return { kind: 'lose', element, why: 'The document that was written is not in the log.' };
  }
  const read = readDocument(document);
  if (!isObject(read?.document)) {
    return { kind: 'lose', element, why: 'The document that was written is not whole in the log.' };
  }
  return { kind: 'set', element, value: canonical(read.document) };
}
