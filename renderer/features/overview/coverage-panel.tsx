import { useCallback } from 'react';
import type { Coverage } from '#shared/ipc/views.ts';
import { useHref, usePreferences } from '../../state/context.ts';
import { Canvas, type Drawing } from '../../ui/canvas.tsx';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { formatTitle } from '../../ui/format-title.ts';
import { formatDuration } from '../../ui/moments.ts';
import { formatCount } from '../../ui/numbers.ts';
import { TimeAxisLine } from '../../ui/time-axis-line.tsx';
import { formatSpan, formatStep } from '../../ui/time-axis.ts';
import { type Gap, gapsOf } from './gaps.ts';

/** For each source where it has events and where it has none, on one time axis. */
export function CoveragePanel({ coverage }: { readonly coverage: readonly Coverage[] }) {
  const zone = usePreferences((state) => state.timeZone);
  const fromMs = Math.min(...coverage.map((source) => source.fromMs));
  const toMs = Math.max(...coverage.map(endOf));
  const lines = coverage.map((source) => ({ source, gaps: gapsOf(source) }));
  const words = ({ source, gaps }: (typeof lines)[number]): string =>
    `${formatTitle(source.format)}: ${formatCount(source.events)} events in ${formatSpan(source.fromMs, endOf(source), zone)}, ${gapWords(gaps)}`;
  return (
    <div className="panel wide">
      <ChartFrame
        title="Coverage"
        summary={lines.map(words).join(' ')}
        note="what a log does not cover, it cannot tell"
        table={() => ({
          columns: ['Source', 'Events', 'First', 'Last', 'Gaps', 'Longest gap'],
          rows: lines.map(({ source, gaps }) => ({
            key: source.format,
            cells: [
              formatTitle(source.format),
              formatCount(source.events),
              source.from,
              source.to,
              formatCount(gaps.length),
              gaps.length === 0 ? '–' : longestOf(gaps).words,
            ],
          })),
        })}
      >
        <div className="coverage-lines">
          {lines.map(({ source, gaps }) => (
            <SourceLine key={source.format} source={source} gaps={gaps} fromMs={fromMs} toMs={toMs} />
          ))}
          <div className="coverage-axis">
            <TimeAxisLine fromMs={fromMs} toMs={toMs} />
          </div>
        </div>
      </ChartFrame>
    </div>
  );
}

interface SourceLineProps {
  readonly source: Coverage;
  readonly gaps: readonly Gap[];
  readonly fromMs: number;
  readonly toMs: number;
}

function SourceLine({ source, gaps, fromMs, toMs }: SourceLineProps) {
  const href = useHref({ view: 'events', query: `format:${source.format}` });
  const draw = useCallback(
    (drawing: Drawing) => drawStrip(drawing, source, gaps, fromMs, toMs),
    [source, gaps, fromMs, toMs],
  );
  return (
    <div className="coverage-line">
      <a href={href} className="coverage-name ellipsis">
        {formatTitle(source.format)}
      </a>
      <Canvas draw={draw} className="coverage-canvas" />
      <span className="coverage-words">
        {formatCount(source.events)} {source.events === 1 ? 'event' : 'events'}
        <span className="muted">
          {isMoment(source)
            ? ' · all within a minute'
            : gaps.length === 0
              ? ` · no gap over ${formatStep(source.stepMs)}`
              : ` · ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}, longest ${longestOf(gaps).words}`}
        </span>
      </span>
    </div>
  );
}

/** Nothing can be said of gaps where all events came within a minute. */
function isMoment({ counts, stepMs }: Coverage): boolean {
  return counts.length * stepMs < 60_000;
}

function endOf({ fromMs, stepMs, counts }: Coverage): number {
  return fromMs + counts.length * stepMs;
}

function longestOf(gaps: readonly Gap[]): { readonly words: string } {
  const longest = Math.max(...gaps.map((gap) => gap.toMs - gap.fromMs));
  return { words: formatDuration(longest / 1000) };
}

function gapWords(gaps: readonly Gap[]): string {
  if (gaps.length === 0) return 'without a gap.';
  return `${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}, the longest ${longestOf(gaps).words}.`;
}

/** Denser where there are more events; gaps are outlined, so that they show without colour too. */
function drawStrip(
  { context, width, height, colour }: Drawing,
  source: Coverage,
  gaps: readonly Gap[],
  fromMs: number,
  toMs: number,
): void {
  const x = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * width;
  const most = Math.max(1, ...source.counts);
  context.fillStyle = colour('--accent');
  for (const [index, count] of source.counts.entries()) {
    if (count === 0) continue;
    const at = source.fromMs + index * source.stepMs;
    const left = x(at);
    // The square root keeps quiet hours visible beside busy ones.
    const tall = Math.max(2, Math.sqrt(count / most) * height);
    context.fillRect(left, height - tall, Math.max(1, x(at + source.stepMs) - left - 0.5), tall);
  }
  context.strokeStyle = colour('--warning');
  context.fillStyle = colour('--warning-surface');
  for (const gap of gaps) {
    const [left, right] = [x(gap.fromMs), x(gap.toMs)];
    context.fillRect(left, 0, right - left, height);
    context.setLineDash([2, 2]);
    context.strokeRect(left + 0.5, 0.5, Math.max(1, right - left - 1), height - 1);
  }
}
