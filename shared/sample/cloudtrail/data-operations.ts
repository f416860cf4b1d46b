import { buckets, secrets, tables } from '../names.ts';
import type { Random } from '../random.ts';
import type { Caller } from './caller.ts';
import type { Operation } from './record.ts';

/** Operations on stored things: objects, rows, keys, secrets, queues. */
export const dataOperations = {
  getObject: objectOperation('GetObject', 's3:GetObject', true),
  headObject: objectOperation('HeadObject', 's3:GetObject', true),
  putObject: objectOperation('PutObject', 's3:PutObject', false),
  listObjects: {
    source: 's3',
    name: 'ListObjects',
    action: 's3:ListBucket',
    readOnly: true,
    data: true,
    failure: ['NoSuchBucket', 'The specified bucket does not exist'],
    exchange: (random, caller) => {
      const bucket = bucketName(random, caller);
      return {
        parameters: `{"list-type":"2","bucketName":"${bucket}","Host":"${bucket}.s3.${caller.region}.amazonaws.com","prefix":"${keyFolder(random)}/","encoding-type":"url"}`,
        additional: transfer(random, 0, 2000 + random.below(30_000)),
        resources: `{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::${bucket}/"},{"accountId":"${caller.account.id}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::${bucket}"}`,
        target: `arn:aws:s3:::${bucket}`,
      };
    },
  },
  decrypt: keyOperation('Decrypt', true),
  generateDataKey: keyOperation('GenerateDataKey', true),
  getItem: tableOperation('GetItem', true),
  putItem: tableOperation('PutItem', false),
  updateItem: tableOperation('UpdateItem', false),
  getSecretValue: {
    source: 'secretsmanager',
    name: 'GetSecretValue',
    action: 'secretsmanager:GetSecretValue',
    readOnly: true,
    failure: ['ResourceNotFoundException', "Secrets Manager can't find the specified secret."],
    exchange: (random, caller) => {
      const arn = `arn:aws:secretsmanager:${caller.region}:${caller.account.id}:secret:${random.pick(secrets)}-${caller.account.id.slice(0, 6)}`;
      return {
        parameters: `{"secretId":"${arn}","versionStage":"AWSCURRENT"}`,
        resources: `{"accountId":"${caller.account.id}","ARN":"${arn}"}`,
        target: arn,
      };
    },
  },
  getParameters: {
    source: 'ssm',
    name: 'GetParameters',
    action: 'ssm:GetParameters',
    readOnly: true,
    failure: ['ThrottlingException', 'Rate exceeded'],
    exchange: (random, caller) => {
      const name = `/${random.pick(secrets)}`;
      const arn = `arn:aws:ssm:${caller.region}:${caller.account.id}:parameter${name}`;
      return {
        parameters: `{"names":["${name}","${name}-url"],"withDecryption":true}`,
        resources: `{"accountId":"${caller.account.id}","ARN":"${arn}"},{"accountId":"${caller.account.id}","ARN":"${arn}-url"}`,
        target: arn,
      };
    },
  },
  describeSecret: {
    source: 'secretsmanager',
    name: 'DescribeSecret',
    action: 'secretsmanager:DescribeSecret',
    readOnly: true,
    failure: ['ResourceNotFoundException', "Secrets Manager can't find the specified secret."],
    exchange: (random, caller) => {
      const name = random.pick(secrets);
      return {
        parameters: `{"secretId":"${name}"}`,
        target: `arn:aws:secretsmanager:${caller.region}:${caller.account.id}:secret:${name}`,
      };
    },
  },
} satisfies Record<string, Operation>;

function bucketName(random: Random, caller: Caller): string {
  return `halden-${caller.account.name}-${random.pick(buckets)}`;
}

function keyFolder(random: Random): string {
  return `2026/${String(1 + random.below(12)).padStart(2, '0')}/${String(1 + random.below(28)).padStart(2, '0')}`;
}

