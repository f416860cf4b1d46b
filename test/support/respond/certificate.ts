import { type KeyObject, createHash, generateKeyPairSync, sign } from 'node:crypto';

export interface TestCertificate {
  /** Certificate and private key, one after the other. */
  readonly pem: string;
  readonly certificate: string;
  readonly key: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** `x5t#S256` of a token that is signed with it (RFC 7515, 4.1.8). */
  readonly thumbprint: string;
}

/** A self-signed RSA certificate (RFC 5280), made for one test; for a server with its address. */
export function makeCertificate(name: string, address?: readonly number[]): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const sha256WithRsa = sequence(
    Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]),
    tagged(0x05),
  );
  const commonName = sequence(Buffer.from([0x06, 0x03, 0x55, 0x04, 0x03]), tagged(0x0c, Buffer.from(name)));
  const subject = sequence(tagged(0x31, commonName));
  const validity = sequence(utcTime('250101000000Z'), utcTime('491231235959Z'));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    sha256WithRsa,
    subject,
    validity,
    subject,
    key,
    ...(address === undefined ? [] : [extensions(address)]),
  );
  const signature = sign('sha256', body, privateKey);
  const der = sequence(body, sha256WithRsa, tagged(0x03, Buffer.from([0]), signature));
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  const privatePem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return {
    pem: certificate + privatePem,
    certificate,
    key: privatePem,
    publicKey,
    privateKey,
    thumbprint: createHash('sha256').update(der).digest('base64url'),
  };
}

/** subjectAltName with one IP address (RFC 5280, 4.2.1.6). */
function extensions(address: readonly number[]): Buffer {
  const names = sequence(tagged(0x87, Buffer.from(address)));
  const alternative = sequence(Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x11]), tagged(0x04, names));
  return tagged(0xa3, sequence(alternative));
}

/** DER: tag, length, content (ITU-T X.690). */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function utcTime(text: string): Buffer {
  return tagged(0x17, Buffer.from(text));
}
