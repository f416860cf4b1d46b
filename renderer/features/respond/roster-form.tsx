import { useState } from 'react';
import { type Reversibility, reversibilities } from '#shared/domain/response.ts';
import type { RosterView } from '#shared/ipc/respond-views.ts';
import { type Person, type Rule, rosterProblem } from '#shared/respond/approval.ts';
import { type Thresholds, isPublicKey, newRoster, usualThresholds } from '#shared/respond/new-roster.ts';
import { commaList } from '#shared/util/comma-list.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { useSaveText } from '../../ui/use-save-text.ts';
import { reversibilityWords } from './words.ts';

interface RosterFormProps {
  /** The one that is pinned; the next one begins with its people. */
  readonly before: RosterView | null;
  readonly onClose: () => void;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly keys: string;
  readonly roles: string;
  readonly accounts: string;
  readonly users: string;
}

const emptyRow: Row = { id: '', name: '', keys: '', roles: 'approver', accounts: '', users: '' };

const fields: readonly { readonly name: keyof Row; readonly label: string; readonly hint: string }[] = [
  { name: 'id', label: 'Id', hint: 'How approvals name the person.' },
  { name: 'name', label: 'Name', hint: 'Empty: the id.' },
  { name: 'keys', label: 'Public key', hint: '“rescind respond key FILE” makes a key and prints this.' },
  { name: 'roles', label: 'Roles', hint: 'Comma-separated; standing orders may ask for one.' },
  { name: 'accounts', label: 'Own accounts', hint: 'Who is a target does not approve.' },
  { name: 'users', label: 'User names', hint: 'On workstations: who proposes does not approve alone.' },
];

/** Who may approve, as a file to be looked at and pinned. It says nothing about this machine until somebody pins it. */
export function RosterForm({ before, onClose }: RosterFormProps) {
  const save = useSaveText();
  const [rows, setRows] = useState<readonly Row[]>(before?.people.map(rowOf) ?? [emptyRow, emptyRow]);
  const [needed, setNeeded] = useState<Thresholds>(before === null ? usualThresholds : thresholdsOf(before));
  const [quorum, setQuorum] = useState(before?.quorum ?? 2);
  const people = rows.filter(({ id, keys }) => `${id}${keys}`.trim() !== '').map(personOf);
  const version = (before?.version ?? 0) + 1;
  // Rules that name roles or playbooks are more than this form shows: they are taken over as they are.
  const keptRules = before !== null && !before.rules.every(isPlain) ? before.rules : null;
  const made = newRoster(people, needed, { version, quorum });
  const roster = {
    ...made,
    rules: keptRules ?? made.rules,
    clockSkewSeconds: before?.clockSkewSeconds ?? made.clockSkewSeconds,
  };
  const problem = problemOf(people) ?? rosterProblem(roster);
  const change = (index: number, changed: Partial<Row>): void =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...changed } : row)));
  const saveIt = async (): Promise<void> => {
    if (await save(`roster-${version}.json`, `${JSON.stringify(roster, null, 2)}\n`)) onClose();
  };
  return (
    <Dialog
      title={before === null ? 'Make a roster' : `Make roster ${version}`}
      size="large"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="save" disabled={problem !== null} onClick={() => void saveIt()}>
            Save the file
          </Button>
        </>
      }
    >
      {rows.map((row, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows are only added and emptied
        <fieldset key={index} className="respond-person">
          <legend>Person {index + 1}</legend>
          {fields.map(({ name, label, hint }) => (
            <Field key={name} label={label} hint={hint}>
              {(attributes) => (
                <Input
                  {...attributes}
                  value={row[name]}
                  onChange={({ target }) => change(index, { [name]: target.value })}
                />
              )}
            </Field>
          ))}
        </fieldset>
      ))}
      <div className="respond-buttons">
        <Button icon="plus" onClick={() => setRows([...rows, emptyRow])}>
          Another person
        </Button>
        <span className="muted">A person whose id and key are empty is left out.</span>
      </div>
      <fieldset className="respond-person">
        <legend>Approvals that are needed</legend>
        {keptRules === null ? (
          reversibilities.map((each) => (
            <NumberField
              key={each}
              label={each}
              hint={reversibilityWords[each]}
              value={needed[each]}
              onChange={(value) => setNeeded({ ...needed, [each]: value })}
            />
          ))
        ) : (
          <p className="muted">
            Its {keptRules.length} rules name roles or playbooks: they are taken over as they are. Change them
            in the file.
          </p>
        )}
        <NumberField
          label="Quorum"
          hint="Who must sign the roster after this one."
          value={quorum}
          onChange={setQuorum}
        />
      </fieldset>
      <p role="status" className={problem === null ? 'muted' : 'respond-note warning'}>
        {problem === null
          ? before === null
            ? 'Save it, look at it, and pin it on each machine that executes plans.'
            : `Save it; ${before.quorum} of roster ${before.version} sign it; then it can be pinned.`
          : `Not yet: ${problem}.`}
      </p>
    </Dialog>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, hint, value, onChange }: NumberFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(attributes) => (
        <Input
          {...attributes}
          type="number"
          min={1}
          max={50}
          value={value}
          onChange={({ target }) => onChange(Math.max(1, Math.trunc(Number(target.value))))}
        />
      )}
    </Field>
  );
}

function problemOf(people: readonly Person[]): string | null {
  if (people.length === 0) return 'nobody is named';
  const nameless = people.find(({ id }) => id === '');
  if (nameless !== undefined) return 'a person has no id';
  const bad = people.find(({ keys }) => keys.length === 0 || !keys.every(isPublicKey));
  return bad === undefined ? null : `${bad.id} has no public key, or it is none`;
}

function personOf({ id, name, keys, roles, accounts, users }: Row): Person {
  return {
    id: id.trim(),
    name: name.trim() === '' ? id.trim() : name.trim(),
    roles: commaList(roles),
    keys: commaList(keys),
    identities: commaList(accounts),
    users: commaList(users),
  };
}

function rowOf({ id, name, keys, roles, identities, users }: Person): Row {
  return {
    id,
    name: name === id ? '' : name,
    keys: keys.join(', '),
    roles: roles.join(', '),
    accounts: identities.join(', '),
    users: users.join(', '),
  };
}

function thresholdsOf({ rules }: RosterView): Thresholds {
  const own = (each: Reversibility): number =>
    rules.find(({ reversibilities: classes }) => classes.includes(each))?.needed ?? usualThresholds[each];
  return { R0: own('R0'), R1: own('R1'), R2: own('R2'), R3: own('R3'), R4: own('R4') };
}

function isPlain({ playbook, roles, selfApproval, needed }: Rule): boolean {
  return playbook === null && roles.length === 0 && selfApproval === (needed === 1);
}
