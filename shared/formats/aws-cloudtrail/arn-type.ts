import { parseArn } from './arn.ts';
import { ec2ArnType } from './ec2-resource.ts';
import { arnTypes, rules } from './resource-rules/index.ts';

/** Types by service and the beginning of the resource, from the rules' own patterns. */
const typesOfArns: ReadonlyMap<string, string> = new Map([
  ...Object.values(rules)
    .flat()
    .filter(([, , pattern]) => pattern !== '')
    .map(([, type, pattern]): [string, string] => {
      const [service = '', , , ...rest] = pattern.split(':');
      return [`${service}:${beginning(rest.join(':'))}`, type];
    })
    .toReversed(),
  ...Object.entries(arnTypes),
]);

function beginning(resource: string): string {
  return /^\/?[A-Za-z-]+/.exec(resource)?.[0] ?? '';
}

/** The type of an ARN in CloudFormation's words; null where it is not known. */
export function typeOfArn(text: string): string | null {
  const arn = parseArn(text);
  if (arn === null) return null;
  if (arn.service === 's3') {
    if (arn.resource.startsWith('accesspoint/')) return 'AWS::S3::AccessPoint';
    return arn.resource.includes('/') ? 'AWS::S3::Object' : 'AWS::S3::Bucket';
  }
  if (arn.service === 'sns') return arn.resource.includes(':') ? 'AWS::SNS::Subscription' : 'AWS::SNS::Topic';
  if (arn.service === 'sqs') return 'AWS::SQS::Queue';
  const name = beginning(arn.resource);
  if (arn.service === 'ec2') return ec2ArnType(name);
  return typesOfArns.get(`${arn.service}:${name}`) ?? null;
}
