import { split, type Type, typeOf } from './cel-types.ts';

export interface Overload {
  readonly args: readonly Type[];
  readonly result: Type;
}

const numbers = ['int', 'uint', 'double'];
const comparable = [...numbers, 'bool', 'string', 'bytes', 'timestamp', 'duration'];
const each = (names: readonly string[], form: string): string =>
  names.map((name) => form.replaceAll('T', name)).join('; ');
const ordered = `bool bool bool; string string bool; bytes bytes bool; timestamp timestamp bool;
  duration duration bool; ${numbers.flatMap((one) => numbers.map((other) => `${one} ${other} bool`)).join('; ')}`;
const ofTime = 'timestamp int; timestamp string int';
const ofTimeAndDuration = `${ofTime}; duration int`;
const twoLists = "list('a) list('a)";
const sized = "string int; bytes int; list('a) int; map('a,'b) int";
const related = 'hierarchy hierarchy bool';

/**
 * Functions by name, each with its overloads: types of the arguments, then the result. A method begins with a dot
 * and has its value first. Functions that are not here are not checked.
 * Source: CEL's language definition, "List of Standard Definitions"; https://pkg.go.dev/github.com/google/cel-go/ext;
 * https://docs.cerbos.dev/cerbos/latest/policies/conditions
 */
const written: Readonly<Record<string, string>> = {
  '_==_': "'a 'a bool",
  '_!=_': "'a 'a bool",
  '_<_': ordered,
  '_<=_': ordered,
  '_>_': ordered,
  '_>=_': ordered,
  '_+_': `${each([...numbers, 'string', 'bytes', 'duration'], 'T T T')}; ${twoLists} list('a);
    timestamp duration timestamp; duration timestamp timestamp`,
  '_-_': `${each([...numbers, 'duration'], 'T T T')}; timestamp timestamp duration; timestamp duration timestamp`,
  '_*_': each(numbers, 'T T T'),
  '_/_': each(numbers, 'T T T'),
  '_%_': each(['int', 'uint'], 'T T T'),
  '-_': each(['int', 'double'], 'T T'),
  '!_': 'bool bool',
  '_&&_': 'bool bool bool',
  '_||_': 'bool bool bool',
  '_?_:_': "bool 'a 'a 'a",
  '@in': "'a list('a) bool; 'a map('a,'b) bool",
  '_[_]': "list('a) int 'a; map('a,'b) 'a 'b; hierarchy int dyn",
  size: sized,
  '.size': `${sized}; hierarchy int`,
  '.startsWith': 'string string bool',
  '.endsWith': 'string string bool',
  '.contains': 'string string bool',
  '.matches': 'string string bool',
  matches: 'string string bool',
  int: each(['int', 'uint', 'double', 'string', 'timestamp', 'duration'], 'T int'),
  uint: each(['int', 'uint', 'double', 'string'], 'T uint'),
  double: each(['int', 'uint', 'double', 'string'], 'T double'),
  string: each(
    ['bool', 'bytes', 'double', 'duration', 'int', 'string', 'timestamp', 'uint', 'ip', 'cidr'],
    'T string',
  ),
  bytes: each(['bytes', 'string'], 'T bytes'),
  bool: each(['bool', 'string'], 'T bool'),
  timestamp: each(['string', 'int', 'timestamp'], 'T timestamp'),
  duration: each(['string', 'duration'], 'T duration'),
  dyn: "'a dyn",
  type: "'a type('a)",
  '.getDate': ofTime,
  '.getDayOfMonth': ofTime,
  '.getDayOfWeek': ofTime,
  '.getDayOfYear': ofTime,
  '.getFullYear': ofTime,
  '.getMonth': ofTime,
  '.getHours': ofTimeAndDuration,
  '.getMinutes': ofTimeAndDuration,
  '.getSeconds': ofTimeAndDuration,
  '.getMilliseconds': ofTimeAndDuration,
  '.charAt': 'string int string',
  '.format': 'string list(dyn) string',
  '.indexOf': 'string string int; string string int int',
  '.lastIndexOf': 'string string int; string string int int',
  '.join': 'list(string) string; list(string) string string',
  '.lowerAscii': 'string string',
  '.upperAscii': 'string string',
  '.trim': 'string string',
  '.replace': 'string string string string; string string string int string',
  '.split': 'string string list(string); string string int list(string)',
  '.substring': 'string int string; string int int string',
  'strings.quote': 'string string',
  '.sort': each(comparable, 'list(T) list(T)'),
  '.distinct': "list('a) list('a)",
  '.flatten': "list('a) list(dyn); list('a) int list(dyn)",
  '.slice': "list('a) int int list('a)",
  '.reverse': "string string; list('a) list('a)",
  'lists.range': 'int list(int)',
  'sets.contains': `${twoLists} bool`,
  'sets.equivalent': `${twoLists} bool`,
  'sets.intersects': `${twoLists} bool`,
  ...lists('hasIntersection', 'bool'),
  ...lists('has_intersection', 'bool'),
  ...lists('isSubset', 'bool'),
  ...lists('is_subset', 'bool'),
  ...lists('intersect', "list('a)"),
  ...lists('except', "list('a)"),
  '.inIPAddrRange': 'string string bool',
  now: 'timestamp',
  '.timeSince': 'timestamp duration',
  timeSince: 'timestamp duration',
  hierarchy: 'string hierarchy; string string hierarchy; list(string) hierarchy',
  '.ancestorOf': related,
  '.descendentOf': related,
  '.immediateChildOf': related,
  '.immediateParentOf': related,
  '.overlaps': related,
  '.siblingOf': related,
  '.commonAncestors': 'hierarchy hierarchy hierarchy',
  'optional.of': "'a optional('a)",
  'optional.none': 'optional(dyn)',
  '.hasValue': "optional('a) bool",
  '.value': "optional('a) 'a",
  '.orValue': "optional('a) 'a 'a",
  'base64.encode': 'bytes string',
  'base64.decode': 'string bytes',
  ip: 'string ip; ip ip',
  cidr: 'string cidr; cidr cidr',
};

