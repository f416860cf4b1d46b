import { constants, verify } from 'node:crypto';
import { makeCertificate } from '../certificate.ts';
import {
  type EntraWorld,
  type Thing,
  entraClient,
  entraTenant,
  globalAdministrator,
  makeWorld,
  needs,
} from './entra-world.ts';
import {
  type Call,
  type HttpStandIn,
  type Reply,
  type StandInTls,
  startHttpStandIn,
} from './http-stand-in.ts';

export const entraToken = 'entra-access-token-7719';
const certificate = makeCertificate('rescind responder');
export const entraCertificate = certificate.pem;

export interface FakeEntra extends HttpStandIn {
  readonly world: EntraWorld;
  /** Whether a person who signs in now gets in, and whether a refresh token of some time is taken. */
  signIn(id: string): boolean;
  refresh(id: string, issuedAt: number): boolean;
}

/** A stateful stand-in for a tenant: the token endpoint, and Microsoft Graph v1.0 as its reference describes it. */
export async function startEntra(tls?: StandInTls): Promise<FakeEntra> {
  const world = makeWorld();
  const server = await startHttpStandIn(
    {
      perform: (call) => perform(call, world, server.url),
      throttled: () => ({
        status: 429,
        headers: { 'retry-after': '7' },
        body: fault('TooManyRequests', 'Too Many Requests'),
      }),
      refused: () => denied(),
    },
    tls,
  );
  const person = (id: string): Thing => world.users.find((user) => user.id === id) as Thing;
  return {
    ...server,
    world,
    signIn: (id) => person(id)['accountEnabled'] === true,
    refresh: (id, issuedAt) =>
      person(id)['accountEnabled'] === true &&
      issuedAt >= Date.parse(String(person(id)['signInSessionsValidFromDateTime'])),
  };
}

