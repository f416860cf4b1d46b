import type { Severity } from '#shared/domain/finding.ts';
import type { JsonObject } from '#shared/domain/json.ts';

/** Where something in a rule file could not be used. The other rules of the file are. */
export interface RuleProblem {
  readonly path: string;
  /** `row:column`, from 1. */
  readonly position: string;
  readonly message: string;
}

interface RuleHead {
  /** The rule's `id`, else its `name`, else its title. */
  readonly id: string;
  readonly name: string | null;
  readonly title: string;
  readonly severity: Severity;
  readonly description: string | null;
  /** What to do, where the rule says so in our own field `rescind.advice`. */
  readonly advice: string | null;
  /** E.g. `attack.t1098`. */
  readonly tags: readonly string[];
}

/** A rule about single records. */
export interface EventRule extends RuleHead {
  readonly kind: 'event';
  readonly logsource: {
    readonly product: string | null;
    readonly service: string | null;
    readonly category: string | null;
  };
  matches(record: JsonObject): boolean;
  /** Fields of which a matching record has one of these texts, in lower case: to skip records without reading them. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

/** A rule about several records that other rules match. */
export interface CorrelationRule extends RuleHead {
  readonly kind: 'correlation';
  readonly type: 'event_count' | 'value_count' | 'temporal' | 'temporal_ordered';
  /** Ids or names of the rules. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  readonly spanMicros: number;
  readonly field: string | null;
  readonly test: (count: number) => boolean;
  /** Whether the rules it builds on are findings of their own too. */
  readonly generate: boolean;
}

export type SigmaRule = EventRule | CorrelationRule;
