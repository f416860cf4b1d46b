import { type JSONPath, applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import { isMap, isSeq, parseDocument } from 'yaml';
import type { PolicyText } from '../domain/policy-system.ts';
import type { PolicyRef } from '../domain/trace.ts';
import { pointerWithin } from './pointer-within.ts';

/**
 * The text of a policy without one of its rules. A rule that is named by a JSON Pointer is taken out of its list; one
 * that is named by rows loses these rows. Null where the rule cannot be taken out by itself.
 */
export function withoutRule(policy: PolicyText, ref: PolicyRef): string | null {
  if (ref.locator.startsWith('/')) {
    const pointer = pointerWithin(policy, ref);
    if (pointer === null) return null;
    const path = pathOf(pointer);
    return policy.language === 'json' ? withoutItem(policy.text, path) : withoutYamlItem(policy.text, path);
  }
  return withoutRows(policy, ref.locator);
}

function pathOf(pointer: string): JSONPath {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
}

function withoutItem(text: string, path: JSONPath): string | null {
  const root = parseTree(text);
  if (root === undefined) return null;
  if (findNodeAtLocation(root, path) === undefined) {
    return path.at(-1) === 0 ? withoutItem(text, path.slice(0, -1)) : null;
  }
  // IAM takes a single statement in place of a list: without it an empty list is left.
  const left = typeof path.at(-1) === 'number' ? undefined : [];
  return applyEdits(
    text,
    modify(text, path, left, { formattingOptions: { insertSpaces: true, tabSize: 2 } }),
  );
}

/** Only in a file of one document: pointers do not tell which of several is meant. */
function withoutYamlItem(text: string, path: JSONPath): string | null {
  if (/^---\s*$/m.test(text.trim().replace(/^---/, ''))) return null;
  const document = parseDocument(text);
  if (document.errors.length > 0) return null;
  const holder: unknown = document.getIn(path.slice(0, -1), true);
  if (!isSeq(holder) && !isMap(holder)) return null;
  return document.deleteIn(path) ? document.toString({ lineWidth: 0 }) : null;
}

function withoutRows({ text, policyId, path }: PolicyText, locator: string): string | null {
  const [, firstRow, firstColumn, lastRow, lastColumn] = /^(\d+):(\d+)(?:-(\d+):(\d+))?$/.exec(locator) ?? [];
  if (firstRow === undefined || firstColumn === undefined) return null;
  const lines = text.split('\n');
  const first = Number(firstRow);
  const [last, end] =
    lastRow === undefined || lastColumn === undefined
      ? [first, lines[first - 1]?.length ?? 0]
      : lastColumn === '1' && Number(lastRow) > first
        ? [Number(lastRow) - 1, lines[Number(lastRow) - 2]?.length ?? 0]
        : [Number(lastRow), Number(lastColumn) - 1];
  // The text of a single policy out of a file is the rule itself.
  if (policyId !== path && last - first + 1 >= lines.length - 1) return '';
  if (last > lines.length) return null;
  const [before, after] = [
    lines[first - 1]?.slice(0, Number(firstColumn) - 1) ?? '',
    lines[last - 1]?.slice(end) ?? '',
  ];
  // Whole rows go, a list's dash with them; in a row with others it goes with the comma beside it.
  const isWhole = /^[\s-]*$/.test(before) && /^[\s;]*$/.test(after);
  const rest = /^\s*,\s*/.test(after)
    ? before + after.replace(/^\s*,\s*/, '')
    : before.replace(/,\s*$/, '') + after;
  return [...lines.slice(0, first - 1), ...(isWhole ? [] : [rest]), ...lines.slice(last)].join('\n');
}
