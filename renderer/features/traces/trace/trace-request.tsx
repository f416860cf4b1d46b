import type { FieldName } from '#shared/domain/dimensions.ts';
import type { AttributeSource, DecisionTrace } from '#shared/domain/trace.ts';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { attributesOf } from './trace-text.ts';
import { sourceWords } from './words.ts';

/** The request as subject → action → resource, and below it every attribute with where it comes from. */
export function TraceRequest({ trace }: { readonly trace: DecisionTrace }) {
  const { subject, action, resource } = trace.request;
  const rows = attributesOf(trace);
  const sourceOf = (path: string): AttributeSource | undefined => trace.attributes?.[path];
  return (
    <section className="trace-request" aria-label="The request">
      <ol className="request-path">
        <Part
          title="Subject"
          kind={subject.type}
          field="subject.id"
          value={subject.id}
          source={sourceOf('subject.id')}
        />
        <Part title="Action" kind="" field="action" value={action.name} source={sourceOf('action.name')} />
        <Part
          title="Resource"
          kind={resource.type}
          field="resource.id"
          value={resource.id}
          source={sourceOf('resource.id')}
        />
      </ol>
      {rows.length === 0 ? null : (
        <details className="request-context">
          <summary>
            Context: {formatCount(rows.length)} {rows.length === 1 ? 'attribute' : 'attributes'}
          </summary>
          <SimpleTable
            label="Attributes of the request"
            rows={rows}
            keyOf={([path]) => path}
            empty=""
            columns={[
              { title: 'Attribute', width: 280, render: ([path]) => <LogText text={path} /> },
              {
                title: 'Value',
                render: ([, value]) => (
                  <span title={escapedText(value)}>
                    <LogText text={value} />
                  </span>
                ),
              },
              {
                title: 'Origin',
                width: 128,
                render: ([, , source]) => <span className="muted">{source}</span>,
              },
            ]}
          />
        </details>
      )}
    </section>
  );
}

interface PartProps {
  readonly title: string;
  readonly kind: string;
  readonly field: FieldName;
  readonly value: string;
  readonly source: AttributeSource | undefined;
}

function Part({ title, kind, field, value, source }: PartProps) {
  return (
    <li>
      <span className="muted">
        {title}
        {kind === '' ? '' : ` · ${escapedText(kind)}`}
      </span>
      {value === '' ? (
        <span className="muted">not named</span>
      ) : (
        <EntityLink field={field} value={value} length={72} />
      )}
      {source === undefined ? null : <Badge>{sourceWords[source]}</Badge>}
    </li>
  );
}
