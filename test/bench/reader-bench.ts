import { CaseReader } from '#electron/store/read/case-reader.ts';
import { newestPage } from '#electron/store/read/newest-page.ts';
import { atOnce } from '#electron/store/read/in-steps.ts';
import { dimensionNames } from '#shared/domain/dimensions.ts';
import { printTable } from './figures.ts';
import { newTexts } from './queries.ts';

const everything = { query: '', from: null, to: null } as const;
/** What the Events view counts by. */
const fields = ['outcome', 'subject.id', 'action', 'ip', 'reason.class'] as const;
const queries = [
  'outcome:deny',
  'action:s3:*',
  'ip:10.0.0.0/8',
  '-outcome:deny',
  'resource.id:*telemetry*',
] as const;

/**
 * What each question of the Events view costs the reader, in milliseconds of CPU: beside other work on the machine
 * these stay nearly the same, where the time until the answer does not.
 */
export function benchReader(caseFolder: string): void {
  const reader = new CaseReader(caseFolder, () => undefined);
  try {
    reader.refresh();
    const rows: string[][] = [];
    const first = cpu(() => newestPage(reader.source, 0, 200));
    rows.push(['first 200 rows of a case just opened', first, '', '']);
    const loaded = cpu(() => atOnce(reader.loadEngine()));
    rows.push(['times of the case loaded and ordered', loaded, '', '']);
    rows.push(asked(reader, '', 'everything'));
    rows.push(asked(reader, 'terraform', 'terraform, the first text'));
    const ahead = cpu(() => loadAhead(reader));
    rows.push(['all texts, counts and indexes loaded ahead', ahead, '', '']);
    for (const query of [...newTexts, ...queries]) rows.push(asked(reader, query, query));
    printTable('The reader, ms of CPU', ['', 'events', 'histogram', '5 facets'], rows);
  } finally {
    reader.close();
  }
}

function asked({ engine }: CaseReader, query: string, name: string): string[] {
  const filter = { ...everything, query };
  return [
    name,
    cpu(() => {
      for (const _ of engine.loading(filter));
      engine.page({ ...filter, sort: '-time', offset: 0, limit: 200 });
    }),
    cpu(() => engine.histogram({ ...filter, buckets: 300, split: 'outcome' })),
    cpu(() => atOnce(engine.facets({ ...filter, fields, limit: 5 }))),
  ];
}

function loadAhead({ table }: CaseReader): void {
  for (const source of dimensionNames) {
    for (const _ of table.dictionary(source).makeSearchable(''));
    table.counts(source);
    atOnce(table.indexRows(source));
  }
}

function cpu(work: () => unknown): string {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1000).toFixed(0);
}
