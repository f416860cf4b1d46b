import { useState } from 'react';
import { isMild } from '#shared/respond/approval.ts';
import { playbooks } from '#shared/respond/playbook.ts';
import { commaList } from '#shared/util/comma-list.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useSaveText } from '../../ui/use-save-text.ts';
import { useAct } from './use-act.ts';
import { useKeyFile } from './use-key-file.tsx';

/** An order covers R0 and R2 alone: a playbook with more would never run under it. */
const mild = playbooks.filter(({ reversibilities }) => reversibilities.every(isMild));

/** A standing order with its first signature, saved as a file for the others to sign. */
export function OrderForm({ onClose }: { readonly onClose: () => void }) {
  const providers = useRequest('provider.list', {});
  const make = useAct('respond.makeOrder');
  const save = useSaveText();
  const key = useKeyFile('Choose my key file …');
  const [playbook, setPlaybook] = useState(mild[0]?.name ?? '');
  const [left, setLeft] = useState<readonly string[]>([]);
  const [mostTargets, setMostTargets] = useState(10);
  const [days, setDays] = useState(30);
  const [roles, setRoles] = useState('');
  const names = (providers.value ?? []).map(({ name }) => name);
  const chosen = names.filter((name) => !left.includes(name));
  const sign = async (): Promise<void> => {
    const given = key.take();
    if (given === null) return;
    const operatorRoles = commaList(roles);
    const made = await make.run({ playbook, providers: chosen, mostTargets, operatorRoles, days, ...given });
    if (made !== null && (await save(`${made.id}.json`, made.text))) onClose();
  };
  const error = make.error ?? providers.error;
  return (
    <Dialog
      title="Make a standing order"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={!key.chosen || chosen.length === 0 || make.busy}
            onClick={() => void sign()}
          >
            Sign and save
          </Button>
        </>
      }
    >
      <p>
        Within it, one operator’s signature is enough for what flips back or heals by itself. It counts once
        two people or more have signed it: hand the file on, and take it in at the end.
      </p>
      <Field label="Playbook">
        {(attributes) => (
          <Select
            {...attributes}
            value={playbook}
            onChange={setPlaybook}
            options={mild.map(({ name, title }) => ({ value: name, label: title }))}
          />
        )}
      </Field>
      <fieldset className="respond-checks">
        <legend>At these providers</legend>
        {names.length === 0 ? <p className="muted">No provider is set up.</p> : null}
        {names.map((name) => (
          <label key={name} className="respond-check">
            <input
              type="checkbox"
              checked={!left.includes(name)}
              onChange={({ target }) =>
                setLeft(target.checked ? left.filter((each) => each !== name) : [...left, name])
              }
            />
            {name}
          </label>
        ))}
      </fieldset>
      <Field label="Targets" hint="The most that one plan may act on.">
        {(attributes) => (
          <Input
            {...attributes}
            type="number"
            min={1}
            max={100_000}
            value={mostTargets}
            onChange={({ target }) => setMostTargets(wholeWithin(target.value, 100_000))}
          />
        )}
      </Field>
      <Field label="Days" hint="From now on; 90 at most.">
        {(attributes) => (
          <Input
            {...attributes}
            type="number"
            min={1}
            max={90}
            value={days}
            onChange={({ target }) => setDays(wholeWithin(target.value, 90))}
          />
        )}
      </Field>
      <Field label="Roles of the operator" hint="Comma-separated; empty for anybody in the roster.">
        {(attributes) => (
          <Input {...attributes} value={roles} onChange={({ target }) => setRoles(target.value)} />
        )}
      </Field>
      {key.fields}
      {error === null ? null : <ErrorState what="The order was not made" error={error} />}
    </Dialog>
  );
}

function wholeWithin(text: string, most: number): number {
  return Math.min(most, Math.max(1, Math.trunc(Number(text))));
}
