import { parse } from 'yaml';
import { isObject, type JsonObject } from '../../../domain/json.ts';
import type { Annotation, Module, Rule } from '../syntax/ast.ts';
import { valueOfJson } from '../value/json.ts';
import { emptyObject, type Entry, RegoObject, type Value } from '../value/value.ts';

/** What `rego.metadata.rule()` and `rego.metadata.chain()` give within one rule. */
export interface RuleMetadata {
  readonly rule: Value;
  readonly chain: Value;
}

type Scope = 'rule' | 'document' | 'package' | 'subpackages';
interface Scoped {
  readonly scope: Scope;
  /** The rule's name for rule and document. */
  readonly rule: Rule | null;
  readonly module: Module;
  readonly value: RegoObject;
}

/** Annotations of all modules (https://www.openpolicyagent.org/docs/policy-language#annotations). */
export class Metadata {
  readonly #annotations: readonly Scoped[];

  constructor(modules: readonly Module[]) {
    this.#annotations = modules.flatMap((module) =>
      module.annotations.flatMap((annotation) => scoped(annotation, module) ?? []),
    );
  }

  of(module: Module, rule: Rule, path: readonly string[]): RuleMetadata {
    const own = this.#annotations.filter((entry) => entry.scope === 'rule' && entry.rule === rule);
    const samePackage = (entry: Scoped): boolean => sameList(entry.module.package, module.package);
    const documents = this.#annotations.filter(
      (entry) =>
        entry.scope === 'document' &&
        samePackage(entry) &&
        entry.rule?.head.name.name === rule.head.name.name,
    );
    const packages = this.#annotations.filter((entry) => entry.scope === 'package' && samePackage(entry));
    const above = this.#annotations
      .filter(
        (entry) =>
          entry.scope === 'subpackages' &&
          entry.module.package.every((part, index) => module.package[index] === part),
      )
      .toSorted((first, second) => second.module.package.length - first.module.package.length);
    const [first] = own;
    return {
      rule: first?.value ?? emptyObject,
      chain: [
        link(first?.value ?? null, path),
        ...documents.map(({ value }) => link(value, path)),
        ...packages.map(({ value }) => link(value, module.package)),
        ...above.map(({ value, module: { package: name } }) => link(value, name)),
      ],
    };
  }
}

function link(value: RegoObject | null, at: readonly string[]): Value {
  const entries: Entry[] = [['path', at]];
  if (value !== null) entries.push(['annotations', value]);
  return RegoObject.of(entries);
}

function sameList(first: readonly string[], second: readonly string[]): boolean {
  return first.length === second.length && first.every((part, index) => second[index] === part);
}

/** The annotation with what it stands before; undefined where it cannot be read. */
function scoped(annotation: Annotation, module: Module): Scoped | undefined {
  let json: unknown;
  try {
    json = parse(annotation.yaml, { maxAliasCount: 10, logLevel: 'silent' });
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const beforePackage = annotation.end <= module.packageSpan.start;
  const rule = beforePackage ? null : (module.rules.find(({ start }) => start >= annotation.end) ?? null);
  if (rule === null && !beforePackage) return undefined;
  const stated = json['scope'];
  const scope: Scope =
    stated === 'document' || stated === 'package' || stated === 'subpackages' || stated === 'rule'
      ? stated
      : beforePackage
        ? 'package'
        : json['entrypoint'] === true
          ? 'document'
          : 'rule';
  return { scope, rule, module, value: annotationValue(json, scope) };
}

const copied = ['title', 'description', 'organizations', 'entrypoint', 'custom', 'compile'];

function annotationValue(json: JsonObject, scope: Scope): RegoObject {
  const entries: Entry[] = [['scope', scope]];
  for (const name of copied) {
    const value = json[name];
    if (value !== undefined && value !== null) entries.push([name, valueOfJson(value)]);
  }
  const { authors } = json;
  if (Array.isArray(authors)) entries.push(['authors', authors.map(authorOf)]);
  const resources = json['related_resources'];
  if (Array.isArray(resources)) {
    entries.push([
      'related_resources',
      resources.map((resource) =>
        typeof resource === 'string' ? RegoObject.of([['ref', resource]]) : valueOfJson(resource),
      ),
    ]);
  }
  return RegoObject.of(entries);
}

/** `Name <address>` or an object. */
function authorOf(author: unknown): Value {
  if (typeof author !== 'string') return valueOfJson(author);
  const match = /^(.*?)\s*<([^<>]+)>$/.exec(author.trim());
  if (match === null) return RegoObject.of([['name', author.trim()]]);
  const [, name = '', email = ''] = match;
  return RegoObject.of(
    name === ''
      ? [['email', email]]
      : [
          ['name', name],
          ['email', email],
        ],
  );
}
