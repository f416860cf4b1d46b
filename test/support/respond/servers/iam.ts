import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What can go wrong on the way, for the next calls of an action. */
export type Fault = 'throttle' | 'error-after-effect' | 'reset-after-effect' | 'denied';

interface User {
  readonly id: string;
  readonly keys: Map<string, { status: string; created: Date }>;
  readonly policies: Map<string, string>;
  password: boolean;
  created: Date;
  /** Signing certificates, SSH keys and credentials of services, by their ids. */
  readonly others?: Map<string, { readonly list: keyof typeof otherLists; status: string; created: Date }>;
}
interface Role {
  readonly id: string;
  readonly created?: Date;
  readonly path: string;
  readonly policies: Map<string, string>;
}

/**
 * A stateful stand-in for AWS IAM and STS: the query protocol and the XML of the IAM API Reference, for the calls that
 * the provider makes. It holds no rule of the provider's own.
 */
export interface FakeIam {
  readonly url: string;
  readonly users: Map<string, User>;
  readonly roles: Map<string, Role>;
  /** OIDC and SAML identity providers by ARN, with their time. */
  readonly trusts: Map<string, Date>;
  /** Actions in the order in which they took effect. */
  readonly effects: string[];
  fault(action: string, fault: Fault, times?: number): void;
  stop(): Promise<void>;
}

export const iamSecret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const account = '123456789012';

