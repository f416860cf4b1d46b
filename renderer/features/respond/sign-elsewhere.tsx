import { useRef, useState } from 'react';
import type { PlanView } from '#shared/ipc/respond-views.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Properties } from '../../ui/properties.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useSaveText } from '../../ui/use-save-text.ts';
import { readHandedOver } from './qr/read-files.ts';
import { ShowCodes } from './qr/show-codes.tsx';
import { SignForm } from './sign-form.tsx';
import { useAct } from './use-act.ts';

/**
 * For a co-approver: a plan of another machine comes as a file or as pictures of its codes, is looked at, signed with the
 * key that is here, and the approval goes back the same way. Nothing of it becomes part of the open case.
 */
export function SignElsewhere({ onClose }: { readonly onClose: () => void }) {
  const upload = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [text, setText] = useState('');
  const look = useAct('respond.readPlan');
  const sign = useAct('respond.signPlan');
  const save = useSaveText();
  const view = look.value;
  const signed = sign.value;
  const read = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return;
    setProblem(null);
    const found = await readHandedOver(files);
    if ('problem' in found) {
      setProblem(found.problem);
      return;
    }
    setText(found.text);
    await look.run({ text: found.text });
  };
  return (
    <Dialog
      title="Sign a plan of another machine"
      size="large"
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {signed !== null && view !== null ? (
        <>
          <p role="status">
            It is signed, for fifteen minutes. Give it back: as a file, or as the code below.
          </p>
          <div className="respond-buttons">
            <Button icon="save" onClick={() => void save(`${view.plan.id}-approval.json`, signed.envelope)}>
              Save the approval
            </Button>
          </div>
          <ShowCodes text={signed.envelope} />
        </>
      ) : (
        <>
          <p>
            Choose the file of the plan, or all pictures of its QR codes (PNG or JPEG). This console uses no
            camera: take the pictures with another device.
          </p>
          <div className="respond-buttons">
            <Button icon="file" onClick={() => upload.current?.click()}>
              Choose the file or pictures …
            </Button>
            <input
              ref={upload}
              type="file"
              hidden
              multiple
              accept=".json,application/json,image/png,image/jpeg"
              aria-label="Plan of another machine"
              onChange={({ target }) => {
                void read([...(target.files ?? [])]);
                target.value = '';
              }}
            />
          </div>
          {problem === null ? null : (
            <p className="respond-note danger" role="alert">
              <LogText text={problem} />
            </p>
          )}
          {look.error === null ? null : <ErrorState what="It is no plan to sign" error={look.error} />}
          {view === null || look.error !== null ? null : (
            <>
              <PlanInShort view={view} />
              <SignForm
                code={view.code}
                busy={sign.busy}
                error={sign.error}
                onSign={(signing) => void sign.run({ text, hash: view.hash, ...signing })}
              />
            </>
          )}
        </>
      )}
    </Dialog>
  );
}

function PlanInShort({ view }: { readonly view: PlanView }) {
  const { plan, hash } = view;
  const targets = new Map(plan.targets.map((target) => [target.key, target]));
  return (
    <>
      <Properties
        entries={[
          ['SHA-256', hash],
          ['Kind', plan.kind === 'restore' ? 'gives access back' : 'takes access away'],
          ['Made by', <LogText key="proposer" text={plan.proposer} />],
          ['Incident', plan.incident === null ? null : <LogText key="incident" text={plan.incident} />],
          ['Playbook', plan.playbook.name],
        ]}
      />
      <ol className="respond-list" aria-label="What is to be done">
        {plan.actions.map(({ id, spec, target }) => (
          <li key={id}>
            {spec.title}: <LogText text={targets.get(target)?.name ?? target} /> at{' '}
            {targets.get(target)?.provider}
          </li>
        ))}
      </ol>
    </>
  );
}
