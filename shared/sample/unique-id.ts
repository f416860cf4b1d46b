import { Random } from './random.ts';

/**
 * The unique id of a user or role, as its account knows it for good: the same in every log and every export.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function uniqueId(arn: string): string {
  let seed = 0;
  for (let index = 0; index < arn.length; index++) seed = (Math.imul(seed, 31) + arn.charCodeAt(index)) | 0;
  return `${arn.includes(':user/') ? 'AIDA' : 'AROA'}${new Random(seed).upper(17)}`;
}
