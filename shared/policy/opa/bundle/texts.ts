import { parse } from 'yaml';
import { isObject, textAt } from '../../../domain/json.ts';
import type { PolicyText } from '../../../domain/policy-system.ts';
import { dataPath } from '../value/print.ts';
import type { Module } from '../syntax/ast.ts';
import type { BundleContents } from './contents.ts';

/** Modules and data files as texts for the library. */
export function policyTexts(contents: BundleContents): PolicyText[] {
  const modules = contents.modules.map((module): PolicyText => {
    const name = dataPath(module.package);
    return {
      policyId: name,
      title: packageTitle(module) ?? name,
      path: module.path,
      language: 'rego',
      text: module.text,
    };
  });
  const data = contents.files.flatMap(({ path, text }): PolicyText[] => {
    const match = /(?:^|\/)data\.(json|ya?ml)$/.exec(path);
    if (match === null || text === null) return [];
    return [{ policyId: path, title: path, path, language: match[1] === 'json' ? 'json' : 'yaml', text }];
  });
  return [...modules, ...data];
}

/** The title in the METADATA of the package (https://www.openpolicyagent.org/docs/policy-language#annotations). */
function packageTitle(module: Module): string | null {
  for (const { yaml, end } of module.annotations) {
    if (end > module.packageSpan.start) continue;
    let metadata: unknown;
    try {
      metadata = parse(yaml, { maxAliasCount: 10, logLevel: 'silent' });
    } catch {
      continue;
    }
    const title = isObject(metadata) ? textAt(metadata, 'title') : null;
    if (title !== null) return title;
  }
  return null;
}
