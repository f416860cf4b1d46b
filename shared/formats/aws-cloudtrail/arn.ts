/** Parts of an Amazon Resource Name: `arn:partition:service:region:account:resource`. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All that follows the account, colons and slashes included. */
  readonly resource: string;
}

/** The parts of an ARN; null where the text is none. */
export function parseArn(text: string): Arn | null {
  if (!text.startsWith('arn:')) return null;
  const partition = text.indexOf(':', 4);
  const service = text.indexOf(':', partition + 1);
  const region = text.indexOf(':', service + 1);
  const account = text.indexOf(':', region + 1);
  if (partition === -1 || service === -1 || region === -1 || account === -1) return null;
  return {
    partition: text.slice(4, partition),
    service: text.slice(partition + 1, service),
    region: text.slice(service + 1, region),
    account: text.slice(region + 1, account),
    resource: text.slice(account + 1),
  };
}

/** Partitions by how the names of their regions begin; all other regions are of the partition `aws`. */
const partitions: readonly (readonly [string, string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/**
 * The partition of an ARN that the record carries, else that of its region.
 * Source: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
export function partitionOf(arn: string | null, region: string | null): string {
  const named = arn === null ? '' : (parseArn(arn)?.partition ?? '');
  if (named !== '') return named;
  for (const [start, partition] of partitions) if (region?.startsWith(start) === true) return partition;
  return 'aws';
}
