import type { BundleIdentity } from './bundle.ts';
import type { AccessPath, PathOptions, ReachableIdentity } from './access-path.ts';
import type { Entitlement } from './entitlement.ts';
import type { ProposalQuestion, SystemProposal } from './proposal.ts';
import type { EvaluationRequest, RequestKnowledge } from './evaluation-request.ts';
import type { JsonObject } from './json.ts';
import type { PolicyHistory } from './policy-change.ts';
import type { Engine, Evaluation, GrantPath, PolicyRef, ConditionNode } from './trace.ts';

/** A file of a bundle. */
export interface PolicyFile {
  /** Relative to the bundle, with `/`; the file's name where the bundle is one file. */
  readonly path: string;
  /** Null where the bytes are not UTF-8. A byte order mark is taken off. */
  readonly text: string | null;
  readonly bytes: Uint8Array;
}

export type BundleSource =
  | { readonly kind: 'files'; readonly files: readonly PolicyFile[] }
  /** A document given in place, e.g. a policy set. */
  | { readonly kind: 'inline'; readonly document: JsonObject };

/** Something in a bundle that could not be used as it stands. The rest is used. */
export interface BundleProblem {
  readonly severity: 'error' | 'warning';
  readonly path: string;
  /** JSON Pointer or `row:column`; empty where the whole file is meant. */
  readonly locator: string;
  readonly message: string;
}

/** One policy as text, for the library, the trace beside it, and diffs. */
export interface PolicyText {
  readonly policyId: string;
  readonly title: string;
  readonly path: string;
  readonly language: 'json' | 'yaml' | 'cedar' | 'rego' | 'text';
  readonly text: string;
  /** JSON Pointer of the document in its file, where the text is written anew from it; absent: it is the file's own. */
  readonly pointer?: string;
}

/** Programs that the user allowed to be asked, beside the evaluators of our own. Absent: not configured. */
export interface ExternalEngines {
  readonly opa?: ExternalEngine;
  readonly cerbos?: ExternalEngine;
}

export interface ExternalEngine {
  readonly version: string;
  /**
   * Runs the program on files in a new private folder and gives its standard output. No shell, no network,
   * killed at the time limit.
   */
  run(
    files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
    args: readonly string[],
    input?: string,
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
}

/** A policy system: one folder in `shared/policy`, one line in its list. Pure: no I/O, no clock. */
export interface PolicySystem {
  /** Stable name, e.g. `aws-iam`. The folder bears it. */
  readonly name: string;
  readonly title: string;
  /**
   * True where requests and inline documents may hold whole numbers beyond those of JavaScript, as
   * `shared/util/exact-json.ts` reads them. Others are given the nearest plain number.
   */
  readonly exactIntegers?: true;
  /** 0 not a bundle of this system, up to 1 certain. */
  detect(source: BundleSource): number;
  /** Compiles once for many requests. Never throws on data: what is wrong becomes a problem. */
  load(source: BundleSource, engines: ExternalEngines): Promise<CompiledBundle>;
  /** Who holds which policies, where the policies' texts do not tell it. */
  assignments?(source: BundleSource): Promise<readonly PolicyText[]>;
  /** How its bundles follow the changes that a log tells. Absent where no log tells any. */
  history?(): Promise<PolicyHistory>;
}

/** `wrong`: a file is not the one that was signed, or the signature does not fit the key. */
export type SignatureState = 'verified' | 'not-verified' | 'wrong';

export interface BundleSignature {
  /** Null where the bundle is not signed. */
  readonly state: SignatureState | null;
  readonly problems: readonly BundleProblem[];
}

export interface CompiledBundle {
  readonly system: string;
  readonly engine: Engine;
  /** The bundle's own name of its version, where it has one. */
  readonly revision: string | null;
  readonly policies: number;
  readonly subjects: number;
  readonly problems: readonly BundleProblem[];
  readonly texts: readonly PolicyText[];
  /**
   * Condition keys and attributes that some policy reads: what makes two requests different. In lower case where the
   * system does not tell upper from lower case (AWS): to be compared without it.
   */
  readonly contextKeys: ReadonlySet<string>;
  /**
   * Judges one request. Never throws on data; a request that the system cannot understand is `indeterminate`
   * with an error that says why. `engine` overrides the bundle's where a ladder answered from another rung.
   */
  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): EngineAnswer | Promise<EngineAnswer>;
  /**
   * What its own signature comes to: with a key, and without one, which leaves the signature itself unchecked. Absent
   * where bundles of the system are not signed.
   */
  signature?(key: string | null): BundleSignature;
  /** Subjects that can do this, each with its path and conditions. Absent where the system cannot enumerate. */
  who?(question: WhoQuestion): Iterable<WhoAnswer>;
  /** Who appears in the bundle. Absent where its identities are not told apart from other data. */
  identities?(): Iterable<BundleIdentity>;
  /** Effective permissions of every subject, or of one. Absent where the system cannot enumerate. */
  entitlements?(subject?: string): Iterable<Entitlement>;
  /** Ways to rights or credentials that subjects were not given. Absent where the system has no such analysis. */
  paths?(options: PathOptions): Iterable<AccessPath>;
  /** Everybody whom a subject can become, itself aside. */
  reach?(subject: string, options: PathOptions): Iterable<ReachableIdentity>;
  /** The smallest policy for the use that was seen; null where the subject is not in the bundle. Absent: there is none. */
  propose?(question: ProposalQuestion): SystemProposal | null;
}

export interface EngineAnswer {
  readonly evaluation: Evaluation;
  readonly engine?: Engine;
}

export interface WhoQuestion {
  readonly action: string;
  readonly resource: string;
  readonly context: JsonObject;
}

export interface WhoAnswer {
  readonly subject: { readonly type: string; readonly id: string };
  readonly decision: 'allow' | 'indeterminate';
  readonly path: GrantPath;
  readonly policies: readonly PolicyRef[];
  /** What must hold besides; absent where nothing must. */
  readonly condition?: ConditionNode;
}
