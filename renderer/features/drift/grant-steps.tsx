import type { Entitlement } from '#shared/domain/entitlement.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { howWords, ruleInWords } from '../../ui/grant-words.ts';
import { escapedText } from '../../ui/log-text.ts';
import { LogText } from '../../ui/log-line.tsx';
import { ShortText } from '../../ui/short-text.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { shortened } from '../../ui/values.tsx';

interface GrantStepsProps {
  readonly title: string;
  readonly grants: Entitlement['grants'];
}

/** Every way by which something is held: from the identity step by step to the rule that gives it. */
export function GrantSteps({ title, grants }: GrantStepsProps) {
  return (
    <>
      {grants.map(({ path, ref }, at) => (
        <div key={`${ref.path}${ref.locator}${at}`} className="grant-way">
          <SimpleTable
            label={grants.length === 1 ? title : `${title}, way ${at + 1}`}
            rows={path.map((edge, step) => ({ edge, step }))}
            keyOf={({ step }) => String(step)}
            empty="Directly, by the rule itself."
            columns={[
              { title: 'Who', render: ({ edge }) => <Name text={edge.from} /> },
              { title: 'How', width: 112, render: ({ edge }) => howWords(edge.kind) },
              { title: 'What', render: ({ edge }) => <Name text={edge.to} /> },
            ]}
          />
          <p className="muted">
            Rule: <LogText text={ruleInWords(ref)} />
          </p>
        </div>
      ))}
    </>
  );
}

function Name({ text }: { readonly text: string }) {
  return (
    <span title={escapedText(text)}>
      <ShortText whole={text} shown={shortened(shortResource(text), 32)} />
    </span>
  );
}
