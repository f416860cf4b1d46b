import { LogText } from './log-line.tsx';
import type { JsonToken } from './pretty-json.ts';

/** JSON of a log, laid out and coloured by role; what does not show is escaped. */
export function JsonBlock({ tokens }: { readonly tokens: readonly JsonToken[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <section className="log-block mono" tabIndex={0} aria-label="Record, laid out">
      {tokens.map(({ kind, text, before }, index) => (
        <span key={index} className={`json-${kind}`}>
          {before}
          {kind === 'mark' ? text : <LogText text={text} />}
        </span>
      ))}
    </section>
  );
}
