/** The invented company of the sample. */
export const companyName = 'Halden Freight';
export const companyDomain = 'halden-freight.example';

/** Where Identity Center's assertions are presented. */
export const signInAudience = 'https://signin.aws.amazon.com/saml';

/** The SAML provider that Identity Center keeps in an account. */
export function identityCenterProvider(account: string): string {
  return `arn:aws:iam::${account}:saml-provider/AWSSSO_0f3a9c5be1d27648_DO_NOT_DELETE`;
}

export const firstNames = [
  'Amara',
  'Anton',
  'Beatriz',
  'Bjorn',
  'Carla',
  'Chidi',
  'Dagny',
  'Deniz',
  'Elif',
  'Emeka',
  'Farah',
  'Felix',
  'Greta',
  'Hugo',
  'Ines',
  'Ivan',
  'Jonas',
  'Kaori',
  'Kofi',
  'Lea',
  'Lucia',
  'Magnus',
  'Mina',
  'Nadia',
  'Niko',
  'Olga',
  'Pavel',
  'Priya',
  'Quentin',
  'Rania',
  'Ruben',
  'Sana',
  'Silje',
  'Tariq',
  'Tove',
  'Uma',
  'Viktor',
  'Wanda',
  'Yusuf',
  'Zofia',
] as const;

export const lastNames = [
  'Aalto',
  'Barros',
  'Castell',
  'Dahl',
  'Eriksen',
  'Fontaine',
  'Grieg',
  'Haddad',
  'Iversen',
  'Jansen',
  'Kaya',
  'Lindqvist',
  'Moreau',
  'Nakamura',
  'Okafor',
  'Petrov',
  'Quist',
  'Rossi',
  'Sorensen',
  'Tanaka',
] as const;

export const buckets = [
  'shipments',
  'invoices',
  'customer-documents',
  'route-plans',
  'telemetry-raw',
  'telemetry-curated',
  'app-assets',
  'build-artifacts',
  'backups',
  'exports',
  'reports',
  'ml-features',
] as const;

export const tables = ['shipments', 'tracking-events', 'customers', 'drivers', 'quotes', 'sessions'] as const;
export const functions = [
  'quote-pricing',
  'route-optimizer',
  'label-printer',
  'invoice-renderer',
  'telemetry-ingest',
  'webhook-relay',
] as const;
export const secrets = [
  'shipping-api/database',
  'billing/stripe',
  'customs/edi-gateway',
  'tracking/redis',
  'portal/session-key',
  'warehouse/readonly',
  'mail/smtp',
  'partner/sftp',
] as const;
export const services = [
  'shipping-api',
  'tracking',
  'billing',
  'portal',
  'customs',
  'quotes',
  'notifications',
  'warehouse-sync',
] as const;
export const namespaces = [
  'shipping',
  'tracking',
  'billing',
  'portal',
  'payments',
  'monitoring',
  'ingress',
] as const;
