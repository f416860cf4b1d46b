import type { EvaluationRequest, RequestKnowledge } from '#shared/domain/evaluation-request.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { AttributeSource, RecordedDetail } from '#shared/domain/trace.ts';
import { parseExactJson, withDigitTexts } from '#shared/util/exact-json.ts';
import { mapCerbos, recordedByCerbos, reduceCerbos } from './cerbos.ts';
import { mapCloudTrail } from './cloudtrail.ts';
import { mapGcp } from './gcp.ts';
import { mapKubernetes } from './kubernetes.ts';
import { mapOpa, recordedByOpa, reduceOpa } from './opa.ts';
import { secretsIn, withoutSecrets } from './secrets.ts';

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

interface FormatMapping {
  readonly system: string;
  readonly map: Mapper;
  /** What the record tells of the decision beyond what every event has. */
  readonly recorded?: (record: JsonObject) => RecordedDetail;
  /** The request without what no policy reads that is asked (`reads`: their `contextKeys`). */
  readonly reduce?: (mapping: MappedRequest, reads: readonly string[]) => MappedRequest;
  /** Records may hold whole numbers beyond those of JavaScript, and the system tells them apart. */
  readonly exactIntegers?: true;
}

/** The policy system that decides what a log format records. */
const mappers: Readonly<Record<string, FormatMapping>> = {
  'kubernetes-audit': { system: 'kubernetes-rbac', map: mapKubernetes },
  'aws-cloudtrail': { system: 'aws-iam', map: mapCloudTrail },
  'gcp-audit': { system: 'gcp-iam', map: mapGcp },
  'cerbos-audit': { system: 'cerbos', map: mapCerbos, recorded: recordedByCerbos, reduce: reduceCerbos },
  'opa-decision-log': {
    system: 'opa',
    map: mapOpa,
    recorded: recordedByOpa,
    reduce: reduceOpa,
    exactIntegers: true,
  },
};

/** Log formats whose events a policy system decides. */
export const mappedFormats: readonly { readonly format: string; readonly system: string }[] = Object.entries(
  mappers,
).map(([format, { system }]) => ({ format, system }));

/** The system whose bundles judge the events of a format; null where none is known. */
export function systemOf(format: string): string | null {
  return mappingOf(format)?.system ?? null;
}

function mappingOf(format: string): FormatMapping | undefined {
  return Object.hasOwn(mappers, format) ? mappers[format] : undefined;
}

/** Parses the text of a record of a format, with numbers as its policy system needs them. */
export function parseRecord(format: string, text: string): JsonObject {
  const parse = mappingOf(format)?.exactIntegers === true ? parseExactJson : JSON.parse;
  return parse(text) as JsonObject;
}

/** The request without what no policy reads that is asked: so many requests of a log come to few. */
export function reducedRequest(
  format: string,
  mapping: MappedRequest,
  reads: readonly string[],
): MappedRequest {
  return mappingOf(format)?.reduce?.(mapping, reads) ?? mapping;
}

/** What a record tells of the decision beyond what every event has; `record` as for `mapEvent`. */
export function recordedDetail(format: string, record: JsonObject): RecordedDetail {
  const detail = mappingOf(format)?.recorded?.(record) ?? {};
  if (detail.result === undefined) return detail;
  const result = withDigitTexts(withoutSecrets(detail.result, secretsIn(record)));
  return { ...detail, result };
}

/** Makes the request of an event; `record` is the vendor's own record without wrappers. */
export function mapEvent(event: AccessEvent, record: JsonObject): Mapping {
  const mapper = mappingOf(event.format);
  if (mapper !== undefined) return mapper.map(event, record);
  return {
    kind: 'unmapped',
    system: null,
    reason: `No policy system is known that decides what ${event.format} records.`,
  };
}
