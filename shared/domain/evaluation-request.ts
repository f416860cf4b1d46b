import type { JsonObject } from './json.ts';

/** Subject or resource of a request, as in the OpenID AuthZEN Authorization API 1.0. */
export interface Entity {
  readonly type: string;
  readonly id: string;
  readonly properties?: JsonObject;
}

/** An access evaluation request of the OpenID AuthZEN Authorization API 1.0. */
export interface EvaluationRequest {
  readonly subject: Entity;
  readonly action: { readonly name: string; readonly properties?: JsonObject };
  readonly resource: Entity;
  readonly context?: JsonObject;
}

/** What is known of a request beyond what it says. */
export interface RequestKnowledge {
  /**
   * True: a key that the request does not carry was absent (a question asked by a person). False: it may have
   * been there (a logged event), so a policy that reads it gives `unknown`.
   */
  readonly complete: boolean;
  /** Keys that were certainly absent although the request is not complete. */
  readonly absent?: readonly string[];
  /**
   * Paths of the context that the log was kept from telling, each as its keys: what stands there is not what was judged.
   * A policy that reads one gives `unknown`.
   */
  readonly hidden?: readonly (readonly string[])[];
}

export const completeRequest: RequestKnowledge = { complete: true };
