import { useMemo } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { PermissionChange } from '#shared/domain/drift.ts';
import { useSharedRequest } from '../../state/use-shared-request.ts';
import { Button } from '../../ui/button.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { ChangeMark } from '../../ui/change-mark.tsx';
import { chosenChanges, countKinds } from './changes.ts';
import { ChangesTable } from './changes-table.tsx';
import { DriftMatrix } from './drift-matrix.tsx';
import { type DriftSettings, changeKinds } from './settings.ts';

/** So many changes are taken at once; more are said to be there. */
export const mostChanges = 20_000;

interface ChangesProps {
  readonly pair: { readonly from: CaseBundle; readonly to: CaseBundle };
  readonly settings: DriftSettings;
  readonly onChange: (change: Partial<DriftSettings>) => void;
}

/** The changes between two bundles: counted by kind, listed by identity or laid out as a matrix. */
export function Changes({ pair, settings, onChange }: ChangesProps) {
  const { value, error, reload } = useSharedRequest('drift.run', {
    from: pair.from.id,
    to: pair.to.id,
    limit: mostChanges,
  });
  const chosen = useMemo(() => chosenChanges(value?.changes ?? [], settings), [value, settings]);
  if (error !== null) {
    return <ErrorState what="The bundles could not be compared" error={error} onRetry={reload} />;
  }
  if (value === null) return <Loading what="the effective permissions of both bundles" />;
  if (value.total === 0) {
    return (
      <EmptyState title="The effective permissions are the same">
        What differs in the text of the policies, if anything, gives nothing and takes nothing away.
      </EmptyState>
    );
  }
  return (
    <>
      <Kinds changes={value.changes} settings={settings} onChange={onChange} />
      {value.total > value.changes.length ? (
        <p className="drift-note">
          The first {formatCount(value.changes.length)} of {formatCount(value.total)} changes, by identity;
          the command line lists all of them.
        </p>
      ) : null}
      {chosen.length === 0 ? (
        <EmptyState
          title="No change is like that"
          actions={
            <Button onClick={() => onChange({ kind: null, unexplained: false, subject: null, group: null })}>
              Show all changes
            </Button>
          }
        >
          Changes of the path alone, which take nothing and give nothing, show when they are asked for.
        </EmptyState>
      ) : settings.matrix ? (
        <DriftMatrix
          changes={chosen}
          onOpen={(subject, group) => onChange({ matrix: false, subject, group })}
        />
      ) : (
        <ChangesTable from={pair.from.id} to={pair.to.id} changes={chosen} />
      )}
    </>
  );
}

interface KindsProps extends Omit<ChangesProps, 'pair'> {
  readonly changes: readonly PermissionChange[];
}

/** How many changes there are of each kind; each shows its own alone. */
function Kinds({ changes, settings, onChange }: KindsProps) {
  const counts = useMemo(() => countKinds(changes), [changes]);
  const unexplained = changes.filter(({ attribution }) => attribution.length === 0).length;
  return (
    <div className="drift-kinds" role="group" aria-label="Kind of change">
      {changeKinds.map((kind) => (
        <button
          key={kind}
          type="button"
          className="button"
          disabled={counts[kind] === 0 && settings.kind !== kind}
          aria-pressed={settings.kind === kind}
          onClick={() => onChange({ kind: settings.kind === kind ? null : kind })}
        >
          <ChangeMark kind={kind} />
          <span className="numeric">{formatCount(counts[kind])}</span>
        </button>
      ))}
      <button
        type="button"
        className="button"
        disabled={unexplained === 0 && !settings.unexplained}
        aria-pressed={settings.unexplained}
        onClick={() => onChange({ unexplained: !settings.unexplained })}
      >
        unexplained <span className="numeric">{formatCount(unexplained)}</span>
      </button>
      {settings.subject === null && settings.group === null ? null : (
        <Button icon="close" onClick={() => onChange({ subject: null, group: null })}>
          only{' '}
          <LogText text={[settings.subject, settings.group].filter((part) => part !== null).join(' · ')} />
        </Button>
      )}
    </div>
  );
}
