import { RE2JS } from 're2js';

/** The version of a policy or request that names none. */
export const defaultVersion = 'default';

const wellFormed = /^[A-Za-z][\w@.-]*(?::[A-Za-z][\w@.-]*|\/[\w@.-]+)*$/;

/**
 * A resource kind as it stands in a policy's name: `album:object` becomes `album_object`. What is no well-formed
 * name (`album:1`, `album:*`) stays as it is, as the Cerbos program has it.
 */
export function sanitized(kind: string): string {
  return wellFormed.test(kind) ? kind.replaceAll(/[^\w.]/g, '_') : kind;
}

/** Cerbos' own name of a policy, e.g. `resource.album_object.vdefault/acme.hr`. */
export function policyKey(
  kind: 'resource' | 'principal' | 'role',
  name: string,
  version: string,
  scope: string,
): string {
  const shown = kind === 'resource' ? sanitized(name) : name;
  return `${kind}.${shown}.v${version}${scope === '' ? '' : `/${scope}`}`;
}

/** `acme.hr.uk` as itself, `acme.hr`, `acme` and the root. */
export function scopeChain(scope: string): string[] {
  const parts = scope === '' ? [] : scope.split('.');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('.')).concat('');
}

const compiled = new Map<string, RE2JS>();
const mostCompiled = 5_000;

/**
 * Globs of actions, resources and principals: `:` parts segments, `*` stays within one, `**` does not, and a `*`
 * alone matches everything (https://docs.cerbos.dev/cerbos/latest/policies/resource_policies). Without a `*` the
 * Cerbos program takes a pattern literally, whatever else stands in it.
 */
export function matchesGlob(pattern: string, value: string): boolean {
  return pattern === value || (pattern.includes('*') && matchesFullGlob(pattern, value));
}

/** As in the actions of role policies, where `{view,edit}` needs no `*` to be a pattern. */
export function matchesFullGlob(pattern: string, value: string): boolean {
  if (pattern === '*' || pattern === value) return true;
  if (!/[*?[{]/.test(pattern)) return false;
  let matcher = compiled.get(pattern);
  if (matcher === undefined) {
    try {
      matcher = RE2JS.compile(expressionOf(pattern), RE2JS.DOTALL);
    } catch {
      return false;
    }
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(pattern, matcher);
  }
  return matcher.matches(value);
}

const globToken = /\*\*|\*|\?|\[!?[^\]]+\]|\{|\}|,|\\.|[^]/g;

function expressionOf(pattern: string): string {
  let depth = 0;
  return pattern.replaceAll(globToken, (part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^:]*';
    if (part === '?') return '[^:]';
    if (part.startsWith('[') && part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    if (part === '{') {
      depth += 1;
      return '(?:';
    }
    if (part === '}' && depth > 0) {
      depth -= 1;
      return ')';
    }
    if (part === ',' && depth > 0) return '|';
    return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
}
