import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { objectBody } from '../../object-body.ts';
import { outcomeOfStatus, readErrorOf } from '../../outcomes.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';

export const rbac = '/apis/rbac.authorization.k8s.io/v1';
const mostPages = 200;

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
}

/** The API server of a cluster, by REST (Kubernetes API conventions). */
export class Cluster {
  readonly #url: string;
  readonly #io: ProviderIo;

  constructor(url: string, io: ProviderIo) {
    this.#url = url;
    this.#io = io;
  }

  address(path: string, isDryRun = false): string {
    return `${this.#url}${path}${isDryRun ? '?dryRun=All' : ''}`;
  }

  async read(path: string, call: CallContext): Promise<JsonObject> {
    const response = await this.#send('GET', this.address(path), null, call);
    if (!response.ok) throw readErrorOf(response, `GET ${path}`, this.#io.clock.now());
    return objectBody(response, 'The API server');
  }

  /** Null where the object is not there. */
  async find(path: string, call: CallContext): Promise<JsonObject | null> {
    try {
      return await this.read(path, call);
    } catch (thrown) {
      if (thrown instanceof ProviderError && thrown.kind === 'absent') return null;
      throw thrown;
    }
  }

  async list(path: string, call: CallContext): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    let from = '';
    for (let page = 0; page < mostPages; page++) {
      const answer = await this.read(`${path}?limit=500${from}`, call);
      found.push(...arrayAt(answer, 'items').filter(isObject));
      const next = textAt(objectAt(answer, 'metadata'), 'continue');
      if (next === null) return found;
      from = `&continue=${encodeURIComponent(next)}`;
    }
    throw new ProviderError('protocol', `${path} has more pages than are read.`);
  }

  /** A review: asked by POST, and changes nothing. */
  async review(path: string, body: JsonObject, call: CallContext): Promise<JsonObject> {
    const response = await this.#send('POST', this.address(path), body, call);
    if (!response.ok) throw readErrorOf(response, `POST ${path}`, this.#io.clock.now());
    return objectAt(await objectBody(response, 'The API server'), 'status') ?? {};
  }

  /** A write, with the object that came of it where the server says one. */
  async write(
    method: 'PUT' | 'POST' | 'DELETE',
    path: string,
    body: JsonObject,
    options: { readonly isDryRun: boolean; readonly permissions: readonly string[] },
    call: CallContext,
  ): Promise<{ readonly outcome: Outcome; readonly object: JsonObject | null }> {
    const response = await this.#send(method, this.address(path, options.isDryRun), body, call);
    const answer = await objectBody(response, 'The API server').catch(() => null);
    const said = response.ok || answer === null ? null : textAt(answer, 'message');
    const detail = `${method} ${path}: HTTP ${response.status}.${said === null ? '' : ` ${said}`}`;
    const outcome = outcomeOfStatus(response, detail, {
      now: this.#io.clock.now(),
      permissions: options.permissions,
      facts: { reason: answer === null ? null : textAt(answer, 'reason'), dryRun: options.isDryRun },
    });
    return { outcome, object: response.ok ? answer : null };
  }

  /** Whether the operator itself may do something. */
  async mayDo(attributes: ResourceAttributes, call: CallContext): Promise<boolean> {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { ...attributes } },
    };
    return (await this.review(path, body, call))['allowed'] === true;
  }

  async #send(
    method: string,
    address: string,
    body: JsonObject | null,
    { signal }: CallContext,
  ): Promise<Response> {
    const token = await this.#io.secret('token');
    return this.#io.fetch(address, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
  }
}

export function metadataOf(object: JsonObject | null | undefined): JsonObject {
  return objectAt(object ?? undefined, 'metadata') ?? {};
}

/**
 * Who writes an object back: a controller that owns it, or a GitOps tool that left its mark. Null where nothing says
 * so.
 */
export function managerOf(object: JsonObject): string | null {
  const metadata = metadataOf(object);
  const labels = objectAt(metadata, 'labels') ?? {};
  const annotations = objectAt(metadata, 'annotations') ?? {};
  const owner = arrayAt(metadata, 'ownerReferences').filter(isObject)[0];
  if (owner !== undefined) return `${textAt(owner, 'kind') ?? 'controller'} ${textAt(owner, 'name') ?? ''}`;
  if (
    annotations['argocd.argoproj.io/tracking-id'] !== undefined ||
    labels['argocd.argoproj.io/instance'] !== undefined
  ) {
    return 'Argo CD';
  }
  if (Object.keys(labels).some((key) => key.endsWith('.toolkit.fluxcd.io/name'))) return 'Flux';
  if (annotations['meta.helm.sh/release-name'] !== undefined) return 'Helm';
  if (labels['kubernetes.io/bootstrapping'] === 'rbac-defaults') return 'the API server (default roles)';
  return textAt(labels, 'app.kubernetes.io/managed-by');
}
