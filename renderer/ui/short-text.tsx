import { LogText } from './log-line.tsx';
import { escapedText } from './log-text.ts';

interface ShortTextProps {
  readonly whole: string;
  /** What there is room for. */
  readonly shown: string;
}

/** Text with a part left out for the eye; screen readers get it whole. */
export function ShortText({ whole, shown }: ShortTextProps) {
  if (shown === whole) return <LogText text={whole} />;
  return (
    <>
      <span aria-hidden="true">
        <LogText text={shown} />
      </span>
      <span className="visually-hidden">{escapedText(whole)}</span>
    </>
  );
}
