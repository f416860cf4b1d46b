import type { CompiledCondition, Complain } from '../condition/condition.ts';
import type { CompiledStatement } from './statement.ts';

/** Global keys that have several values (IAM User Guide, "AWS global condition context keys"). */
const severalValues = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:tagkeys',
]);

/** Complains of what AWS accepts and its authors seldom mean. Pointers are relative to the statement. */
export function smell({ effect, action, principal, condition }: CompiledStatement, warn: Complain): void {
  if (effect === 'allow' && action.not) {
    warn('/NotAction', 'It allows every action of every service but the listed, also those to come.');
  }
  if (effect === 'allow' && principal?.not === true) {
    warn('/NotPrincipal', 'It allows everyone but the listed, perhaps also anonymous callers.');
  }
  if (condition !== null) smellCondition(condition, effect, warn);
}

function smellCondition(condition: CompiledCondition, effect: 'allow' | 'deny', warn: Complain): void {
  const { comparisons } = condition;
  for (const { set, base, key, keyText, operator } of comparisons) {
    const at = `/Condition/${operator}`;
    const guarded = comparisons.some(
      (other) =>
        other.base === 'null' && other.key === key && other.values.every(({ text }) => text === 'false'),
    );
    if (set === 'all' && effect === 'allow' && !guarded) {
      warn(at, `ForAllValues also holds where ${keyText} is absent; Null with “false” would close that.`);
    }
    if (base === 'null' || !key.startsWith('aws:')) continue;
    // The values of single tags, e.g. aws:RequestTag/team, are single.
    if (set !== null && !severalValues.has(key))
      warn(at, `${keyText} has one value: set operators are not for it.`);
    if (set === null && severalValues.has(key))
      warn(at, `${keyText} has several values: it needs a set operator.`);
  }
}
