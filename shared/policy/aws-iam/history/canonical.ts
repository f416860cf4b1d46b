import { isObject, type Json } from '../../../domain/json.ts';
import { stableJson } from '../../../util/stable-json.ts';
import { readDocument } from '../document/read-document.ts';
import { isAccountId } from '../match/arn.ts';
import { unknownDocument } from './unknown.ts';

/** A document whatever way it was written: as an object, as text, or URL-encoded. */
export function canonical(document: Json): Json {
  const read = readDocument(document)?.document ?? document;
  if (read === null) return unknownDocument('The bundle has no document for it.');
  try {
    return withRootArns(JSON.parse(stableJson(read)) as Json);
  } catch {
    return read;
  }
}

function whole(value: Json): Json {
  return typeof value === 'string' && isAccountId(value) ? `arn:aws:iam::${value}:root` : value;
}

function rewrite(statement: Json): Json {
  const principal = isObject(statement) ? statement['Principal'] : undefined;
  if (!isObject(statement) || !isObject(principal) || principal['AWS'] === undefined) return statement;
  const named = principal['AWS'];
  const AWS = Array.isArray(named) ? (named as readonly Json[]).map(whole) : whole(named);
  return { ...statement, Principal: { ...principal, AWS } };
}

/**
 * An account id as principal means the account's root, and so IAM stores it; a statement by itself is a list of one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function withRootArns(document: Json): Json {
  if (!isObject(document)) return document;
  const statements = document['Statement'];
  const rewritten = Array.isArray(statements)
    ? (statements as readonly Json[]).map(rewrite)
    : statements === undefined
      ? undefined
      : [rewrite(statements)];
  return rewritten === undefined ? document : { ...document, Statement: rewritten };
}
