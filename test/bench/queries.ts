/**
 * The interactive questions of the console, as its operations and as SQL for the peer. `page` and `facets` stand for
 * what one key press in the Events view asks.
 */
export const duckdbQueries: Readonly<Record<string, string>> = {
  'outcomes by hour': "SELECT date_trunc('hour', time), outcome, count(*) FROM events GROUP BY 1, 2",
  'top 20 subjects by denials':
    "SELECT subject, count(*) FROM events WHERE outcome = 'deny' GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
  'newest 200 of one subject':
    "SELECT * FROM events WHERE subject = (SELECT subject FROM events WHERE outcome = 'deny' LIMIT 1) ORDER BY time DESC LIMIT 200",
  'distinct subject and action': 'SELECT count(*) FROM (SELECT DISTINCT subject, action FROM events)',
  'filter and 4 facets':
    "WITH f AS (SELECT * FROM events WHERE outcome = 'deny') SELECT * FROM (SELECT subject v, count(*) c FROM f GROUP BY 1 ORDER BY 2 DESC LIMIT 10) UNION ALL SELECT * FROM (SELECT action v, count(*) c FROM f GROUP BY 1 ORDER BY 2 DESC LIMIT 10) UNION ALL SELECT * FROM (SELECT ip v, count(*) c FROM f GROUP BY 1 ORDER BY 2 DESC LIMIT 10) UNION ALL SELECT * FROM (SELECT region v, count(*) c FROM f GROUP BY 1 ORDER BY 2 DESC LIMIT 10)",
  'text in reason or resource': duckdbText('terraform'),
};

/** Texts that are each asked once: nothing of their answers can be kept from before. */
export const newTexts = [
  'deploy',
  'us-east',
  'nosuchword',
  'denied',
  '10.0.0',
  'secret',
  'akia',
  'backup',
  'decrypt',
  'assumed-role',
] as const;

/** How many events hold a text, for the peer. */
export function duckdbText(text: string): string {
  return `SELECT count(*) FROM events WHERE ${['reason', 'resource', 'subject', 'action']
    .map((column) => `${column} ILIKE '%${text}%'`)
    .join(' OR ')}`;
}

/** The same as operations of the contract. `$subject` is replaced by a subject that was denied. */
export const consoleQueries: Readonly<
  Record<string, readonly { name: string; input: Record<string, unknown> }[]>
> = {
  'outcomes by hour': [
    { name: 'events.count', input: { by: ['outcome'], bucket: 'hour', limit: 1_000_000 } },
  ],
  'top 20 subjects by denials': [
    { name: 'events.count', input: { query: 'outcome:deny', by: ['subject.id'], limit: 20 } },
  ],
  'newest 200 of one subject': [
    { name: 'events.page', input: { query: 'subject.id:"$subject"', sort: '-time', limit: 200 } },
  ],
  'distinct subject and action': [
    { name: 'events.count', input: { by: ['subject.id', 'action'], limit: 1 } },
  ],
  'filter and 4 facets': [
    {
      name: 'events.facets',
      input: { query: 'outcome:deny', fields: ['subject.id', 'action', 'ip', 'region'], limit: 10 },
    },
  ],
  'text in reason or resource': [{ name: 'events.count', input: { query: 'terraform' } }],
};