/** Functions of two lists that are called either way. */
function lists(name: string, result: string): Record<string, string> {
  return { [name]: `${twoLists} ${result}`, [`.${name}`]: `${twoLists} ${result}` };
}

const overloads: ReadonlyMap<string, readonly Overload[]> = new Map(
  Object.entries(written).map(([name, forms]) => [name, forms.split(';').map(overload)]),
);

function overload(form: string): Overload {
  const types = split(form.replaceAll(/\s+/g, ' '), ' ').map(typeOf);
  return { args: types.slice(0, -1), result: types.at(-1) ?? typeOf('dyn') };
}

/** Undefined for a function that is not checked. */
export function overloadsOf(name: string): readonly Overload[] | undefined {
  return overloads.get(name);
}

/** Fields of the messages that a policy can name; null for any field of any type. */
const messages: Readonly<Record<string, Readonly<Record<string, string>> | null>> = {
  'cerbos.Request': {
    principal: 'cerbos.Principal',
    resource: 'cerbos.Resource',
    auxData: 'cerbos.AuxData',
    aux_data: 'cerbos.AuxData',
  },
  'cerbos.Principal': {
    id: 'string',
    roles: 'list(string)',
    attr: 'map(string,dyn)',
    policyVersion: 'string',
    policy_version: 'string',
    scope: 'string',
  },
  'cerbos.Resource': {
    kind: 'string',
    id: 'string',
    attr: 'map(string,dyn)',
    policyVersion: 'string',
    policy_version: 'string',
    scope: 'string',
  },
  'cerbos.AuxData': { jwt: 'map(string,dyn)' },
  'cerbos.Runtime': { effectiveDerivedRoles: 'list(string)', effective_derived_roles: 'list(string)' },
  'cerbos.Variables': null,
};

/** The type of a message's field; null where it has none, undefined where the type is no message. */
export function fieldOf({ name }: Type, field: string): Type | null | undefined {
  const fields = Object.hasOwn(messages, name) ? messages[name] : undefined;
  if (fields === undefined) return undefined;
  if (fields === null) return typeOf('dyn');
  const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return type === undefined ? null : typeOf(type);
}

const names: Readonly<Record<string, string>> = {
  request: 'cerbos.Request',
  P: 'cerbos.Principal',
  R: 'cerbos.Resource',
  runtime: 'cerbos.Runtime',
  V: 'cerbos.Variables',
  variables: 'cerbos.Variables',
  C: 'cerbos.Variables',
  constants: 'cerbos.Variables',
};

/** What the names of every policy are; a name that is not here is not checked. */
export function nameOf(name: string): Type {
  const type = Object.hasOwn(names, name) ? names[name] : undefined;
  if (type !== undefined) return typeOf(type);
  const isType = /^(?:int|uint|double|bool|string|bytes|list|map|null_type|type)$/.test(name);
  return typeOf(isType ? 'type(dyn)' : 'dyn');
}
