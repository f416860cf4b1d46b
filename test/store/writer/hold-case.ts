import { createWriterService } from '#electron/store/write/writer-service.ts';
import type { DirectWriter } from './fake-ingest.ts';
import type { Place } from './support.ts';

/** A process that holds a case open for writing until it is ended. */
const place = JSON.parse(process.argv[2]!) as Place;
(createWriterService() as DirectWriter).create({ ...place, name: 'Held' });
process.on('message', () => undefined);
process.send?.('held');
