import { Document, isScalar, visit } from 'yaml';
import { refuse } from '../evaluate/problems.ts';
import { jsonOfValue } from './json.ts';
import type { Value } from './value.ts';
import { parseYaml, YamlProblem } from './yaml.ts';

/**
 * YAML of a value as Go's go-yaml writes it for OPA: keys in order, no indented lists, double quotes where a text
 * would be read as something else, single quotes where its characters ask for quotes. Texts that it writes over
 * several lines or with escapes are refused, and so are keys that it sorts by the numbers in them.
 */
export function yamlText(value: Value): string {
  const { json, rounded } = jsonOfValue(value);
  if (rounded) throw refuse('yaml.marshal of numbers beyond 64-bit floats');
  const document = new Document(json, { version: '1.1', sortMapEntries: true });
  visit(document, {
    Scalar: (place, node) => {
      if (typeof node.value !== 'string') return;
      if (!/^[\x20-\x7e\u00a1-\u1fff\u2070-\ud7ff]*$/.test(node.value))
        throw refuse('yaml.marshal of texts with escapes or several lines');
      if (place === 'key') checkKey(node.value);
      node.type = styleOf(node.value);
    },
    Pair: (_, { key }) => {
      if (!isScalar(key)) throw refuse('yaml.marshal of such keys');
    },
  });
  return document.toString({ indentSeq: false, lineWidth: 0 });
}

/** Longer texts may be broken where they have blanks. */
const longest = 60;

function checkKey(key: string): void {
  const numbered = /\d\d/.test(key);
  const mixed = key.includes('_') && /[A-Z]/.test(key);
  if (numbered || mixed || !/^[\w./-]*$/.test(key))
    throw refuse('yaml.marshal of keys whose order is in doubt');
}

/** Read as no text by go-yaml alone, or by other readers that it has regard for: octal numbers, dates. */
const otherwise = /^(?:0o|\d{4}-\d|[-+]?\.(?:inf|nan)$)/i;
/** What begins a comment, a directive, an anchor or a document. */
const indicators = /^(?:[#%&]|---|\.\.\.)/;

function styleOf(text: string): 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' {
  if (text.length > longest && text.includes(' '))
    throw refuse('yaml.marshal of texts with escapes or several lines');
  if (indicators.test(text)) return 'QUOTE_SINGLE';
  if (otherwise.test(text)) return 'QUOTE_DOUBLE';
  if (!readsAsItself(text)) return 'QUOTE_DOUBLE';
  const plain = new Document(text, { version: '1.1' }).toString({ lineWidth: 0 });
  return plain === `${text}\n` ? 'PLAIN' : 'QUOTE_SINGLE';
}

/** False where the text without quotes would be no text: a number, a word for true, nothing at all. */
function readsAsItself(text: string): boolean {
  if (text === '') return false;
  try {
    const read = parseYaml(text);
    return typeof read === 'string' || (typeof read === 'object' && read !== null);
  } catch (problem) {
    if (problem instanceof YamlProblem) return true;
    throw problem;
  }
}
