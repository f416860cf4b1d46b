import { Properties } from '../../ui/properties.tsx';
import { ShortId } from '../../ui/values.tsx';

export function FileDetail({ id }: { readonly id: string }) {
  return <Properties entries={[['SHA-256', <ShortId key="sha" value={id} />]]} />;
}
