import { isObject, type Json, type JsonObject } from '../../domain/json.ts';

/** What a field of a policy may hold. */
type Shape =
  | 'text'
  | 'effect'
  | 'texts'
  | 'anything'
  | 'match'
  | RegExp
  | { readonly list: Message }
  | { readonly object: Message };

interface Message {
  readonly fields: Readonly<Record<string, Shape>>;
  /** Fields that have to be there, and hold something. */
  readonly needs?: readonly string[];
}

const scope = /^(?:|\.|[\da-zA-Z][\w-]*(?:\.\w[\w-]*)*)$/;
const plainName = /^[^!*?[\]{}]+$/;
const ruleName = /^(?:[a-zA-Z][\w@.-]*)*$/;
const permissions = /^SCOPE_PERMISSIONS_(?:UNSPECIFIED|OVERRIDE_PARENT|REQUIRE_PARENTAL_CONSENT_FOR_ALLOWS)$/;

const condition: Shape = { object: { fields: { match: 'match' }, needs: ['match'] } };
const when: Shape = { object: { fields: { ruleActivated: 'text', conditionNotMet: 'text' } } };
const output: Shape = { object: { fields: { expr: 'text', when } } };
const names: Shape = { object: { fields: { import: 'texts', local: 'anything' } } };
const rule = { condition, name: ruleName, output } as const;
const head = {
  version: 'text',
  scope,
  scopePermissions: permissions,
  variables: names,
  constants: names,
} as const;

const resourceRule: Message = {
  fields: { ...rule, actions: 'texts', roles: 'texts', derivedRoles: 'texts', effect: 'effect' },
  needs: ['actions', 'effect'],
};
const principalAction: Message = {
  fields: { ...rule, action: 'text', effect: 'effect' },
  needs: ['action', 'effect'],
};
const principalRule: Message = {
  fields: { resource: 'text', actions: { list: principalAction } },
  needs: ['resource', 'actions'],
};
const roleRule: Message = {
  fields: { ...rule, resource: 'text', allowActions: 'texts' },
  needs: ['resource', 'allowActions'],
};
const derivedRole: Message = {
  fields: { name: 'text', parentRoles: 'texts', condition },
  needs: ['name', 'parentRoles'],
};
const exported: Message = { fields: { name: 'text', definitions: 'anything' }, needs: ['name'] };

/** The fields of each kind of policy (https://docs.cerbos.dev/cerbos/latest/policies). */
const policy: Message = {
  fields: {
    resourcePolicy: {
      object: {
        fields: {
          ...head,
          resource: plainName,
          importDerivedRoles: 'texts',
          schemas: 'anything',
          rules: { list: resourceRule },
        },
        needs: ['resource', 'version'],
      },
    },
    principalPolicy: {
      object: {
        fields: { ...head, principal: plainName, rules: { list: principalRule } },
        needs: ['principal', 'version'],
      },
    },
    rolePolicy: {
      object: {
        fields: { ...head, role: plainName, parentRoles: 'texts', rules: { list: roleRule } },
        needs: ['role'],
      },
    },
    derivedRoles: {
      object: {
        fields: { name: 'text', variables: names, constants: names, definitions: { list: derivedRole } },
        needs: ['name'],
      },
    },
    exportVariables: { object: exported },
    exportConstants: { object: exported },
    apiVersion: /^api\.cerbos\.dev\/v1$/,
    description: 'text',
    metadata: 'anything',
    variables: 'anything',
    disabled: 'anything',
    $schema: 'text',
  },
  needs: ['apiVersion'],
};

/** A part of a policy that Cerbos would refuse to read. */
export class Misshapen extends Error {
  readonly part: readonly (string | number)[];

  constructor(part: readonly (string | number)[], message: string) {
    super(message);
    this.part = part;
  }
}

type Part = Misshapen['part'];

/**
 * A policy with its fields as the documentation writes them; `import_derived_roles` is `importDerivedRoles`, whole
 * numbers are texts. Throws `Misshapen` for what Cerbos would refuse.
 */
export function shaped(json: JsonObject): JsonObject {
  return inMessage(json, policy, []);
}

function inMessage(value: JsonObject, { fields, needs = [] }: Message, part: Part): JsonObject {
  const read: Record<string, Json> = {};
  for (const [written, item] of Object.entries(value)) {
    const key = written.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const shape = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const place = [...part, written];
    if (shape === undefined || Object.hasOwn(read, key))
      throw new Misshapen(place, `${written} is no field that Cerbos knows here`);
    if (item !== undefined) read[key] = inShape(item, shape, place);
  }
  const missing = needs.find((key) => isEmpty(read[key]));
  if (missing !== undefined) throw new Misshapen(part, `${missing} is missing`);
  return read;
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && (value.length === 0 || value.includes(''));
}

function inShape(value: Json, shape: Shape, part: Part): Json {
  const refuse = (wanted: string): never => {
    throw new Misshapen(part, `${String(part.at(-1))} is no ${wanted}`);
  };
  if (shape === 'anything') return value;
  if (shape === 'match') return inMatch(value, part);
  if (shape === 'texts') {
    if (!Array.isArray(value)) return refuse('list of texts');
    return value.map((item) => textOf(item) ?? refuse('list of texts'));
  }
  if (shape === 'effect') return effects.get(value) ?? refuse('effect (EFFECT_ALLOW or EFFECT_DENY)');
  if (shape === 'text' || shape instanceof RegExp) {
    if (value === null) return null;
    const text = textOf(value) ?? refuse('text');
    return shape === 'text' || shape.test(text) ? text : refuse('text that Cerbos takes here');
  }
  if ('object' in shape) {
    if (value === null) return null;
    return isObject(value) ? inMessage(value, shape.object, part) : refuse('object');
  }
  if (!Array.isArray(value)) return refuse('list');
  return value.map((item, index) =>
    isObject(item) ? inMessage(item, shape.list, [...part, index]) : refuse('list of objects'),
  );
}

/** Effects by their name or their number. */
const effects: ReadonlyMap<Json, string> = new Map<Json, string>([
  ['EFFECT_ALLOW', 'EFFECT_ALLOW'],
  ['EFFECT_DENY', 'EFFECT_DENY'],
  [1, 'EFFECT_ALLOW'],
  [2, 'EFFECT_DENY'],
]);

/** A whole number is read as a text; the writing of any other is lost in YAML. */
function textOf(value: Json): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null;
}

/** A condition is exactly one of `expr`, `all`, `any` and `none`. */
function inMatch(value: Json, part: Part): Json {
  const entries = isObject(value) ? Object.entries(value) : [];
  const [op, content] = entries[0] ?? [];
  const refuse = (): never => {
    throw new Misshapen(part, 'a condition that is neither expr, all, any nor none');
  };
  if (op === undefined || entries.length > 1) return refuse();
  if (op === 'expr') {
    const text = typeof content === 'boolean' ? String(content) : textOf(content ?? null);
    return text === null ? refuse() : { expr: text };
  }
  const of = isObject(content) ? content['of'] : undefined;
  if (!['all', 'any', 'none'].includes(op) || !Array.isArray(of) || of.length === 0) return refuse();
  return { [op]: { of: of.map((item: Json, index) => inMatch(item, [...part, op, 'of', index])) } };
}
