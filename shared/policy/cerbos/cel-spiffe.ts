import { type CelFunc, celFunc } from '@bufbuild/cel';
import { any, method, plain, text } from './cel-define.ts';
import { itemsOf } from './cel-values.ts';

const spiffeId = /^spiffe:\/\/([a-z0-9._-]+)((?:\/[A-Za-z0-9._-]+)*)$/;

function id(value: unknown): string {
  if (!spiffeId.test(text(value))) throw new Error('not a SPIFFE ID');
  return text(value);
}

function domain(value: unknown): string {
  return spiffeId.exec(text(value))?.[1] ?? text(value);
}

/** A SPIFFE ID and a trust domain are their texts, a matcher is a list of what it accepts. */
export function spiffe(): CelFunc[] {
  return [
    celFunc('spiffeID', [any], any, id),
    celFunc('spiffeTrustDomain', [any], any, (value) => `spiffe://${domain(value)}`),
    plain('trustDomain', (self) => `spiffe://${domain(self)}`),
    plain('path', (self) => spiffeId.exec(text(self))?.[2] ?? ''),
    plain('name', (self) => domain(self)),
    plain('id', (self) => `spiffe://${domain(self)}`),
    method('isMemberOf', (self, of) => domain(self) === domain(of)),
    celFunc('spiffeMatchAny', [], any, () => ['any']),
    celFunc('spiffeMatchExact', [any], any, (value) => ['ids', id(value)]),
    celFunc('spiffeMatchOneOf', [any], any, (values) => ['ids', ...itemsOf(values).map(id)]),
    celFunc('spiffeMatchTrustDomain', [any], any, (value) => ['domain', domain(value)]),
    method('matchesID', (matcher, value) => {
      const [kind, ...accepted] = itemsOf(matcher);
      if (kind === 'any') return true;
      return accepted.includes(kind === 'ids' ? id(value) : domain(value));
    }),
  ];
}