function fault(code: string, message: string): unknown {
  return { error: { code, message, innerError: { 'request-id': 'request-1', date: '2026-01-01T00:00:00' } } };
}
const denied = (): Reply => ({
  status: 403,
  body: fault('Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
});
const absent = (): Reply => ({
  status: 404,
  body: fault(
    'Request_ResourceNotFound',
    'Resource does not exist or one of its queried references is not present.',
  ),
});
const bad = (message: string): Reply => ({ status: 400, body: fault('Request_BadRequest', message) });

function perform(call: Call, world: EntraWorld, url: string): Reply {
  if (call.path.endsWith('/.well-known/openid-configuration')) {
    const at = `${url.replace('http:', 'https:')}/${entraTenant}`;
    return {
      status: 200,
      body: {
        issuer: `${at}/v2.0`,
        authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
        token_endpoint: `${at}/oauth2/v2.0/token`,
        jwks_uri: `${at}/discovery/v2.0/keys`,
      },
    };
  }
  if (call.path === `/${entraTenant}/oauth2/v2.0/token`) return token(call, url);
  if (call.authorization !== `Bearer ${entraToken}`) {
    return { status: 401, body: fault('InvalidAuthenticationToken', 'Access token is empty.') };
  }
  const path = call.path.replace('/v1.0', '');
  const need = needs.find(([pattern]) => pattern.test(`${call.method} ${path}`))?.[1];
  if (need !== undefined && !world.granted.has(need)) return denied();
  const body = (call.body === '' ? {} : JSON.parse(call.body)) as Record<string, unknown>;
  if (call.method === 'GET') return read(decodeURIComponent(path), call.query, world, url);
  return write(call.method, decodeURIComponent(path), body, world);
}

function token({ body }: Call, url: string): Reply {
  const given = new URLSearchParams(body);
  const [head = '', claims = '', signature = ''] = (given.get('client_assertion') ?? '').split('.');
  const header = parse(head);
  const said = parse(claims);
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    header['alg'] === 'PS256'
      ? { key: certificate.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : certificate.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  const audience = `${url.replace('http:', 'https:')}/${entraTenant}/oauth2/v2.0/token`;
  const isRight =
    isSigned &&
    header['x5t#S256'] === certificate.thumbprint &&
    said['iss'] === entraClient &&
    said['sub'] === entraClient &&
    said['aud'] === audience &&
    given.get('client_id') === entraClient &&
    given.get('grant_type') === 'client_credentials' &&
    given.get('scope')?.split(' ').includes(`${url}/.default`) === true;
  if (!isRight) {
    return {
      status: 401,
      body: {
        error: 'invalid_client',
        error_description: 'AADSTS700027: The certificate is not registered.',
      },
    };
  }
  return { status: 200, body: { token_type: 'Bearer', expires_in: 3_599, access_token: entraToken } };
}

function parse(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
}

function read(path: string, query: URLSearchParams, world: EntraWorld, url: string): Reply {
  const [, first = '', second = '', third = ''] = path.split('/');
  const filter = query.get('$filter') ?? '';
  if (path === '/organization') return page([{ id: entraTenant, displayName: 'Example' }], path, query, url);
  if (path === '/roleManagement/directory/roleEligibilitySchedules') {
    const [, value = ''] = /^principalId eq '(.+)'$/.exec(filter) ?? [];
    return page(
      world.eligible.filter(({ principalId }) => principalId === value),
      path,
      query,
      url,
    );
  }
  if (path === '/roleManagement/directory/roleAssignments') {
    const [, member = '', value = ''] = /^(\w+) eq '(.+)'$/.exec(filter) ?? [];
    const found = world.roleAssignments.filter((one) => one[member] === value);
    return page(
      found.map((one) => expanded(one, query.get('$expand') ?? '', world)),
      path,
      query,
      url,
    );
  }
  const [, byApp] = /^(?:servicePrincipals|applications)\(appId='(.+)'\)$/.exec(first) ?? [];
  if (byApp !== undefined) {
    const list = first.startsWith('app') ? world.applications : world.servicePrincipals;
    return one(
      list.find((object) => object['appId'] === byApp),
      query,
    );
  }
  if (first === 'groups') {
    const group = world.groups.find(({ id }) => id === second);
    const members = world.users.filter(({ id }) => group?.members.includes(id) === true);
    return page([...typed('user', members), ...typed('device', world.devices)], path, query, url);
  }
  if (first !== 'users' && first !== 'servicePrincipals' && first !== 'applications' && first !== 'devices') {
    return absent();
  }
  const list: Thing[] = world[first];
  if (second === '')
    return page(
      list.filter((object) => isMatch(object, filter)),
      path,
      query,
      url,
    );
  const found = list.find((object) => object.id === second);
  if (found === undefined) return absent();
  if (third === '') return one(found, query);
  if (path.endsWith('/authentication/methods')) {
    return page(
      world.methods.filter(({ user }) => user === second),
      path,
      query,
      url,
    );
  }
  if (third === 'transitiveMemberOf') {
    const groups = world.groups.filter(({ members }) => members.includes(second)).map(({ id }) => id);
    const mine = world.roleAssignments.filter(({ principalId }) =>
      [second, ...groups].includes(String(principalId)),
    );
    const inForce = mine.map(({ roleDefinitionId }) => ({ roleTemplateId: roleDefinitionId }));
    return page([...typed('group', world.groups), ...typed('directoryRole', inForce)], path, query, url);
  }
  if (third === 'ownedObjects') {
    const owned = world.applications.filter(({ owner }) => owner === second);
    return page([...typed('group', world.groups), ...typed('application', owned)], path, query, url);
  }
  if (third === 'federatedIdentityCredentials') {
    return page(found['federated'] as unknown[], path, query, url);
  }
  if (third === 'registeredDevices') {
    const devices = world.devices.filter(({ owner }) => owner === second);
    return page(typed('device', devices), path, query, url);
  }
  if (third === 'appRoleAssignments') {
    // Those of groups that a user is a direct member of come along.
    const groups = world.groups.filter(({ members }) => members.includes(second)).map(({ id }) => id);
    const own = world.appRoleAssignments.filter(({ principalId }) =>
      [second, ...groups].includes(String(principalId)),
    );
    return page(own, path, query, url);
  }
  if (third === 'oauth2PermissionGrants') {
    const member = first === 'users' ? 'principalId' : 'clientId';
    return page(
      world.consents.filter((consent) => consent[member] === second),
      path,
      query,
      url,
    );
  }
  return absent();
}

/** Objects of one type in a list of several. */
function typed(type: string, objects: readonly object[]): object[] {
  return objects.map((object) => ({ '@odata.type': `#microsoft.graph.${type}`, ...object }));
}

function expanded(object: Thing, expand: string, world: EntraWorld): Thing {
  if (expand === 'roleDefinition') {
    const isGlobal = object['roleDefinitionId'] === globalAdministrator;
    const displayName = isGlobal ? 'Global Administrator' : 'Helpdesk';
    return { ...object, roleDefinition: { displayName, isBuiltIn: true } };
  }
  const isGroup = world.groups.some(({ id }) => id === object['principalId']);
  const type = isGroup ? '#microsoft.graph.group' : '#microsoft.graph.user';
  return { ...object, principal: { '@odata.type': type, id: object['principalId'] } };
}

/** The filters of OData that the reference allows on these collections. */
function isMatch(object: Thing, filter: string): boolean {
  if (filter === '') return true;
  return filter.split(' or ').some((part) => {
    const [, member = '', operator, value = ''] = /^(\w+) (eq|ge) '?(.+?)'?$/.exec(part) ?? [];
    const found = object[member];
    if (typeof found !== 'string') return false;
    return operator === 'ge'
      ? found >= value
      : found.toLowerCase() === value.replaceAll("''", "'").toLowerCase();
  });
}

function one(object: Thing | undefined, query: URLSearchParams): Reply {
  if (object === undefined) return absent();
  const wanted = query.get('$select')?.split(',');
  if (wanted === undefined) return { status: 200, body: object };
  return {
    status: 200,
    body: Object.fromEntries(Object.entries(object).filter(([name]) => wanted.includes(name))),
  };
}

/** Lists come in pages of one, so that following the next link is seen. */
function page(all: readonly unknown[], path: string, query: URLSearchParams, url: string): Reply {
  const at = Number(query.get('$skiptoken') ?? 0);
  const next = new URLSearchParams(query);
  next.set('$skiptoken', String(at + 1));
  const more = at + 1 < all.length ? { '@odata.nextLink': `${url}/v1.0${path}?${next.toString()}` } : {};
  return { status: 200, body: { value: all.slice(at, at + 1), ...more } };
}

function write(method: string, path: string, body: Record<string, unknown>, world: EntraWorld): Reply {
  const [, first = '', second = '', third = '', fourth = ''] = path.split('/');
  if (first === 'users' && third === '') return patchUser(second, body, world);
  if (third === 'revokeSignInSessions') {
    const user = world.users.find(({ id }) => id === second);
    if (user === undefined) return absent();
    if (user['userType'] !== 'Guest') user['signInSessionsValidFromDateTime'] = new Date().toISOString();
    return { status: 200, body: { value: true } };
  }
  if (third === 'authentication') return remove(world.methods, path.split('/').at(-1) ?? '');
  if (third === 'appRoleAssignments') {
    return method === 'DELETE'
      ? remove(world.appRoleAssignments, fourth)
      : add(world.appRoleAssignments, body);
  }
  if (first === 'oauth2PermissionGrants') {
    return method === 'DELETE' ? remove(world.consents, second) : add(world.consents, body);
  }
  if (third === 'roleEligibilityScheduleRequests') return requestEligibility(world, body);
  if (first === 'roleManagement') {
    return method === 'DELETE' ? remove(world.roleAssignments, fourth) : add(world.roleAssignments, body);
  }
  if (first !== 'devices' && first !== 'servicePrincipals' && first !== 'applications') return absent();
  const list: Thing[] = world[first];
  const object = list.find(({ id }) => id === second);
  if (object === undefined) return absent();
  if (third === 'federatedIdentityCredentials') {
    const trusted = object['federated'] as Thing[];
    return method === 'DELETE' ? remove(trusted, fourth) : add(trusted, body);
  }
  if (third === 'removePassword') {
    const secrets = object['passwordCredentials'] as { keyId: string }[];
    if (!secrets.some(({ keyId }) => keyId === body['keyId'])) {
      return bad('No password credential found with keyId.');
    }
    object['passwordCredentials'] = secrets.filter(({ keyId }) => keyId !== body['keyId']);
    return { status: 204 };
  }
  Object.assign(object, body);
  return { status: 204 };
}

function patchUser(id: string, body: Record<string, unknown>, world: EntraWorld): Reply {
  const user = world.users.find((one) => one.id === id);
  const need =
    'passwordProfile' in body ? 'User-PasswordProfile.ReadWrite.All' : 'User.EnableDisableAccount.All';
  if (user === undefined) return absent();
  const isAdministrator = world.roleAssignments.some(({ principalId }) => principalId === id);
  if (!world.granted.has(need) || (isAdministrator && !world.isPrivileged)) return denied();
  if (user['onPremisesSyncEnabled'] === true) {
    return bad('Unable to update the specified properties for on-premises mastered Directory Sync objects.');
  }
  if ('passwordProfile' in body) {
    user['lastPasswordChangeDateTime'] = new Date().toISOString();
    user['password'] = (body['passwordProfile'] as { password: string }).password;
  } else {
    Object.assign(user, body);
  }
  return { status: 204 };
}

/** Create roleEligibilityScheduleRequests, Microsoft Graph v1.0. */
function requestEligibility(world: EntraWorld, body: Record<string, unknown>): Reply {
  const { action, principalId, roleDefinitionId, directoryScopeId, scheduleInfo, isValidationOnly } = body;
  const at = world.eligible.findIndex(
    (one) =>
      one['principalId'] === principalId &&
      one['roleDefinitionId'] === roleDefinitionId &&
      one['directoryScopeId'] === directoryScopeId,
  );
  if (action !== 'adminRemove' && action !== 'adminAssign') return bad('The action is not supported.');
  if (action === 'adminRemove' && at < 0) return bad('The Role assignment does not exist.');
  if (action === 'adminAssign' && at >= 0) return bad('The Role assignment already exists.');
  if (isValidationOnly === true) return { status: 201, body: { status: 'Granted', ...body } };
  if (action === 'adminRemove') world.eligible.splice(at, 1);
  else {
    add(world.eligible, {
      principalId,
      roleDefinitionId,
      directoryScopeId,
      scheduleInfo,
      memberType: 'Direct',
      status: 'Provisioned',
    });
  }
  return {
    status: 201,
    body: { id: 'request', status: action === 'adminRemove' ? 'Revoked' : 'Provisioned' },
  };
}

function remove(list: Thing[], id: string): Reply {
  const at = list.findIndex((object) => object.id === id);
  if (at < 0) return absent();
  list.splice(at, 1);
  return { status: 204 };
}

function add(list: Thing[], body: Record<string, unknown>): Reply {
  const object = {
    ...body,
    id: `made-${list.length}-${Date.now()}`,
    createdDateTime: new Date().toISOString(),
  };
  list.push(object);
  return { status: 201, body: object };
}
