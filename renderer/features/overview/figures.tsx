import type { ReactNode } from 'react';
import { outcomes } from '#shared/domain/event.ts';
import type { Overview } from '#shared/ipc/views.ts';
import { useCase, useHref } from '../../state/context.ts';
import { formatCount } from '../../ui/numbers.ts';
import { OutcomeMark } from '../../ui/outcome-mark.tsx';
import { share } from './share.ts';

interface FiguresProps {
  readonly overview: Overview;
  readonly total: number;
}

/** The case in numbers; each leads to what it counts. */
export function Figures({ overview, total }: FiguresProps) {
  const files = useCase((state) => state.summary?.files ?? 0);
  const rejected = useCase((state) => state.summary?.rejected ?? 0);
  const events = useHref({ view: 'events', query: '' });
  const evidence = useHref({ view: 'evidence' });
  const rejects = useHref({ view: 'evidence', tab: 'rejected' });
  return (
    <dl className="figures">
      <Figure name="Events" value={total} href={events} />
      {outcomes.map((outcome) =>
        overview.outcomes[outcome] === 0 ? null : (
          <OutcomeFigure key={outcome} outcome={outcome} value={overview.outcomes[outcome]} total={total} />
        ),
      )}
      <Figure
        name="Sources"
        value={overview.coverage.length}
        note={`${formatCount(files)} ${files === 1 ? 'file' : 'files'}`}
        href={evidence}
      />
      <Figure name="Rejected records" value={rejected} note="of the whole case" href={rejects} />
    </dl>
  );
}

interface OutcomeFigureProps {
  readonly outcome: (typeof outcomes)[number];
  readonly value: number;
  readonly total: number;
}

function OutcomeFigure({ outcome, value, total }: OutcomeFigureProps) {
  const href = useHref({ view: 'events', query: `outcome:${outcome}` });
  return (
    <Figure name={<OutcomeMark outcome={outcome} />} value={value} note={share(value, total)} href={href} />
  );
}

interface FigureProps {
  readonly name: ReactNode;
  readonly value: number;
  readonly note?: string;
  readonly href: string;
}

function Figure({ name, value, note, href }: FigureProps) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>
        <a href={href}>{formatCount(value)}</a>
        {note === undefined ? null : <span className="figure-note">{note}</span>}
      </dd>
    </div>
  );
}
