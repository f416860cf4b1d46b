import type { Context } from '../condition/condition.ts';
import type { Arn } from '../match/arn.ts';
import type { ResourceText } from '../match/resource-pattern.ts';
import type { Subject } from './subject.ts';

/** A request as the evaluator sees it. */
export interface AwsRequest {
  readonly subject: Subject;
  readonly action: string;
  /** In lower case. */
  readonly service: string;
  /** The action without its service, in lower case. */
  readonly operation: string;
  readonly resource: ResourceText;
  /** The resource as policies of callers see it: `*` where the action knows no single resources. */
  readonly askedResource: ResourceText;
  readonly resourceArn: Arn | null;
  /** Null where it is not known. */
  readonly resourceAccount: string | null;
  readonly context: Context;
  /** What was taken for granted in reading it. */
  readonly assumptions: readonly string[];
}
