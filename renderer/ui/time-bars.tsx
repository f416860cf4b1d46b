import { type KeyboardEvent, type PointerEvent, useCallback, useState } from 'react';
import type { Histogram } from '#shared/ipc/views.ts';
import { usePreferences } from '../state/context.ts';
import { Canvas, type Drawing } from './canvas.tsx';
import { formatCount, formatShortCount } from './numbers.ts';
import { TimeAxisLine } from './time-axis-line.tsx';
import { formatSpan } from './time-axis.ts';
import './time-bars.css';

/** One layer of the stack; the first stands on the axis. */
export interface BarSeries {
  readonly name: string;
  /** Design token of its colour. */
  readonly token: string;
  readonly counts: readonly number[];
}

interface TimeBarsProps extends Pick<Histogram, 'fromMs' | 'toMs' | 'stepMs'> {
  readonly label: string;
  readonly series: readonly BarSeries[];
  /** Asked with whole buckets when a stretch of time is chosen: by a drag, by a click on a bar, or by keys. */
  readonly onBrush: (fromMs: number, toMs: number) => void;
}

/** A range of buckets, its ends inclusive and in any order. */
interface Range {
  readonly anchor: number;
  readonly at: number;
}

/**
 * Stacked counts over time on a canvas. A drag chooses a stretch of time; by keys: arrows move, Shift and arrows
 * extend, Enter chooses, Escape gives up.
 */
export function TimeBars({ label, fromMs, toMs, stepMs, series, onBrush }: TimeBarsProps) {
  const zone = usePreferences((state) => state.timeZone);
  const length = Math.max(1, Math.round((toMs - fromMs) / stepMs));
  const [range, setRange] = useState<Range | null>(null);
  const [pressed, setPressed] = useState(false);
  const [inside, setInside] = useState(false);
  const at = Math.min(range?.at ?? 0, length - 1);
  const anchor = Math.min(range?.anchor ?? at, length - 1);
  const [first, last] = [Math.min(anchor, at), Math.max(anchor, at)];
  const marked = range === null ? null : `${first} ${last}`;

  const draw = useCallback(
    (drawing: Drawing) => {
      const [from, to] = marked === null ? [-1, -1] : marked.split(' ').map(Number);
      drawBars(drawing, series, length, from ?? -1, to ?? -1);
    },
    [series, length, marked],
  );
  const choose = (): void => {
    if (range === null) return;
    onBrush(fromMs + first * stepMs, fromMs + (last + 1) * stepMs);
    setRange(null);
  };
  const bucketAt = (event: PointerEvent<HTMLElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(length - 1, Math.floor(((event.clientX - left) / width) * length)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      PageUp: at - 10,
      PageDown: at + 10,
      Home: 0,
      End: length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      const next = Math.max(0, Math.min(length - 1, range === null ? at : target));
      setRange({ anchor: event.shiftKey ? anchor : next, at: next });
    } else if (event.key === 'Enter' || event.key === ' ') choose();
    else if (event.key === 'Escape' && range !== null) setRange(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const text = spoken(
    series,
    first,
    last,
    formatSpan(fromMs + first * stepMs, fromMs + (last + 1) * stepMs, zone),
  );
  const most = highest(series, length);
  const before = last > length / 2;
  return (
    <div className="bars">
      <span className="bars-most" aria-hidden="true">
        {formatShortCount(most)}
      </span>
      {/* The keys of a slider (WAI-ARIA 1.2), whose value is the bucket. */}
      <div
        role="slider"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={length - 1}
        aria-valuenow={at}
        aria-valuetext={text}
        tabIndex={0}
        className="bars-place"
        onKeyDown={onKeyDown}
        onBlur={() => setRange(null)}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setPressed(true);
          setRange({ anchor: bucketAt(event), at: bucketAt(event) });
        }}
        onPointerMove={(event) => {
          const bucket = bucketAt(event);
          setInside(true);
          if (range?.at !== bucket || !pressed) setRange({ anchor: pressed ? anchor : bucket, at: bucket });
        }}
        onPointerUp={() => {
          if (pressed) choose();
          setPressed(false);
        }}
        onPointerLeave={() => {
          setInside(false);
          if (!pressed) setRange(null);
        }}
      >
        <Canvas draw={draw} className="bars-canvas" />
        {range === null ? null : (
          <span
            className={before ? 'bars-hint before' : 'bars-hint'}
            style={{ left: `${((before ? first : last + 1) / length) * 100}%` }}
            aria-hidden="true"
          >
            {text}
            {inside ? null : <kbd>Enter</kbd>}
          </span>
        )}
      </div>
      <TimeAxisLine fromMs={fromMs} toMs={toMs} />
    </div>
  );
}

function totalAt(series: readonly BarSeries[], bucket: number): number {
  return series.reduce((sum, { counts }) => sum + (counts[bucket] ?? 0), 0);
}

function highest(series: readonly BarSeries[], length: number): number {
  let most = 0;
  for (let bucket = 0; bucket < length; bucket++) most = Math.max(most, totalAt(series, bucket));
  return most;
}

function drawBars(
  drawing: Drawing,
  series: readonly BarSeries[],
  length: number,
  from: number,
  to: number,
): void {
  const { context, width, height, colour } = drawing;
  const most = highest(series, length);
  const slot = width / length;
  const gap = slot > 3 ? 1 : 0;
  if (from >= 0) {
    context.fillStyle = colour('--surface-3');
    context.fillRect(from * slot, 0, (to - from + 1) * slot, height);
  }
  context.fillStyle = colour('--line');
  context.fillRect(0, 0, width, 1);
  context.fillRect(0, Math.round(height / 2), width, 1);
  if (most === 0) return;
  for (let bucket = 0; bucket < length; bucket++) {
    let base = height;
    for (const { token, counts } of series) {
      const count = counts[bucket] ?? 0;
      if (count === 0) continue;
      // A single event among millions still shows.
      const tall = Math.max(1, (count / most) * (height - 2));
      context.fillStyle = colour(token);
      context.fillRect(bucket * slot, base - tall, Math.max(1, slot - gap), tall);
      base -= tall;
    }
  }
  context.fillStyle = colour('--line-strong');
  context.fillRect(0, height - 1, width, 1);
}

/** A bucket or several in words, e.g. `2026-05-03 06:00 – 12:00Z: 120 events, 9 deny, 111 allow`. */
function spoken(series: readonly BarSeries[], first: number, last: number, span: string): string {
  const sums = series.map(({ name, counts }) => ({
    name,
    sum: counts.slice(first, last + 1).reduce((sum, count) => sum + count, 0),
  }));
  const total = sums.reduce((sum, part) => sum + part.sum, 0);
  const parts = sums.filter(({ sum }) => sum > 0).map(({ name, sum }) => `${formatCount(sum)} ${name}`);
  return `${span}: ${formatCount(total)} ${total === 1 ? 'event' : 'events'}${parts.length === 0 ? '' : `, ${parts.join(', ')}`}`;
}
