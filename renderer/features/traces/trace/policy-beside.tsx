import { useMemo } from 'react';
import type { PolicyText } from '#shared/domain/policy-system.ts';
import type { PolicyRef } from '#shared/domain/trace.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ShortText } from '../../../ui/short-text.tsx';
import { shortened } from '../../../ui/values.tsx';
import { PolicyCode } from '../policy-code.tsx';
import { rangeOfRef, textOfRef } from './policy-range.ts';

interface PolicyBesideProps {
  readonly texts: readonly PolicyText[];
  readonly reference: PolicyRef;
  /** Whether it is the rule that decided, or another that was chosen. */
  readonly determines: boolean;
}

/** The text of a rule's policy with the rule lit. */
export function PolicyBeside({ texts, reference, determines }: PolicyBesideProps) {
  const text = textOfRef(texts, reference);
  const range = useMemo(() => (text === null ? null : rangeOfRef(text, reference)), [text, reference]);
  if (text === null) {
    return (
      <p className="muted trace-note">
        The bundle holds no text for <LogText text={reference.policyId} />: it is known to the evaluator
        itself.
      </p>
    );
  }
  return (
    <Panel
      title={determines ? 'The rule that decides' : 'The chosen rule'}
      note={<ShortText whole={text.title} shown={shortened(text.title, 64)} />}
    >
      {range === null ? (
        <p className="muted trace-note">Where in this text the rule stands is not known.</p>
      ) : null}
      <PolicyCode
        label={`Text of ${text.title}`}
        text={text.text}
        language={text.language}
        lit={range}
        litLabel={determines ? 'the rule that decides' : 'the chosen rule'}
      />
    </Panel>
  );
}
