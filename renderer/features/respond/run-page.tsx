import { useEffect, useState } from 'react';
import type { ActionStatus, RunStatus } from '#shared/ipc/respond-views.ts';
import type { Failure } from '#shared/util/result.ts';
import { useConsole, useHref, useJobs } from '../../state/context.ts';
import { isRunning } from '../../state/jobs.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { Time } from '../../ui/values.tsx';
import { RunStatusBadge } from './marks.tsx';
import { ReceiptBox } from './receipt-box.tsx';
import { ReadOnlyNote, useReadOnly } from './read-only.tsx';
import { useAct } from './use-act.ts';
import { useRunJob } from './use-execute.ts';
import { type Tone, stateWords } from './words.ts';

/** For how long a slice of a restore is watched before the next one is given back. */
const observationTimes = [
  { value: '0', label: 'slices at once' },
  { value: '60', label: 'slices by 1 min' },
  { value: '300', label: 'slices by 5 min' },
  { value: '1800', label: 'slices by 30 min' },
  { value: '3600', label: 'slices by 1 h' },
  { value: '86400', label: 'slices by 1 day' },
];

/** Milliseconds from an answer to the next look at a run under way. */
const pace = 700;

/** The board of a run: per action what was requested, what is configured, what is enforced, each with its evidence. */
export function RunPage({ run }: { readonly run: string }) {
  const { value, error, loading, reload } = useRequest('respond.status', { run });
  const working = useJobs((state) => state.list.some(isRunning));
  const live = value?.status === 'running' || working;
  // Another question cancels the one before: a long board is asked for only when the last answer is there.
  useEffect(() => {
    if (!live || loading) return undefined;
    const timer = setTimeout(reload, pace);
    return () => clearTimeout(timer);
  }, [live, loading, reload]);
  useEffect(() => (live ? reload : undefined), [live, reload]);
  return (
    <>
      <Toolbar title="Run" arrives>
        <a className="button" href={useHref({ tab: null })}>
          All plans
        </a>
        {value === null ? null : <RunControls status={value} working={working} onChange={reload} />}
      </Toolbar>
      <ReadOnlyNote />
      {error === null ? null : <ErrorState what="The run could not be read" error={error} onRetry={reload} />}
      {value === null && error === null ? <Loading what="the run" /> : null}
      {value === null ? null : (
        <div className="respond-tab">
          <div className="respond-stack">
            <Verdict status={value} />
            <Board status={value} />
            <Rest status={value} />
            <ReceiptBox run={run} />
          </div>
        </div>
      )}
    </>
  );
}

interface RunControlsProps {
  readonly status: RunStatus;
  readonly working: boolean;
  readonly onChange: () => void;
}

function RunControls({ status, working, onChange }: RunControlsProps) {
  const { address, notices } = useConsole();
  const stop = useAct('respond.stop');
  const restore = useAct('respond.restore');
  const job = useRunJob();
  const readOnly = useReadOnly();
  const plan = useHref({ tab: `plan/${status.plan}` });
  const [begun, setBegun] = useState(false);
  const [watched, setWatched] = useState('300');
  const busy = working || begun;
  const say = (error: Failure): void => notices.getState().show({ tone: 'danger', text: error.message });
  const begin = async (name: 'respond.resume' | 'respond.verify'): Promise<void> => {
    setBegun(true);
    const result = await job(name, status.run);
    setBegun(false);
    if (!result.ok) say(result.error);
    onChange();
  };
  const planRestore = async (): Promise<void> => {
    const view = await restore.run({ run: status.run, observeSeconds: Number(watched) });
    if (view !== null) address.getState().go({ tab: `plan/${view.plan.id}` });
  };
  const over = status.status === 'finished' || status.status === 'deviated';
  return (
    <>
      <a className="button" href={plan}>
        Its plan
      </a>
      {working && !over ? (
        <Button look="danger" disabled={stop.busy} onClick={() => void stop.run({})}>
          Stop: send nothing more
        </Button>
      ) : null}
      {over || busy ? null : (
        <Button disabled={readOnly} onClick={() => void begin('respond.resume')}>
          Resume: observe first, then go on
        </Button>
      )}
      <Button disabled={readOnly || busy} icon="check" onClick={() => void begin('respond.verify')}>
        Verify again
      </Button>
      {status.kind === 'revoke' ? (
        <>
          <Select
            aria-label="Watch each slice for"
            title="Watch each slice of a restore for"
            value={watched}
            onChange={setWatched}
            options={observationTimes}
          />
          <Button disabled={readOnly || busy || restore.busy} onClick={() => void planRestore()}>
            {restore.busy ? 'Planning …' : 'Plan a restore'}
          </Button>
        </>
      ) : null}
      {restore.error === null ? null : (
        <span className="run-error" role="alert">
          <LogText text={restore.error.message} />
        </span>
      )}
    </>
  );
}

