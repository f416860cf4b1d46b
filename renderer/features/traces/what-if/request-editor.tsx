import { useState } from 'react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Input, Select } from '../../../ui/field.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { sourceWords } from '../trace/words.ts';
import {
  type AttributePart,
  type AttributeState,
  type Draft,
  type DraftAttribute,
  attributeParts,
  isChanged,
  originOf,
  withAttribute,
} from './draft.ts';

const partWords: Readonly<Record<AttributePart, string>> = {
  context: 'Context',
  'subject.properties': 'Subject',
  'action.properties': 'Action',
  'resource.properties': 'Resource',
};
const stateWords: Readonly<Record<AttributeState, string>> = {
  given: 'given',
  absent: 'absent',
  unknown: 'not known',
};

interface RequestEditorProps {
  readonly draft: Draft;
  readonly original: Draft;
  /** Attributes that would matter and that nothing is known of. */
  readonly unknowns: readonly string[];
  readonly onChange: (draft: Draft) => void;
}

/** A request to be changed: who, what, on what, and each attribute with where its value comes from. */
export function RequestEditor({ draft, original, unknowns, onChange }: RequestEditorProps) {
  const { subject, action, resource, attributes } = draft;
  const add = (part: AttributePart, name: string): void => {
    if (name === '' || attributes.some((each) => each.part === part && each.name === name)) return;
    const added: DraftAttribute = { part, name, text: '', state: 'given', source: null, isText: false };
    onChange({ ...draft, attributes: [...attributes, added] });
  };
  const open = unknowns.filter((name) => !attributes.some((each) => each.name === name));
  return (
    <div className="request-editor">
      <Entity
        title="Subject"
        value={subject}
        before={original.subject}
        onChange={(next) => onChange({ ...draft, subject: next })}
      />
      <div className={action === original.action ? 'request-part' : 'request-part changed'}>
        <span className="request-title">Action</span>
        <Input
          aria-label="Action"
          className="mono wide"
          value={action}
          onChange={(event) => onChange({ ...draft, action: event.target.value })}
        />
      </div>
      <Entity
        title="Resource"
        value={resource}
        before={original.resource}
        onChange={(next) => onChange({ ...draft, resource: next })}
      />
      <ul className="attribute-list" aria-label="Attributes of the request">
        {attributes.map((attribute, at) => (
          <Attribute
            key={`${attribute.part} ${attribute.name}`}
            attribute={attribute}
            original={original}
            onChange={(next) => onChange(withAttribute(draft, at, next))}
            onRemove={() => onChange({ ...draft, attributes: attributes.toSpliced(at, 1) })}
          />
        ))}
      </ul>
      <AddAttribute onAdd={add} />
      {open.length === 0 ? null : (
        <p className="request-unknowns">
          <span className="muted">Not known, and it would matter:</span>
          {open.map((name) => (
            <Button key={name} icon="plus" onClick={() => add('context', name)}>
              <LogText text={name} />
            </Button>
          ))}
        </p>
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={draft.complete}
          onChange={(event) => onChange({ ...draft, complete: event.target.checked })}
        />
        What is not listed was certainly absent
      </label>
    </div>
  );
}

interface EntityProps {
  readonly title: 'Subject' | 'Resource';
  readonly value: Draft['subject'];
  readonly before: Draft['subject'];
  readonly onChange: (value: Draft['subject']) => void;
}

function Entity({ title, value, before, onChange }: EntityProps) {
  const same = value.type === before.type && value.id === before.id;
  return (
    <div className={same ? 'request-part' : 'request-part changed'}>
      <span className="request-title">{title}</span>
      <Input
        aria-label={`Type of the ${title.toLowerCase()}`}
        placeholder="type"
        className="mono type"
        value={value.type}
        onChange={(event) => onChange({ ...value, type: event.target.value })}
      />
      <Input
        aria-label={title}
        placeholder="id"
        className="mono wide"
        title={escapedText(value.id)}
        value={value.id}
        onChange={(event) => onChange({ ...value, id: event.target.value })}
      />
    </div>
  );
}

interface AttributeProps {
  readonly attribute: DraftAttribute;
  readonly original: Draft;
  readonly onChange: (attribute: DraftAttribute) => void;
  readonly onRemove: () => void;
}

function Attribute({ attribute, original, onChange, onRemove }: AttributeProps) {
  const { part, name, text, state } = attribute;
  const source = originOf(attribute, original);
  const shown = escapedText(name);
  return (
    <li className={isChanged(attribute, original) ? 'attribute changed' : 'attribute'}>
      <span className="attribute-name" title={`${part}.${shown}`}>
        {part === 'context' ? null : <span className="muted">{partWords[part]} </span>}
        <span className="mono">
          <LogText text={name} />
        </span>
      </span>
      <Select
        aria-label={`What is known of ${shown}`}
        value={state}
        onChange={(next) => onChange({ ...attribute, state: next as AttributeState })}
        options={Object.entries(stateWords).map(([value, label]) => ({ value, label }))}
      />
      <Input
        aria-label={`Value of ${shown}`}
        className="mono"
        title={escapedText(text)}
        disabled={state !== 'given'}
        value={text}
        onChange={(event) => onChange({ ...attribute, text: event.target.value })}
      />
      <Badge>{state === 'unknown' ? 'not known' : source === null ? 'not told' : sourceWords[source]}</Badge>
      <IconButton icon="close" label={`Take ${shown} out`} onClick={onRemove} />
    </li>
  );
}

function AddAttribute({ onAdd }: { readonly onAdd: (part: AttributePart, name: string) => void }) {
  const [part, setPart] = useState<AttributePart>('context');
  const [name, setName] = useState('');
  return (
    <form
      className="add-attribute"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(part, name.trim());
        setName('');
      }}
    >
      <Select
        aria-label="Part of the request"
        value={part}
        onChange={(next) => setPart(next as AttributePart)}
        options={attributeParts.map((value) => ({ value, label: partWords[value] }))}
      />
      <Input
        aria-label="Name of a new attribute"
        className="mono"
        placeholder="name of another attribute"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" icon="plus" disabled={name.trim() === ''}>
        Add
      </Button>
    </form>
  );
}
