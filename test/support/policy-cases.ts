import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { BundleSource, CompiledBundle, PolicyFile } from '#shared/domain/policy-system.ts';
import type { Evaluation, Step } from '#shared/domain/trace.ts';
import { projectRoot } from './imports.ts';

/** One documented example of a policy system: a bundle, and what its vendor says of requests. */
export interface PolicyCase {
  readonly name: string;
  readonly source: BundleSource;
  /** Where the expectations come from. */
  readonly documentedAt: string;
  readonly requests: readonly {
    readonly why: string;
    readonly request: EvaluationRequest;
    readonly decision: Evaluation['decision'];
    readonly determining: readonly string[];
    readonly overridden?: readonly string[];
    readonly blockedBy?: readonly string[];
    /** Policies that errored. */
    readonly errors?: readonly string[];
  }[];
}

/** The cases in `test/cases/policy/<system>`: `case.json` beside a folder `bundle`, or with the bundle in it. */
export function policyCases(system: string): PolicyCase[] {
  const root = join(projectRoot, 'test/cases/policy', system);
  return readdirSync(root)
    .toSorted()
    .map((name) => {
      const { bundle, ...rest } = JSON.parse(readFileSync(join(root, name, 'case.json'), 'utf8'));
      const folder = join(root, name, 'bundle');
      return { ...rest, name, source: existsSync(folder) ? folderSource(folder) : inline(bundle) };
    });
}

function folderSource(folder: string): BundleSource {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return file(relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8'));
    });
  return { kind: 'files', files };
}

function file(path: string, text: string): PolicyFile {
  return { path, text, bytes: new TextEncoder().encode(text) };
}

export function filesSource(files: Readonly<Record<string, string>>): BundleSource {
  return { kind: 'files', files: Object.entries(files).map(([path, text]) => file(path, text)) };
}

export function inline(document: object): BundleSource {
  return { kind: 'inline', document: JSON.parse(JSON.stringify(document)) };
}

/** The answer to a request that tells everything. */
export async function evaluated(bundle: CompiledBundle, request: EvaluationRequest): Promise<Evaluation> {
  return (await bundle.evaluate(request, { complete: true })).evaluation;
}

export function stepsOf(evaluation: Evaluation): Step[] {
  return evaluation.layers.flatMap(({ steps }) => steps);
}

/** What a case says, read from an answer. */
export function said(evaluation: Evaluation, like: PolicyCase['requests'][number]) {
  const steps = stepsOf(evaluation);
  const policyOf = (id: string) => steps.find((step) => step.id === id)?.ref.policyId ?? id;
  return {
    decision: evaluation.decision,
    determining: evaluation.determining,
    ...(like.overridden === undefined ? {} : { overridden: evaluation.overridden.map(policyOf) }),
    ...(like.blockedBy === undefined ? {} : { blockedBy: evaluation.blockedBy }),
    ...(like.errors === undefined ? {} : { errors: evaluation.errors.map(({ ref }) => ref?.policyId) }),
  };
}
