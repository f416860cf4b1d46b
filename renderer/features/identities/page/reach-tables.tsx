import { type ReactNode, useState } from 'react';
import type { ReachReport, ReachedService } from '#shared/domain/reach.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { Button } from '../../../ui/button.tsx';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { certaintyWords, wayInWords } from '../../../ui/grant-words.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { Count, Time } from '../../../ui/values.tsx';

/** A service that it could reach, did reach, or both. */
interface ServiceRow {
  readonly service: string;
  readonly could: ReachedService | null;
  readonly did: ReachReport['did']['services'][number] | null;
}

const step = 12;

/** What it can become and what lies open to it, beside what the log shows that it touched. */
export function ReachTables({ report }: { readonly report: ReachReport }) {
  const { could, did } = report;
  return (
    <>
      {could.administrator ? (
        <p>
          <Badge tone="danger">every right</Badge> It is, or can become, an administrator: nothing of what the
          policies govern is out of its reach.
        </p>
      ) : null}
      <section aria-label="Services">
        <h3>
          Services{' '}
          <span className="muted">
            {formatCount(could.services.length)} could, {formatCount(did.services.length)} did
          </span>
        </h3>
        <More label="Services" rows={serviceRows(report)}>
          {(rows) => (
            <SimpleTable
              label="Services"
              rows={rows}
              keyOf={({ service }) => service}
              empty="The policies give it nothing, and the log shows nothing."
              columns={[
                { title: 'Service', width: 128, render: ({ service }) => <LogText text={service} /> },
                {
                  title: 'Could',
                  render: ({ could: it }) =>
                    it === null ? (
                      <span className="muted">not by the policies in force</span>
                    ) : (
                      <span title={it.resources.join('\n')}>{it.levels.join(', ') || 'some'}</span>
                    ),
                },
                {
                  title: 'Rights',
                  width: 64,
                  align: 'end',
                  render: ({ could: it }) => (it === null ? '–' : <Count value={it.permissions} />),
                },
                {
                  title: 'Did',
                  width: 72,
                  align: 'end',
                  render: ({ did: it }) => (it === null ? '–' : <Count value={it.events} />),
                },
                {
                  title: 'Last',
                  width: 148,
                  render: ({ did: it }) => (it === null ? 'not seen' : <Time value={it.last} to="minute" />),
                },
              ]}
            />
          )}
        </More>
      </section>
      <section aria-label="Identities that it can become">
        <h3>
          Identities that it can become <span className="muted">{formatCount(could.identities.length)}</span>
        </h3>
        <More label="identities" rows={could.identities}>
          {(rows) => (
            <SimpleTable
              label="Identities that it can become"
              rows={rows}
              keyOf={({ id }) => id}
              empty="None, as far as the policies tell."
              columns={[
                {
                  title: 'Identity',
                  render: ({ id }) => (
                    <EntityLink field="subject.id" value={id} label={shortResource(id)} length={36} />
                  ),
                },
                {
                  title: 'How',
                  render: ({ chain }) => <LogText text={wayInWords(chain)} />,
                },
                {
                  title: 'Certainty',
                  width: 120,
                  render: ({ certainty, administrator }) =>
                    `${certaintyWords[certainty]}${administrator ? ', administrator' : ''}`,
                },
                {
                  title: 'Did',
                  width: 56,
                  render: ({ id }) => (did.identities.includes(id) ? 'yes' : 'not seen'),
                },
              ]}
            />
          )}
        </More>
      </section>
      <Names title="Secrets and credentials in reach" names={could.secrets} />
      <Names title="Namespaces in reach" names={could.namespaces} />
      <Names title="Namespaces that it touched" names={did.namespaces} />
      <p className="muted">The log shows {formatCount(did.resources)} resources that it touched.</p>
    </>
  );
}

/** What it did first, then what it could, by number of rights. */
function serviceRows({ could, did }: ReachReport): ServiceRow[] {
  const names = new Set([...did.services, ...could.services].map(({ service }) => service));
  return [...names]
    .map((service) => ({
      service,
      could: could.services.find((each) => each.service === service) ?? null,
      did: did.services.find((each) => each.service === service) ?? null,
    }))
    .toSorted(
      (one, other) =>
        (other.did?.events ?? 0) - (one.did?.events ?? 0) ||
        (other.could?.permissions ?? 0) - (one.could?.permissions ?? 0) ||
        one.service.localeCompare(other.service, 'en'),
    );
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>
        {title} <span className="muted">{formatCount(names.length)}</span>
      </h3>
      <More label={title} rows={names}>
        {(rows) => (
          <ul className="story-names">
            {rows.map((name) => (
              <li key={name} className="mono">
                <LogText text={name} />
              </li>
            ))}
          </ul>
        )}
      </More>
    </section>
  );
}

interface MoreProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** The first rows, and more when they are asked for. */
function More<Row>({ label, rows, children }: MoreProps<Row>) {
  const [shown, setShown] = useState(step);
  return (
    <>
      {children(rows.slice(0, shown))}
      {rows.length > shown ? (
        <Button look="plain" onClick={() => setShown(shown + 8 * step)}>
          Show more of {formatCount(rows.length)} <span className="visually-hidden">{label}</span>
        </Button>
      ) : null}
    </>
  );
}