function objectKey(random: Random): string {
  return `${keyFolder(random)}/part-${random.guid()}.parquet`;
}

function transfer(random: Random, bytesIn: number, bytesOut: number): string {
  return `{"SignatureVersion":"SigV4","bytesTransferredIn":${bytesIn},"SSEApplied":"Default_SSE_S3","AuthenticationMethod":"AuthHeader","x-amz-id-2":"${random.base64(75)}=","bytesTransferredOut":${bytesOut}}`;
}

function objectOperation(name: string, action: string, readOnly: boolean): Operation {
  return {
    source: 's3',
    name,
    action,
    readOnly,
    data: true,
    failure: ['NoSuchKey', 'The specified key does not exist.'],
    exchange: (random, caller) => {
      const bucket = bucketName(random, caller);
      const key = objectKey(random);
      const size = random.below(4_000_000);
      return {
        parameters: `{"bucketName":"${bucket}","Host":"${bucket}.s3.${caller.region}.amazonaws.com","key":"${key}"${readOnly ? '' : ',"x-amz-server-side-encryption":"AES256"'}}`,
        ...(readOnly ? {} : { response: '{"x-amz-server-side-encryption":"AES256"}' }),
        additional: readOnly ? transfer(random, 0, size) : transfer(random, size, 0),
        resources: `{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::${bucket}/${key}"},{"accountId":"${caller.account.id}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::${bucket}"}`,
        target: `arn:aws:s3:::${bucket}/${key}`,
      };
    },
  };
}

const keysPerAccount = 400;

/** One of the account's keys: its id follows from its number, so that it is the same throughout. */
function keyId(random: Random, account: string): string {
  const number = random.below(keysPerAccount) + Number(account.slice(0, 6));
  const part = (factor: number): string => (Math.imul(number, factor) >>> 0).toString(16).padStart(8, '0');
  const [a, b, c, d] = [part(0x9e3779b1), part(0x85ebca77), part(0xc2b2ae3d), part(0x27d4eb2f)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-9${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

function keyOperation(name: string, readOnly: boolean): Operation {
  return {
    source: 'kms',
    name,
    action: `kms:${name}`,
    readOnly,
    failure: ['ThrottlingException', 'You have exceeded the rate at which you may call KMS.'],
    exchange: (random, caller) => {
      const arn = `arn:aws:kms:${caller.region}:${caller.account.id}:key/${keyId(random, caller.account.id)}`;
      const context = `{"aws:s3:arn":"arn:aws:s3:::${bucketName(random, caller)}/${objectKey(random)}"}`;
      return {
        parameters:
          name === 'Decrypt'
            ? `{"encryptionContext":${context},"encryptionAlgorithm":"SYMMETRIC_DEFAULT","keyId":"${arn}"}`
            : `{"encryptionContext":${context},"keySpec":"AES_256","keyId":"${arn}"}`,
        resources: `{"accountId":"${caller.account.id}","type":"AWS::KMS::Key","ARN":"${arn}"}`,
        target: arn,
      };
    },
  };
}

function tableOperation(name: string, readOnly: boolean): Operation {
  return {
    source: 'dynamodb',
    name,
    action: `dynamodb:${name}`,
    readOnly,
    data: true,
    failure: [
      'ProvisionedThroughputExceededException',
      'The level of configured provisioned throughput for the table was exceeded.',
    ],
    exchange: (random, caller) => {
      const table = random.pick(tables);
      const arn = `arn:aws:dynamodb:${caller.region}:${caller.account.id}:table/${table}`;
      return {
        parameters: `{"tableName":"${table}","key":{"id":"HIDDEN_DUE_TO_SECURITY_REASONS"},"consistentRead":false,"returnConsumedCapacity":"NONE"}`,
        resources: `{"accountId":"${caller.account.id}","type":"AWS::DynamoDB::Table","ARN":"${arn}"}`,
        target: arn,
      };
    },
  };
}
