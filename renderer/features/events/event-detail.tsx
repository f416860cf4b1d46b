import { Properties } from '../../ui/properties.tsx';
import { ShortId } from '../../ui/values.tsx';

export function EventDetail({ id }: { readonly id: string }) {
  return <Properties entries={[['Id', <ShortId key="id" value={id} length={32} />]]} />;
}
