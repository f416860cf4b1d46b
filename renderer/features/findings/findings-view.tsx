import { type RefObject, useCallback, useDeferredValue, useMemo, useRef } from 'react';
import type { Finding } from '#shared/domain/finding.ts';
import type { Command } from '../../state/commands.ts';
import { useAddress, useCase, useCommands, useConsole } from '../../state/context.ts';
import { useSharedRequest } from '../../state/use-shared-request.ts';
import { Button } from '../../ui/button.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { NoEvents } from '../../ui/no-events.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FindingsTable } from './findings-table.tsx';
import { countOf, worstFirst } from './order.ts';
import {
  type FindingSettings,
  chosenFindings,
  formatFindingSettings,
  groupings,
  parseFindingSettings,
} from './settings.ts';
import './findings.css';

/** What somebody has to look at, the worst first; what is shown of it lies in the address. */
export function FindingsView() {
  const { address } = useConsole();
  const tab = useAddress((state) => state.tab);
  const settings = useMemo(() => parseFindingSettings(tab), [tab]);
  const isEmpty = useCase((state) => state.summary?.events === 0);
  const input = useRef<HTMLInputElement>(null);
  const { value, error, loading, reload } = useSharedRequest('findings.run', {});
  const asked = useDeferredValue(settings);
  const shown = useMemo(() => chosenFindings(value?.findings ?? [], asked), [value, asked]);
  const change = useCallback(
    (next: Partial<FindingSettings>, mode: 'push' | 'replace' = 'push') =>
      address.getState().go({ tab: formatFindingSettings({ ...settings, ...next }) }, mode),
    [address, settings],
  );
  useFindingCommands(change, input);

  if (isEmpty && (value?.findings.length ?? 0) === 0) {
    return (
      <>
        <Toolbar title="Findings" />
        <NoEvents>The detection rules that come with Rescind look through the events of the case.</NoEvents>
      </>
    );
  }
  return (
    <>
      <header className="toolbar findings-bar">
        <h1>Findings</h1>
        {value === null ? null : (
          <>
            <Input
              ref={input}
              className="findings-text"
              aria-label="Part of a finding"
              placeholder="Title, subject, rule or mapping"
              value={settings.text}
              onChange={({ target }) => change({ text: target.value }, 'replace')}
            />
            <Select
              aria-label="Group by"
              value={settings.group ?? ''}
              onChange={(group) => change({ group: groupings.find((each) => each === group) ?? null })}
              options={[
                { value: '', label: 'not grouped' },
                ...groupings.map((each) => ({ value: each, label: `by ${each}` })),
              ]}
            />
            <ExportMenu findings={shown} />
            <Severities findings={value.findings} settings={settings} onChange={change} />
          </>
        )}
      </header>
      {error === null ? null : (
        <ErrorState what="The rules could not be run" error={error} onRetry={reload} />
      )}
      {value === null && error === null ? <Loading what="the findings" /> : null}
      {value === null || error !== null ? null : (
        <>
          <p className="findings-note">
            {formatCount(value.rules)} rules looked through the events
            {value.unreadable === 0
              ? ''
              : `; ${formatCount(value.unreadable)} events could not be read again and were not looked at`}
            {value.problems.length === 0 ? '' : `; ${value.problems.length} rules were not understood`}
            {loading ? ' · running again …' : ''}
          </p>
          {value.unanswered.length === 0 ? null : (
            <div className="findings-unanswered" role="status">
              {value.unanswered.map(({ what, why }) => (
                <p key={what}>
                  <strong>{what}: not known.</strong> {why}
                </p>
              ))}
            </div>
          )}
          {shown.length === 0 ? (
            <None settings={settings} onChange={change} />
          ) : (
            <FindingsTable findings={shown} group={settings.group} />
          )}
        </>
      )}
    </>
  );
}

type Change = (next: Partial<FindingSettings>, mode?: 'push' | 'replace') => void;

function useFindingCommands(change: Change, input: RefObject<HTMLInputElement | null>): void {
  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'findings.text',
          title: 'Filter findings by text',
          group: 'Findings',
          keys: ['/'],
          run: () => input.current?.focus(),
        },
        ...worstFirst.map((severity) => ({
          id: `findings.${severity}`,
          title: `Show findings of severity ${severity}`,
          group: 'Findings',
          run: () => change({ severity }),
        })),
        ...groupings.map((group) => ({
          id: `findings.group.${group}`,
          title: `Group findings by ${group}`,
          group: 'Findings',
          run: () => change({ group }),
        })),
      ],
      [change, input],
    ),
  );
}

interface SeveritiesProps {
  readonly findings: readonly Finding[];
  readonly settings: FindingSettings;
  readonly onChange: Change;
}

/** How many there are of each severity; each shows its own alone. */
function Severities({ findings, settings, onChange }: SeveritiesProps) {
  return (
    <div className="findings-severities" role="group" aria-label="Severity">
      {worstFirst.map((severity) => {
        const count = countOf(findings, severity);
        const isCurrent = severity === settings.severity;
        return (
          <button
            key={severity}
            type="button"
            className="button"
            disabled={count === 0 && !isCurrent}
            aria-pressed={isCurrent}
            onClick={() => onChange({ severity: isCurrent ? null : severity })}
          >
            <SeverityMark severity={severity} />
            <span className="numeric">{formatCount(count)}</span>
          </button>
        );
      })}
    </div>
  );
}

function None({ settings, onChange }: Omit<SeveritiesProps, 'findings'>) {
  const { severity, text } = settings;
  if (severity === null && text === '') {
    return (
      <EmptyState title="No rule found anything">
        That is no proof that nothing happened: rules know what they look for, and logs have gaps. The
        overview shows what the logs cover.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={text === '' ? `No finding of severity ${severity ?? ''}` : 'No finding is like that'}
      actions={<Button onClick={() => onChange({ severity: null, text: '' })}>Show all findings</Button>}
    >
      {text === '' ? 'There may be some of another severity.' : 'Change the text, or the severity.'}
    </EmptyState>
  );
}
