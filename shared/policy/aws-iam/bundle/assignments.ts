import { arrayAt, isObject, type Json, type JsonObject, textAt } from '../../../domain/json.ts';
import type { BundleSource, PolicyText } from '../../../domain/policy-system.ts';
import { elementsOf, parseFiles } from '../history/pages.ts';
import { parseName } from '../history/names.ts';
import { isOrganization } from './organization.ts';

/**
 * Who holds which policies, as texts beside those of the policies: a text for each user, role and group with its
 * groups, attachments, boundary and tags, and for each place of the organization with its policies and accounts.
 */
export function assignments(source: BundleSource): PolicyText[] {
  return [...owners(source), ...places(source)];
}

function owners(source: BundleSource): PolicyText[] {
  const lines = new Map<string, { readonly arn: string; readonly title: string; readonly lines: string[] }>();
  const elements = elementsOf(source) ?? new Map<string, Json>();
  for (const [element, value] of elements) {
    const { facet, owner } = parseName(element);
    if (facet !== 'owner' || owner === null) continue;
    const { kind, account, name } = owner;
    const arn = (isObject(value) ? textAt(value, 'arn') : null) ?? element;
    lines.set(element, { arn, title: `${kind} ${name} of ${account}`, lines: [] });
  }
  for (const [element, value] of elements) {
    const { facet, owner, rest } = parseName(element);
    if (owner === null) continue;
    const found = lines.get(`${owner.kind} ${owner.account} ${owner.name}`);
    if (facet === 'attached') found?.lines.push(`policy ${rest[1] ?? ''}`);
    else if (facet === 'inline') found?.lines.push(`inline policy ${rest[0] ?? ''}`);
    else if (facet === 'member') found?.lines.push(`group ${rest[2] ?? ''}`);
    else if (facet === 'boundary') found?.lines.push(`boundary ${shown(value)}`);
    else if (facet === 'tags' && isObject(value)) {
      for (const [key, text] of Object.entries(value)) found?.lines.push(`tag ${key} = ${shown(text)}`);
    }
  }
  return [...lines.values()].map(({ arn, title, lines: held }) => textOf(arn, title, held));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function textOf(id: string, title: string, lines: readonly string[]): PolicyText {
  const text = lines.toSorted().map((line) => `${line}\n`);
  return {
    policyId: `${id}#assigned`,
    title: `What ${title} holds`,
    path: '',
    language: 'text',
    text: text.join(''),
  };
}

function places(source: BundleSource): PolicyText[] {
  const found: PolicyText[] = [];
  const visit = (node: JsonObject, name: string): void => {
    const lines: string[] = [];
    for (const kind of ['scp', 'rcp'] as const) {
      for (const item of arrayAt(node, kind)) {
        const policy = isObject(item) ? textAt(item, 'name') : item;
        lines.push(`${kind} ${shown(policy)}`);
      }
    }
    for (const account of arrayAt(node, 'accounts')) {
      const id = isObject(account) ? textAt(account, 'id') : account;
      lines.push(`account ${shown(id)}`);
      if (isObject(account) && typeof id === 'string') visit(account, `account ${id}`);
    }
    for (const unit of arrayAt(node, 'units')) {
      if (!isObject(unit)) continue;
      const label = textAt(unit, 'name') ?? textAt(unit, 'id') ?? 'unit';
      lines.push(`unit ${label}`);
      visit(unit, `${name}/${label}`);
    }
    found.push(textOf(name, name, lines));
  };
  for (const { content } of parseFiles(source)) {
    const root = isOrganization(content) ? content['root'] : undefined;
    if (isObject(root)) visit(root, textAt(root, 'name') ?? 'Root');
  }
  return found;
}
