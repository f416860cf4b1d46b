import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { StreamLanguage, type StringStream } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import type { PolicyText } from '#shared/domain/policy-system.ts';

type Language = PolicyText['language'];

/** Words of Cedar (https://docs.cedarpolicy.com/policies/syntax-grammar.html). */
const cedarWords =
  /^(?:permit|forbid|when|unless|if|then|else|in|is|has|like|true|false|principal|action|resource|context)\b/;
/** Words of Rego (https://www.openpolicyagent.org/docs/policy-reference). */
const regoWords =
  /^(?:package|import|default|as|some|every|in|if|else|not|with|contains|true|false|null|input|data)\b/;

/** Comments, strings, numbers and words, a line at a time. */
function plainLanguage(comment: string, words: RegExp): Extension {
  const token = (stream: StringStream): string | null => {
    if (stream.eatSpace()) return null;
    if (stream.match(comment)) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^`[^`]*`?/)) return 'string';
    if (stream.match(/^-?\d+(?:\.\d+)?/)) return 'number';
    if (stream.match(words)) return 'keyword';
    if (!stream.match(/^[\p{L}_]\w*/u)) stream.next();
    return null;
  };
  return StreamLanguage.define({ token });
}

/** What colours a policy's text; text itself has no words of its own. */
export function languageOf(language: Language): Extension {
  if (language === 'json') return json();
  if (language === 'yaml') return yaml();
  if (language === 'cedar') return plainLanguage('//', cedarWords);
  return language === 'rego' ? plainLanguage('#', regoWords) : [];
}
