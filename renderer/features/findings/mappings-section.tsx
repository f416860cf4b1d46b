import { LogText } from '../../ui/log-line.tsx';
import { IconButton } from '../../ui/button.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { mappingOf } from './mappings.ts';

/** Where the finding stands in published frameworks. Addresses are text to be copied: the console opens nothing. */
export function Mappings({ tags }: { readonly tags: readonly string[] }) {
  const copy = useCopy();
  if (tags.length === 0) return null;
  return (
    <section aria-label="Mappings">
      <h3>Mappings</h3>
      <ul className="finding-mappings">
        {tags.map(mappingOf).map(({ tag, framework, id, title, address }) => (
          <li key={tag}>
            <span className="muted">{framework}</span>
            <span>
              <strong>
                <LogText text={id} />
              </strong>
              {title === null ? null : ` ${title}`}
              {address === null ? null : <span className="finding-address mono">{address}</span>}
            </span>
            {address === null ? null : (
              <IconButton
                icon="copy"
                label={`Copy the address of ${id}`}
                onClick={() => copy(address, 'Address')}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
