import type { EvaluationRequest, RequestKnowledge } from '#shared/domain/evaluation-request.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { AttributeSource } from '#shared/domain/trace.ts';
import { mapCloudTrail } from './cloudtrail.ts';
import { mapGcp } from './gcp.ts';
import { mapKubernetes } from './kubernetes.ts';

/** The request that a policy system judged when an event was logged. */
export interface MappedRequest {
  readonly kind: 'mapped';
  readonly system: string;
  readonly request: EvaluationRequest;
  readonly knowledge: RequestKnowledge;
  /** Origin of each attribute by its path in the request. */
  readonly attributes: Readonly<Record<string, AttributeSource>>;
}

/** An event from which no request can be made, and why. */
interface Unmapped {
  readonly kind: 'unmapped';
  readonly system: string | null;
  readonly reason: string;
}

export type Mapping = MappedRequest | Unmapped;

type Mapper = (event: AccessEvent, record: JsonObject) => Mapping;

/** The policy system that decides what a log format records. */
const mappers: Readonly<Record<string, { readonly system: string; readonly map: Mapper }>> = {
  'kubernetes-audit': { system: 'kubernetes-rbac', map: mapKubernetes },
  'aws-cloudtrail': { system: 'aws-iam', map: mapCloudTrail },
  'gcp-audit': { system: 'gcp-iam', map: mapGcp },
};

/** Log formats whose events a policy system decides. */
export const mappedFormats: readonly { readonly format: string; readonly system: string }[] = Object.entries(
  mappers,
).map(([format, { system }]) => ({ format, system }));

/** The system whose bundles judge the events of a format; null where none is known. */
export function systemOf(format: string): string | null {
  return Object.hasOwn(mappers, format) ? (mappers[format]?.system ?? null) : null;
}

/** Makes the request of an event; `record` is the vendor's own record without wrappers. */
export function mapEvent(event: AccessEvent, record: JsonObject): Mapping {
  const mapper = Object.hasOwn(mappers, event.format) ? mappers[event.format] : undefined;
  if (mapper !== undefined) return mapper.map(event, record);
  return {
    kind: 'unmapped',
    system: null,
    reason: `No policy system is known that decides what ${event.format} records.`,
  };
}
