import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import { type Json, type JsonObject, isObject } from '#shared/domain/json.ts';
import type { AttributeSource, DecisionTrace } from '#shared/domain/trace.ts';

/** Where attributes of a request stand. */
export const attributeParts = [
  'context',
  'subject.properties',
  'action.properties',
  'resource.properties',
] as const;
export type AttributePart = (typeof attributeParts)[number];

/** `unknown`: the request may have carried it, with any value. */
export type AttributeState = 'given' | 'absent' | 'unknown';

export interface DraftAttribute {
  readonly part: AttributePart;
  readonly name: string;
  readonly text: string;
  readonly state: AttributeState;
  readonly source: AttributeSource | null;
  /** A value that was text stays text, whatever it looks like. */
  readonly isText: boolean;
}

/** A request as it is edited: all of it text. */
export interface Draft {
  readonly subject: { readonly type: string; readonly id: string };
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string };
  readonly attributes: readonly DraftAttribute[];
  /** Whether what is not listed was certainly absent. */
  readonly complete: boolean;
  /** Paths within the context that are not known, each as its keys. */
  readonly hidden: readonly (readonly string[])[];
}

export interface Knowledge {
  readonly complete: boolean;
  readonly absent: string[];
  readonly hidden: string[][];
}

/** A request of a logged event may have carried more than the log shows; one that a person asks is complete. */
export function draftOf({ request, attributes = {}, event, knowledge }: DecisionTrace): Draft {
  const { subject, action, resource } = request;
  const values: Readonly<Record<AttributePart, JsonObject | undefined>> = {
    context: request.context,
    'subject.properties': subject.properties,
    'action.properties': action.properties,
    'resource.properties': resource.properties,
  };
  const given = attributeParts.flatMap((part) =>
    Object.entries(values[part] ?? {}).map(
      ([name, value = null]): DraftAttribute => ({
        part,
        name,
        text: typeof value === 'string' ? value : JSON.stringify(value),
        state: 'given',
        source: attributes[`${part}.${name}`] ?? null,
        isText: typeof value === 'string',
      }),
    ),
  );
  const absent = Object.entries(attributes).flatMap(([path, source]): DraftAttribute[] => {
    const name = path.slice('context.'.length);
    if (source !== 'absent' || !path.startsWith('context.') || request.context?.[name] !== undefined)
      return [];
    return [{ part: 'context', name, text: '', state: 'absent', source, isText: true }];
  });
  return {
    subject: { type: subject.type, id: subject.id },
    action: action.name,
    resource: { type: resource.type, id: resource.id },
    attributes: [...given, ...absent],
    complete: knowledge?.complete ?? event === undefined,
    hidden: knowledge?.hidden ?? [],
  };
}

export const emptyDraft: Draft = {
  subject: { type: '', id: '' },
  action: '',
  resource: { type: '', id: '' },
  attributes: [],
  complete: true,
  hidden: [],
};

export function requestOf({ subject, action, resource, attributes }: Draft): EvaluationRequest {
  const part = (wanted: AttributePart): JsonObject | null => {
    const own = attributes.filter(
      ({ part, state, name }) => part === wanted && state === 'given' && name !== '',
    );
    return own.length === 0 ? null : Object.fromEntries(own.map((each) => [each.name, valueOf(each)]));
  };
  const [context, ofSubject, ofAction, ofResource] = attributeParts.map(part);
  return {
    subject: { ...subject, ...(isObject(ofSubject) ? { properties: ofSubject } : {}) },
    action: { name: action, ...(isObject(ofAction) ? { properties: ofAction } : {}) },
    resource: { ...resource, ...(isObject(ofResource) ? { properties: ofResource } : {}) },
    ...(isObject(context) ? { context } : {}),
  };
}

export function knowledgeOf({ attributes, complete, hidden }: Draft): Knowledge {
  const absent = attributes.filter(({ part, state }) => part === 'context' && state === 'absent');
  return { complete, absent: absent.map(({ name }) => name), hidden: hidden.map((path) => [...path]) };
}

/**
 * With an attribute changed. Where one is not known, the request is not complete: others may be missing as well. What
 * the analyst writes into an attribute of the context is known as a whole.
 */
export function withAttribute(draft: Draft, at: number, attribute: DraftAttribute): Draft {
  const complete = draft.complete && attribute.state !== 'unknown';
  const isContext = attribute.part === 'context';
  const hidden = draft.hidden.filter(([first]) => !isContext || first !== attribute.name);
  return { ...draft, complete, hidden, attributes: draft.attributes.with(at, attribute) };
}

/** Origin of each attribute of the draft by its path, as a trace tells it. */
export function sourcesOf(draft: Draft, original: Draft): Record<string, AttributeSource> {
  const sources: Record<string, AttributeSource> = {};
  for (const attribute of draft.attributes) {
    if (attribute.state === 'unknown') continue;
    const source = originOf(attribute, original);
    if (source !== null) sources[`${attribute.part}.${attribute.name}`] = source;
  }
  return sources;
}

/** Where an attribute's value comes from; from the analyst once it was changed. Null: it is not told. */
export function originOf(attribute: DraftAttribute, original: Draft): AttributeSource | null {
  if (isChanged(attribute, original)) return attribute.state === 'given' ? 'user-supplied' : 'absent';
  return attribute.source;
}

export function isChanged(attribute: DraftAttribute, original: Draft): boolean {
  const before = original.attributes.find(
    ({ part, name }) => part === attribute.part && name === attribute.name,
  );
  return before === undefined || before.text !== attribute.text || before.state !== attribute.state;
}

function valueOf({ text, isText }: DraftAttribute): Json {
  if (isText) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
