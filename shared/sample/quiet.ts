import { roleCaller, userCaller } from './cloudtrail/caller.ts';
import { dataOperations } from './cloudtrail/data-operations.ts';
import { managementOperations } from './cloudtrail/management-operations.ts';
import type { Company } from './company.ts';
import { serviceAccountCaller } from './kubernetes/caller.ts';
import type { Planted } from './planted.ts';
import type { Random } from './random.ts';
import type { SampleTruth } from './truth.ts';
import { uniqueId } from './unique-id.ts';

const hourMs = 3_600_000;
export const legacyNode = 'ip-10-30-60-7.eu-west-1.compute.internal';

/**
 * Identities that worked on the first day and then fell silent. The service account `legacy:reporting-sync` is one
 * of them until the incident wakes it; it is not in the list that is given back.
 */
export function plantQuiet(
  planted: Planted,
  random: Random,
  company: Company,
  start: number,
): SampleTruth['dormant'] {
  const dormant: { subject: string; lastSeen: string }[] = [];
  const [tooling, production] = company.accounts;
  planted.at(start + hourMs);

  const backupId = uniqueId(`arn:aws:iam::${tooling.id}:user/svc-backup`);
  const backup = userCaller(tooling, 'svc-backup', backupId, `AKIA${random.upper(16)}`, {
    region: 'eu-west-1',
    address: '10.20.9.14',
    agent: 'aws-cli/1.18.69 Python/3.8.10 Linux/5.4.0-216-generic botocore/1.16.19',
  });
  for (let index = 0; index < 5; index++) planted.wait(900).cloud(backup, dataOperations.putObject);
  dormant.push({ subject: backup.subject, lastSeen: planted.time });

  const migrationArn = `arn:aws:iam::${production.id}:role/halden-migration-2024`;
  const migration = roleCaller({
    account: production,
    roleArn: migrationArn,
    roleName: 'halden-migration-2024',
    roleId: uniqueId(migrationArn),
    sessionName: 'dms-replication',
    accessKeyId: `ASIA${random.upper(16)}`,
    startedAt: planted.time,
    region: 'eu-west-1',
    address: '10.21.3.40',
    agent: 'aws-sdk-java/1.12.787 Linux/5.10.0 OpenJDK_64-Bit_Server_VM/17.0.16+8-LTS java/17.0.16',
  });
  for (let index = 0; index < 4; index++)
    planted.wait(900).cloud(migration, managementOperations.describeDatabases);
  dormant.push({ subject: migration.subject, lastSeen: planted.time });

  for (const name of ['pdf-export', 'reporting-sync']) {
    const account = serviceAccountCaller(random, 'legacy', name, {
      address: '10.30.60.21',
      agent: `${name}/1.4.0`,
      node: legacyNode,
    });
    for (let index = 0; index < 6; index++) {
      planted.wait(900).cluster('halden-production', account, {
        verb: 'get',
        group: null,
        version: 'v1',
        resource: 'configmaps',
        namespace: 'legacy',
        name: `${name}-settings`,
        grant: `RoleBinding "${name}/legacy" of Role "${name}" to ServiceAccount "${name}/legacy"`,
        status: 200,
      });
    }
    if (name === 'pdf-export') dormant.push({ subject: account.subject, lastSeen: planted.time });
  }
  planted.step('quiet', 'Identities that fell silent', '', '');
  return dormant;
}