function Verdict({ status }: { readonly status: RunStatus }) {
  const { summary, authority, countersignaturesMissing } = status;
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const until = summary.residualUntil;
  const isPast = until !== null && Date.parse(until) <= now;
  return (
    <section className="run-verdict" aria-label="Verdict" aria-live="polite">
      <div>
        <h2>
          {status.kind === 'restore' ? (
            <RunStatusBadge status={status.status} />
          ) : summary.contained === null ? (
            <Badge tone="warning">? containment not known</Badge>
          ) : status.givenBack !== null ? (
            <Badge>{summary.contained ? 'was contained' : 'was not contained'}</Badge>
          ) : summary.contained ? (
            <Badge tone="success">✓ contained</Badge>
          ) : (
            <Badge tone="danger">✕ not contained</Badge>
          )}
        </h2>
        <p>
          <RunStatusBadge status={status.status} /> since <Time value={status.startedAt} to="second" />
        </p>
        <p className="mono muted">{status.run}</p>
      </div>
      <dl className="run-figures">
        <Figure name="in effect" value={`${summary.effective} of ${summary.actions}`} />
        <Figure name="enforced, by a probe" value={String(summary.enforced)} />
        <Figure name="not in effect" value={String(summary.notEffective)} bad={summary.notEffective > 0} />
        <Figure name="unclear" value={String(summary.ambiguous + summary.unverifiable)} />
        <Figure name="rejected" value={String(summary.rejected)} bad={summary.rejected > 0} />
        <Figure name="not sent" value={String(summary.notSent)} />
        <Figure name="survivors" value={String(summary.survivors)} bad={summary.survivors > 0} />
      </dl>
      <div>
        <p className="muted">Residual access until</p>
        <p className="run-until">
          {until === null ? (
            <span>
              {summary.effective === summary.actions
                ? 'no bound is known'
                : 'not known before all is in effect'}
            </span>
          ) : (
            <>
              <Time value={until} to="second" />
              {isPast ? ' (past)' : null}
            </>
          )}
        </p>
        <p className="muted">
          By {authority.kind.replace('-', ' ')}: {authority.people.join(', ')}
        </p>
        {countersignaturesMissing > 0 ? (
          <p className="respond-flag">
            <Icon name="warning" /> Emergency: {countersignaturesMissing} countersignature
            {countersignaturesMissing === 1 ? '' : 's'} missing
          </p>
        ) : null}
      </div>
      {status.givenBack === null ? null : <GivenBack {...status.givenBack} />}
    </section>
  );
}

/** That a restore has taken the run back: its verdict speaks of the time before. */
function GivenBack({ at, plan }: NonNullable<RunStatus['givenBack']>) {
  return (
    <p className="respond-flag run-wide">
      <Icon name="warning" />
      <span>
        Access was given back from <Time value={at} to="second" /> on, by{' '}
        <a href={useHref({ tab: `plan/${plan}` })}>a restore</a>. What is said here is of the time before.
      </span>
    </p>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly bad?: boolean;
}

function Figure({ name, value, bad = false }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={bad ? 'bad' : undefined}>{value}</dd>
    </div>
  );
}

