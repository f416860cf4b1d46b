import { useState } from 'react';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { Decision } from '#shared/domain/trace.ts';
import { policyTestsName } from '#shared/policy-tests/policy-test.ts';
import { useCase, useConsole } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { decisionWords } from '../trace/words.ts';
import { draftKey, draftOf, keepDraft } from './drafts.ts';

const decisions: readonly Decision[] = ['allow', 'deny', 'indeterminate'];
/** No name of a file: those begin with a letter or a digit. */
const newFile = '+';

interface AddTestProps {
  readonly request: EvaluationRequest;
  /** What is expected unless another is chosen. */
  readonly decision: Decision;
  readonly onClose: () => void;
  /** Gets the name of the file. */
  readonly onAdded: (name: string) => void;
}

/** Writes a decision down as a policy test. */
export function AddTest({ request, decision, onClose, onAdded }: AddTestProps) {
  const { bridge } = useConsole();
  const caseId = useCase((state) => state.summary?.id ?? '');
  const { value: files } = useRequest('policyTests.list', {});
  const [file, setFile] = useState<string | null>(null);
  const [name, setName] = useState('Policy tests');
  const [expected, setExpected] = useState<Decision>(decision);
  const [note, setNote] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const chosen = file ?? files?.[0]?.name ?? newFile;
  const isNew = chosen === newFile;
  const target = isNew ? name.trim() : chosen;
  const isTaken = isNew && files?.some((each) => each.name === target) === true;
  const wrongName = isNew && !policyTestsName.test(target);

  const add = async (): Promise<void> => {
    setBusy(true);
    const failure = await written();
    setBusy(false);
    if (failure === null) onAdded(target);
    else setError(failure);
  };
  /** What went wrong; null where nothing did. */
  const written = async (): Promise<string | null> => {
    const key = draftKey(caseId, target);
    let text = isNew ? '' : draftOf(key);
    if (text === null) {
      const read = await bridge.request('policyTests.get', { name: target });
      if (!read.ok) return read.error.message;
      text = read.value.text;
    }
    // What reads YAML is loaded where it is needed.
    const { withTests } = await import('#shared/policy-tests/add.ts');
    const test = {
      request: jsonOf(request),
      expected: { decision: expected },
      note: note.trim() === '' ? null : note.trim(),
    };
    const added = withTests(text, [test]);
    if (!added.ok) return added.error.message;
    const saved = await bridge.request('policyTests.save', { name: target, text: added.value });
    if (!saved.ok) return saved.error.message;
    keepDraft(key, null);
    return null;
  };

  return (
    <Dialog
      title="Add this decision as a test"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={files === null || wrongName || isTaken || busy}
            onClick={() => void add()}
          >
            Add
          </Button>
        </>
      }
    >
      <div className="add-bundle">
        <Field label="File of tests">
          {(attributes) => (
            <Select
              {...attributes}
              value={chosen}
              onChange={setFile}
              options={[
                ...(files ?? []).map((each) => ({ value: each.name, label: each.name })),
                { value: newFile, label: 'A new file …' },
              ]}
            />
          )}
        </Field>
        {isNew ? (
          <Field
            label="Its name"
            error={
              wrongName
                ? 'Letters, digits, spaces, points and dashes.'
                : isTaken
                  ? 'There is a file of this name: choose it above.'
                  : null
            }
          >
            {(attributes) => (
              <Input {...attributes} value={name} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
        ) : null}
        <Field label="Expected decision" hint="What the policy shall say: not always what it says now.">
          {(attributes) => (
            <Select
              {...attributes}
              value={expected}
              onChange={(next) => setExpected(decisions.find((each) => each === next) ?? expected)}
              options={decisions.map((value) => ({ value, label: decisionWords[value] ?? value }))}
            />
          )}
        </Field>
        <Field label="Note" hint="Why it is expected.">
          {(attributes) => (
            <Input {...attributes} value={note} onChange={(event) => setNote(event.target.value)} />
          )}
        </Field>
        {error === null ? null : (
          <p className="field-error" role="alert">
            {escapedText(error)}
          </p>
        )}
      </div>
    </Dialog>
  );
}

/** As it is written down: parts that hold nothing are left out. */
function jsonOf({ subject, action, resource, context }: EvaluationRequest): JsonObject {
  const { properties, ...named } = subject;
  const { properties: ofAction, ...name } = action;
  const { properties: ofResource, ...thing } = resource;
  return {
    subject: { ...named, ...held('properties', properties) },
    action: { ...name, ...held('properties', ofAction) },
    resource: { ...thing, ...held('properties', ofResource) },
    ...held('context', context),
  };
}

function held(name: string, value: JsonObject | undefined): JsonObject {
  return value === undefined || Object.keys(value).length === 0 ? {} : { [name]: value };
}
