import { createWriterService } from '#electron/store/write/writer-service.ts';
import type { DirectWriter } from './fake-ingest.ts';
import type { Place } from './support.ts';

/** A process that holds a case open for writing until it is ended. */
const place = JSON.parse(process.argv[2]!) as Place;
const writer = createWriterService() as DirectWriter;
writer.create({ ...place, name: 'Held' });
// The listener refers to the writer: a database that nothing refers to is closed when memory is cleared up.
process.on('message', () => writer);
process.send?.('held');
