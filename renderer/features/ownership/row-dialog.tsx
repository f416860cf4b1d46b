import { type FormEvent, useState } from 'react';
import { type Duty, type Ownership, duties } from '#shared/domain/decision.ts';
import { useCase } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { dutyTitles, namesOf } from './rows.ts';
import { useKeepRows } from './use-keep-rows.ts';

interface RowDialogProps {
  readonly row: Ownership;
  /** The whole matrix, of which the row can be taken out. */
  readonly rows?: readonly Ownership[];
  readonly isNew?: boolean;
  readonly onClose: () => void;
}

type Names = Record<Duty, string>;

/** A row of the matrix, with the reason for the change. */
export function RowDialog({ row, rows = [], isNew = false, onClose }: RowDialogProps) {
  const [about, setAbout] = useState(row.about);
  const [pattern, setPattern] = useState(row.pattern);
  const [names, setNames] = useState<Names>(
    () => Object.fromEntries(duties.map((duty) => [duty, row[duty].join(', ')])) as Names,
  );
  const [why, setWhy] = useState('');
  const { keep, busy, error } = useKeepRows();
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const reasoned = why.trim() !== '' && !busy && !readOnly;

  const changed: Ownership = {
    about,
    pattern: pattern.trim(),
    writes: namesOf(names.writes),
    approves: namesOf(names.approves),
    monitors: namesOf(names.monitors),
    answers: namesOf(names.answers),
  };
  const others = rows.filter((each) => each !== row);
  const moved = !isNew && (changed.pattern !== row.pattern || about !== row.about);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!reasoned || changed.pattern === '') return;
    // A row with another pattern stands in the place of the old one: the matrix is given as a whole.
    const kept = moved
      ? await keep(
          why,
          rows.map((each) => (each === row ? changed : each)),
          true,
        )
      : await keep(why, [changed], false);
    if (kept) onClose();
  };
  const remove = async (): Promise<void> => {
    if (await keep(why, others, true)) onClose();
  };
  return (
    <Dialog
      title={isNew ? 'Add a row' : 'Change the row'}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {isNew ? null : (
            <Button look="danger" disabled={!reasoned} onClick={() => void remove()}>
              Take it out
            </Button>
          )}
          <Button
            look="primary"
            type="submit"
            form="ownership-row"
            disabled={!reasoned || changed.pattern === ''}
          >
            {busy ? 'Keeping …' : 'Keep'}
          </Button>
        </>
      }
    >
      <form id="ownership-row" className="ownership-form" onSubmit={(event) => void submit(event)}>
        <Field label="About">
          {(attributes) => (
            <Select
              {...attributes}
              value={about}
              onChange={(value) => setAbout(value === 'identity' ? 'identity' : 'policy')}
              options={[
                { value: 'policy', label: 'policies, by their path' },
                { value: 'identity', label: 'identities, by their id' },
              ]}
            />
          )}
        </Field>
        <Field
          label="Pattern"
          hint={
            about === 'policy'
              ? 'As in a CODEOWNERS file: * within a name, ** over folders.'
              : 'An id; * stands for any text.'
          }
        >
          {(attributes) => (
            <Input {...attributes} value={pattern} onChange={({ target }) => setPattern(target.value)} />
          )}
        </Field>
        {duties.map((duty) => (
          <Field key={duty} label={dutyTitles[duty]}>
            {(attributes) => (
              <Input
                {...attributes}
                value={names[duty]}
                placeholder="names, by commas"
                onChange={({ target }) => setNames((before) => ({ ...before, [duty]: target.value }))}
              />
            )}
          </Field>
        ))}
        <Field label="Reason" hint="Stands in the case’s journal beside the change and your name.">
          {(attributes) => (
            <Input {...attributes} value={why} onChange={({ target }) => setWhy(target.value)} />
          )}
        </Field>
        {error === null ? null : <ErrorState what="It was not kept" error={error} />}
      </form>
    </Dialog>
  );
}
