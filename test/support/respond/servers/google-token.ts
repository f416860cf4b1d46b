import { generateKeyPairSync, verify } from 'node:crypto';
import type { Call, Reply } from './http-stand-in.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const googleKey = String(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
export const googleToken = 'ya29.google-access-token-5517';
export const responder = 'responder@home-project.iam.gserviceaccount.com';

/**
 * Google's token endpoint for service accounts (“Using OAuth 2.0 for Server to Server Applications”): the assertion is
 * for Google's own address, whatever address it is sent to.
 */
export function grantToken({ body }: Call, subject: string | null, delegated: ReadonlySet<string>): Reply {
  const given = new URLSearchParams(body);
  const [head = '', claims = '', signature = ''] = (given.get('assertion') ?? '').split('.');
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<string, unknown>;
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    keys.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  const isRight =
    isSigned &&
    given.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
    said['iss'] === responder &&
    said['aud'] === 'https://oauth2.googleapis.com/token' &&
    Number(said['exp']) - Number(said['iat']) <= 3_600;
  if (!isRight) {
    return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
  }
  const scopes = String(said['scope']).split(' ');
  if ((said['sub'] ?? null) !== subject || scopes.some((scope) => !delegated.has(scope))) {
    return {
      status: 401,
      body: {
        error: 'unauthorized_client',
        error_description: 'Client is unauthorized to retrieve access tokens.',
      },
    };
  }
  return { status: 200, body: { access_token: googleToken, expires_in: 3_599, token_type: 'Bearer' } };
}

/** An error as Google's APIs word it. */
export function googleError(code: number, status: string, reason: string, message: string): Reply {
  return {
    status: code,
    body: { error: { code, message, status, errors: [{ domain: 'global', reason, message }] } },
  };
}
