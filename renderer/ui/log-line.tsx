import { stretchesOf } from './log-text.ts';
import './values.css';

/**
 * Text from a log, on one line.
 * SECURITY: control and bidirectional characters are shown by their code, so that a record cannot hide or reorder
 * what stands beside it.
 */
export function LogText({ text }: { readonly text: string }) {
  return (
    <bdi dir="ltr">
      {stretchesOf(text).map((stretch, index) =>
        stretch.escaped ? (
          <span key={index} className="escaped" title="Character that does not show">
            {stretch.text}
          </span>
        ) : (
          stretch.text
        ),
      )}
    </bdi>
  );
}

/** Text from a log with its line breaks and tabs kept; everything else that does not show is escaped. */
export function LogBlock({ text }: { readonly text: string }) {
  return (
    // It scrolls, so the keys must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="log-block mono" tabIndex={0} aria-label="Text of the record">
      {text
        .split(/(\r?\n|\t)/)
        .map((part, index) => (/^(?:\r?\n|\t)$/.test(part) ? part : <LogText key={index} text={part} />))}
    </section>
  );
}
