import { type ComponentProps, Suspense, lazy } from 'react';
import { Loading } from '../../../ui/states.tsx';

const CodeMirror = lazy(() => import('./code-mirror.tsx'));
const CodeMerge = lazy(() => import('./code-merge.tsx'));

interface FrameProps {
  /** Takes the height of its place rather than that of its text. */
  readonly fills?: boolean;
}

/** A text with line numbers, colours and marks; the editor is loaded when it is first needed. */
export function Code({ fills = false, ...rest }: ComponentProps<typeof CodeMirror> & FrameProps) {
  return (
    <section className={fills ? 'policy-code fills' : 'policy-code'} aria-label={rest.label}>
      <Suspense fallback={<Loading what="the text" />}>
        <CodeMirror {...rest} />
      </Suspense>
    </section>
  );
}

/** What differs between two texts. */
export function CodeDifference({ fills = false, ...rest }: ComponentProps<typeof CodeMerge> & FrameProps) {
  return (
    <section className={fills ? 'policy-code fills' : 'policy-code'} aria-label={rest.label}>
      <Suspense fallback={<Loading what="the comparison" />}>
        <CodeMerge {...rest} />
      </Suspense>
    </section>
  );
}
