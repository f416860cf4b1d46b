import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { playbooks } from '#shared/respond/playbook.ts';
import { useConsole } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { type DraftReference, draftOf } from './draft.ts';
import { useReadOnly } from './read-only.tsx';
import { counted } from './words.ts';
import { useAct } from './use-act.ts';

const kinds = [
  { value: 'identity', label: 'Identity' },
  { value: 'credential', label: 'Credential' },
  { value: 'session', label: 'Session' },
] as const;

/** What is to be taken away, where, and how far. Making the plan asks the providers and changes nothing. */
export function PlanBuilder() {
  const console = useConsole();
  const draft = draftOf(console);
  const references = useStore(draft, (state) => state.references);
  const providers = useRequest('provider.list', {});
  const [left, setLeft] = useState<readonly string[]>([]);
  const [playbook, setPlaybook] = useState('contain');
  const [incident, setIncident] = useState('');
  const [since, setSince] = useState('');
  const { run, busy, error } = useAct('respond.plan');
  const readOnly = useReadOnly();
  const chosen = (providers.value ?? []).map(({ name }) => name).filter((name) => !left.includes(name));

  const begun = useStore(draft, (state) => state.begun);
  const making = useRef<HTMLButtonElement>(null);
  const ready = !busy && !readOnly && references.length > 0 && chosen.length > 0;
  useEffect(() => {
    // Once the providers are known the button can be pressed.
    if (!begun || !ready) return;
    making.current?.focus();
    draft.getState().arrive();
  }, [begun, ready, draft]);
  const roster = useRequest('respond.roster', {});
  const order = roster.value?.orders.find(
    (each) =>
      each.objection === null &&
      each.playbook === playbook &&
      chosen.every((name) => each.providers.includes(name)),
  );

  const make = async (toExecution: boolean): Promise<void> => {
    const view = await run({
      references: [...references],
      playbook,
      providers: chosen,
      incident: incident.trim() === '' ? null : incident.trim(),
      since: since.trim() === '' ? null : since.trim(),
    });
    if (view === null) return;
    draft.getState().clear();
    const { plan } = view;
    if (toExecution && plan.actions.length > 0) draft.getState().confirm(plan.id);
    console.address.getState().go({ tab: `plan/${plan.id}` });
  };

  return (
    <Panel title="New plan">
      <div className="respond-form">
        <AddReference onAdd={draft.getState().add} />
        {references.length === 0 ? (
          <p className="muted">
            Name who or what is to lose access here, or use “Add to plan” in the menu of any identity,
            credential or session.
          </p>
        ) : (
          <>
            <div className="respond-chosen">
              <span>{counted(references.length, 'thing')} to take away, in one plan</span>
              {references.length < 2 ? null : (
                <Button look="plain" onClick={draft.getState().clear}>
                  Leave all out
                </Button>
              )}
            </div>
            <ul className="respond-references" aria-label="To be taken away">
              {references.map((reference) => (
                <li key={`${reference.kind} ${reference.id}`}>
                  <Badge>{reference.kind}</Badge>
                  <span className="ellipsis mono">
                    <LogText text={reference.id} />
                  </span>
                  <IconButton
                    icon="close"
                    label={`Leave out ${reference.id}`}
                    onClick={() => draft.getState().remove(reference)}
                  />
                </li>
              ))}
            </ul>
          </>
        )}
        <Field label="How far" hint="A wider playbook needs more approvals, and less of it can be restored.">
          {(attributes) => (
            <Select
              {...attributes}
              value={playbook}
              onChange={setPlaybook}
              options={playbooks.map(({ name, title }) => ({ value: name, label: title }))}
            />
          )}
        </Field>
        <fieldset className="respond-checks">
          <legend>At these providers</legend>
          {providers.value?.length === 0 ? <p className="muted">None is set up: see “Providers”.</p> : null}
          {providers.value?.map(({ name, title }) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={!left.includes(name)}
                onChange={({ target }) =>
                  setLeft((names) =>
                    target.checked ? names.filter((each) => each !== name) : [...names, name],
                  )
                }
              />
              {name} <span className="muted">{title}</span>
            </label>
          ))}
        </fieldset>
        <Field label="Incident" hint="A ticket or a name; part of what is signed.">
          {(attributes) => (
            <Input {...attributes} value={incident} onChange={({ target }) => setIncident(target.value)} />
          )}
        </Field>
        <Field
          label="Since"
          hint="RFC 3339. What was made by or for them from then on counts as theirs. Empty: the last 24 hours."
        >
          {(attributes) => (
            <Input
              {...attributes}
              value={since}
              placeholder="2026-05-01T08:00:00Z"
              onChange={({ target }) => setSince(target.value)}
            />
          )}
        </Field>
        {error === null ? null : <ErrorState what="The plan could not be made" error={error} />}
        <Button ref={making} look="primary" disabled={!ready} onClick={() => void make(false)}>
          {busy ? 'Asking the providers …' : 'Make the plan'}
        </Button>
        {order === undefined ? null : (
          <>
            <Button look="danger" disabled={!ready} onClick={() => void make(true)}>
              Emergency: make it, then to execution
            </Button>
            <p className="muted">
              A standing order signed by {order.people.join(', ')} covers this playbook at these providers
              until <Time value={order.notAfter} to="minute" />. Access ends when the control on the next
              screen is held, not before.
            </p>
          </>
        )}
        <p className="muted">Making a plan reads at the providers and changes nothing.</p>
      </div>
    </Panel>
  );
}

function AddReference({ onAdd }: { readonly onAdd: (reference: DraftReference) => void }) {
  const [kind, setKind] = useState<DraftReference['kind']>('identity');
  const [id, setId] = useState('');
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (id.trim() === '') return;
    onAdd({ kind, id: id.trim() });
    setId('');
  };
  return (
    <form className="respond-add" onSubmit={add}>
      <Select
        aria-label="Kind"
        value={kind}
        onChange={(value) => setKind(kinds.find((each) => each.value === value)?.value ?? 'identity')}
        options={kinds}
      />
      <Input
        aria-label="Name or id"
        placeholder="login, e-mail, ARN, id"
        value={id}
        onChange={({ target }) => setId(target.value)}
      />
      <Button type="submit" icon="plus" disabled={id.trim() === ''}>
        Add
      </Button>
    </form>
  );
}