export async function startIam(): Promise<FakeIam> {
  const created = new Date('2026-01-01T00:00:00Z');
  const users = new Map<string, User>([
    [
      'mallory',
      {
        id: 'AIDAMALLORY0000000000',
        keys: new Map([
          ['AKIAMALLORY000000001', { status: 'Active', created }],
          ['AKIAMALLORY000000002', { status: 'Active', created }],
        ]),
        policies: new Map(),
        password: true,
        created,
        others: new Map([
          ['CERT000000000000000000001', { list: 'SigningCertificate', status: 'Active', created }],
          ['APKA00000000000000000001', { list: 'SSHPublicKey', status: 'Active', created }],
          ['ACCA00000000000000000001', { list: 'ServiceSpecificCredential', status: 'Active', created }],
        ]),
      },
    ],
    ['alice', { id: 'AIDAALICE000000000000', keys: new Map(), policies: new Map(), password: true, created }],
  ]);
  const roles = new Map<string, Role>([
    ['deploy', { id: 'AROADEPLOY00000000000', path: '/', policies: new Map() }],
    [
      'AWSServiceRoleForSupport',
      { id: 'AROASUPPORT0000000000', path: '/aws-service-role/support.amazonaws.com/', policies: new Map() },
    ],
  ]);
  const trusts = new Map([
    [`arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`, created],
    [`arn:aws:iam::${account}:saml-provider/okta`, created],
  ]);
  const effects: string[] = [];
  const faults: { action: string; fault: Fault }[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const given = new URLSearchParams(await text(request));
    const action = given.get('Action') ?? '';
    const at = faults.findIndex((entry) => entry.action === action);
    const fault = at < 0 ? null : (faults.splice(at, 1)[0]?.fault ?? null);
    if (fault === 'throttle') return fail(response, 400, 'Throttling', 'Rate exceeded');
    if (fault === 'denied')
      return fail(response, 403, 'AccessDenied', `not authorized to perform iam:${action}`);
    const answer = trusted(action, given, trusts) ?? perform(action, given, users, roles, effects);
    if (fault === 'reset-after-effect') {
      request.socket.destroy();
      return undefined;
    }
    if (fault === 'error-after-effect') return fail(response, 500, 'ServiceFailure', 'internal');
    if ('error' in answer) return fail(response, answer.status, answer.error, answer.message);
    return send(
      response,
      200,
      `<${action}Response><${action}Result>${answer.xml}</${action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`,
    );
  };
  const server: Server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    users,
    roles,
    trusts,
    effects,
    fault(action, fault, times = 1) {
      for (let time = 0; time < times; time++) faults.push({ action, fault });
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type Answer =
  | { readonly xml: string }
  | { readonly status: number; readonly error: string; readonly message: string };

/** `ListSAMLProviders` says times, `ListOpenIDConnectProviders` does not (IAM API Reference). */
function trusted(action: string, given: URLSearchParams, trusts: ReadonlyMap<string, Date>): Answer | null {
  const own = (kind: string) => [...trusts].filter(([arn]) => arn.includes(`:${kind}-provider/`));
  if (action === 'ListSAMLProviders') {
    const members = own('saml').map(([arn, made]) => `<member><Arn>${arn}</Arn>${timed(made)}</member>`);
    return { xml: `<SAMLProviderList>${members.join('')}</SAMLProviderList>` };
  }
  if (action === 'ListOpenIDConnectProviders') {
    const members = own('oidc').map(([arn]) => `<member><Arn>${arn}</Arn></member>`);
    return { xml: `<OpenIDConnectProviderList>${members.join('')}</OpenIDConnectProviderList>` };
  }
  if (action !== 'GetOpenIDConnectProvider') return null;
  const made = trusts.get(given.get('OpenIDConnectProviderArn') ?? '');
  return made === undefined ? absent('The provider cannot be found.') : { xml: timed(made) };
}

function timed(made: Date): string {
  return `<CreateDate>${made.toISOString()}</CreateDate>`;
}

function perform(
  action: string,
  given: URLSearchParams,
  users: ReadonlyMap<string, User>,
  roles: ReadonlyMap<string, Role>,
  effects: string[],
): Answer {
  const name = given.get('UserName') ?? given.get('RoleName') ?? '';
  const effect = (): void => void effects.push(`${action} ${name}`);
  if (action === 'GetCallerIdentity') {
    return {
      xml: `<Arn>arn:aws:sts::${account}:assumed-role/responder/anna</Arn><UserId>AROARESPONDER00000000:anna</UserId><Account>${account}</Account>`,
    };
  }
  if (action === 'ListUsers') {
    return {
      xml: `<Users>${[...users].map(([own, user]) => `<member>${userXml(own, user)}</member>`).join('')}</Users><IsTruncated>false</IsTruncated>`,
    };
  }
  if (action === 'ListRoles') return listedRoles([...roles], given.get('Marker'));
  if (action === 'SimulatePrincipalPolicy') return simulated(given);
  const policy = given.get('PolicyName') ?? '';
  if (action.includes('Role')) {
    const role = roles.get(name);
    if (role === undefined) return absent(`The role with name ${name} cannot be found.`);
    if (action === 'GetRole') return { xml: `<Role>${roleXml(name, role)}</Role>` };
    return inline(action, name, policy, given, role.policies, effect);
  }
  const user = users.get(name);
  if (user === undefined) return absent(`The user with name ${name} cannot be found.`);
  const other = Object.entries(otherLists).find(
    ([kind]) => action === `List${kind}s` || action === `Update${kind}`,
  );
  if (other !== undefined) return otherCredential(user, other, given, effect);
  switch (action) {
    case 'GetUser':
      return { xml: `<User>${userXml(name, user)}</User>` };
    case 'ListAccessKeys':
      return {
        xml: `<AccessKeyMetadata>${[...user.keys]
          .map(
            ([id, key]) =>
              `<member><UserName>${name}</UserName><AccessKeyId>${id}</AccessKeyId><Status>${key.status}</Status><CreateDate>${key.created.toISOString()}</CreateDate></member>`,
          )
          .join('')}</AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
      };
    case 'UpdateAccessKey': {
      const key = user.keys.get(given.get('AccessKeyId') ?? '');
      if (key === undefined) return absent('The Access Key cannot be found.');
      key.status = given.get('Status') ?? '';
      effect();
      return { xml: '' };
    }
    case 'GetLoginProfile':
      if (!user.password) return absent('Login Profile cannot be found.');
      return {
        xml: `<LoginProfile><UserName>${name}</UserName><CreateDate>${user.created.toISOString()}</CreateDate></LoginProfile>`,
      };
    case 'DeleteLoginProfile':
      if (!user.password) return absent('Login Profile cannot be found.');
      user.password = false;
      effect();
      return { xml: '' };
    default:
      return inline(action, name, policy, given, user.policies, effect);
  }
}

/** How the API calls each kind of other credential: its list, its id, its time. */
const otherLists = {
  SigningCertificate: ['Certificates', 'CertificateId', 'UploadDate'],
  SSHPublicKey: ['SSHPublicKeys', 'SSHPublicKeyId', 'UploadDate'],
  ServiceSpecificCredential: ['ServiceSpecificCredentials', 'ServiceSpecificCredentialId', 'CreateDate'],
} as const;

function otherCredential(
  { others = new Map() }: User,
  [kind, [list, idName, timeName]]: readonly [string, (typeof otherLists)[keyof typeof otherLists]],
  given: URLSearchParams,
  effect: () => void,
): Answer {
  const id = given.get(idName);
  if (id === null) {
    const own = [...others].filter(([, each]) => each.list === kind);
    const members = own.map(
      ([each, { status, created }]) =>
        `<member><UserName>x</UserName><${idName}>${each}</${idName}><Status>${status}</Status><${timeName}>${created.toISOString()}</${timeName}></member>`,
    );
    return { xml: `<${list}>${members.join('')}</${list}><IsTruncated>false</IsTruncated>` };
  }
  const known = others.get(id);
  if (known === undefined) return absent(`The ${kind} cannot be found.`);
  known.status = given.get('Status') ?? '';
  effect();
  return { xml: '' };
}

function inline(
  action: string,
  holder: string,
  policy: string,
  given: URLSearchParams,
  policies: Map<string, string>,
  effect: () => void,
): Answer {
  if (action.startsWith('Put')) {
    policies.set(policy, given.get('PolicyDocument') ?? '');
    effect();
    return { xml: '' };
  }
  const document = policies.get(policy);
  if (document === undefined) return absent(`The policy with name ${policy} cannot be found.`);
  if (action.startsWith('Delete')) {
    policies.delete(policy);
    effect();
    return { xml: '' };
  }
  const kind = action.includes('Role') ? 'RoleName' : 'UserName';
  return {
    xml: `<${kind}>${holder}</${kind}><PolicyName>${policy}</PolicyName><PolicyDocument>${encodeURIComponent(document)}</PolicyDocument>`,
  };
}

function simulated(given: URLSearchParams): Answer {
  const names = [...given].filter(([key]) => key.startsWith('ActionNames.member.')).map(([, value]) => value);
  const results = names.map((name) => {
    const decision = name === 'iam:DeleteLoginProfile' ? 'implicitDeny' : 'allowed';
    return `<member><EvalActionName>${name}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`;
  });
  return {
    xml: `<EvaluationResults>${results.join('')}</EvaluationResults><IsTruncated>false</IsTruncated>`,
  };
}

function userXml(name: string, { id, created }: User): string {
  return `<Path>/</Path><UserName>${name}</UserName><UserId>${id}</UserId><Arn>arn:aws:iam::${account}:user/${name}</Arn><CreateDate>${created.toISOString()}</CreateDate>`;
}

/** In pages of one, so that following the marker is seen. */
function listedRoles(roles: readonly (readonly [string, Role])[], marker: string | null) {
  const at = Number(marker ?? 0);
  const page = roles.slice(at, at + 1).map(([name, role]) => `<member>${roleXml(name, role)}</member>`);
  const isLast = at + 1 >= roles.length;
  const end = isLast
    ? '<IsTruncated>false</IsTruncated>'
    : `<IsTruncated>true</IsTruncated><Marker>${at + 1}</Marker>`;
  return { xml: `<Roles>${page.join('')}</Roles>${end}` };
}

function roleXml(name: string, { id, path, created = new Date('2026-01-01T00:00:00Z') }: Role): string {
  return `<Path>${path}</Path><RoleName>${name}</RoleName><RoleId>${id}</RoleId><Arn>arn:aws:iam::${account}:role${path}${name}</Arn><CreateDate>${created.toISOString()}</CreateDate>`;
}

function absent(message: string): Answer {
  return { status: 404, error: 'NoSuchEntity', message };
}

function fail(response: ServerResponse, status: number, code: string, message: string): void {
  send(
    response,
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-2</RequestId></ErrorResponse>`,
  );
}

function send(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
}
