import type { NormalizedEvent } from '#shared/domain/event.ts';
import { eventSentence } from '#shared/domain/event-sentence.ts';
import { EntityLink } from './entity-link.tsx';
import { LogText } from './log-line.tsx';

/** What an event says in one sentence, with its things as links. */
export function Sentence({ event }: { readonly event: NormalizedEvent }) {
  return (
    <p className="sentence">
      {eventSentence(event).map((part, index) =>
        typeof part === 'string' ? (
          <LogText key={index} text={part} />
        ) : (
          <EntityLink key={index} field={part.field} value={part.value} label={part.label} length={64} />
        ),
      )}
    </p>
  );
}
