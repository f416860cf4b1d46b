import { useMemo, useState } from 'react';
import type { FieldName } from '#shared/domain/dimensions.ts';
import { conditionsOf, filterText } from '#shared/query/edit.ts';
import { fieldNamed } from '#shared/query/fields.ts';
import { useRequest } from '../../state/use-request.ts';
import { Icon } from '../../ui/icon.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { useAfterFrame } from '../../ui/use-after-frame.ts';
import { FacetValue } from './facet-value.tsx';
import type { Question } from './question.ts';

/** Fields that an analyst narrows by, in the order of use. */
const fields: readonly (readonly [FieldName, string])[] = [
  ['outcome', 'Outcome'],
  ['subject.id', 'Subject'],
  ['action', 'Action'],
  ['resource.id', 'Resource'],
  ['ip', 'Source'],
  ['reason.class', 'Reason'],
  ['service', 'Service'],
  ['subject.type', 'Kind of subject'],
  ['credential.id', 'Credential'],
  ['account', 'Account'],
  ['region', 'Region'],
  ['userAgent', 'Client'],
  ['format', 'Format'],
];
const openAtFirst: readonly FieldName[] = ['outcome', 'subject.id', 'action', 'ip', 'reason.class'];
const few = 5;
const many = 50;

/** The most frequent values of each field under the query; a click filters, the query bar stays the truth. */
export function FacetList({ question }: { readonly question: Question }) {
  const [open, setOpen] = useState<readonly FieldName[]>(openAtFirst);
  // The rows and their number are read first.
  const asked = useAfterFrame(question);
  const { value, error, reload } = useRequest(
    'events.facets',
    open.length === 0 ? null : { ...asked, fields: [...open], limit: few },
  );
  const toggle = (field: FieldName): void =>
    setOpen(open.includes(field) ? open.filter((other) => other !== field) : [...open, field]);
  return (
    <aside className="facets" aria-label="Facets">
      {error === null ? null : (
        <ErrorState what="The facets could not be counted" error={error} onRetry={reload} />
      )}
      {value === null && error === null && open.length > 0 ? <Loading what="the facets" /> : null}
      {fields.map(([field, title]) => {
        const isOpen = open.includes(field);
        const facet = value?.find((candidate) => candidate.field === field);
        return (
          <section key={field} className="facet" aria-label={title}>
            <button
              type="button"
              className="facet-title"
              aria-expanded={isOpen}
              title={fieldNamed(field)?.description}
              onClick={() => toggle(field)}
            >
              <Icon name={isOpen ? 'down' : 'right'} />
              <span>{title}</span>
              {isOpen && facet !== undefined ? (
                <span className="facet-count">{formatCount(facet.distinct)}</span>
              ) : null}
            </button>
            {isOpen && facet !== undefined ? (
              <Values
                key={field}
                field={field}
                question={question}
                distinct={facet.distinct}
                first={facet.values}
              />
            ) : null}
          </section>
        );
      })}
    </aside>
  );
}

interface ValuesProps {
  readonly field: FieldName;
  readonly question: Question;
  readonly distinct: number;
  readonly first: readonly { readonly value: string | null; readonly count: number }[];
}

function Values({ field, question, distinct, first }: ValuesProps) {
  const [more, setMore] = useState(false);
  const { value } = useRequest('events.facets', more ? { ...question, fields: [field], limit: many } : null);
  const values = (more ? value?.[0]?.values : undefined) ?? first;
  const inForce = useMemo(() => conditionsOf(question.query), [question.query]);
  const most = Math.max(1, ...values.map(({ count }) => count));
  const hidden = distinct - values.length;
  return (
    <>
      <ul>
        {values.map((entry) => (
          <FacetValue
            key={entry.value ?? ''}
            field={field}
            value={entry.value}
            count={entry.count}
            most={most}
            active={inForce.has(filterText(field, entry.value))}
          />
        ))}
      </ul>
      {values.length === 0 ? <p className="facet-none">no value</p> : null}
      {hidden > 0 && !more ? (
        <button type="button" className="facet-more" onClick={() => setMore(true)}>
          {formatCount(hidden)} more
        </button>
      ) : null}
      {hidden > 0 && more ? (
        <p className="facet-none">{formatCount(hidden)} more: narrow them down with the query</p>
      ) : null}
    </>
  );
}
