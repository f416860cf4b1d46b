/** The event that made a credential. */
export interface CredentialOrigin {
  readonly event: string;
  readonly time: string;
  readonly operation: string | null;
  readonly subject: string | null;
  /** The credential with which it was made. */
  readonly credential: string | null;
}

/** A credential or session, what was done with it, and what was made with it. */
export interface LineageNode {
  /** Null for a session whose events name no credential. */
  readonly credential: { readonly id: string; readonly type: string } | null;
  readonly holder: string | null;
  /** Null where the case has no event that made it. */
  readonly madeBy: CredentialOrigin | null;
  readonly events: number;
  readonly denied: number;
  readonly first: string | null;
  readonly last: string | null;
  /** Identities that acted with it. */
  readonly subjects: readonly string[];
  readonly children: readonly LineageNode[];
}
