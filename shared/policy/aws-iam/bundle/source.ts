import type { Entity } from '../../../domain/evaluation-request.ts';
import type { BundleProblem } from '../../../domain/policy-system.ts';
import type { CompiledPolicy } from '../document/policy.ts';
import type { Applicable } from '../evaluate/layers.ts';
import type { Facts } from '../request/derive.ts';
import type { AwsRequest } from '../request/request.ts';
import type { Subject } from '../request/subject.ts';

/** A file of which nothing is known: it could grant or refuse anything that concerns its account. */
export interface UnreadFile {
  readonly path: string;
  /** Null where it may concern any. */
  readonly account: string | null;
}

/** The policies of a bundle, whatever its form. */
export interface PolicySource {
  readonly policies: readonly CompiledPolicy[];
  readonly subjects: number;
  readonly problems: readonly BundleProblem[];
  /** It is the whole of a single evaluation and knows nothing of users, roles and accounts besides. */
  readonly selfContained: boolean;
  readonly unread: readonly UnreadFile[];
  /** What is known of both sides. `resourceAccount` is what the request itself tells. */
  facts(subject: Subject, resource: Entity, resourceAccount: string | null): Facts;
  /** Everything that has a say, or why that cannot be told. */
  applicable(request: AwsRequest): Applicable | { readonly error: string };
}

export const noOrganization =
  'No organization data: no service control or resource control policy is taken to apply.';
export const unstatedAccount =
  'The account of the resource is not stated: it is taken to be that of the caller.';
