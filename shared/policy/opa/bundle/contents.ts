import type { BundleProblem, BundleSource, PolicyFile } from '../../../domain/policy-system.ts';
import { isObject, type JsonObject } from '../../../domain/json.ts';
import type { Module } from '../syntax/ast.ts';
import { JsonProblem, parseJson, valueOfJson } from '../value/json.ts';
import { plainText } from '../value/print.ts';
import { emptyObject, type Entry, RegoObject, type Value } from '../value/value.ts';
import { parseYaml, YamlProblem } from '../value/yaml.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { readModules } from './modules.ts';
import { checkSignatures } from './signatures.ts';

/** A bundle as read: modules, data, and the other forms that it brings its policy in. */
export interface BundleContents {
  readonly modules: readonly Module[];
  readonly data: RegoObject;
  readonly manifest: Manifest;
  readonly plan: PolicyFile | null;
  readonly wasm: PolicyFile | null;
  readonly files: readonly PolicyFile[];
  readonly problems: readonly BundleProblem[];
  /** What OPA would not load this bundle for. */
  readonly fatal: readonly BundleProblem[];
}

const dataName = /(?:^|\/)data\.(?:json|ya?ml)$/;

/** Reads a bundle (https://www.openpolicyagent.org/docs/management-bundles#bundle-file-format). */
export function readContents(source: BundleSource): BundleContents {
  const files = source.kind === 'files' ? source.files : inlineFiles(source.document);
  const problems: BundleProblem[] = [];
  const fatal: BundleProblem[] = [];
  const fail = (path: string, locator: string, message: string): void => {
    const problem: BundleProblem = { severity: 'error', path, locator, message };
    problems.push(problem);
    fatal.push(problem);
  };
  const manifest = readManifest(files, fail);
  let data = emptyObject;
  if (source.kind === 'inline') {
    const given = source.document['data'];
    const value = valueOfJson(given ?? {});
    if (value instanceof RegoObject) data = value;
    else fail('data', '', 'data must be an object');
  }
  for (const file of files) {
    if (!dataName.test(file.path) || file.path.startsWith('.')) continue;
    const value = readData(file, fail);
    if (value !== undefined) data = mergeAt(data, file.path.split('/').slice(0, -1), value, file, fail);
  }
  const modules = readModules(files, manifest.versionOf, problems, fail);
  checkRoots(manifest, modules, data, fail);
  if (files.some(({ path }) => path === 'patch.json')) {
    fail('patch.json', '', 'a delta bundle holds changes only; the bundle that it changes is needed');
  }
  problems.push(...checkSignatures(files, null));
  const named = (name: string): PolicyFile | null => files.find(({ path }) => path === name) ?? null;
  return {
    modules,
    data,
    manifest,
    plan: named('plan.json'),
    wasm: wasmFile(files, manifest),
    files,
    problems,
    fatal,
  };
}

/** Texts by their paths, or a list of texts, as OPA's conformance cases have them. */
export function inlineModules({ modules }: JsonObject): Readonly<Record<string, unknown>> {
  if (Array.isArray(modules))
    return Object.fromEntries(modules.map((text: unknown, index) => [`module${index}.rego`, text]));
  return isObject(modules) ? modules : {};
}

function inlineFiles(document: JsonObject): PolicyFile[] {
  return Object.entries(inlineModules(document)).map(([path, text]) => ({
    path: path.endsWith('.rego') ? path : `${path}.rego`,
    text: typeof text === 'string' ? text : null,
    bytes: new Uint8Array(),
  }));
}

function wasmFile(files: readonly PolicyFile[], manifest: Manifest): PolicyFile | null {
  const names = manifest.wasmModules.map((module) => module.replace(/^\/+/, ''));
  return files.find(({ path }) => path === 'policy.wasm' || names.includes(path)) ?? null;
}

type Fail = (path: string, locator: string, message: string) => void;

function readData(file: PolicyFile, fail: Fail): Value | undefined {
  if (file.text === null) {
    fail(file.path, '', 'the file is not UTF-8');
    return undefined;
  }
  if (file.path.endsWith('.json')) {
    try {
      return parseJson(file.text);
    } catch (problem) {
      if (!(problem instanceof JsonProblem)) throw problem;
      fail(file.path, '', problem.message);
      return undefined;
    }
  }
  try {
    return parseYaml(file.text);
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem;
    fail(file.path, '', problem.message);
    return undefined;
  }
}

function mergeAt(
  data: RegoObject,
  path: readonly string[],
  value: Value,
  file: PolicyFile,
  fail: Fail,
): RegoObject {
  const [key, ...rest] = path;
  if (key !== undefined) {
    const child = data.get(key);
    if (child !== undefined && !(child instanceof RegoObject)) {
      fail(file.path, '', `data at ${key} is given twice`);
      return data;
    }
    return data.with(key, mergeAt(child ?? emptyObject, rest, value, file, fail));
  }
  if (!(value instanceof RegoObject)) {
    fail(file.path, '', 'a data file must hold an object');
    return data;
  }
  if (data.size === 0) return value;
  const entries: Entry[] = [...data.entries];
  for (const entry of value.entries) {
    const [name, member] = entry;
    const before = data.get(name);
    if (before === undefined) entries.push(entry);
    else if (before instanceof RegoObject && member instanceof RegoObject) {
      entries.push([name, mergeAt(before, [], member, file, fail)]);
    } else fail(file.path, `/${plainText(name)}`, `data at ${plainText(name)} is given twice`);
  }
  return RegoObject.of(entries);
}

function checkRoots(manifest: Manifest, modules: readonly Module[], data: RegoObject, fail: Fail): void {
  const roots = manifest.roots.map((root) => root.split('/').filter((part) => part !== ''));
  const inside = (path: readonly string[]): boolean =>
    roots.some((root) => root.every((part, index) => path[index] === part));
  for (const { path, package: name } of modules) {
    if (!inside(name)) fail(path, '', `manifest roots do not permit package ${name.join('.')}`);
  }
  const visit = (path: readonly string[], value: Value): void => {
    if (inside(path)) return;
    const leadsToRoot = roots.some((root) => path.every((part, index) => root[index] === part));
    if (leadsToRoot && value instanceof RegoObject) {
      for (const [key, member] of value.entries) visit([...path, plainText(key)], member);
    } else fail('data.json', `/${path.join('/')}`, `manifest roots do not permit data at ${path.join('/')}`);
  };
  visit([], data);
}
