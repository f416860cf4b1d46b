/** Codes of TLS verification: OpenSSL's X509_V_ERR_… without the prefix, and Node's own. */
const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

const troubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Check host and port, and that the service runs',
  ENOTFOUND: 'there is no host of this name. Check the name, and the name server of this machine',
  EAI_AGAIN: 'the host’s name could not be looked up. Check the network and the name server of this machine',
  EHOSTUNREACH: 'no way leads to the host. Check the network, VPN and firewall',
  ENETUNREACH: 'no way leads to the host. Check the network, VPN and firewall',
  ETIMEDOUT: 'no answer in time. Check host and port, VPN and firewall',
  CERT_HAS_EXPIRED: 'its certificate has expired. Renew it there',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet. Check the clocks of both machines',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is for another name. Use the name that stands in the certificate',
  EPROTO: 'it does not speak TLS. Check the port: this may be the one for plain connections',
  ERR_SSL_WRONG_VERSION_NUMBER:
    'it does not speak TLS. Check the port: this may be the one for plain connections',
};

/** Why a connection did not come about and what to do about it, from the code of a socket or of TLS; null for others. */
export function connectionTrouble(code: string): string | null {
  if (untrusted.has(code)) {
    return 'no authority that is trusted here vouches for its certificate. Where the authority is private, give its certificate in the setting “ca”';
  }
  return Object.hasOwn(troubles, code) ? (troubles[code] ?? null) : null;
}
