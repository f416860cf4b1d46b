/** Names of resources: https://cloud.google.com/iam/docs/full-resource-names */

const full = /^\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)\/(.+)$/;
const hierarchy = /^(?:projects|folders|organizations)\/[^/]+$/;

/** A resource, apart into its service and its name within it. */
export interface ResourceName {
  /** E.g. `storage.googleapis.com`; null where nothing tells it. */
  readonly service: string | null;
  /** E.g. `projects/_/buckets/invoices`. */
  readonly name: string;
}

/** Both forms of a bucket's name: Cloud Asset Inventory leaves `projects/_/buckets/` out. */
export function readName(id: string, service: string | null): ResourceName {
  const match = full.exec(id);
  const [found, name] = match === null ? [service, id] : [match[1] ?? null, match[2] ?? ''];
  const isBucket = found === 'storage.googleapis.com' && !name.startsWith('projects/');
  return { service: found, name: isBucket ? `projects/_/buckets/${name}` : name };
}

/** One spelling of every resource: `projects/shop`, `//storage.googleapis.com/projects/_/buckets/invoices`. */
export function canonicalName(
  id: string,
  service: string | null,
  aliases: ReadonlyMap<string, string>,
): string {
  const read = readName(id, service);
  const name = withoutAliases(read.name, aliases);
  if (hierarchy.test(name) || read.service === null) return name;
  return `//${read.service}/${name}`;
}

function withoutAliases(name: string, aliases: ReadonlyMap<string, string>): string {
  const parts = name.split('/');
  const account = parts[2] === 'serviceAccounts' ? parts[3] : undefined;
  if (account !== undefined) {
    const mail = aliases.get(`serviceAccounts/${account}`) ?? account;
    const project = /@(.+)\.iam\.gserviceaccount\.com$/.exec(mail)?.[1] ?? parts[1] ?? '-';
    return [`projects/${project}`, 'serviceAccounts', mail, ...parts.slice(4)].join('/');
  }
  const top = `${parts[0] ?? ''}/${parts[1] ?? ''}`;
  return [aliases.get(top) ?? top, ...parts.slice(2)].join('/');
}

/**
 * Resources that contain this one below its project, the nearest first and itself included; then the project, folder or
 * organization that its name tells.
 */
export function containersOf(node: string): { readonly own: readonly string[]; readonly top: string | null } {
  if (hierarchy.test(node)) return { own: [], top: node };
  const match = full.exec(node);
  const [prefix, name] = match === null ? ['', node] : [`//${match[1] ?? ''}/`, match[2] ?? ''];
  const parts = name.split('/');
  // The names of objects hold slashes of their own.
  const isObject = parts[2] === 'buckets' && parts[4] === 'objects';
  const last = isObject ? 4 : parts.length - (parts.length % 2);
  const own = isObject ? [node] : [];
  for (let length = last; length > 2; length -= 2) own.push(prefix + parts.slice(0, length).join('/'));
  if (own.length === 0) own.push(node);
  const top = parts.slice(0, 2).join('/');
  return { own, top: hierarchy.test(top) && parts[1] !== '_' && parts[1] !== '-' ? top : null };
}

const services: Readonly<Record<string, string>> = { resourcemanager: 'cloudresourcemanager.googleapis.com' };

/** The service that a permission (`storage.objects.get`) is of. */
export function serviceOf(permission: string): string {
  const prefix = permission.slice(0, permission.indexOf('.'));
  return (Object.hasOwn(services, prefix) ? services[prefix] : undefined) ?? `${prefix}.googleapis.com`;
}
