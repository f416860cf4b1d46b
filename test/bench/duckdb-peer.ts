// The peer of the benchmark, in a process of its own: DuckDB on the same files, with the same two threads.
//   node test/bench/duckdb-peer.ts load typed|raw FOLDER DATABASE     →  {"seconds","rows","bytes"}
//   node test/bench/duckdb-peer.ts queries DATABASE ROUNDS            →  {"<query>": [milliseconds…], "new texts": […]}
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { duckdbQueries, duckdbText, newTexts } from './queries.ts';

const columns = [
  'eventTime',
  'eventSource',
  'eventName',
  'awsRegion',
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'errorMessage',
  'requestID',
  'eventID',
  'eventType',
  'recipientAccountId',
  'sharedEventID',
];
const identity =
  'STRUCT("type" VARCHAR, principalId VARCHAR, arn VARCHAR, accountId VARCHAR, accessKeyId VARCHAR, userName VARCHAR, ' +
  'invokedBy VARCHAR, sessionContext STRUCT(sessionIssuer STRUCT("type" VARCHAR, arn VARCHAR, userName VARCHAR), ' +
  'attributes STRUCT(creationDate VARCHAR, mfaAuthenticated VARCHAR)))';
const typedRecord = `STRUCT(${columns.map((name) => `${name} VARCHAR`).join(', ')}, userIdentity ${identity}, resources JSON, requestParameters JSON)`;

/** The table both loads make: what a console needs to answer the benchmark's queries. */
const typedSelect = `
  r.eventTime::TIMESTAMP AS time,
  coalesce(r.userIdentity.sessionContext.sessionIssuer.arn, r.userIdentity.arn, r.userIdentity.invokedBy) AS subject,
  r.userIdentity.arn AS session, r.userIdentity.accessKeyId AS credential,
  split_part(r.eventSource, '.', 1) || ':' || r.eventName AS action,
  CASE WHEN r.errorCode IS NULL THEN 'allow'
       WHEN r.errorCode ILIKE '%denied%' OR r.errorCode ILIKE '%unauthorized%' THEN 'deny' ELSE 'error' END AS outcome,
  r.errorMessage AS reason, coalesce(r.resources::VARCHAR, r.requestParameters::VARCHAR) AS resource,
  r.sourceIPAddress AS ip, r.userAgent AS user_agent, r.recipientAccountId AS account, r.awsRegion AS region,
  r.requestID AS request_id, r.eventID AS event_id`;

async function load(kind: string, folder: string, database: string): Promise<void> {
  rmSync(database, { force: true });
  const connection = await open(database);
  const files = join(folder, '**/*.json.gz').replaceAll("'", "''");
  const record = kind === 'typed' ? typedRecord : 'JSON';
  const source = `read_json('${files}', columns = {Records: '${record.replaceAll("'", "''")}[]'}, maximum_object_size = 1073741824, format = 'auto')`;
  // With the raw record kept: each record as JSON text, the same fields extracted from it.
  const select =
    kind === 'typed'
      ? `SELECT ${typedSelect} FROM (SELECT unnest(Records) AS r FROM ${source})`
      : `SELECT ${typedSelect}, raw FROM (SELECT raw::VARCHAR AS raw, from_json(raw, '${JSON.stringify(structure())}') AS r FROM (SELECT unnest(Records) AS raw FROM ${source}))`;
  const started = performance.now();
  await connection.run(`CREATE TABLE events AS SELECT * FROM (${select})`);
  await connection.run('CHECKPOINT');
  const seconds = (performance.now() - started) / 1000;
  const rows = Number((await connection.runAndReadAll('SELECT count(*) FROM events')).getRows()[0]?.[0]);
  console.log(JSON.stringify({ seconds, rows, bytes: statSync(database).size }));
}

/** The structure that `from_json` reads, equal to the typed record. */
function structure(): Record<string, unknown> {
  return {
    ...Object.fromEntries(columns.map((name) => [name, 'VARCHAR'])),
    userIdentity: {
      type: 'VARCHAR',
      principalId: 'VARCHAR',
      arn: 'VARCHAR',
      accountId: 'VARCHAR',
      accessKeyId: 'VARCHAR',
      userName: 'VARCHAR',
      invokedBy: 'VARCHAR',
      sessionContext: {
        sessionIssuer: { type: 'VARCHAR', arn: 'VARCHAR', userName: 'VARCHAR' },
        attributes: { creationDate: 'VARCHAR', mfaAuthenticated: 'VARCHAR' },
      },
    },
    resources: 'JSON',
    requestParameters: 'JSON',
  };
}

async function queries(database: string, rounds: number): Promise<void> {
  const connection = await open(database);
  const times: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, text] of Object.entries(duckdbQueries)) {
      const started = performance.now();
      (await connection.runAndReadAll(text)).getRows();
      (times[name] ??= []).push(performance.now() - started);
    }
  }
  for (const text of newTexts) {
    const started = performance.now();
    (await connection.runAndReadAll(duckdbText(text))).getRows();
    (times['new texts'] ??= []).push(performance.now() - started);
  }
  console.log(JSON.stringify(times));
}

async function open(database: string): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(database, { threads: '2', preserve_insertion_order: 'false' });
  return instance.connect();
}

const [command, ...parameters] = process.argv.slice(2);
if (command === 'load') await load(parameters[0] ?? '', parameters[1] ?? '', parameters[2] ?? '');
else await queries(parameters[0] ?? '', Number(parameters[1]));
