import { useState } from 'react';
import { type Standing, standings } from '#shared/domain/decision.ts';
import { identityKinds } from '#shared/domain/directory.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Appearance, Identity } from '#shared/domain/identity.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { DecideDialog } from './decide-dialog.tsx';

export type IdentityDecision = 'rename' | 'owner' | 'kind' | 'standing' | 'split';

export const decisionTitles: Readonly<Record<IdentityDecision, string>> = {
  rename: 'Rename …',
  owner: 'Set its owner …',
  kind: 'Say what kind it is …',
  standing: 'Standing, temporary or exception …',
  split: 'Split an appearance off …',
};

interface IdentityDialogProps {
  readonly decision: IdentityDecision;
  readonly identity: Identity;
  readonly onClose: () => void;
}

/** What an analyst decides of one identity. Decisions name an appearance, which outlives every import. */
export function IdentityDialog({ decision, identity, onClose }: IdentityDialogProps) {
  const [appearance] = identity.appearances;
  if (appearance === undefined) return null;
  const props = { identity, appearance, onClose };
  const Dialog = dialogs[decision];
  return <Dialog {...props} />;
}

interface FormProps {
  readonly identity: Identity;
  readonly appearance: Appearance;
  readonly onClose: () => void;
}

function Rename({ identity, appearance, onClose }: FormProps) {
  const [name, setName] = useState(identity.name ?? '');
  return (
    <DecideDialog
      title="Rename the identity"
      onClose={onClose}
      data={name.trim() === '' ? null : { kind: 'rename', appearance: appearance.key, name: name.trim() }}
    >
      <Field label="Name">
        {(attributes) => (
          <Input {...attributes} value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
    </DecideDialog>
  );
}

function Owner({ identity, appearance, onClose }: FormProps) {
  const [owner, setOwner] = useState(identity.owner ?? '');
  return (
    <DecideDialog
      title="Owner of the identity"
      onClose={onClose}
      data={{ kind: 'owner', appearance: appearance.key, owner: owner.trim() === '' ? null : owner.trim() }}
    >
      <Field label="Owner" hint="Who answers for it: a mail, a login or a team. Empty takes the owner away.">
        {(attributes) => (
          <Input {...attributes} value={owner} onChange={({ target }) => setOwner(target.value)} />
        )}
      </Field>
    </DecideDialog>
  );
}

function Kind({ identity, appearance, onClose }: FormProps) {
  const [as, setAs] = useState<string>(identity.kind ?? '');
  return (
    <DecideDialog
      title="Kind of the identity"
      onClose={onClose}
      data={{
        kind: 'kind',
        appearance: appearance.key,
        as: identityKinds.find((kind) => kind === as) ?? null,
      }}
    >
      <Field label="Kind">
        {(attributes) => (
          <Select
            {...attributes}
            value={as}
            onChange={setAs}
            options={[
              { value: '', label: 'as the sources say' },
              ...identityKinds.map((kind) => ({ value: kind, label: kind })),
            ]}
          />
        )}
      </Field>
    </DecideDialog>
  );
}

function SetStanding({ identity, appearance, onClose }: FormProps) {
  const [as, setAs] = useState<Standing>(identity.standing);
  const [until, setUntil] = useState(identity.standingUntil ?? '');
  const end = parseInstant(until.trim());
  const wrong = until.trim() !== '' && end === null;
  const missing = as !== 'standing' && until.trim() === '';
  return (
    <DecideDialog
      title="Standing, temporary or exception"
      onClose={onClose}
      data={
        wrong || missing
          ? null
          : {
              kind: 'standing',
              appearance: appearance.key,
              as,
              until: as === 'standing' ? null : until.trim(),
            }
      }
    >
      <Field label="Standing">
        {(attributes) => (
          <Select
            {...attributes}
            value={as}
            onChange={(value) => setAs(standings.find((each) => each === value) ?? 'standing')}
            options={standings.map((value) => ({ value, label: value }))}
          />
        )}
      </Field>
      {as === 'standing' ? null : (
        <Field
          label="Until"
          hint="RFC 3339, e.g. 2026-12-31T00:00:00Z. Used after that, it is a finding."
          error={wrong ? 'This is no time.' : null}
        >
          {(attributes) => (
            <Input {...attributes} value={until} onChange={({ target }) => setUntil(target.value)} />
          )}
        </Field>
      )}
    </DecideDialog>
  );
}

function Split({ identity, onClose }: FormProps) {
  const [key, setKey] = useState(identity.appearances[0]?.key ?? '');
  return (
    <DecideDialog
      title="Split an appearance off"
      onClose={onClose}
      data={identity.appearances.length < 2 ? null : { kind: 'split', appearances: [key] }}
    >
      <Field label="Appearance" hint="It becomes an identity of its own.">
        {(attributes) => (
          <Select
            {...attributes}
            value={key}
            onChange={setKey}
            options={identity.appearances.map((each) => ({
              value: each.key,
              label: escapedText(`${each.formats.join(', ')}: ${shortResource(each.id)}`),
            }))}
          />
        )}
      </Field>
    </DecideDialog>
  );
}

const dialogs = { rename: Rename, owner: Owner, kind: Kind, standing: SetStanding, split: Split };
