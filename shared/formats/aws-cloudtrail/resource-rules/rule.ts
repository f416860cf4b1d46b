/**
 * How resources follow from what a request names, where `resources[]` is missing. A rule is a path into
 * `requestParameters` (or after `<` into `responseElements`), the resource's type in CloudFormation's words, and its
 * ARN from the service on: `R` and `A` stand for region and account where the ARN has them, `$` for the value,
 * `{name}` for another parameter and `{name|default}` for one that may be missing. An empty ARN: the value is the id.
 * Rules of a service stand in the order in which a resource counts as the main one.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ ("Resource types defined by …").
 */
export type Rule = readonly [path: string, type: string, arn: string];

/** Rules by the prefix of the service's permissions. */
export type Rules = Readonly<Record<string, readonly Rule[]>>;
