import type { ReachableIdentity } from './access-path.ts';
import type { AccessLevel } from './entitlement.ts';

/** Rights of one service, or of one type of resource of a cluster. */
export interface ReachedService {
  readonly service: string;
  readonly levels: readonly AccessLevel[];
  /** Patterns of its resources, at most `mostPatterns`. */
  readonly resources: readonly string[];
  readonly permissions: number;
  /** The identities by which it is reached. */
  readonly identities: number;
}

export const mostPatterns = 50;

/** What somebody could reach by its policies, and all it can become by them. */
export interface CouldReach {
  readonly administrator: boolean;
  readonly identities: readonly ReachableIdentity[];
  readonly services: readonly ReachedService[];
  /** Resources whose answer is a secret or a credential. */
  readonly secrets: readonly string[];
  /** Namespaces of a cluster; `*` is all of them. */
  readonly namespaces: readonly string[];
}

/** What the log shows that it did reach. */
export interface DidReach {
  readonly identities: readonly string[];
  readonly services: readonly { readonly service: string; readonly events: number; readonly last: string }[];
  readonly resources: number;
  readonly namespaces: readonly string[];
}

/** Blast radius beside reach; the shape of `rescind reach`. */
export interface ReachReport {
  readonly subject: string;
  readonly bundles: readonly string[];
  readonly asOf: string | null;
  readonly could: CouldReach;
  readonly did: DidReach;
}
