import type { ProviderView } from '#shared/ipc/respond-views.ts';
import { Badge } from '../../ui/outcome-mark.tsx';
import { type Tone, statusWords } from './words.ts';

export function RunStatusBadge({ status }: { readonly status: string }) {
  const known: readonly [string, Tone] = Object.hasOwn(statusWords, status)
    ? statusWords[status as keyof typeof statusWords]
    : [status, 'neutral'];
  return <Badge tone={known[1]}>{known[0]}</Badge>;
}

export function ProvedOn({ value }: { readonly value: ProviderView['provedOn'] }) {
  return value === 'real-server' ? (
    <Badge tone="success">✓ proved on a real server</Badge>
  ) : (
    <Badge tone="warning">proved on a stand-in of its API</Badge>
  );
}
