import { useMemo } from 'react';
import { withFilter } from '#shared/query/edit.ts';
import { useRequest } from '../../../state/use-request.ts';

/** The query for the events of an identity: by its id, or by its name where the log gives it no id. */
export function useOwnEvents(id: string): string | null {
  const byId = useMemo(() => withFilter('', 'subject.id', id, false), [id]);
  const { value, error } = useRequest('events.count', { query: byId });
  if (error !== null) return byId;
  if (value === null) return null;
  return value.total > 0 ? byId : withFilter('', 'subject.name', id, false);
}
