import type { JsonObject } from '../domain/json.ts';
import type { Decision, Evaluation } from '../domain/trace.ts';

/** What a policy is expected to say to one request. */
export interface Expectation {
  readonly decision: Decision;
  /** Only looked at where they are given. */
  readonly kind?: Evaluation['kind'];
  /** Policies that must be among the deciding ones. */
  readonly determining?: readonly string[];
  /** Exactly the layers that block. */
  readonly blockedBy?: readonly string[];
}

/** Why a check was added that nobody wrote down. */
export type GeneratedCheck = 'deny-by-default' | 'scope-boundary' | 'exception-path';

export interface PolicyTest {
  /** As a request; it is checked where it is evaluated. */
  readonly request: JsonObject;
  readonly expected: Expectation;
  readonly note: string | null;
  /** Line of the file; a generated check has that of its test. */
  readonly line: number;
  readonly generated?: GeneratedCheck;
}

/** Checks that are made from the written tests. None is on unless the file says so. */
export interface CheckSettings {
  /** What is allowed to somebody must not be allowed to a subject that nobody knows. */
  readonly denyByDefault: boolean;
  /** Paths in the request that set a scope, e.g. `resource.properties.namespace`: elsewhere nothing is allowed. */
  readonly scopes: readonly string[];
  /** What is denied must stay denied when one attribute is left out. */
  readonly exceptionPaths: boolean;
}

export const noChecks: CheckSettings = { denyByDefault: false, scopes: [], exceptionPaths: false };

export interface PolicyTestFile {
  readonly tests: readonly PolicyTest[];
  readonly checks: CheckSettings;
}

/** How one test went. */
export interface PolicyTestResult {
  readonly test: number;
  readonly line: number;
  readonly note: string | null;
  readonly generated?: GeneratedCheck;
  readonly passed: boolean;
  readonly request: JsonObject;
  readonly expected: Expectation;
  readonly actual: Required<Pick<Expectation, 'decision' | 'kind' | 'determining' | 'blockedBy'>>;
  /** What differs, in words; empty where it passed. */
  readonly differences: readonly string[];
  readonly verdict: string;
}

/** Names of files of policy tests: letters, digits and what separates words; no part of a path. */
export const policyTestsName = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u;
