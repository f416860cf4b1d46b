import type { Json } from '#shared/domain/json.ts';
import type { AttributeSource } from '#shared/domain/trace.ts';

/** Collects attributes of a request with the origin of each. */
export class Attributes {
  readonly values: Record<string, Json> = {};
  readonly sources: Record<string, AttributeSource>;
  /** Where the attributes stand in the request, e.g. `context`. */
  readonly path: string;

  constructor(path: string, sources: Record<string, AttributeSource>) {
    this.path = path;
    this.sources = sources;
  }

  /** Adds an attribute where it has a value. */
  add(name: string, value: Json | undefined, source: AttributeSource): void {
    if (value === null || value === undefined) return;
    this.values[name] = value;
    this.sources[`${this.path}.${name}`] = source;
  }

  /** An attribute that was certainly not there. */
  absent(name: string): void {
    this.sources[`${this.path}.${name}`] = 'absent';
  }
}