function Board({ status }: { readonly status: RunStatus }) {
  return (
    <Panel
      title="Board"
      note="requested, configured and enforced are three facts; none stands in for another"
    >
      <div className="simple-table board">
        <table aria-label="Actions of the run">
          <thead>
            <tr>
              <th scope="col" className="board-id">
                #
              </th>
              <th scope="col">Action</th>
              <th scope="col">State</th>
              <th scope="col">Requested</th>
              <th scope="col">Configured</th>
              <th scope="col">Enforced</th>
            </tr>
          </thead>
          <tbody>
            {status.actions.map((action) => (
              <BoardRow key={action.id} action={action} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function BoardRow({ action }: { readonly action: ActionStatus }) {
  const { id, title, provider, name, state, outcome, detail, ours, requested, configured, enforced } = action;
  const [word, tone] = stateWords[state];
  return (
    <tr>
      <td className="numeric">{id}</td>
      <td>
        {title}
        <br />
        <span className="muted">
          <LogText text={name} /> at {provider}
        </span>
      </td>
      <td>
        <Badge tone={tone}>{word}</Badge>
        <br />
        <span className="muted">
          {outcome === null
            ? ''
            : `${outcome.replaceAll('_', ' ')}${ours === 'presumed' ? ', presumably ours' : ''}`}
          {detail === '' ? null : (
            <>
              {outcome === null ? '' : ': '}
              <LogText text={detail} />
            </>
          )}
        </span>
      </td>
      <td>
        {requested === null ? (
          <span className="muted">not sent</span>
        ) : (
          <Time value={requested} to="second" />
        )}
      </td>
      <td>
        {configured === null ? <Absent /> : <Fact {...configured} tone={configuredTone(configured.state)} />}
      </td>
      <td>{enforced === null ? <Absent /> : <Fact {...enforced} tone={enforcedTone(enforced.state)} />}</td>
    </tr>
  );
}

interface FactProps {
  readonly state: string;
  readonly at: string;
  readonly detail: string;
  readonly tone: Tone;
}

function Fact({ state, at, detail, tone }: FactProps) {
  return (
    <>
      <Badge tone={tone}>{state.replaceAll('_', ' ')}</Badge> <Time value={at} to="second" />
      <br />
      <span className="muted">
        <LogText text={detail} />
      </span>
    </>
  );
}

function Absent() {
  return <span className="muted">no evidence</span>;
}

function configuredTone(state: string): Tone {
  return state === 'in_effect' || state === 'target_absent'
    ? 'success'
    : state === 'unknown'
      ? 'warning'
      : 'neutral';
}

function enforcedTone(state: string): Tone {
  return state === 'denied' ? 'success' : state === 'still_allowed' ? 'danger' : 'warning';
}

/** What is left: survivors, gaps, and when the run is looked at again. */
function Rest({ status }: { readonly status: RunStatus }) {
  const { survivors, gaps, refusals, scheduled, stages, rounds } = status;
  if (survivors.length + gaps.length + refusals.length + scheduled.length + stages.length === 0) return null;
  return (
    <Panel title="Left open, and looked at again">
      <ul className="respond-list">
        {survivors.map(({ provider, name, why }) => (
          <li key={`${provider} ${name} ${why}`}>
            <Badge tone="danger">survivor</Badge> <LogText text={name} /> at {provider}:{' '}
            <LogText text={why} />
          </li>
        ))}
        {refusals.map(({ provider, target, name, why }) => (
          <li key={target}>
            <Badge tone="warning">refused</Badge> <LogText text={name} /> at {provider}:{' '}
            <LogText text={why} />
          </li>
        ))}
        {gaps.map(({ provider, kind, why }) => (
          <li key={`${provider} ${kind} ${why}`}>
            <Badge>{kind.replaceAll('-', ' ')}</Badge> {provider}: <LogText text={why} />
          </li>
        ))}
        {stages.map(({ stage, observeUntil }) => (
          <li key={stage}>
            <Badge>slice {stage}</Badge> is observed until <Time value={observeUntil} to="second" />
          </li>
        ))}
        {scheduled.map(({ round, at }) => (
          <li key={round}>
            <Badge>{rounds.includes(round) ? 'was looked at again' : 'will be looked at again'}</Badge>{' '}
            {round}, at <Time value={at} to="second" />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
