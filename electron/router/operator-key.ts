/** The key file with which the operator of this host signs. */
export interface KeptKey {
  readonly path: string;
  readonly name: string;
  readonly passphrase: string | null;
}

/**
 * The operator's key, named ahead of an emergency and kept in memory until the host ends. SECURITY: it signs for the
 * control that was held on the confirm surface and for nothing else; the console's page learns its file's name alone.
 */
export class OperatorKey {
  kept: KeptKey | null = null;
}
